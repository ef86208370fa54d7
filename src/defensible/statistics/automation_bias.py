"""What the device's output does to readers, above all where it is wrong.

Readings come in pairs: the same reader, the same case, unaided and aided. They are split by whether
the device was right. Each measure is a combination of ratios of sums over readings. Its interval
respects readers and patients at once, by one of `Intervals`: `two_way.Linear` with a variance of
`two_way_spread`, or `two_way_bootstrap.Bootstrap`.

References
----------
Goddard, Roudsari, Wyatt. J Am Med Inform Assoc 2012;19:121-127 (commission and omission errors).
Schemmer et al. Proc. Intelligent User Interfaces 2023:410-422 (appropriate reliance).
Vickers, Elkin. Medical Decision Making 2006;26:565-574 (net benefit).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from defensible.statistics.arrays import Bools, Ints, bools, same_length
from defensible.statistics.estimate import Estimate
from defensible.statistics.two_way import Linear, weighted
from defensible.statistics.two_way_spread import Ratio


class Intervals(Protocol):
    """How the measures get their intervals."""

    def share(self, ratio: Ratio, patient: Ints, *, level: float) -> Estimate | None:
        """A proportion of readings; None where no reading could show it."""
        ...

    def combined(self, ratios: Sequence[Ratio], patient: Ints, *, level: float) -> Estimate | None:
        """A weighted sum of ratios; None where one of them has no reading."""
        ...

    def root(
        self, start: Sequence[Ratio], end: Sequence[Ratio], patient: Ints, *, level: float
    ) -> Estimate | None:
        """Where a line from `start` at 0 to `end` at 1 crosses 0; it must cross in between."""
        ...


LINEARIZED = Linear()
"""Readers and patients random, two-way clusters."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paired:
    """Decisions of the same readers on the same cases, without and with the device.

    Attributes
    ----------
    truth, device : bool arrays, shape (n_cases,)
        Reference standard; the device's decision.
    unaided, aided : bool arrays, shape (n_readers, n_cases)
        The reader's decision; False where not read.
    read : bool array, shape (n_readers, n_cases)
        Read in both conditions.
    patient : int array, shape (n_cases,)
        Code of the patient of each case, 0 to n_patients - 1.
    """

    truth: Bools
    device: Bools
    unaided: Bools
    aided: Bools
    read: Bools
    patient: Ints

    @property
    def right(self) -> Bools:
        """Cases on which the device was right; shape (n_cases,)."""
        return np.asarray(self.truth == self.device)


