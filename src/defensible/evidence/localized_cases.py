"""Cases of a localization study, the device's marks on them and their lesions, as arrays.

Cases are read as those of a standalone study: reference standard, patients, joins, filters and
handling are one and the same. Worst case: a case without an output has no lesion found, as many
false marks as any case has, and one of them above every other mark.
"""

from dataclasses import dataclass, replace

import numpy as np

from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.studies import (
    Analysis,
    Columns,
    Handling,
    Missing,
    ProportionInterval,
    StandaloneData,
    StandaloneStudy,
)
from defensible.evidence import cases, marks, matching
from defensible.evidence.cases import Cases
from defensible.evidence.faults import Faults, counted
from defensible.evidence.finding import Source, Tally
from defensible.evidence.marks import AXES, MARKS, LesionTable, MarkTable, StudyCases
from defensible.evidence.tables import Keys
from defensible.statistics import marks as matched
from defensible.statistics.arrays import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LocalizedCases:
    """The analysed cases with their lesions and the device's marks.

    Attributes
    ----------
    view : StandaloneStudy
        The study as a standalone one, by which its cases were read.
    cases : Cases
        As of a standalone study; `positive` says whether a mark is shown, None without threshold.
    lesions : LesionTable
        Lesions of the cases; `case` is the index of each lesion's case.
    lesion_rating : float array, shape (n_lesions,)
        Highest score of a mark on the lesion; minus infinity where missed.
    found : bool array, shape (n_lesions,), or None
        A mark on the lesion is shown; None where no operating point was fixed.
    n_false : int array, shape (n_cases,), or None
        False marks that are shown on the case.
    false_rating : float array, shape (n_cases,)
        Highest score of a false mark on the case; minus infinity where there is none.
    false_scores : float array
        Scores of all false marks.
    n_reach : int array, shape (n_marks,), or None
        Lesions within reach of each mark; None where marks name their lesion.
    n_same_place : int or None
        Marks on a case at the very place of an earlier one; None where marks have no place.
    """

    view: StandaloneStudy
    cases: Cases
    lesions: LesionTable
    lesion_rating: Floats
    found: Bools | None
    n_false: Ints | None
    false_rating: Floats
    false_scores: Floats
    scored: bool
    n_marks: int
    n_shown: int | None
    n_repeated: int
    n_reach: Ints | None
    n_same_place: int | None
    patient: Ints
    """Shape (n_cases,): code of each case's patient, each case its own where none is named."""


def as_standalone(study: LocalizationStudy) -> StandaloneStudy:
    """The cases of the study as a standalone study that takes nothing from them has them."""
    data, columns = study.data, study.data.columns
    handling = study.analysis.handling
    return StandaloneStudy(
        id=study.id,
        kind="standalone",
        question=study.question,
        claims=study.claims,
        data=StandaloneData(
            source=data.source,
            sha256=data.sha256,
            join=data.join,
            include=data.include,
            null_values=data.null_values,
            columns=Columns(
                case=columns.case,
                patient=columns.patient,
                reference=columns.reference,
                decision=columns.output,
                truthers=columns.truthers,
            ),
        ),
        independent_cases=study.independent_cases,
        sampling=study.sampling,
        reference_standard=study.reference_standard,
        dimensions=study.dimensions,
        analysis=Analysis(
            level=study.analysis.level,
            proportions=ProportionInterval.CLUSTERED,
            handling=Handling(
                missing_score=handling.missing_score,
                missing_reference=handling.missing_reference,
                duplicate=handling.duplicate,
            ),
        ),
        development=study.development,
    )


class _OfOutput(Faults):
    """Faults of the study read as a standalone one, told where its own file has the output."""

    def add(self, code: str, keys: Keys, what: str, mend: str) -> None:
        """Note one problem, the column of the output under its own name."""
        named = tuple("output" if key == "decision" else key for key in keys)
        super().add(code, named, what, mend)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Made:
    """Marks on analysed cases, and the account of the others."""

    source: Source
    table: MarkTable
    tallies: tuple[Tally, ...]


