"""Marks with a place: which lesion each has found, by its name or by its place.

1. Lesions from their table: those of the study's cases, weighed. 2. Each mark on a lesion, or a
false one. Whose marks they are, a reader's or the device's, is not known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.reader_marks import Lesions, MarksTable
from defensible.evidence import matching, tables
from defensible.evidence.faults import Faults, counted, names
from defensible.evidence.finding import Source
from defensible.evidence.tables import Keys
from defensible.statistics import marks
from defensible.statistics.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    import polars as pl

MARKS: Keys = ("data", "marks")
LESIONS: Keys = (*MARKS, "lesions")
AXES = ("x", "y", "z")
_OTHER = "\0column "
"""Before the names of further columns; no role begins so."""
_SUM = 1e-6
"""How far the weights of a case may be from 1 in sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StudyCases:
    """The cases that lesions and marks are of: names and reference standard, each once."""

    names: tuple[str, ...]
    truth: Bools


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LesionTable:
    """Lesions of the study's cases, by case; `row` counts below the header."""

    source: Source
    frame: "pl.DataFrame"
    names: "pl.Series | None"
    case: Ints
    weight: Floats
    place: Floats | None
    radius: Floats | None
    row: Ints
    n_elsewhere: int

    def other(self, column: str) -> "pl.Series":
        """A further column that was asked for, by its name in the table."""
        return self.frame[f"{_OTHER}{column}"].alias(column)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MarkTable:
    """Marks on the study's cases; those of one `reading` choose their lesions in turn."""

    frame: "pl.DataFrame"
    reading: Ints
    case: Ints
    rating: Floats
    row: Ints


def planned(declared: MarksTable, own: dict[str, str | None], faults: Faults) -> None:
    """The plan says how a mark finds a lesion: by the lesion's name, or by its place.

    `own` has the columns of the marks by role.
    """
    there = declared.lesions.columns
    axes = [one for one in AXES if own[one] is not None]
    reach = declared.radius is not None, there.radius is not None
    wrong = None
    if own["lesion"] is not None and (axes or any(reach)):
        wrong = "marks name their lesion, and have a place or radius as well: which one decides?"
    elif own["lesion"] is not None and there.lesion is None:
        wrong = "marks name their lesion, and no column names the lesions"
    elif own["lesion"] is None and axes not in (["x", "y"], ["x", "y", "z"]):
        wrong = "nothing says which lesion a mark has found"
    elif own["lesion"] is None and axes != [one for one in AXES if getattr(there, one) is not None]:
        wrong = "marks and lesions have places of different dimensions"
    elif own["lesion"] is None and sum(reach) != 1:
        wrong = "marks are matched by place, and not exactly one radius says how near is near"
    if wrong is not None:
        mend = "write columns.lesion of both, or x and y (z) of both with radius"
        faults.add("E070", (*MARKS, "columns"), wrong, mend)


def opened(
    declared: MarksTable | Lesions,
    named: dict[str, str],
    null_values: tuple[str, ...],
    keys: Keys,
    faults: Faults,
    places: Mapping[str, Keys] | None = None,
) -> "tuple[Source, pl.DataFrame] | None":
    """The columns of a table by role; None, and problems, where there are none.

    `named` has the column of each role; `places` where the plan names it, for roles that are no
    key of `columns`.
    """
    table = tables.opened(declared.source, declared.sha256, faults, keys)
    if table is None:
        return None
    there = [
        tables.has(table, column, faults, (places or {}).get(role, (*keys, "columns", role)))
        for role, column in named.items()
    ]
    if not all(there):
        return None
    columns = list(dict.fromkeys(named.values()))
    read = tables.rows(table, columns, null_values, faults)
    if read is None:
        return None
    return read[0].source, read[1].select(read[1][c].alias(role) for role, c in named.items())


def named_columns(columns: dict[str, str | None]) -> dict[str, str]:
    """The roles that the plan names a column for."""
    return {role: column for role, column in columns.items() if column is not None}


