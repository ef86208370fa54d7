"""Clustered, stratified bootstraps of AUC, partial AUC, sensitivity and ECE: ours and a loop.

    python bench/bootstrap.py [replicates of the loop]

The loop is what one writes with scikit-learn: draw patients, gather their cases, call the metrics.
Both compute the same four numbers (checked on the data); the two alternate in one process.
"""

import statistics
import sys
import time

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from defensible.statistics import bootstrap, weighted_ranks
from defensible.statistics.arrays import Bools, Floats, Ints

EDGES = tuple(np.arange(1, 10) / 10)
MEASURES = (
    weighted_ranks.Auc(),
    weighted_ranks.PartialAuc(lowest_specificity=0.9),
    weighted_ranks.SensitivityAt(specificity=0.95),
    weighted_ranks.CalibrationError(edges=EDGES),
)
ROUNDS = 7


def study(n: int) -> tuple[Ints, Bools, Floats]:
    generator = np.random.default_rng(1)
    patient = generator.integers(0, n // 3, n)
    truth = (generator.random(n // 3) < 0.2)[patient]
    scores = 1 / (1 + np.exp(-generator.normal(-1, 1, n) - 1.5 * truth))
    return patient, truth, scores


def metrics(truth: Bools, scores: Floats) -> list[float]:
    fallout, hits, _ = roc_curve(truth, scores, drop_intermediate=False)
    grid = np.append(fallout[fallout <= 0.1], 0.1)
    partial = np.trapezoid(np.append(hits[fallout <= 0.1], np.interp(0.1, fallout, hits)), grid)
    gaps = np.bincount(np.digitize(scores, EDGES), weights=truth - scores)
    return [
        float(roc_auc_score(truth, scores)),
        float(partial),
        float(np.interp(0.05, fallout, hits)),
        float(np.abs(gaps).sum() / truth.size),
    ]


def loop(patient: Ints, truth: Bools, scores: Floats, n_replicates: int) -> None:
    generator = np.random.default_rng(2)
    order = np.argsort(patient, kind="stable")
    _, starts = np.unique(patient[order], return_index=True)
    cases = np.split(order, starts[1:])
    diseased = truth[order[starts]]
    classes = [np.flatnonzero(diseased), np.flatnonzero(~diseased)]
    for _ in range(n_replicates):
        drawn = np.concatenate([generator.choice(item, item.size) for item in classes])
        chosen = np.concatenate([cases[place] for place in drawn])
        metrics(truth[chosen], scores[chosen])


def seconds(work: object, *arguments: object) -> float:
    start = time.perf_counter()
    work(*arguments)  # type: ignore[operator]  # any of the two callables below
    return time.perf_counter() - start


def main(n_loop: int) -> None:
    print("cases    loop ms   ours ms   ratio (medians of rounds; per replicate)")
    for n, n_ours in ((10_000, 2000), (100_000, 300), (1_000_000, 40)):
        patient, truth, scores = study(n)
        design = bootstrap.clusters(patient, strata=truth)
        statistic = weighted_ranks.of(truth, scores, MEASURES)
        own_values = bootstrap.observed(design, statistic)
        if not np.allclose(own_values, metrics(truth, scores), atol=1e-4):
            sys.exit("the two do not compute the same numbers")

        def ours(design: bootstrap.Design, what: bootstrap.Statistic, size: int) -> None:
            bootstrap.replicates(design, what, seed=3, n_replicates=size)

        times = []
        for _ in range(ROUNDS):
            peer = seconds(loop, patient, truth, scores, n_loop) / n_loop
            times.append((peer, seconds(ours, design, statistic, n_ours) / n_ours))
        peer, own = (statistics.median(column) * 1e3 for column in zip(*times, strict=True))
        ratio = statistics.median(a / b for a, b in times)
        print(f"{n:<8} {peer:8.2f} {own:9.3f} {ratio:7.1f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
