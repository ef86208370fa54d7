"""The device's output as scores and decisions, and the rows where it is no answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.studies import StandaloneStudy, Values
from defensible.evidence import matching
from defensible.evidence.account import Account
from defensible.evidence.faults import counted, shown
from defensible.statistics.arrays import Bools, Floats

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Output:
    """What the device said for each row, before any rule of handling.

    Attributes
    ----------
    scores : float array, shape (n_rows,), or None
        NaN where there is none; None where no column has a score or nothing asks for one.
    positive : bool array, shape (n_rows,), or None
        The decision; None where no rule makes one.
    answered : bool array, shape (n_rows,)
        The device gave an output, and not that it has none.
    """

    scores: Floats | None
    positive: Bools | None
    answered: Bools


def output(frame: "pl.DataFrame", study: StandaloneStudy, account: Account) -> Output:
    """Scores and decisions of every row; rows without an answer pass through `account`."""
    columns, rules = study.data.columns, study.output
    score = None if columns.score is None else frame[columns.score]
    decision = None if columns.decision is None else frame[columns.decision]
    given = [one for one in (score, decision) if one is not None]
    missing = np.zeros(frame.height, dtype=np.bool_)
    silent = np.zeros(frame.height, dtype=np.bool_)
    for one in given:
        missing |= one.is_null().to_numpy()
        if rules.indeterminate:
            silent |= matching.named(one, rules.indeterminate).to_numpy()
    handling = study.analysis.handling
    account.treat("missing_score", missing & ~silent, handling.missing_score, "no output", "E012")
    reason = "indeterminate output"
    account.treat("indeterminate", silent, handling.indeterminate, reason, "E013")
    scores, answered = None, ~(missing | silent)
    if score is not None and _numbers_asked(study):
        scores = _scores(score, study, account, answered=answered)
    positive = _decided(score, decision, study, account)
    return Output(scores=scores, positive=positive, answered=answered)


def rule_column(study: StandaloneStudy) -> str | None:
    """The column of `output.positive`: for a bound the score, for values the decision."""
    columns, rule = study.data.columns, study.output.positive
    if rule is None:
        return None
    if rule.is_ is None:
        return columns.score or columns.decision
    return columns.decision or columns.score


def _numbers_asked(study: StandaloneStudy) -> bool:
    rule = study.output.positive
    bound = rule is not None and rule.is_ is None
    return study.analysis.auc is not None or study.output.range is not None or bound


def _scores(
    column: "pl.Series", study: StandaloneStudy, account: Account, *, answered: Bools
) -> Floats:
    cells = matching.numbers(column)
    scores: Floats = cells.fill_null(np.nan).to_numpy().astype(np.float64, copy=True)
    no_number = answered & account.inside & cells.is_null().to_numpy()
    if no_number.any():
        _not_numeric(column, no_number, account, ("data", "columns", "score"))
    odd = answered & ~np.isfinite(scores) & ~cells.is_null().to_numpy()
    handling = study.analysis.handling.out_of_range
    account.treat("out_of_range", odd, handling, "score is NaN or infinite", "E016", column)
    if study.output.range is not None:
        low, high = study.output.range
        outside = answered & np.isfinite(scores) & ((scores < low) | (scores > high))
        reason = f"score outside {low:g} to {high:g}"
        account.treat("out_of_range", outside, handling, reason, "E016", column)
    return scores


def _not_numeric(
    column: "pl.Series", where: Bools, account: Account, keys: tuple[str | int, ...]
) -> None:
    n = int(where.sum())
    what = (
        f"{counted(n, 'value')} of column {shown(column.name)} {'is' if n == 1 else 'are'} no "
        f"number, the first in {account.first(where)}: {shown(column[int(np.argmax(where))])}"
    )
    mend = "name texts that mean no value in data.null_values, no answer in output.indeterminate"
    account.faults.add("E011", keys, what, mend)


def _decided(
    score: "pl.Series | None",
    decision: "pl.Series | None",
    study: StandaloneStudy,
    account: Account,
) -> Bools | None:
    rule, name = study.output.positive, rule_column(study)
    column = next((one for one in (score, decision) if one is not None and one.name == name), None)
    if rule is None or column is None:
        return None
    open_ = account.inside & ~account.wrong
    if rule.is_ is None and column is decision:
        no_number = (
            open_ & column.is_not_null().to_numpy() & matching.numbers(column).is_null().to_numpy()
        )
        if no_number.any():
            _not_numeric(column, no_number, account, ("data", "columns", "decision"))
    positive: Bools = matching.holds(column, rule).to_numpy().copy()
    if study.output.negative is not None:
        _neither(column, positive, study.output.negative, study, account)
    return positive


def _neither(
    column: "pl.Series", positive: Bools, rule: Values, study: StandaloneStudy, account: Account
) -> None:
    negative = matching.holds(column, rule).to_numpy()
    if (both := positive & negative).any():
        value = column[int(np.argmax(both))]
        what = f"the output {shown(value)} is both positive and negative"
        mend = "let the two rules leave each value to one side"
        account.faults.add("E028", ("output", "negative"), what, mend)
    handling = study.analysis.handling.out_of_range
    neither = column.is_not_null().to_numpy() & ~positive & ~negative
    account.treat(
        "out_of_range", neither, handling, "decision of no declared value", "E016", column
    )
