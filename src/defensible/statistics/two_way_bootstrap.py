"""The MRMC bootstrap of ratios over readings: readers, patients or both drawn anew.

Percentile intervals. Where none or all of the readings have an outcome, no replicate differs from
the study; the interval is then Wilson's, the patients counting in place of readings, and says so.

References
----------
Owen. Annals of Applied Statistics 2007;1:386-411 (both drawn: single readings count three times).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from defensible.statistics import two_way
from defensible.statistics.arrays import Floats, Ints
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.two_way_spread import Ratio, SpreadOf, by_patient

PERCENTILE = "percentile"
"""How the method of a percentile interval ends."""
_BLOCK = 2**23  # numbers in one block of replicates: 64 MB

Draw = Callable[[np.random.Generator, int, int, int], tuple[Ints, Ints]]
"""How often each reader and each patient is drawn: arrays of `size` rows."""


def both(rng: np.random.Generator, n_readers: int, n_patients: int, size: int) -> tuple[Ints, Ints]:
    """Readers and patients drawn with replacement."""
    return _anew(rng, n_readers, size), _anew(rng, n_patients, size)


def patients(
    rng: np.random.Generator, n_readers: int, n_patients: int, size: int
) -> tuple[Ints, Ints]:
    """Patients drawn, the readers as they are."""
    return np.ones((size, n_readers), dtype=np.int64), _anew(rng, n_patients, size)


def readers(
    rng: np.random.Generator, n_readers: int, n_patients: int, size: int
) -> tuple[Ints, Ints]:
    """Readers drawn, the patients as they are."""
    return _anew(rng, n_readers, size), np.ones((size, n_patients), dtype=np.int64)


def resampled(
    ratios: Sequence[Ratio], patient: Ints, *, n_replicates: int, seed: int, draw: Draw = both
) -> Floats | None:
    """The weighted sum in replicates of the study; None where undefined, NaN in a replicate.

    Replicate by replicate the same draws for every call with the same seed, readers and patients.
    """
    if any(one.weight and not np.sum(one.of) for one in ratios):
        return None
    n_readers, n_patients = ratios[0].of.shape[0], int(patient.max()) + 1
    rng = np.random.default_rng(seed)
    sums = [
        (one.weight, by_patient(one.number, patient), by_patient(one.of, patient))
        for one in ratios
        if one.weight
    ]
    found = np.empty(n_replicates)
    step = max(1, _BLOCK // n_patients)
    for start in range(0, n_replicates, step):
        size = min(step, n_replicates - start)
        of_readers, of_patients = draw(rng, n_readers, n_patients, size)
        total = np.zeros(size)
        for weight, number, of in sums:
            above = np.einsum("bp,bp->b", of_readers @ number, of_patients)
            below = np.einsum("bp,bp->b", of_readers @ of, of_patients)
            total += weight * np.divide(above, below, out=np.full(size, np.nan), where=below > 0)
        found[start : start + size] = total
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """Percentile intervals of replicates with what is random drawn anew.

    Attributes
    ----------
    n_replicates, seed : int
        Of every measure, so that replicates belong together.
    draw : Draw
        What is drawn anew.
    spread_of : SpreadOf
        The variance of the same, for what the replicates cannot bound.
    drawn : str
        What is drawn, in words.
    """

    n_replicates: int
    seed: int
    draw: Draw
    spread_of: SpreadOf
    drawn: str

    def share(self, ratio: Ratio, patient: Ints, *, level: float) -> Estimate | None:
        """A proportion of readings; None where no reading could show it."""
        plain = two_way.share(ratio, patient, level=level, spread_of=self.spread_of)
        if plain is None or plain.count in {0, plain.n} or plain.se is None:
            return plain
        return self._percentile(self._replicates([ratio], patient), plain, level)

    def combined(self, ratios: Sequence[Ratio], patient: Ints, *, level: float) -> Estimate | None:
        """A weighted sum of ratios; None where one of them has no reading."""
        plain = two_way.combined(ratios, patient, level=level, spread_of=self.spread_of)
        if plain is None or not plain.se:
            return plain
        return self._percentile(self._replicates(ratios, patient), plain, level)

    def root(
        self, start: Sequence[Ratio], end: Sequence[Ratio], patient: Ints, *, level: float
    ) -> Estimate | None:
        """Where a line from `start` at 0 to `end` at 1 crosses 0.

        A replicate that begins at or below 0 crosses at 0; one that ends at or above 0, at 1.
        """
        plain = two_way.Linear(spread_of=self.spread_of).root(start, end, patient, level=level)
        if plain is None:
            return None
        first, last = (self._replicates(ratios, patient) for ratios in (start, end))
        slope = first - last
        with np.errstate(divide="ignore", invalid="ignore"):
            crossed = np.where(first <= 0, 0.0, np.where(last >= 0, 1.0, first / slope))
        crossed[np.isnan(first) | np.isnan(last)] = np.nan
        return self._percentile(crossed, plain, level)

    def _replicates(self, ratios: Sequence[Ratio], patient: Ints) -> Floats:
        found = resampled(
            ratios, patient, n_replicates=self.n_replicates, seed=self.seed, draw=self.draw
        )
        assert found is not None  # noqa: S101 - an estimate was made of the same readings
        return found

    def _percentile(self, values: Floats, plain: Estimate, level: float) -> Estimate:
        """The percentile interval; replicates without such a reading are left out, and told."""
        kept = values[np.isfinite(values)]
        if kept.size < 2:
            return plain
        low, high = np.quantile(kept, [0.5 - level / 2, 0.5 + level / 2])
        cautions = tuple(one for one in plain.cautions if one is not Caution.CUT)
        few = kept.size < values.size and Caution.FEW not in cautions
        return replace(
            plain,
            low=float(low),
            high=float(high),
            method=f"MRMC bootstrap ({self.drawn}), {PERCENTILE}",
            se=float(kept.std(ddof=1)),
            df=None,
            cautions=(*cautions, Caution.FEW) if few else cautions,
        )


def _anew(rng: np.random.Generator, n: int, size: int) -> Ints:
    return np.asarray(rng.multinomial(n, np.full(n, 1 / n), size=size), dtype=np.int64)
