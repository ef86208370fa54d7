"""How the coverage scripts count and print; no study of its own."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np

from defensible.statistics.estimate import Estimate

SEED = 20_26

Trial: TypeAlias = tuple[str, float, Estimate]
"""Name of a row, the truth of this study, the interval found."""
Study: TypeAlias = Callable[[np.random.Generator], Iterator[Trial]]


def printed(studies: Iterable[tuple[Study, int]], replicates: int) -> None:
    """A table of how often the intervals of simulated studies hold the truth.

    Each study comes with the number of times fewer that it is run, since one costs much.
    """
    print("| Interval | Studies | Covers | Too low | Too high |\n| --- | --- | --- | --- | --- |")
    for study, cost in studies:
        counts: dict[str, list[int]] = {}
        generator = np.random.default_rng(SEED)
        n = max(100, replicates // cost)
        for _ in range(n):
            for name, truth, item in study(generator):
                row = counts.setdefault(name, [0, 0])
                row[0] += item.high < truth
                row[1] += item.low > truth
        for name, (low, high) in counts.items():
            covers = 1 - (low + high) / n
            print(f"| {name} | {n} | {covers:.3f} | {low / n:.3f} | {high / n:.3f} |", flush=True)
