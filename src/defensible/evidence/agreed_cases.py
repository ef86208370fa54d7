"""Cases of an agreement study: figures as arrays, and the account of the rows without them.

Worst case: no outline is a Dice of 0; no size by the device is a size of 0, so an error of -100 %
that lies outside every margin.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.claims import MetricName
from defensible.evidence import independence, joins, matching
from defensible.evidence.account import Account
from defensible.evidence.faults import Faults, counted, shown
from defensible.evidence.finding import JoinLedger
from defensible.evidence.joins import Rows
from defensible.statistics.arrays import Bools, Floats, Ints

if TYPE_CHECKING:
    import polars as pl

_ROLES = ("case", "patient", "dice", "measured", "reference")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AgreedCases:
    """The analysed cases.

    Attributes
    ----------
    figures : mapping
        Each metric's figure a case, shape (n_cases,): Dice, relative error, 1 within the margin.
    patient : int array, shape (n_cases,)
        Patient of each case as a code; each case its own where cases are independent.
    n_repeated : int
        Patients with more than one case.
    """

    figures: dict[MetricName, Floats]
    patient: Ints
    n_repeated: int
    frame: "pl.DataFrame"
    ledger: JoinLedger


def read(study: AgreementStudy, faults: Faults) -> AgreedCases | None:
    """The cases of `study`; None, and problems in `faults`, where they do not fit."""
    rows = joins.gathered(study, joins.wanted_by(study, _ROLES), faults)
    if rows is None or not rows.frame.height:
        return None
    frame, columns, handling = rows.frame, study.data.columns, study.analysis.handling
    account = Account(
        row=frame[joins.ROW].to_numpy().astype(np.int64),
        inside=np.ones(frame.height, dtype=np.bool_),
        wrong=np.zeros(frame.height, dtype=np.bool_),
        faults=faults,
    )
    for role, code in (("case", "E024"), ("patient", "E025")):
        _identified(frame, getattr(columns, role), role, code, account)
    again = ~independence.first_of_each(frame[columns.case])
    account.treat("duplicate", again, handling.duplicate, "the same case again", "E015")
    found = {
        role: _numbers(frame[name], role, account)
        for role in ("dice", "measured", "reference")
        if (name := getattr(columns, role)) is not None
    }
    if "reference" in found:
        unknown, reason = np.isnan(found["reference"]), "no size by the reference standard"
        account.treat("missing_reference", unknown, handling.missing_reference, reason, "E014")
    lacking = _any(found, ("dice", "measured"), frame.height)
    account.treat(
        "missing_result", lacking, handling.missing_result, "no result of the device", "E012"
    )
    if not account.inside.any() and not faults.problems:
        what = "every case lacks something that the plan asks for"
        faults.add("E006", ("data", "columns"), what, "look at the columns named there")
    return None if faults.problems else _cases(rows, study, account, found)


def _identified(
    frame: "pl.DataFrame", column: str | None, role: str, code: str, account: Account
) -> None:
    if column is None:
        return
    empty = frame[column].is_null().to_numpy()
    if empty.any():
        what = (
            f"{counted(int(empty.sum()), 'row')} without {column}, the first in "
            f"{account.first(empty)}"
        )
        mend = "fill it, or name a column that every row fills"
        account.faults.add(code, ("data", "columns", role), what, mend)


def _numbers(column: "pl.Series", role: str, account: Account) -> Floats:
    """The numbers of a column, not-a-number where a cell is empty; problems for other cells."""
    values: Floats = matching.numbers(column).fill_null(np.nan).to_numpy().astype(np.float64)
    given: Bools = matching.texts(column).is_not_null().to_numpy()
    high = 1.0 if role == "dice" else np.inf
    fits = np.isfinite(values) & (values >= 0) & (values <= high)
    if role == "reference":
        fits &= values > 0
    odd = given & ~fits & account.inside
    if odd.any():
        what = (
            f"{counted(int(odd.sum()), 'value')} of column {shown(column.name)} cannot be "
            f"{_MEANT[role]}; the first is {shown(column[int(np.argmax(odd))])} in "
            f"{account.first(odd)}"
        )
        mend = "mend the table, or name such a text in data.null_values where it means nothing"
        account.faults.add("E067", ("data", "columns", role), what, mend)
    return np.where(given & np.isfinite(values), values, np.where(odd, 0.0, np.nan))


_MEANT = {
    "dice": "a Dice coefficient (0 to 1)",
    "measured": "a size (0 or more)",
    "reference": "a size to compare with (above 0)",
}


def _any(found: dict[str, Floats], roles: tuple[str, ...], n: int) -> Bools:
    lacking = np.zeros(n, dtype=np.bool_)
    for role in roles:
        if role in found:
            lacking |= np.isnan(found[role])
    return lacking


def _cases(
    rows: Rows, study: AgreementStudy, account: Account, found: dict[str, Floats]
) -> AgreedCases:
    kept, margin = account.inside, study.analysis.margin
    worst = account.wrong[kept]
    figures: dict[MetricName, Floats] = {}
    if "dice" in found:
        figures[MetricName.MEAN_DICE] = np.where(worst, 0.0, found["dice"][kept])
    if "measured" in found and "reference" in found:
        error = found["measured"][kept] / found["reference"][kept] - 1
        error = np.where(worst, -1.0, error)
        figures[MetricName.RELATIVE_BIAS] = error
        if margin is not None:
            # 11 of 10 is an error of 10 %, whatever the last binary digit says
            inside = np.abs(error) <= margin * (1 + 1e-9)
            figures[MetricName.WITHIN_MARGIN] = inside.astype(np.float64)
    frame = rows.frame.filter(kept)
    column = study.data.columns.patient
    n = frame.height
    patient, n_repeated = (
        independence.coded(frame[column])
        if column is not None
        else (np.arange(n, dtype=np.int64), 0)
    )
    return AgreedCases(
        figures=figures,
        patient=patient,
        n_repeated=n_repeated,
        frame=frame,
        ledger=JoinLedger(
            sources=rows.sources,
            n_read=rows.n_read,
            tallies=(*rows.tallies, *account.tallies),
            n_analysed=n,
            n_patients=int(patient.max()) + 1 if column is not None else None,
            n_diseased=0,
            n_healthy=0,
            unit="measured case",
        ),
    )


def sized(study: AgreementStudy, metric: MetricName) -> tuple[str, ...]:
    """What the plan lacks for `metric`, as keys to write."""
    columns, analysis = study.data.columns, study.analysis
    if metric is MetricName.MEAN_DICE:
        return () if columns.dice else ("data.columns.dice",)
    lacks = [
        f"data.columns.{one}" for one in ("measured", "reference") if not getattr(columns, one)
    ]
    if metric is MetricName.WITHIN_MARGIN and analysis.margin is None:
        lacks.append("analysis.margin")
    return tuple(lacks)
