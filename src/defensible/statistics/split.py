"""The variance of a measure of readers in parts, a value without arrays: a sealed result has it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Parts that add to the variance of a measure.

    Attributes
    ----------
    readers, cases, both : float
        What falls with the number of readers, of cases, and of both; 0 for what is fixed.
    n_readers, n_cases : int
        In the study; cases are patients where some have several.
    df_of_readers : float
        Degrees of freedom of the readers' mean square for each reader beyond the first.
    df_of_cases : float or None
        Of the cases' mean square at `n_cases`; None where the method spends none on it.
    df_times : float
        Degrees of freedom stated by the method over those of its mean squares.
    """

    readers: float
    cases: float
    both: float
    n_readers: int
    n_cases: int
    df_of_readers: float = 1.0
    df_of_cases: float | None = None
    df_times: float = 1.0

    @property
    def by_readers(self) -> bool:
        """Whether more readers would say more: they are random."""
        return self.readers + self.both > 0

    @property
    def by_cases(self) -> bool:
        """Whether more cases would say more: they are random."""
        return self.cases + self.both > 0
