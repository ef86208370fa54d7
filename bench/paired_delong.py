"""Paired DeLong on 10^4 to 10^6 cases: ours against scipy's rankdata, MLstatkit and pauc.

Alternates the programs in one process, prints medians of seconds and of ratios, and whether the
figures agree. A peer that is not installed is skipped, and a line says so.

    python bench/paired_delong.py [n_cases ...]
"""

import importlib
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from scipy.stats import norm, rankdata

from defensible.statistics import roc_compare
from defensible.statistics.arrays import Bools, Floats

ROUNDS = 5


def with_rankdata(truth: Bools, scores: Floats) -> tuple[float, float]:
    """Difference and p by midranks of scipy: one ranking of all and one of each class, a score."""
    m = int(truth.sum())
    n = truth.size - m
    above, below = [], []
    for row in scores:
        diseased, healthy = row[truth], row[~truth]
        ranks = rankdata(np.concatenate([diseased, healthy]))
        above.append((ranks[:m] - rankdata(diseased)) / n)
        below.append(1 - (ranks[m:] - rankdata(healthy)) / m)
    areas = np.mean(above, axis=1)
    spread = np.cov(above) / m + np.cov(below) / n
    gap = areas[0] - areas[1]
    se = np.sqrt(spread[0, 0] + spread[1, 1] - 2 * spread[0, 1])
    return float(gap), float(2 * norm.sf(abs(gap) / se))


def ours(truth: Bools, scores: Floats) -> tuple[float, float]:
    """Difference and p by this package."""
    found = roc_compare.paired(truth, scores[0], scores[1])
    return found.value, float("nan") if found.p is None else found.p


def peers() -> dict[str, Callable[[Bools, Floats], tuple[float, float]]]:
    """The programs to compare, ours first."""
    found: dict[str, Callable[[Bools, Floats], tuple[float, float]]] = {
        "defensible": ours,
        "scipy rankdata": with_rankdata,
    }
    for name, with_peer in (("MLstatkit", with_kit), ("pauc", with_pauc)):
        try:
            importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: skipped (pip install {name} in an environment apart)")
            continue
        found[name] = with_peer
    return found


def with_kit(truth: Bools, scores: Floats) -> tuple[float, float]:
    """Difference and p by MLstatkit."""
    kit = importlib.import_module("MLstatkit")
    answer = kit.Delong_test(truth.astype(int), scores[0], scores[1], return_auc=True)
    flat = np.ravel(np.array(answer[1:], dtype=object)).tolist()
    numbers = [float(item) for item in flat if isinstance(item, float | int | np.floating)]
    return numbers[-2] - numbers[-1], numbers[0]


def with_pauc(truth: Bools, scores: Floats) -> tuple[float, float]:
    """Difference and p by pauc."""
    pauc = importlib.import_module("pauc")
    first, second = (pauc.ROC(truth.astype(int), row) for row in scores)
    found = pauc.compare(first, second)
    return float(first.auc - second.auc), float(found.p_value)


def seconds(run: Callable[[Bools, Floats], tuple[float, float]], *cases: Floats) -> float:
    """Wall time of one run."""
    start = time.perf_counter()
    run(cases[0].astype(np.bool_), cases[1])
    return time.perf_counter() - start


def main() -> None:
    """Print one line a program and size."""
    programs = peers()
    for n in [int(word) for word in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        rng = np.random.default_rng(n)
        truth = rng.random(n) < 0.1
        scores = rng.normal(size=(2, n)) + rng.normal(size=n) + truth
        answers = {name: run(truth, scores) for name, run in programs.items()}
        times: dict[str, list[float]] = {name: [] for name in programs}
        for _ in range(ROUNDS):
            for name, run in programs.items():
                times[name].append(seconds(run, truth.astype(np.float64), scores))
        for name, taken in times.items():
            ratio = statistics.median(
                other / mine for other, mine in zip(taken, times["defensible"], strict=True)
            )
            print(
                f"{n:>9,} cases  {name:15s} {statistics.median(taken):8.4f} s  x{ratio:5.1f}  "
                f"difference {answers[name][0]:+.12f}  p {answers[name][1]:.6e}"
            )


if __name__ == "__main__":
    main()