def lesions(
    declared: Lesions,
    of: StudyCases,
    null_values: tuple[str, ...],
    faults: Faults,
    more: Mapping[str, Keys] | None = None,
) -> LesionTable | None:
    """The lesions of the study's cases; None, and problems, where they cannot be read.

    `more` has further columns to keep, and where the plan names each; `other` gives them.
    """
    named = named_columns(declared.columns.model_dump())
    places = {f"{_OTHER}{column}": keys for column, keys in (more or {}).items()}
    named |= {role: role.removeprefix(_OTHER) for role in places}
    found = opened(declared, named, null_values, LESIONS, faults, places)
    if found is None:
        return None
    source, frame = found
    case = matching.places(frame["case"], of.names)
    inside = case >= 0
    kept, row = case[inside], np.flatnonzero(inside) + 1
    frame = frame.filter(inside)
    names_of = matching.texts(frame["lesion"]) if "lesion" in frame.columns else None
    has_lesion = np.zeros(len(of.names), dtype=np.bool_)
    has_lesion[kept] = True
    _as_the_reference(has_lesion, of, faults)
    if names_of is not None:
        _named_once(kept, names_of, row, faults)
    return LesionTable(
        source=source,
        frame=frame,
        names=names_of,
        case=kept,
        weight=_weights(frame, kept, row, of, faults),
        place=centres(frame, row, LESIONS, faults),
        radius=numbers(frame, "radius", row, LESIONS, faults, lowest=0.0),
        row=row,
        n_elsewhere=int((~inside).sum()),
    )


def _weights(
    frame: "pl.DataFrame", case: Ints, row: Ints, of: StudyCases, faults: Faults
) -> Floats:
    """Weights that sum to 1 in each case; equal in a case where the plan names no column."""
    counts = np.bincount(case, minlength=len(of.names))
    weight = numbers(frame, "weight", row, LESIONS, faults, lowest=0.0)
    if weight is None:
        equal: Floats = 1.0 / counts[case]
        return equal
    if not faults.problems:
        sums = np.bincount(case, weights=weight, minlength=len(of.names))
        off = (counts > 0) & (np.abs(sums - 1) > _SUM)
        if off.any():
            odd = int(np.argmax(off))
            what = (
                f"the weights of the lesions of {counted(int(off.sum()), 'case')} do not sum to "
                f"1, the first {of.names[odd]} ({sums[odd]:g})"
            )
            mend = "divide each weight by the sum of its case"
            faults.add("E071", (*LESIONS, "columns", "weight"), what, mend)
    return weight


def _as_the_reference(has_lesion: Bools, of: StudyCases, faults: Faults) -> None:
    """A case has a lesion exactly where the reference standard is positive."""
    for odd, words in (
        (of.truth & ~has_lesion, "positive by the reference standard and without a lesion"),
        (~of.truth & has_lesion, "with a lesion and negative by the reference standard"),
    ):
        if odd.any():
            listed = names([of.names[at] for at in np.flatnonzero(odd)])
            what = f"{counted(int(odd.sum()), 'case')} {words}: {listed}"
            mend = "find out which is right, the reference standard or the lesions"
            faults.add("E071", (*LESIONS, "columns", "case"), what, mend)


def _named_once(case: Ints, named: "pl.Series", row: Ints, faults: Faults) -> None:
    import polars as pl

    column = (*LESIONS, "columns", "lesion")
    if named.is_null().any():
        first = int(row[int(np.argmax(named.is_null().to_numpy()))])
        what = f"a lesion has no name, the first in row {first:,} below the header"
        faults.add("E071", column, what, "name each lesion of a case")
        return
    both = pl.DataFrame({"case": case, "lesion": named})
    again = ~both.select(pl.struct("case", "lesion").is_first_distinct()).to_series().to_numpy()
    if again.any():
        first = int(row[int(np.argmax(again))])
        what = (
            f"{counted(int(again.sum()), 'lesion')} named as another of the same case, the first "
            f"in row {first:,} below the header"
        )
        faults.add("E071", column, what, "give each lesion of a case its own name")


