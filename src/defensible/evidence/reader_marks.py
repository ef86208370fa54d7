"""The marks of a reader study: which lesion each has found, by its name or by its place.

1. Lesions from their table: those of the study's cases, weighed. 2. Marks: of the study's
conditions and readings. 3. Each mark on a lesion, or a false one. Nothing leaves without a count.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.reader_marks import Lesions, Marks
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import matching, tables
from defensible.evidence.faults import Faults, counted, names
from defensible.evidence.finding import Source, Tally
from defensible.evidence.readings import Readings
from defensible.evidence.tables import Keys
from defensible.statistics import froc_table, marks
from defensible.statistics.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    import polars as pl

MARKS: Keys = ("data", "marks")
LESIONS: Keys = (*MARKS, "lesions")
_AXES = ("x", "y", "z")
_SUM = 1e-6
"""How far the weights of a case may be from 1 in sum."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Lesions:
    """Lesions of the study's cases, by case; `row` counts below the header."""

    source: Source
    names: "pl.Series | None"
    case: Ints
    weight: Floats
    place: Floats | None
    radius: Floats | None
    row: Ints
    n_elsewhere: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Marks:
    """Marks of the study's readings; `at` is condition, reader and case of each."""

    source: Source
    frame: "pl.DataFrame"
    at: Ints
    rating: Floats
    row: Ints
    tallies: tuple[Tally, ...]


def planned(study: ReaderStudy, faults: Faults) -> None:
    """The plan says how a mark finds a lesion: by the lesion's name, or by its place."""
    declared = study.data.marks
    if declared is None:
        return
    own, there = declared.columns, declared.lesions.columns
    axes = [one for one in _AXES if getattr(own, one) is not None]
    reach = declared.radius is not None, there.radius is not None
    wrong = None
    if own.lesion is not None and (axes or any(reach)):
        wrong = "marks name their lesion, and have a place or radius as well: which one decides?"
    elif own.lesion is not None and there.lesion is None:
        wrong = "marks name their lesion, and no column names the lesions"
    elif own.lesion is None and axes not in (["x", "y"], ["x", "y", "z"]):
        wrong = "nothing says which lesion a mark has found"
    elif own.lesion is None and axes != [one for one in _AXES if getattr(there, one) is not None]:
        wrong = "marks and lesions have places of different dimensions"
    elif own.lesion is None and sum(reach) != 1:
        wrong = "marks are matched by place, and not exactly one radius says how near is near"
    if wrong is not None:
        mend = "write columns.lesion of both, or x and y (z) of both with radius"
        faults.add("E070", (*MARKS, "columns"), wrong, mend)


def marked(study: ReaderStudy, of: Readings, faults: Faults) -> Readings:
    """`of` with its marks, where the study has any; problems in `faults`."""
    declared = study.data.marks
    if declared is None:
        return of
    lesions = _lesions(study, declared.lesions, of, faults)
    made = _marks(study, declared, of, faults)
    if lesions is None or made is None:
        return of
    order = np.argsort(lesions.case, kind="stable")
    found = _found(declared, lesions, made, faults)
    if faults.problems:
        return of
    if declared.repeats == "false":
        found = _once(found, made)
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    table = froc_table.coded(
        modalities=of.conditions,
        readers=of.readers,
        cases=of.cases,
        lesion_case=lesions.case[order],
        lesion_weight=lesions.weight[order],
        at=made.at,
        found=np.where(found >= 0, place[found], -1),
        rating=made.rating,
    )
    ledger = of.ledger
    elsewhere = Tally(
        reason="lesions of cases that nobody read", n=lesions.n_elsewhere, treated="not used"
    )
    tallies = [one for one in (elsewhere, *made.tallies) if one.n]
    ledger = replace(
        ledger,
        sources=(*ledger.sources, lesions.source, made.source),
        tallies=(*ledger.tallies, *tallies),
    )
    return replace(of, marks=table, ledger=ledger)


def _opened(
    declared: Marks | Lesions, study: ReaderStudy, keys: Keys, faults: Faults
) -> "tuple[Source, pl.DataFrame] | None":
    """The named columns of a table, by role; None, and problems, where there are none."""
    table = tables.opened(declared.source, declared.sha256, faults, keys)
    if table is None:
        return None
    named = {
        role: column for role, column in declared.columns.model_dump().items() if column is not None
    }
    there = [
        tables.has(table, column, faults, (*keys, "columns", role))
        for role, column in named.items()
    ]
    if not all(there):
        return None
    columns = list(dict.fromkeys(named.values()))
    read = tables.rows(table, columns, study.data.null_values, faults)
    if read is None:
        return None
    return read[0].source, read[1].select(read[1][c].alias(role) for role, c in named.items())


def _lesions(
    study: ReaderStudy, declared: Lesions, of: Readings, faults: Faults
) -> _Lesions | None:
    opened = _opened(declared, study, LESIONS, faults)
    if opened is None:
        return None
    source, frame = opened
    case = matching.places(frame["case"], of.cases)
    inside = case >= 0
    kept, row = case[inside], np.flatnonzero(inside) + 1
    frame = frame.filter(inside)
    names_of = matching.texts(frame["lesion"]) if "lesion" in frame.columns else None
    has_lesion = np.zeros(len(of.cases), dtype=np.bool_)
    has_lesion[kept] = True
    _as_the_reference(has_lesion, of, faults)
    if names_of is not None:
        _named_once(kept, names_of, row, faults)
    counts = np.bincount(kept, minlength=len(of.cases))
    weight = _numbers(frame, "weight", row, LESIONS, faults, lowest=0.0)
    if weight is None:
        weight = 1.0 / counts[kept]
    elif not faults.problems:
        sums = np.bincount(kept, weights=weight, minlength=len(of.cases))
        off = has_lesion & (np.abs(sums - 1) > _SUM)
        if off.any():
            odd = int(np.argmax(off))
            what = (
                f"the weights of the lesions of {counted(int(off.sum()), 'case')} do not sum to "
                f"1, the first {of.cases[odd]} ({sums[odd]:g})"
            )
            mend = "divide each weight by the sum of its case"
            faults.add("E071", (*LESIONS, "columns", "weight"), what, mend)
    return _Lesions(
        source=source,
        names=names_of,
        case=kept,
        weight=weight,
        place=_places(frame, row, LESIONS, faults),
        radius=_numbers(frame, "radius", row, LESIONS, faults, lowest=0.0),
        row=row,
        n_elsewhere=int((~inside).sum()),
    )


