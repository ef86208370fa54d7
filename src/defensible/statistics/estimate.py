"""What every function of this room returns."""

from dataclasses import dataclass
from enum import Enum


class Caution(Enum):
    """Something true of an estimate that a reader of its interval should know."""

    FEW = "few cases: the interval's coverage may differ from its level"
    BOUNDARY = "the estimate lies on its boundary"
    NO_VARIANCE = "no variance in the data: the interval has no width"
    CUT = "a limit was cut to the range of the quantity"
    SAME_CASES = "the operating point was chosen on these very cases: expect less on others"
    NEGATIVE_COMPONENT = "a variance component was estimated below zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One estimate with its interval, and what they rest on.

    Attributes
    ----------
    value, low, high : float
        The estimate and its two-sided interval at `level`, in the unit of the quantity.
    level : float in (0, 1)
        Confidence level.
    method : str
        The interval's method by its name in the field ("Wilson", "DeLong").
    n : int
        Units that the estimate rests on (cases unless the function says otherwise).
    n_clusters : int or None
        Independent clusters (patients), where the method respects them.
    count : int or None
        Numerator of a proportion.
    se : float or None
        Standard error, where the method has one.
    df : float or None
        Degrees of freedom, where a t distribution was used; None is the normal.
    p : float or None
        Two-sided p-value, where the method tests something; the method says what.
    cautions : tuple of Caution
        Facts about the interval, as data.
    """

    value: float
    low: float
    high: float
    level: float
    method: str
    n: int
    n_clusters: int | None = None
    count: int | None = None
    se: float | None = None
    df: float | None = None
    p: float | None = None
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Significance:
    """Result of a test of significance that has no interval of its own.

    Attributes
    ----------
    p : float in [0, 1]
        Two-sided p-value unless the method says otherwise.
    method : str
        The test by its name in the field.
    n : int
        Units that the test rests on, discordant or not.
    statistic : float or None
        Test statistic, where there is one: a chi-square where `df` is given, else a z.
    df : int or None
        Degrees of freedom of a chi-square statistic.
    n_clusters : int or None
        Independent clusters (patients), where the method respects them.
    cautions : tuple of Caution
        Facts about the test, as data.
    """

    p: float
    method: str
    n: int
    statistic: float | None = None
    df: int | None = None
    n_clusters: int | None = None
    cautions: tuple[Caution, ...] = ()
