"""Reader studies for their own readers or their own cases: sized from a pilot, and simulated.

Roe and Metz's model with the effects of readers, or of cases, drawn once and kept. The pilot's
standard error is the root of its mean square over 1,000 pilots, and the truth their mean
difference, so that what is checked is the formula and not the luck of one pilot.
"""

from collections.abc import Callable
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from defensible.statistics import error_covariance, obuchowski_rockette, reader_table, sizing_fixed
from defensible.statistics.estimate import Estimate
from defensible.statistics.mrmc_inference import difference

GAP = 0.35
READER, MODALITY_READER, CASE, MODALITY_CASE, READER_CASE, ERROR = 0.02, 0.02, 0.3, 0.3, 0.2, 0.2
Draw = Callable[[np.random.Generator, int], Estimate]
"""The interval of a study with so many cases, or so many readers."""


def _effects(rng: np.random.Generator, variance: float, *shape: int) -> NDArray[np.float64]:
    return rng.normal(scale=sqrt(variance), size=shape)


def _of_readers(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Effects of readers by class, alone and with the modality: shape (2 classes, 2, n, 1)."""
    alike = _effects(rng, READER, 2, 1, n, 1)
    return alike + _effects(rng, MODALITY_READER, 2, 2, n, 1)


def _of_cases(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return _effects(rng, CASE, n) + _effects(rng, MODALITY_CASE, 2, 1, n)


def _ratings(
    rng: np.random.Generator, readers: NDArray[np.float64], cases: NDArray[np.float64]
) -> reader_table.ReaderTable:
    n_readers, n_cases = readers.shape[2], cases.shape[-1]
    truth = np.arange(n_cases) % 2 == 0
    ratings = 1.5 * truth + cases + np.where(truth, readers[0], readers[1])
    ratings = ratings + _effects(rng, READER_CASE, 1, n_readers, n_cases)
    ratings = ratings + _effects(rng, ERROR, 2, n_readers, n_cases)
    ratings[1] += GAP * truth
    return reader_table.from_dense(truth, ratings)


def these_readers(n_readers: int) -> Draw:
    """Studies of the same readers on new cases."""
    readers = _of_readers(np.random.default_rng(5), n_readers)

    def drawn(rng: np.random.Generator, n_cases: int) -> Estimate:
        table = _ratings(rng, readers, _of_cases(rng, n_cases))
        found = obuchowski_rockette.fixed_readers(error_covariance.delong(table))
        first, second = (each.modality for each in found.modalities)
        return difference(found, new=second, reference=first)

    return drawn


def these_cases(n_cases: int) -> Draw:
    """Studies of the same cases by new readers."""
    cases = _of_cases(np.random.default_rng(5), n_cases)

    def drawn(rng: np.random.Generator, n_readers: int) -> Estimate:
        table = _ratings(rng, _of_readers(rng, n_readers), cases)
        found = obuchowski_rockette.fixed_cases(error_covariance.delong(table))
        first, second = (each.modality for each in found.modalities)
        return difference(found, new=second, reference=first)

    return drawn


def pilot(draw: Draw, n: int) -> tuple[float, float]:
    """True difference and standard error of studies with `n` cases, or readers."""
    rng = np.random.default_rng(77)
    found = [draw(rng, n) for _ in range(1000)]
    gap = float(np.mean([one.value for one in found]))
    return gap, sqrt(float(np.mean([(one.se or 0.0) ** 2 for one in found])))


def sized() -> list[tuple[str, str, float, Callable[[np.random.Generator], bool]]]:
    """Name, size and power of each, and a study of that size that clears its goal or not."""
    by_cases, by_readers = these_readers(5), these_cases(80)
    gap, se = pilot(by_cases, 200)
    cases = sizing_fixed.cases_for_these_readers(expected=gap, goal=0.0, se=se, n_cases=200)
    other, spread = pilot(by_readers, 8)
    goal = round(other - 0.05, 3)
    readers = sizing_fixed.readers_for_these_cases(
        expected=other, goal=goal, se=spread, n_readers=8
    )
    return [
        (
            f"reader study, AUC difference {gap:.3f}, better, for these 5 readers",
            f"{cases.n} cases",
            cases.power,
            lambda rng: by_cases(rng, cases.n).low > 0,
        ),
        (
            f"reader study, AUC difference {other:.3f} above {goal:g}, for these 80 cases",
            f"{readers.n} readers",
            readers.power,
            lambda rng: by_readers(rng, readers.n).low > goal,
        ),
    ]
