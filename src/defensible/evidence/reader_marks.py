"""The marks of a reader study: those of its conditions and readings, on lesions or false.

Nothing leaves without a count. How marks find lesions is in `marks`.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.reader_marks import Marks
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import marks, matching
from defensible.evidence.faults import Faults, counted
from defensible.evidence.finding import Source, Tally
from defensible.evidence.marks import MARKS, MarkTable, StudyCases
from defensible.evidence.readings import Readings
from defensible.statistics import froc_table
from defensible.statistics.arrays import Floats, Ints

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Marks:
    """Marks of the study's readings; `at` is condition, reader and case of each."""

    source: Source
    frame: "pl.DataFrame"
    at: Ints
    rating: Floats
    row: Ints
    tallies: tuple[Tally, ...]

    @property
    def table(self) -> MarkTable:
        """The marks with the reading of each."""
        return MarkTable(
            frame=self.frame,
            reading=self.at[0] * (1 + int(self.at[1].max(initial=0))) + self.at[1],
            case=self.at[2],
            rating=self.rating,
            row=self.row,
        )


def planned(study: ReaderStudy, faults: Faults) -> None:
    """The plan says how a mark finds a lesion: by the lesion's name, or by its place."""
    declared = study.data.marks
    if declared is not None:
        marks.planned(declared, declared.columns.model_dump(), faults)


def marked(study: ReaderStudy, of: Readings, faults: Faults) -> Readings:
    """`of` with its marks, where the study has any; problems in `faults`."""
    declared = study.data.marks
    if declared is None:
        return of
    cases = StudyCases(names=of.cases, truth=of.truth)
    lesions = marks.lesions(declared.lesions, cases, study.data.null_values, faults)
    made = _marks(study, declared, of, faults)
    if lesions is None or made is None:
        return of
    order = np.argsort(lesions.case, kind="stable")
    by_name = declared.columns.lesion is not None
    found = marks.found(declared, lesions, made.table, faults, by_name=by_name)
    if faults.problems:
        return of
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
        read=of.read,
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


def _marks(study: ReaderStudy, declared: Marks, of: Readings, faults: Faults) -> _Marks | None:
    named = marks.named_columns(declared.columns.model_dump())
    opened = marks.opened(declared, named, study.data.null_values, MARKS, faults)
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
