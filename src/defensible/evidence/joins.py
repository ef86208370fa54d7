"""The rows of a study: the main table, filtered, with the columns of further tables by key.

A key of a joined table names one row of it, so no case is ever counted twice. What finds no match,
on either side, is counted. Filters on the main table's own columns come first, those on joined
columns after.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defensible.dossier.declared import Level
from defensible.dossier.kinds import Study
from defensible.dossier.studies import Join
from defensible.evidence import matching, tables
from defensible.evidence.faults import Faults, counted, shown
from defensible.evidence.finding import Source, Tally
from defensible.evidence.location import spoken
from defensible.evidence.tables import Keys, Table

if TYPE_CHECKING:
    import polars as pl

ROW = "\0row"
"""Column of row numbers in the main table, from 1 below the header; no table has such a name."""
Wanted = dict[str, list[Keys]]
"""Columns that a study needs, each with the keys that name it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """The rows that the study asks for, and the account of the others."""

    frame: "pl.DataFrame"
    sources: tuple[Source, ...]
    n_read: int
    tallies: tuple[Tally, ...]


def wanted_by(study: Study, roles: Iterable[str]) -> Wanted:
    """Every column that the study names under `roles`, its filters and its dimensions."""
    wanted: Wanted = {}
    for role in roles:
        if (name := getattr(study.data.columns, role)) is not None:
            wanted.setdefault(name, []).append(("data", "columns", role))
    for name in study.data.include:
        wanted.setdefault(name, []).append(("data", "include", name))
    for index, dimension in enumerate(study.dimensions):
        wanted.setdefault(dimension.column, []).append(("dimensions", index, "column"))
    return wanted


def gathered(study: Study, wanted: Wanted, faults: Faults) -> Rows | None:
    """The rows of the study with the columns `wanted`; None, and problems, if they do not fit."""
    data = study.data
    main = tables.opened(data.source, data.sha256, faults, ("data",))
    joined = [
        tables.opened(join.source, join.sha256, faults, ("data", "join", index))
        for index, join in enumerate(data.join)
    ]
    if main is None or any(one is None for one in joined):
        return None
    others = [one for one in joined if one is not None]
    plan = _plan(main, others, data.join, wanted, faults)
    if plan is None or (read := tables.rows(main, plan[0], data.null_values, faults)) is None:
        return None
    main, frame = read
    frame = frame.with_row_index(ROW, offset=1)
    sources, tallies, later = [main.source], [], {}
    for column, levels in data.include.items():
        if column in frame.columns:
            frame, tally = _included(frame, column, levels)
            tallies.append(tally)
        else:
            later[column] = levels
    for index, (join, table) in enumerate(zip(data.join, others, strict=True)):
        added = tables.rows(table, plan[1 + index], data.null_values, faults)
        if added is None:
            continue
        sources.append(added[0].source)
        met = _joined(frame, added[1], join, faults, ("data", "join", index))
        if met is not None:
            frame, seen = met
            tallies += seen
    if faults.problems:
        return None
    for column, levels in later.items():
        frame, tally = _included(frame, column, levels)
        tallies.append(tally)
    _not_empty(frame, study, tallies, faults)
    n_read = main.source.n_rows
    kept = tuple(one for one in tallies if one.n)
    return Rows(frame=frame, sources=tuple(sources), n_read=n_read, tallies=kept)


def _plan(
    main: Table, others: list[Table], joins: tuple[Join, ...], wanted: Wanted, faults: Faults
) -> list[list[str]] | None:
    """For each table the columns to read; None where a column is nowhere, or in two tables."""
    before = len(faults.problems)
    plan = [[name for name in wanted if name in main.header]]
    for index, (table, join) in enumerate(zip(others, joins, strict=True)):
        keys = ("data", "join", index, "on")
        right = list(join.on.values())
        for name in right:
            tables.has(table, name, faults, keys)
        plan.append(right + [n for n in wanted if n in table.header and n not in right])
    for name, places in wanted.items():
        _found_once(name, places, [main, *others], joins, faults)
    if len(faults.problems) > before:
        return None
    for index, join in enumerate(joins):
        for name in join.on:
            _add_key(name, [main, *others[:index]], plan, joins, faults, index)
    return plan if len(faults.problems) == before else None


