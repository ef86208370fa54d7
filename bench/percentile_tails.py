"""How far limits at stricter levels are off that are taken from a percentile interval at 95 %.

Commission errors of simulated reader studies (the model of `further_readers`). Beside percentiles
of 20,000 replicates: the two-halved normal of `one_tail`, a plain normal, and the percentiles of
the 2,000 replicates that a study draws. Mean distance of the lower and the upper limit.
`... [N_STUDIES]`.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
from scipy.special import ndtri

from defensible.evidence import automation, one_tail
from defensible.evidence.reader_differences import whole
from defensible.statistics import automation_bias, two_way_bootstrap
from defensible.statistics.estimate import Estimate

MODEL = runpy.run_path(str(Path(__file__).with_name("further_readers.py")))
LEVELS = (0.975, 0.995)
"""Of families of two and of ten."""


def main(n_studies: int) -> None:
    """Print the mean distances by level."""
    rng = np.random.default_rng(20261202)
    apart: dict[float, list[list[np.ndarray[tuple[int], np.dtype[np.float64]]]]] = {
        level: [] for level in LEVELS
    }
    for seed in range(n_studies):
        of = MODEL["study"](rng, 6, 120, 1)
        pairs = automation.pairs(of, whole(of))
        assert not isinstance(pairs, str)  # noqa: S101 - every case has a device's output here
        ratios = automation_bias.commission(pairs)
        many, few = (
            two_way_bootstrap.resampled(ratios, pairs.patient, n_replicates=n, seed=seed + n)
            for n in (20_000, 2_000)
        )
        assert many is not None  # noqa: S101 - some reading is there
        assert few is not None  # noqa: S101
        few = few[np.isfinite(few)]
        value = float(np.sum(ratios[0].number) / np.sum(ratios[0].of))
        low, high = np.quantile(few, [0.025, 0.975])
        estimate = Estimate(
            value=value, low=float(low), high=float(high), level=0.95, method="percentile", n=1
        )
        halves = one_tail.halves(estimate)
        for level in LEVELS:
            z, tails = float(ndtri(0.5 + level / 2)), [0.5 - level / 2, 0.5 + level / 2]
            right = np.nanquantile(many, tails)
            found = (
                (halves.middle - z * halves.lower, halves.middle + z * halves.upper),
                (value - z * float(few.std(ddof=1)), value + z * float(few.std(ddof=1))),
                np.quantile(few, tails),
            )
            apart[level].append([np.abs(np.clip(one, 0, 1) - right) for one in found])
    for level, rows in apart.items():
        means = np.mean(rows, axis=0)
        for name, (lower, upper) in zip(
            ("halves", "plain normal", "2,000 replicates"), means, strict=True
        ):
            print(f"{level}, {name}: lower {lower:.3f}, upper {upper:.3f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