def paired(
    truth: Bools,
    device: Bools,
    unaided: Bools,
    aided: Bools,
    *,
    read: Bools | None = None,
    patient: Ints | None = None,
) -> Paired:
    """Readings in pairs, checked; parameters as the attributes of `Paired`.

    Every reading is there where `read` is not given; each case is a patient of its own where
    `patient` is not.

    Raises
    ------
    ValueError
        Shapes that do not fit, fewer than two readers or two patients, or no pair of readings.
    """
    present, decided = bools("truth", truth), bools("device", device)
    same_length(truth=present, device=decided)
    before, after = np.asarray(unaided, dtype=np.bool_), np.asarray(aided, dtype=np.bool_)
    if before.ndim != 2 or before.shape != after.shape or before.shape[1] != present.size:
        raise ValueError(
            f"unaided and aided must both be readers by {present.size} cases; "
            f"shapes {before.shape} and {after.shape} found"
        )
    seen = np.ones(before.shape, np.bool_) if read is None else np.asarray(read, dtype=np.bool_)
    of = np.arange(present.size) if patient is None else np.asarray(patient, dtype=np.int64)
    if seen.shape != before.shape:
        raise ValueError(f"read must be shaped as unaided, {before.shape}; {seen.shape} found")
    same_length(truth=present, patient=of)
    if before.shape[0] < 2 or np.unique(of).size < 2:
        raise ValueError("two readers and two patients are needed, for both are taken as random")
    if not seen.any():
        raise ValueError("no case was read by the same reader in both conditions")
    return Paired(truth=present, device=decided, unaided=before, aided=after, read=seen, patient=of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """The population in which net benefit is weighed.

    Attributes
    ----------
    prevalence : float in (0, 1)
        Of the condition, where the device is used.
    sensitivity, specificity : float in [0, 1]
        Of the device there.
    weight : float above 0
        Harm of one false positive reading, the benefit of one true positive being 1: the odds of
        the probability at which one would act.
    """

    prevalence: float
    sensitivity: float
    specificity: float
    weight: float

    def __post_init__(self) -> None:
        for name in ("prevalence", "sensitivity", "specificity"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must lie between 0 and 1; {getattr(self, name)} found")
        if not self.weight > 0:
            raise ValueError(f"weight must be above 0; {self.weight} found")


def commission(of: Paired) -> tuple[Ratio, ...]:
    """Turns positive with the device's false positives, among readings right without it."""
    at = of.read & ~of.truth & of.device & ~of.unaided
    return (Ratio(number=at & of.aided, of=at),)


def omission(of: Paired) -> tuple[Ratio, ...]:
    """Turns negative with the device's misses, among readings right without it."""
    at = of.read & of.truth & ~of.device & of.unaided
    return (Ratio(number=at & ~of.aided, of=at),)


def reliance(of: Paired) -> tuple[Ratio, ...]:
    """Agreement with the device when it is seen, beyond that when it is not."""
    more = (of.aided == of.device).astype(float) - (of.unaided == of.device)
    return (Ratio(number=more * of.read, of=of.read),)


def follows_when_right(of: Paired) -> tuple[Ratio, ...]:
    """Corrected by a device that is right, among readings wrong without it."""
    at = of.read & of.right & (of.unaided != of.device)
    return (Ratio(number=at & (of.aided == of.device), of=at),)


def overrides_when_wrong(of: Paired) -> tuple[Ratio, ...]:
    """Stands by the own decision, among readings right without a device that is wrong."""
    at = of.read & ~of.right & (of.unaided != of.device)
    return (Ratio(number=at & (of.aided != of.device), of=at),)


def appropriate_reliance(of: Paired) -> tuple[Ratio, ...]:
    """The mean of both: follows when right, overrides when wrong; does not move with the mix."""
    return tuple(
        Ratio(number=one.number, of=one.of, weight=0.5)
        for one in (*follows_when_right(of), *overrides_when_wrong(of))
    )


def net_benefit(of: Paired, use: Use) -> tuple[Ratio, ...]:
    """What seeing the device is worth for one patient, in true positive readings.

    Gain in true positives at the prevalence and the device's error rates, less `weight` times the
    gain in false positives.
    """
    ill, well = use.prevalence, (1 - use.prevalence) * use.weight
    return (
        _shift(of, of.truth & of.device, ill * use.sensitivity),
        _shift(of, of.truth & ~of.device, ill * (1 - use.sensitivity)),
        _shift(of, ~of.truth & of.device, -well * (1 - use.specificity)),
        _shift(of, ~of.truth & ~of.device, -well * use.specificity),
    )


def _shift(of: Paired, cases: Bools, weight: float) -> Ratio:
    """How much more often readers call these cases positive with the device."""
    at = of.read & cases
    moved = (of.aided.astype(float) - of.unaided) * at
    return Ratio(number=moved, of=at, weight=weight)


SHARES: dict[str, Callable[[Paired], tuple[Ratio, ...]]] = {
    "commission": commission,
    "omission": omission,
    "follows_when_right": follows_when_right,
    "overrides_when_wrong": overrides_when_wrong,
}
"""Measures that are one proportion."""
DIFFERENCES: dict[str, Callable[[Paired], tuple[Ratio, ...]]] = {
    "reliance": reliance,
    "appropriate_reliance": appropriate_reliance,
}
"""Measures that combine several."""


def measures(
    of: Paired, use: Use | None, *, level: float = 0.95, by: Intervals = LINEARIZED
) -> dict[str, Estimate | None]:
    """Every measure with its interval.

    Parameters
    ----------
    of : Paired
        Readings in pairs.
    use : Use or None
        Population of the net benefit, which is not given without one.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.
    by : Intervals
        What is random, and how the intervals are made.

    Returns
    -------
    dict of Estimate or None
        By name; None where no reading could show it, as the omissions of a device without a miss.
        `n` counts the readings that a measure rests on, `n_clusters` their patients.

    Notes
    -----
    O(n_readers n_cases); a bootstrap O(n_replicates n_readers n_patients) a measure.
    """
    found: dict[str, Estimate | None] = {
        name: by.share(ratios(of)[0], of.patient, level=level) for name, ratios in SHARES.items()
    }
    for name, ratios in DIFFERENCES.items():
        found[name] = by.combined(ratios(of), of.patient, level=level)
    if use is not None:
        found["net_benefit"] = by.combined(net_benefit(of, use), of.patient, level=level)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """The error rate of the device, the same in both classes, at which seeing it is worth nothing.

    `rate` is None where aided reading is better, or worse, at every error rate; `at_no_error` and
    `at_all_errors` are the net benefits at the ends.
    """

    rate: Estimate | None
    at_no_error: float
    at_all_errors: float


def break_even(
    of: Paired, use: Use, *, level: float = 0.95, by: Intervals = LINEARIZED
) -> BreakEven | None:
    """The break-even error rate, its interval cut to [0, 1].

    None where a class has no case on which the device was right, or none on which it was wrong
    (nothing is then known about one end), or where too few readings give no interval.
    `sensitivity` and `specificity` of `use` are not read.
    """
    perfect = Use(prevalence=use.prevalence, sensitivity=1, specificity=1, weight=use.weight)
    wrong = Use(prevalence=use.prevalence, sensitivity=0, specificity=0, weight=use.weight)
    best = tuple(one for one in net_benefit(of, perfect) if one.weight)
    worst = tuple(one for one in net_benefit(of, wrong) if one.weight)
    if not all(np.sum(one.of) for one in (*best, *worst)):
        return None
    gain, harm = weighted(best), weighted(worst)
    rate = gain / (gain - harm) if gain != harm else -1.0
    if not 0 <= rate <= 1:
        return BreakEven(rate=None, at_no_error=gain, at_all_errors=harm)
    crossed = by.root(best, worst, of.patient, level=level)
    if crossed is None:
        return None
    return BreakEven(rate=crossed, at_no_error=gain, at_all_errors=harm)
