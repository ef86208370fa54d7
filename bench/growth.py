"""How time grows with cases, 10^4 to 10^7: seconds at each size, and the exponent of growth.

An exponent of 1 is linear; sorting adds a little, and leaving the processor's cache adds more.
The last row is one sort of the same scores by numpy in the same run: what any exact method has
to pay.

    python bench/growth.py [most cases, 10000000]
"""

import sys
import time
from collections.abc import Callable
from math import log10
from statistics import median

import numpy as np

from defensible.statistics import calibration, clustered, grouped, roc, roc_compare
from defensible.statistics.arrays import Bools, Floats, Ints

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
ROUNDS = 3
Run = Callable[[Bools, Floats, Floats, Ints], object]


def _strata(truth: Bools, scores: Floats, _: Floats, patient: Ints) -> object:
    return grouped.aucs(grouped.sort(truth, scores), patient % 20, 20)


def _brier(truth: Bools, scores: Floats, _: Floats, __: Ints) -> object:
    return calibration.brier(truth, 1 / (1 + np.exp(-scores)))


METHODS: dict[str, Run] = {
    "AUC, DeLong": lambda truth, first, _, __: roc.auc(truth, first),
    "paired DeLong": lambda truth, first, second, _: roc_compare.paired(truth, first, second),
    "AUC, Obuchowski": lambda truth, first, _, patient: clustered.auc(truth, first, patient),
    "AUC of 20 strata": _strata,
    "Brier score": _brier,
    "one sort (numpy)": lambda _, first, __, ___: np.argsort(first, kind="stable"),
}


def seconds(run: Run, *cases: object) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run(*cases)  # type: ignore[arg-type]
    return time.perf_counter() - start


def main(most: int) -> None:
    """Print a row a method: seconds at each size, and the exponent."""
    sizes = [n for n in SIZES if n <= most]
    found: dict[str, list[float]] = {name: [] for name in METHODS}
    for n in sizes:
        rng = np.random.default_rng(n)
        truth = rng.random(n) < 0.2
        first, second = (rng.normal(size=n) + truth for _ in range(2))
        patient = rng.integers(0, n // 2, n)
        for name, run in METHODS.items():
            taken = [seconds(run, truth, first, second, patient) for _ in range(ROUNDS)]
            found[name].append(median(taken))
    print("| method | " + " | ".join(f"{n:,}" for n in sizes) + " | exponent |")
    print("| --- " * (len(sizes) + 2) + "|")
    for name, times in found.items():
        exponent = log10(times[-1] / times[0]) / log10(sizes[-1] / sizes[0])
        shown = " | ".join(f"{one:.4g} s" for one in times)
        print(f"| {name} | {shown} | {exponent:.2f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
