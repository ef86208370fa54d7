"""Which rows leave and why: each row is counted in the first reason that applies to it, once.

Order: the same case again, no reference standard, then the device's output. What a study's handling
makes an error is a problem; the count, the first row and the rule are named.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.studies import Missing
from defensible.evidence.faults import Faults, counted, shown
from defensible.evidence.finding import Tally
from defensible.statistics.arrays import Bools, Ints

if TYPE_CHECKING:
    import polars as pl

_TREATED = {Missing.EXCLUDE: "excluded", Missing.WORST_CASE: "counted as wrong"}
_BOTH = "exclude` or `worst-case"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Account:
    """The rows of one study while they are sorted out.

    Attributes
    ----------
    row : int array, shape (n_rows,)
        Number of each row in its table, from 1 below the header.
    inside : bool array, shape (n_rows,)
        Rows that are still analysed; written in place while the account runs.
    wrong : bool array, shape (n_rows,)
        Rows that the plan counts as wrong.
    """

    row: Ints
    inside: Bools
    wrong: Bools
    faults: Faults
    tallies: list[Tally] = field(default_factory=list)

    def treat(
        self,
        rule: str,
        trouble: Bools,
        handling: Missing,
        reason: str,
        code: str,
        cells: "pl.Series | None" = None,
    ) -> None:
        """Apply one rule of the handling to the rows in `trouble` that no reason took before.

        `cells` are shown where the rule makes them an error; never give those of an identifier.
        """
        here = trouble & self.inside & ~self.wrong
        n = int(here.sum())
        if not n:
            return
        if handling is Missing.ERROR:
            keys = ("analysis", "handling", rule)
            choices = "exclude" if rule in {"missing_reference", "duplicate"} else _BOTH
            what = f"{counted(n, 'row')}: {reason}, the first in {self.first(here)}"
            if cells is not None:
                what += f": {shown(cells[int(np.argmax(here))])}"
            self.faults.add(code, keys, what, f"mend the table, or write `{rule}: {choices}`")
            return
        self.tallies.append(Tally(reason=reason, n=n, treated=_TREATED[handling]))
        if handling is Missing.EXCLUDE:
            self.inside[here] = False
        else:
            self.wrong[here] = True

    def first(self, where: Bools) -> str:
        """`row 17 below the header`, the first row of `where`."""
        return f"row {int(self.row[int(np.argmax(where))]):,} below the header"
