"""Cases as arrays: the table of a study after its joins, filters and rules of handling.

Worst case: a diseased case is missed and has the lowest score, a healthy one is flagged and has the
highest. So nothing that the device failed to answer can raise a figure.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.studies import StandaloneStudy
from defensible.evidence import device_output, independence, joins, reference, strata
from defensible.evidence.account import Account
from defensible.evidence.faults import Faults, counted
from defensible.evidence.finding import JoinLedger
from defensible.evidence.joins import Rows, Wanted
from defensible.evidence.tables import Keys
from defensible.statistics.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """Rows that the handling kept out of the figures, or made the worst case, by what is known.

    Attributes
    ----------
    unverified_positive, unverified_negative : int
        Rows without a reference standard, by the device's decision.
    unanswered_diseased, unanswered_healthy : int
        Rows with a reference and no answer of the device.
    """

    unverified_positive: int
    unverified_negative: int
    unanswered_diseased: int
    unanswered_healthy: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cases:
    """The analysed cases of one study.

    Attributes
    ----------
    truth : bool array, shape (n_cases,)
        Reference standard.
    positive : bool array, shape (n_cases,), or None
        The device's decision; None where no rule makes one.
    scores : float array, shape (n_cases,), or None
        The device's score, finite; None where none was asked for.
    patients : int array, shape (n_cases,), or None
        Code of the patient of each case, 0 to n_patients - 1; None where no column names one.
    n_repeated : int
        Patients with more than one case.
    frame : DataFrame
        Columns of the analysed cases as text or numbers, for dimensions, identifiers and models.
    """

    truth: Bools
    positive: Bools | None
    scores: Floats | None
    patients: Ints | None
    n_repeated: int
    frame: "pl.DataFrame"
    ledger: JoinLedger
    outside: Outside
    answered: Bools
    """Shape (n_cases,): the device gave an output for the case."""

    def patient_codes(self) -> Ints:
        """The patient of each case; each case its own where no column names one."""
        if self.patients is not None:
            return self.patients
        return np.arange(self.truth.size, dtype=np.int64)


def read(study: StandaloneStudy, faults: Faults) -> Cases | None:
    """The cases of `study`; None, and problems in `faults`, where they do not fit."""
    import polars as pl

    rows = joins.gathered(study, _wanted(study), faults)
    if rows is None or not rows.frame.height:
        return None
    frame, columns = rows.frame, study.data.columns
    n = frame.height
    account = Account(
        row=frame[joins.ROW].to_numpy().astype(np.int64),
        inside=np.ones(n, dtype=np.bool_),
        wrong=np.zeros(n, dtype=np.bool_),
        faults=faults,
    )
    _identified(frame, columns.case, ("data", "columns", "case"), "E024", account)
    again = ~independence.first_of_each(frame[columns.case])
    handling = study.analysis.handling
    reason = "the same case again"
    account.treat("duplicate", again, handling.duplicate, reason, "E015")
    column = frame[columns.reference]
    truth, known = reference.truth(column, study, account)
    if again.any():
        reference.agrees(frame[columns.case], truth, known, account)
    reason = "no reference standard"
    account.treat("missing_reference", ~known, handling.missing_reference, reason, "E014")
    output = device_output.output(frame, study, account)
    if columns.patient is not None:
        keys = ("data", "columns", "patient")
        _identified(frame, columns.patient, keys, "E025", account)
    _both_classes(column, truth, account)
    if faults.problems:
        _rest(study, frame.filter(pl.Series(account.inside)), faults)
        return None
    outside = _outside(~again, truth, known, output)
    return _cases(rows, study, account, truth, output, outside)


def _outside(once: Bools, truth: Bools, known: Bools, output: device_output.Output) -> Outside:
    positive = output.positive
    unverified = once & ~known & output.answered
    silent = once & known & ~output.answered
    return Outside(
        unverified_positive=0 if positive is None else int((unverified & positive).sum()),
        unverified_negative=0 if positive is None else int((unverified & ~positive).sum()),
        unanswered_diseased=int((silent & truth).sum()),
        unanswered_healthy=int((silent & ~truth).sum()),
    )


def _rest(study: StandaloneStudy, frame: "pl.DataFrame", faults: Faults) -> None:
    """Note what else is wrong with cases that will not be analysed: all is said in one pass."""
    for index, dimension in enumerate(study.dimensions):
        strata.grouping(dimension, frame, faults, ("dimensions", index))
    column = study.data.columns.patient
    if column is not None and frame.height and not frame[column].has_nulls():
        patients, n_repeated = independence.coded(frame[column])
        independence.checked(study, patients, n_repeated, faults)


def _wanted(study: StandaloneStudy) -> Wanted:
    """Every column that the study names, with the keys that name it."""
    roles = ("case", "patient", "score", "decision", "reference", "model_sha256", "verified_by")
    wanted = joins.wanted_by(study, roles)
    for index, name in enumerate(study.data.columns.truthers):
        wanted.setdefault(name, []).append(("data", "columns", "truthers", index))
    return wanted


def _identified(
    frame: "pl.DataFrame", column: str, keys: Keys, code: str, account: Account
) -> None:
    """A case or patient without an identifier cannot be told from others."""
    empty = frame[column].is_null().to_numpy() & account.inside
    if empty.any():
        n = int(empty.sum())
        what = f"{counted(n, 'row')} without {column}, the first in {account.first(empty)}"
        account.faults.add(code, keys, what, "fill it, or name a column that every row fills")


def _both_classes(column: "pl.Series", truth: Bools, account: Account) -> None:
    """Both classes must be there: one alone is a wrong rule far more often than a design."""
    inside = account.inside
    if not inside.any():
        keys = ("analysis", "handling")
        what = "every row is excluded by the handling of missing, doubtful or repeated rows"
        account.faults.add("E006", keys, what, "look at the table: nothing is left to analyse")
        return
    n_diseased = int(truth[inside].sum())
    n = int(inside.sum())
    if 0 < n_diseased < n:
        return
    side = "positive" if n_diseased else "negative"
    what = (
        f"all {counted(n, 'reference')} of column '{column.name}' are {side}, so neither the AUC "
        f"nor {'specificity' if n_diseased else 'sensitivity'} exists"
    )
    held = ", ".join(reference.values_seen(column, inside))
    mend = f"the table holds {held}; correct the rule or the table"
    account.faults.add("E017", ("reference_standard", "positive"), what, mend)


def _cases(
    rows: Rows,
    study: StandaloneStudy,
    account: Account,
    truth: Bools,
    output: device_output.Output,
    outside: Outside,
) -> Cases:
    import polars as pl

    inside, columns = account.inside, study.data.columns
    whole = bool(inside.all())
    frame = rows.frame if whole else rows.frame.filter(pl.Series(inside))
    truth, wrong = truth[inside], account.wrong[inside]
    positive = output.positive
    if positive is not None:
        positive = np.where(wrong, ~truth, positive[inside])
    scores = output.scores
    if scores is not None:
        scores = _worst_scores(scores[inside], truth, wrong)
    patients, n_patients, n_repeated = None, None, 0
    if columns.patient is not None:
        patients, n_repeated = independence.coded(frame[columns.patient])
        n_patients = int(patients.max()) + 1
    elif study.independent_cases:
        n_patients = frame.height
    ledger = JoinLedger(
        sources=rows.sources,
        n_read=rows.n_read,
        tallies=(*rows.tallies, *account.tallies),
        n_analysed=frame.height,
        n_patients=n_patients,
        n_diseased=int(truth.sum()),
        n_healthy=int((~truth).sum()),
    )
    return Cases(
        truth=truth,
        positive=positive,
        scores=scores,
        patients=patients,
        n_repeated=n_repeated,
        frame=frame,
        ledger=ledger,
        outside=outside,
        answered=output.answered[inside],
    )


def _worst_scores(scores: Floats, truth: Bools, wrong: Bools) -> Floats:
    """Scores with a case that counts as wrong below or above every answer."""
    if not wrong.any():
        return scores
    answered = scores[~wrong]
    low, high = (answered.min(), answered.max()) if answered.size else (0.0, 0.0)
    below, above = np.nextafter(low, -np.inf), np.nextafter(high, np.inf)
    return np.where(wrong, np.where(truth, below, above), scores)
