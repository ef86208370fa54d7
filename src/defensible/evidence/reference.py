"""The reference standard as truth: which cases have the condition, and for which nobody knows."""

from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import StandaloneStudy, Values
from defensible.evidence import matching
from defensible.evidence.account import Account
from defensible.evidence.faults import counted, shown
from defensible.statistics.arrays import Bools

if TYPE_CHECKING:
    import polars as pl

_KEYS = ("reference_standard", "positive")
_MOST_VALUES = 6
_NAN = ("nan", "NaN", "NAN", "Nan")


def truth(
    column: "pl.Series",
    study: StandaloneStudy | ReaderStudy | LocalizationStudy,
    account: Account,
) -> tuple[Bools, Bools]:
    """Whether the condition is present, and whether that is known, for each row.

    Without `negative` every other value says that the condition is absent; with it, a value that
    neither names is a missing reference.
    """
    standard = study.reference_standard
    positive = matching.holds(column, standard.positive).to_numpy()
    present = column.is_not_null().to_numpy()
    if standard.negative is None:
        _numeric(column, standard.positive, account)
        return positive, present
    negative = matching.holds(column, standard.negative).to_numpy()
    both = positive & negative
    if both.any():
        value = column[int(np.argmax(both))]
        what = f"the reference {shown(value)} is both positive and negative"
        mend = "let the two rules leave each value to one side"
        account.faults.add("E028", ("reference_standard", "negative"), what, mend)
    return positive, positive | negative


def agrees(cases: "pl.Series", truth: Bools, known: Bools, account: Account) -> None:
    """Rows of one case that say both that the condition is present and that it is absent.

    Which of them is right is not for a rule about repeated rows to decide, whatever it is.
    """
    import polars as pl

    rows = pl.DataFrame({"case": cases, "truth": truth, "known": known})
    sure = pl.col("known") & pl.col("case").is_not_null()
    said = pl.col("truth").filter(pl.col("known")).n_unique().over("case")
    torn = rows.select((sure & (said > 1)).fill_null(value=False)).to_series().to_numpy()
    if torn.any():
        n = rows.filter(pl.Series(torn))["case"].n_unique()
        what = (
            f"{counted(n, 'case')} {'has' if n == 1 else 'have'} rows with conflicting reference "
            f"standards, the first in {account.first(torn)}"
        )
        mend = "find out which is right; `data.include` tells readings or versions apart"
        account.faults.add("E050", ("reference_standard",), what, mend)


def _numeric(column: "pl.Series", rule: Values, account: Account) -> None:
    """A cell that is no number cannot be "every other value" of a bound, and NaN is no value."""
    cells = matching.numbers(column)
    if rule.is_ is None:
        odd = column.is_not_null() & ~cells.is_finite().fill_null(value=False)
    elif column.dtype.is_float():
        odd = column.is_nan().fill_null(value=False)
    else:
        odd = matching.named(column, _NAN)
    where = odd.to_numpy() & account.inside
    if where.any():
        first = int(np.argmax(where))
        what = (
            f"{counted(int(where.sum()), 'reference')} of column {shown(column.name)} "
            f"{'is' if where.sum() == 1 else 'are'} no number, the first in "
            f"{account.first(where)}: {shown(column[first])}"
        )
        mend = "name such texts in data.null_values, or the negative values in reference_standard"
        account.faults.add("E010", _KEYS, what, mend)


def values_seen(column: "pl.Series", where: Bools) -> list[str]:
    """`'0' (120 cases)`, `'1' (1 case)`: what the column holds there, the most frequent first."""
    import polars as pl

    held = matching.texts(column.filter(pl.Series(where))).drop_nulls().alias("value")
    counts = held.value_counts(name="n").sort("n", "value", descending=[True, False])
    pieces = [
        f"{shown(value)} ({counted(n, 'case')})"
        for value, n in counts.head(_MOST_VALUES).iter_rows()
    ]
    if counts.height > _MOST_VALUES:
        pieces.append(f"{counts.height - _MOST_VALUES:,} other values")
    return pieces
