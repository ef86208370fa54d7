"""Sensitivity and specificity where only some cases were verified: Begg and Greenes' correction.

Positive cases go to the reference standard more often than negative ones, so that the verified
cases alone overstate sensitivity. The correction holds where verification depends on the test
result only.
"""

import math
from dataclasses import dataclass

from scipy.special import expit, ndtri

from defensible.statistics.arrays import confidence_level, whole_count
from defensible.statistics.estimate import Caution, Estimate

FEW_OUTCOMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Cases by test result, and what verification said of them.

    Attributes
    ----------
    tp, fp : int
        Test-positive cases verified as diseased, as healthy.
    fn, tn : int
        Test-negative cases verified as diseased, as healthy.
    unverified_positive, unverified_negative : int
        Cases never verified.
    """

    tp: int
    fp: int
    fn: int
    tn: int
    unverified_positive: int
    unverified_negative: int

    def __post_init__(self) -> None:
        for name in self.__slots__:
            whole_count(name, getattr(self, name))
        for word, found in (("positive", self.tp + self.fp), ("negative", self.fn + self.tn)):
            if found == 0:
                raise ValueError(f"some test-{word} cases must be verified; 0 found")

    @property
    def n(self) -> int:
        """Cases, verified or not."""
        return self.positive + self.negative

    @property
    def positive(self) -> int:
        """Test-positive cases."""
        return self.tp + self.fp + self.unverified_positive

    @property
    def negative(self) -> int:
        """Test-negative cases."""
        return self.fn + self.tn + self.unverified_negative


def sensitivity(counts: Verified, *, level: float = 0.95) -> Estimate:
    """Sensitivity corrected for partial verification, with Begg and Greenes' logit interval.

    Parameters
    ----------
    counts : Verified
        Cases by test result and verification.
    level : float in (0, 1)
        Confidence level of the two-sided interval.

    Raises
    ------
    ValueError
        No verified case is diseased (there is no sensitivity); `level` outside (0, 1).

    Notes
    -----
    Where all or none of the verified diseased cases are positive the logit is not finite: the
    limits are then 0 and 1, which says that the data do not bound it, with a caution.

    References
    ----------
    Begg, Greenes. Biometrics 1983;39:207-215.
    """
    return _corrected(
        (counts.positive, counts.tp, counts.fp),
        (counts.negative, counts.fn, counts.tn),
        counts,
        level,
        "diseased",
    )


def specificity(counts: Verified, *, level: float = 0.95) -> Estimate:
    """Specificity corrected for partial verification; parameters and errors as in `sensitivity`."""
    return _corrected(
        (counts.negative, counts.tn, counts.fn),
        (counts.positive, counts.fp, counts.tp),
        counts,
        level,
        "healthy",
    )


def _corrected(
    right: tuple[int, int, int],
    wrong: tuple[int, int, int],
    counts: Verified,
    level: float,
    word: str,
) -> Estimate:
    """Share of the class with the right result; triples hold all, verified in class, and not."""
    z = float(ndtri(0.5 + confidence_level(level) / 2))
    hits, misses = (total * held / (held + not_held) for total, held, not_held in (right, wrong))
    if hits + misses == 0:
        raise ValueError(f"some verified cases must be {word}; 0 found")
    value = hits / (hits + misses)
    bounded = 0 < value < 1
    low, high = 0.0, 1.0
    if bounded:
        # The logit is a sum of three independent logarithms: of the results' odds, and of the
        # share in class among the verified of either result.
        variance = sum(1 / total for total, _, _ in (right, wrong))
        variance += sum(other / (held * (held + other)) for _, held, other in (right, wrong))
        half = z * math.sqrt(variance)
        middle = math.log(hits) - math.log(misses)
        low, high = float(expit(middle - half)), float(expit(middle + half))
    smallest = min(counts.tp, counts.fp, counts.fn, counts.tn)
    facts = {Caution.FEW: smallest < FEW_OUTCOMES, Caution.BOUNDARY: not bounded}
    return Estimate(
        value=value,
        low=low,
        high=high,
        level=level,
        method="Begg-Greenes, logit",
        n=counts.n,
        cautions=tuple(caution for caution, holds in facts.items() if holds),
    )