def read(study: LocalizationStudy, faults: Faults) -> LocalizedCases | None:
    """The cases of `study`; None, and problems in `faults`, where they do not fit."""
    view = as_standalone(study)
    of_output = _OfOutput(dossier=faults.dossier, file=faults.file, problems=faults.problems)
    there = cases.read(view, of_output)
    if there is None:
        return None
    column = matching.texts(there.frame[study.data.columns.case])
    of = StudyCases(names=tuple(column.to_list()), truth=there.truth)
    declared, null_values = study.data.marks, study.data.null_values
    more: dict[str, Keys] = {
        one.column: ("lesion_dimensions", index, "column")
        for index, one in enumerate(study.lesion_dimensions)
    }
    lesions = marks.lesions(declared.lesions, of, null_values, faults, more)
    made = _made(study, of, there, faults)
    if lesions is None or made is None:
        return None
    by_name = declared.columns.lesion is not None
    at = marks.found(declared, lesions, made.table, faults, by_name=by_name)
    if faults.problems:
        return None
    elsewhere = Tally(
        reason="lesions of cases that are not analysed", n=lesions.n_elsewhere, treated="not used"
    )
    ledger = replace(
        there.ledger,
        sources=(*there.ledger.sources, lesions.source, made.source),
        tallies=(
            *there.ledger.tallies,
            *(one for one in (elsewhere, *made.tallies) if one.n),
        ),
    )
    there = replace(there, ledger=ledger)
    return _localized((study, view), there, lesions, made.table, at)


def _made(study: LocalizationStudy, of: StudyCases, there: Cases, faults: Faults) -> _Made | None:
    declared = study.data.marks
    named = marks.named_columns(declared.columns.model_dump())
    opened = marks.opened(declared, named, study.data.null_values, MARKS, faults)
    if opened is None:
        return None
    source, frame = opened
    case = matching.places(frame["case"], of.names)
    inside = case >= 0
    if inside.size and not inside.any():
        what = f"none of {counted(inside.size, 'mark')} is on a case of the study"
        mend = "name the column with the identifiers that the cases have"
        faults.add("E072", (*MARKS, "columns", "case"), what, mend)
    tallies = [
        Tally(
            reason="marks on cases that are not analysed",
            n=int((~inside).sum()),
            treated="not used",
        )
    ]
    silent = inside & ~there.answered[case]
    if silent.any():
        what = (
            f"{counted(int(silent.sum()), 'mark')} on cases without an output of the device, the "
            f"first in row {int(np.argmax(silent)) + 1:,} below the header"
        )
        mend = "fill the column of the output, or take these marks away"
        faults.add("E072", (*MARKS, "columns", "case"), what, mend)
    score = np.zeros(case.size)
    if "score" in named:
        score = matching.numbers(frame["score"]).fill_null(np.nan).to_numpy().astype(np.float64)
    wrong = inside & ~np.isfinite(score)
    if wrong.any() and study.analysis.handling.mark_without_score is Missing.ERROR:
        what = (
            f"{counted(int(wrong.sum()), 'mark')} without a score, the first in row "
            f"{int(np.argmax(wrong)) + 1:,} below the header"
        )
        mend = "mend the table, or write `mark_without_score: exclude`"
        faults.add("E072", (*MARKS, "columns", "score"), what, mend)
    tallies.append(Tally(reason="marks without a score", n=int(wrong.sum()), treated="not used"))
    inside = inside & ~wrong
    table = MarkTable(
        frame=frame.filter(inside),
        reading=np.zeros(int(inside.sum()), dtype=np.int64),
        case=case[inside],
        rating=score[inside],
        row=np.flatnonzero(inside) + 1,
    )
    return _Made(source=source, table=table, tallies=tuple(tallies))