def _as_the_reference(has_lesion: Bools, of: Readings, faults: Faults) -> None:
    """A case has a lesion exactly where the reference standard is positive."""
    for odd, words in (
        (of.truth & ~has_lesion, "positive by the reference standard and without a lesion"),
        (~of.truth & has_lesion, "with a lesion and negative by the reference standard"),
    ):
        if odd.any():
            listed = names([of.cases[at] for at in np.flatnonzero(odd)])
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


def _marks(study: ReaderStudy, declared: Marks, of: Readings, faults: Faults) -> _Marks | None:
    opened = _opened(declared, study, MARKS, faults)
    if opened is None:
        return None
    source, frame = opened
    at = np.stack(
        [
            matching.places(frame[role], known)
            for role, known in (
                ("modality", of.written),
                ("reader", of.readers),
                ("case", of.cases),
            )
        ]
    )
    elsewhere, unread_case = at[0] < 0, (at[0] >= 0) & (at[2] < 0)
    inside = ~(elsewhere | unread_case)
    seen = np.zeros(inside.size, dtype=np.bool_)
    known = inside & (at[1] >= 0)
    seen[known] = of.read[tuple(at[:, known])]
    rating = matching.numbers(frame["rating"]).fill_null(np.nan).to_numpy().astype(np.float64)
    tallies = [
        Tally(reason="marks in another condition", n=int(elsewhere.sum()), treated="not used"),
        Tally(
            reason="marks on cases that nobody read", n=int(unread_case.sum()), treated="not used"
        ),
    ]
    for wrong, words, role in (
        (inside & ~seen, "without a reading of that reader, case and condition", "reader"),
        (inside & seen & ~np.isfinite(rating), "without a rating", "rating"),
    ):
        if wrong.any() and study.analysis.missing == "error":
            first = int(np.argmax(wrong)) + 1
            what = (
                f"{counted(int(wrong.sum()), 'mark')} {words}, the first in row {first:,} below "
                "the header"
            )
            mend = "mend the table, or write `missing: exclude`"
            faults.add("E072", (*MARKS, "columns", role), what, mend)
        tallies.append(Tally(reason=f"marks {words}", n=int(wrong.sum()), treated="not used"))
        inside = inside & ~wrong
    return _Marks(
        source=source,
        frame=frame.filter(inside),
        at=at[:, inside],
        rating=rating[inside],
        row=np.flatnonzero(inside) + 1,
        tallies=tuple(tallies),
    )


def _found(declared: Marks, lesions: _Lesions, made: _Marks, faults: Faults) -> Ints:
    """For each mark the place of its lesion in `lesions`, or -1."""
    if lesions.names is not None and declared.columns.lesion is not None:
        return _by_name(lesions, made, faults)
    places = _places(made.frame, made.row, MARKS, faults)
    if places is None or lesions.place is None or faults.problems:
        return np.full(made.row.size, -1, dtype=np.int64)
    radius = lesions.radius if lesions.radius is not None else declared.radius or 0.0
    if declared.repeats == "highest":
        return marks.nearest_within(made.at[2], places, lesions.case, lesions.place, radius=radius)
    found = np.full(made.row.size, -1, dtype=np.int64)
    reading = made.at[0] * (1 + int(made.at[1].max(initial=0))) + made.at[1]
    for one in np.unique(reading):  # marks of one reader in one condition choose in turn
        own = reading == one
        found[own] = marks.one_to_one_within(
            made.at[2, own],
            places[own],
            made.rating[own],
            lesions.case,
            lesions.place,
            radius=radius,
        )
    return found


def _by_name(lesions: _Lesions, made: _Marks, faults: Faults) -> Ints:
    import polars as pl

    named = matching.texts(made.frame["lesion"])
    known = pl.DataFrame(
        {"case": lesions.case, "lesion": lesions.names, "at": np.arange(lesions.case.size)}
    )
    asked = pl.DataFrame({"case": made.at[2], "lesion": named})
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


def _once(found: Ints, made: _Marks) -> Ints:
    """Of several marks of a reading on one lesion only the highest has found it."""
    order = np.lexsort((-made.rating, found, made.at[1], made.at[0]))
    keys = np.stack([made.at[0], made.at[1], found])[:, order]
    again = np.zeros(found.size, dtype=np.bool_)
    again[order[1:]] = (keys[:, 1:] == keys[:, :-1]).all(axis=0)
    return np.where(again, -1, found)


def _places(frame: "pl.DataFrame", row: Ints, keys: Keys, faults: Faults) -> Floats | None:
    found = [_numbers(frame, axis, row, keys, faults) for axis in _AXES]
    kept = [one for one in found if one is not None]
    return np.stack(kept, axis=1) if kept else None


def _numbers(
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
