"""How often each method's interval holds the truth where the device was wrong on few cases.

The model of `automation_bias_coverage.py`, 100 cases (half diseased) with a fixed number on which
the device is wrong, half of them false positives. `... [N_STUDIES] [N_REPLICATES]`.
"""

import sys

import numpy as np

from automation_bias_coverage import CASE_SD, PULL, PULL_SD, READER_SD, SEPARATION, USE
from defensible.statistics import automation_bias as bias
from defensible.statistics import two_way_bootstrap, two_way_spread
from defensible.statistics.two_way import Linear

CASES = 100
SIZES = ((6, 6), (6, 12), (6, 24), (12, 6), (12, 12), (12, 24))
"""Readers, and cases on which the device is wrong."""
MEASURES = ("commission", "omission", "overrides_when_wrong", "appropriate_reliance", "net_benefit")


def study(rng: np.random.Generator, readers: int, wrong: int, cases: int = CASES) -> bias.Paired:
    """One reader study."""
    truth = np.arange(cases) < cases // 2
    device = truth.copy()
    at = np.concatenate([np.arange(wrong // 2), cases // 2 + np.arange(wrong - wrong // 2)])
    device[at] = ~device[at]
    mean = SEPARATION * truth - SEPARATION / 2 + rng.normal(0, CASE_SD, cases)
    mean = mean[None, :] + rng.normal(0, READER_SD, (readers, 1))
    pull = (PULL + rng.normal(0, PULL_SD, (readers, 1))) * np.where(device, 1, -1)[None, :]
    error_sd = np.sqrt(1 - CASE_SD**2)
    unaided = mean + rng.normal(0, error_sd, mean.shape) > 0
    aided = mean + pull + rng.normal(0, error_sd, mean.shape) > 0
    return bias.paired(truth, device, unaided, aided)


def main(n_studies: int, n_replicates: int) -> None:
    """Print the coverage and mean width of each measure, method and size."""
    rng = np.random.default_rng(20261125)
    large = [bias.measures(study(rng, 400, 1500, 3000), USE) for _ in range(60)]
    truth = {k: float(np.mean([v.value for one in large if (v := one[k])])) for k in MEASURES}
    print("true", {name: round(value, 3) for name, value in truth.items()})
    for readers, wrong in SIZES:
        methods: dict[str, bias.Intervals] = {
            "linearized": bias.LINEARIZED,
            "u-statistic": Linear(spread_of=two_way_spread.u_statistic),
            "bootstrap": two_way_bootstrap.Bootstrap(
                n_replicates=n_replicates,
                seed=1,
                draw=two_way_bootstrap.both,
                spread_of=two_way_spread.linearized,
                drawn="readers, patients",
            ),
        }
        held: dict[tuple[str, str], list[tuple[bool, float]]] = {}
        for _ in range(n_studies):
            of = study(rng, readers, wrong)
            for method, by in methods.items():
                for name, one in bias.measures(of, USE, by=by).items():
                    if name in MEASURES and one is not None:
                        hit = one.low <= truth[name] <= one.high
                        held.setdefault((name, method), []).append((hit, one.high - one.low))
        for (name, method), found in sorted(held.items()):
            hit, width = np.mean(found, axis=0)
            print(
                f"{readers} readers, wrong on {wrong}: {name} {method} {hit:.3f}, "
                f"width {width:.3f}, {len(found)} studies",
                flush=True,
            )


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:]]
    main(numbers[0] if numbers else 1000, numbers[1] if len(numbers) > 1 else 1000)