def _found_once(
    name: str, places: list[Keys], held: list[Table], joins: tuple[Join, ...], faults: Faults
) -> None:
    """A needed column must come from exactly one table, keys of joined tables aside."""
    keys_of = [set[str](), *(set(join.on.values()) for join in joins)]
    homes = [
        table for table, keys in zip(held, keys_of, strict=True) if name in set(table.header) - keys
    ]
    if len(homes) == 1:
        tables.has(homes[0], name, faults, places[0])
    elif homes:
        where = " and ".join(shown(table.source.source) for table in homes)
        what = f"column {shown(name)} is in {where}: which one is meant is not said"
        faults.add("E009", places[0], what, "rename it in one of the tables")
    else:
        known = list(dict.fromkeys(one for table in held for one in table.header))
        source = held[0].source.source if len(held) == 1 else "the study's tables"
        for keys in places:
            tables.missing(name, known, source, faults, keys)


def _add_key(
    name: str,
    earlier: list[Table],
    plan: list[list[str]],
    joins: tuple[Join, ...],
    faults: Faults,
    index: int,
) -> None:
    """Have the left key of a join read from the first table before it that holds the column."""
    for number, table in enumerate(earlier):
        own = set(joins[number - 1].on.values()) if number else set()
        if name in table.header and name not in own:
            if name not in plan[number]:
                plan[number].append(name)
            return
    known = [one for table in earlier for one in table.header]
    source = earlier[0].source.source
    tables.missing(name, known, source, faults, ("data", "join", index, "on", name))


def _included(
    frame: "pl.DataFrame", column: str, levels: tuple[Level, ...]
) -> "tuple[pl.DataFrame, Tally]":
    held = matching.named(frame[column], levels)
    words = " or ".join(matching.level_name(str(level)) for level in levels)
    tally = Tally(reason=f"{column} is not {words}", n=int((~held).sum()), treated="left out")
    return frame.filter(held), tally


def _joined(
    frame: "pl.DataFrame", right: "pl.DataFrame", join: Join, faults: Faults, at: Keys
) -> "tuple[pl.DataFrame, list[Tally]] | None":
    """`frame` with the columns of `right`, and what found no match on either side."""
    import polars as pl

    source = spoken(join.source)
    names = [f"\0key {index}" for index in range(len(join.on))]
    left_keys = [
        matching.keys(frame[name]).alias(key) for key, name in zip(names, join.on, strict=True)
    ]
    right_keys = [
        matching.keys(right[name]).alias(key)
        for key, name in zip(names, join.on.values(), strict=True)
    ]
    n_right = right.height
    right = right.drop(list(set(join.on.values()))).with_columns(right_keys).drop_nulls(names)
    n_distinct = right.select(pl.struct(names).n_unique()).item() if right.height else 0
    if n_distinct < right.height:
        twice = right.height - n_distinct
        what = (
            f"{shown(source)} has {counted(twice, 'row')} whose key "
            f"({', '.join(join.on.values())}) is that of an earlier row"
        )
        mend = "name the key columns that tell its rows apart, or prepare one row a key"
        faults.add("E008", (*at, "on"), what, mend)
        return None
    left = frame.with_columns(left_keys)
    matched = left.join(right.with_columns(pl.lit(value=True).alias("\0met")), on=names, how="left")
    unused = n_right - right.join(left, on=names, how="semi").height
    alone = int(matched["\0met"].is_null().sum())
    tallies = [
        Tally(reason=f"no row in {source}", n=alone, treated="kept"),
        Tally(reason=f"rows of {source} that no case uses", n=unused, treated="not used"),
    ]
    return matched.sort(ROW).drop([*names, "\0met"]), tallies


def _not_empty(frame: "pl.DataFrame", study: Study, tallies: list[Tally], faults: Faults) -> None:
    if frame.height:
        return
    filters = [one for one in tallies if one.treated == "left out"]
    what = f"no row is left: {', '.join(f'{one.n:,} where {one.reason}' for one in filters)}"
    columns = ", ".join(study.data.include)
    mend = f"write the values of {columns} as the table has them"
    faults.add("E006", ("data", "include"), what, mend)
