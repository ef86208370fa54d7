"""How often intervals of agreement between readers hold the truth, over simulated studies.

A rating is a case, plus a reader, plus error; with the device it moves towards what the device
says, and the error is smaller. True values: means over 20 studies of 60 readers and 2,000 cases.
`... [N_STUDIES]`.
"""

import sys

import numpy as np

from defensible.statistics import reader_agreement
from defensible.statistics.arrays import Floats
from defensible.statistics.reader_agreement import FLEISS, ICC, WEIGHTED_KAPPA, Coefficient, Rated

SIZES = ((4, 60), (6, 100), (12, 200))
COEFFICIENTS = (FLEISS, WEIGHTED_KAPPA, ICC)


def study(rng: np.random.Generator, readers: int, cases: int) -> Floats:
    """Impressions, unaided and aided."""
    truth = np.arange(cases) < cases // 2
    device = np.where(rng.random(cases) < 0.85, truth, ~truth)
    mean = 1.5 * truth + rng.normal(0, 1, cases) + rng.normal(0, 0.3, (readers, 1))
    unaided = mean + rng.normal(0, 0.6, (readers, cases))
    aided = mean + 0.6 * (2 * device - 1) + rng.normal(0, 0.15, (readers, 1))
    return np.stack([unaided, aided + rng.normal(0, 0.48, (readers, cases))])


def rated(seen: Floats, by: Coefficient) -> Rated:
    """Decisions for kappa, ratings from 0 to 5 for the others."""
    values = (seen > 0.75) if by is FLEISS else np.clip(np.round(seen + 2), 0, 5)
    return Rated(
        values=values.astype(np.float64),
        read=np.ones(seen.shape, np.bool_),
        patient=np.arange(seen.shape[2]),
    )


def main(n_studies: int) -> None:
    """Print coverage of aided agreement and of the difference, and the ratio of variances."""
    rng = np.random.default_rng(20261125)
    large = [study(rng, 60, 2000) for _ in range(20)]
    for by in COEFFICIENTS:
        both = [
            [float(by.value(by.sums(of.values[c], of.read[c]).sum(axis=0), 60)) for c in (0, 1)]
            for of in (rated(seen, by) for seen in large)
        ]
        before, after = np.mean(both, axis=0)
        for readers, cases in SIZES:
            found = [
                reader_agreement.both_random(rated(study(rng, readers, cases), by), by)
                for _ in range(n_studies)
            ]
            aided = np.mean([one.aided.low <= after <= one.aided.high for one in found])
            gap = after - before
            more = np.mean([one.difference.low <= gap <= one.difference.high for one in found])
            spread = np.var([one.difference.value for one in found])
            ratio = np.mean([(one.difference.se or 0) ** 2 for one in found]) / spread
            print(
                f"{readers} readers, {cases} cases, {by.name}: aided {aided:.3f}, difference "
                f"{more:.3f}; estimated variance of the difference over true {ratio:.2f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