def _localized(
    by: tuple[LocalizationStudy, StandaloneStudy],
    there: Cases,
    lesions: LesionTable,
    table: MarkTable,
    at: Ints,
) -> LocalizedCases:
    study, view = by
    n, hit = there.truth.size, at >= 0
    lesion_rating = np.full(lesions.case.size, -np.inf)
    np.maximum.at(lesion_rating, at[hit], table.rating[hit])
    false_rating = np.full(n, -np.inf)
    np.maximum.at(false_rating, table.case[~hit], table.rating[~hit])
    shown = _shown(study, table)
    found, n_false = None, None
    if shown is not None:
        found = np.zeros(lesions.case.size, dtype=np.bool_)
        found[at[hit & shown]] = True
        n_false = np.bincount(table.case[~hit & shown], minlength=n)
        n_false = np.where(there.answered, n_false, n_false.max(initial=0))
        positive = np.bincount(table.case[shown], minlength=n) > 0
        there = replace(there, positive=np.where(there.answered, positive, ~there.truth))
    silent = ~there.answered
    above = float(np.nextafter(table.rating.max(initial=0.0), np.inf))
    false_rating[silent] = above
    n_worst = int(silent.sum()) if n_false is None else int(n_false[silent].sum())
    return LocalizedCases(
        view=view,
        cases=there,
        lesions=lesions,
        lesion_rating=lesion_rating,
        found=found,
        n_false=n_false,
        false_rating=false_rating,
        false_scores=np.concatenate([table.rating[~hit], np.full(n_worst, above)]),
        scored=study.data.marks.columns.score is not None,
        n_marks=at.size,
        n_shown=None if shown is None else int(shown.sum()),
        n_repeated=_repeated(study, lesions, table, at),
        n_reach=_in_reach(study, lesions, table),
        n_same_place=_at_the_same_place(table),
        patient=there.patient_codes(),
    )


def _shown(study: LocalizationStudy, table: MarkTable) -> Bools | None:
    """Which marks the device shows; all where marks have no score, None where nobody says."""
    threshold = study.analysis.threshold
    if threshold is not None:
        return np.asarray(table.rating >= threshold)
    scored = study.data.marks.columns.score is not None
    return None if scored else np.ones(table.rating.size, dtype=np.bool_)


def _repeated(study: LocalizationStudy, lesions: LesionTable, table: MarkTable, at: Ints) -> int:
    """Marks on a lesion that another mark of its case is on, too; all but one of each lesion."""
    near = _near(study, lesions, table)
    if near is None and study.data.marks.repeats == "false":
        named = matching.texts(table.frame["lesion"]).is_not_null()
        return int(named.sum()) - np.unique(at[at >= 0]).size
    on = at if near is None else near
    return int((on >= 0).sum()) - np.unique(on[on >= 0]).size


def _near(study: LocalizationStudy, lesions: LesionTable, table: MarkTable) -> Ints | None:
    """The nearest lesion within reach of each mark, or -1; None where marks name theirs."""
    where = _centres(table)
    if where is None or lesions.place is None or study.data.marks.columns.lesion is not None:
        return None
    radius = _radius(study, lesions)
    return matched.nearest_within(table.case, where, lesions.case, lesions.place, radius=radius)


def _in_reach(study: LocalizationStudy, lesions: LesionTable, table: MarkTable) -> Ints | None:
    where = _centres(table)
    if where is None or lesions.place is None or study.data.marks.columns.lesion is not None:
        return None
    radius = _radius(study, lesions)
    return matched.lesions_within(table.case, where, lesions.case, lesions.place, radius=radius)


def _radius(study: LocalizationStudy, lesions: LesionTable) -> float | Floats:
    return lesions.radius if lesions.radius is not None else study.data.marks.radius or 0.0


def _centres(table: MarkTable) -> Floats | None:
    axes = [matching.numbers(table.frame[one]) for one in AXES if one in table.frame.columns]
    return np.stack([one.to_numpy() for one in axes], axis=1) if axes else None


def _at_the_same_place(table: MarkTable) -> int | None:
    where = _centres(table)
    if where is None:
        return None
    both = np.column_stack([table.case, where])
    return int(table.case.size - np.unique(both, axis=0).shape[0])
