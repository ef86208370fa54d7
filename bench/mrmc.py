"""Reader-study moments and covariances against plain NumPy, and a peer where it is installed.

    python bench/mrmc.py            # 20 readers x 2 modalities x 1,000 cases
    python bench/mrmc.py --full     # 4,000 cases; the plain version takes most of a minute

Ratios come from one run, each the median over repeats. `rocauc-comparison` is compared where it
can be imported; it gives AUCs and their covariance, ours the whole Obuchowski-Rockette analysis.
"""

import argparse
import importlib
import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from defensible.statistics import (
    error_covariance,
    leave_one_out,
    obuchowski_rockette,
    reader_table,
    u_moments,
)
from defensible.statistics.arrays import Floats
from defensible.statistics.reader_table import ReaderTable

READERS, MODALITIES = 20, 2
PAIRS = ((0, 0), (1, 1), (0, 1))


def study(n_cases: int) -> ReaderTable:
    generator = np.random.default_rng(20)
    truth = np.arange(n_cases) % 2 == 0
    shape = (MODALITIES, READERS, n_cases)
    ratings = generator.normal(size=shape) + generator.normal(size=n_cases) + 1.5 * truth
    return reader_table.from_dense(truth, np.round(ratings, 2))


def plain_sums(table: ReaderTable) -> Floats:
    """Sums of products that share reader or cases, by pairs of readers on success matrices."""
    healthy, diseased = table.ratings[:, :, ~table.truth], table.ratings[:, :, table.truth]
    success = (diseased[:, :, None] > healthy[..., None]).astype(np.float64)
    success += 0.5 * (diseased[:, :, None] == healthy[..., None])
    by_diseased, by_healthy = success.sum(axis=2), success.sum(axis=3)
    wins = by_diseased.sum(axis=2)
    sums = np.zeros((3, 8))
    for at, (a, b) in enumerate(PAIRS):
        for one in range(READERS):
            for two in range(READERS):
                four = np.array(
                    [
                        (success[a, one] * success[b, two]).sum(),
                        by_diseased[a, one] @ by_diseased[b, two],
                        by_healthy[a, one] @ by_healthy[b, two],
                        wins[a, one] * wins[b, two],
                    ]
                )
                sums[at, 4:] += four
                if one == two:
                    sums[at, :4] += four
    return sums


def plain_covariance(table: ReaderTable) -> Floats:
    """DeLong's covariance from success matrices."""
    cells = table.ratings.reshape(-1, table.n_cases)
    above, below = [], []
    for ratings in cells:
        healthy, diseased = ratings[~table.truth], ratings[table.truth]
        success = (np.sign(diseased - healthy[:, None]) + 1) / 2
        above.append(success.mean(axis=0))
        below.append(success.mean(axis=1))
    of_diseased: Floats = np.cov(above) / table.truth.sum()
    of_healthy: Floats = np.cov(below) / (~table.truth).sum()
    return of_diseased + of_healthy


def seconds(work: Callable[[], object], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def peak_megabytes(work: Callable[[], object]) -> float:
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def check(table: ReaderTable) -> None:
    """Stops unless the plain versions and ours give the same numbers."""
    n, m, r = table.n_cases - table.n_diseased, table.n_diseased, READERS
    counts = np.array([1, n, m, n * m]) * (n * m * r)
    counts = np.concatenate([counts, counts * r])
    moments = u_moments.of_table(table).covariances
    for at, pair in enumerate(PAIRS):
        np.testing.assert_allclose(
            plain_sums(table)[at] / counts, moments[pair].biased_moments, rtol=1e-10
        )
    ours = error_covariance.delong(table).matrix
    np.testing.assert_allclose(ours, plain_covariance(table), rtol=1e-9, atol=1e-15)


def line(name: str, ours: float, theirs: float, against: str) -> None:
    print(
        f"{name:44} {ours * 1e3:10.1f} ms {theirs * 1e3:12.1f} ms {theirs / ours:8.1f} x {against}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="4,000 cases instead of 1,000")
    n_cases = 4000 if parser.parse_args().full else 1000
    table = study(n_cases)
    check(study(100))
    print(f"{READERS} readers x {MODALITIES} modalities x {n_cases} cases, half diseased")
    print(f"{'':44} {'ours':>13} {'theirs':>15} {'ratio':>10}")

    def moments() -> object:
        return u_moments.of_table(table)

    def classic() -> object:
        return obuchowski_rockette.random_readers(error_covariance.delong(table))

    def jackknife() -> object:
        return obuchowski_rockette.random_readers(
            error_covariance.jackknife(leave_one_out.auc(table))
        )

    moments(), classic()
    slow = seconds(lambda: plain_sums(table), 1)
    line("U-statistic moments", seconds(moments, 5), slow, "plain NumPy")
    slow = seconds(lambda: plain_covariance(table), 3)
    line("Obuchowski-Rockette, DeLong", seconds(classic, 9), slow, "plain NumPy (covariance only)")
    line("Obuchowski-Rockette, jackknife", seconds(jackknife, 9), slow, "plain NumPy (DeLong)")
    peer(table, classic)
    print(f"peak memory of the moments: {peak_megabytes(moments):.0f} MB over the table's")


def peer(table: ReaderTable, classic: Callable[[], object]) -> None:
    try:
        delong = importlib.import_module("rocauc_comparison.delong")
    except ImportError:
        print("rocauc-comparison is not installed: not compared")
        return
    order = np.argsort(~table.truth, kind="stable")
    ordered = table.ratings.reshape(-1, table.n_cases)[:, order]
    theirs, ours = [], []
    for _ in range(9):
        theirs.append(seconds(lambda: delong.fastDeLong(ordered, table.n_diseased), 1))
        ours.append(seconds(classic, 1))
    line(
        "Obuchowski-Rockette, DeLong",
        statistics.median(ours),
        statistics.median(theirs),
        "rocauc-comparison 0.1.1 (covariance only)",
    )


if __name__ == "__main__":
    main()