def found(
    declared: MarksTable, there: LesionTable, made: MarkTable, faults: Faults, *, by_name: bool
) -> Ints:
    """For each mark the place of its lesion in the table, or -1.

    Of several marks of a reading on one lesion only the highest has found it where `repeats` are
    false marks.
    """
    if by_name and there.names is not None:
        at = _by_name(there, made, faults)
        return _once(at, made) if declared.repeats == "false" else at
    where = centres(made.frame, made.row, MARKS, faults)
    nothing = np.full(made.row.size, -1, dtype=np.int64)
    if where is None or there.place is None or faults.problems:
        return nothing
    radius = there.radius if there.radius is not None else declared.radius or 0.0
    if declared.repeats == "highest":
        return marks.nearest_within(made.case, where, there.case, there.place, radius=radius)
    for one in np.unique(made.reading):  # marks of one reader in one condition choose in turn
        own = made.reading == one
        nothing[own] = marks.one_to_one_within(
            made.case[own],
            where[own],
            made.rating[own],
            there.case,
            there.place,
            radius=radius,
        )
    return nothing


def _by_name(there: LesionTable, made: MarkTable, faults: Faults) -> Ints:
    import polars as pl

    named = matching.texts(made.frame["lesion"])
    known = pl.DataFrame(
        {"case": there.case, "lesion": there.names, "at": np.arange(there.case.size)}
    )
    asked = pl.DataFrame({"case": made.case, "lesion": named})
    met = asked.join(known, on=["case", "lesion"], how="left", maintain_order="left")["at"]
    strange = named.is_not_null() & met.is_null()
    if strange.any():
        first = int(made.row[int(np.argmax(strange.to_numpy()))])
        what = (
            f"{counted(int(strange.sum()), 'mark')} on a lesion that its case does not have, the "
            f"first in row {first:,} below the header"
        )
        mend = "write the lesion's name as the lesions have it; leave it empty for a false mark"
        faults.add("E072", (*MARKS, "columns", "lesion"), what, mend)
    return np.asarray(met.fill_null(-1).to_numpy(), dtype=np.int64)


def _once(at: Ints, made: MarkTable) -> Ints:
    """Of several marks of a reading on one lesion only the highest has found it."""
    order = np.lexsort((-made.rating, at, made.reading))
    keys = np.stack([made.reading, at])[:, order]
    again = np.zeros(at.size, dtype=np.bool_)
    again[order[1:]] = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    return np.where(again, -1, at)


def centres(frame: "pl.DataFrame", row: Ints, keys: Keys, faults: Faults) -> Floats | None:
    """Places, shape (n_rows, 2 or 3); None where the plan names no axis."""
    by_axis = [numbers(frame, axis, row, keys, faults) for axis in AXES]
    kept = [one for one in by_axis if one is not None]
    return np.stack(kept, axis=1) if kept else None


def numbers(
    frame: "pl.DataFrame",
    role: str,
    row: Ints,
    keys: Keys,
    faults: Faults,
    lowest: float = -np.inf,
) -> Floats | None:
    """A column of numbers, none missing; None where the plan names no such column."""
    if role not in frame.columns:
        return None
    values = matching.numbers(frame[role]).fill_null(np.nan).to_numpy().astype(np.float64)
    wrong = ~(np.isfinite(values) & (values >= lowest))
    if role == "radius":
        wrong |= values == 0
    if wrong.any():
        first = int(row[int(np.argmax(wrong))])
        what = (
            f"{counted(int(wrong.sum()), 'row')} without a {role} that can be used, the first in "
            f"row {first:,} below the header"
        )
        code = "E071" if keys == LESIONS else "E072"
        faults.add(code, (*keys, "columns", role), what, "fill it with a number")
    return values
