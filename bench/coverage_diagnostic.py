"""Coverage of the intervals for proportions and ROC curves: the table in docs/methods.

One proportion, two proportions and pairs: summed over all tables that can come about, so nothing is
random. Clusters and ROC curves: by simulation, seeded, 1,000 replicates unless told; the table in
the documentation has 10,000.

    python bench/coverage_diagnostic.py [replicates]
"""

import math
import sys
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from scipy.special import gammaln, ndtr, ndtri, xlogy

from defensible.statistics import (
    clustered,
    paired,
    predictive,
    proportions,
    roc,
    roc_fixed,
    roc_partial,
    two_proportions,
)
from defensible.statistics.arrays import Floats
from defensible.statistics.estimate import Estimate
from defensible.statistics.paired import Pairs
from defensible.statistics.predictive import Counts

SEED = 20261124
Row = tuple[str, str, float]


def chances(n: int, share: float) -> Floats:
    """Binomial probabilities of 0 to n."""
    k = np.arange(n + 1)
    choices = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(np.exp(choices + xlogy(k, share) + xlogy(n - k, 1 - share)))


def holds(estimate: Estimate, truth: float) -> bool:
    """Whether the interval holds the truth, limits included but for rounding."""
    return estimate.low - 1e-12 <= truth <= estimate.high + 1e-12


def one_proportion() -> Iterator[Row]:
    """Exact coverage of the intervals of one proportion."""
    named = {
        "Wilson": proportions.wilson_limits,
        "Wilson, continuity": proportions.wilson_corrected_limits,
        "Clopper-Pearson": proportions.clopper_pearson_limits,
        "Agresti-Coull": proportions.agresti_coull_limits,
        "Jeffreys": proportions.jeffreys_limits,
        "Wald": proportions.wald_limits,
    }
    for n, share in product((20, 100, 500), (0.5, 0.8, 0.9, 0.95, 0.99)):
        weight = chances(n, share)
        for name, limits in named.items():
            low, high = limits(np.arange(n + 1), np.full(n + 1, n))
            inside = (low - 1e-12 <= share) & (share <= high + 1e-12)
            yield f"one proportion, n {n}, {share:g}", name, float(weight @ inside)


def two_groups() -> Iterator[Row]:
    """Exact coverage of the intervals of a difference and a ratio, 30 and 20 cases."""
    named: dict[str, tuple[Callable[..., Estimate], bool]] = {
        "Newcombe": (two_proportions.newcombe, False),
        "Miettinen-Nurminen": (two_proportions.miettinen_nurminen, False),
        "Mee": (two_proportions.mee, False),
        "Agresti-Caffo": (two_proportions.agresti_caffo, False),
        "Wald": (two_proportions.wald, False),
        "ratio, Miettinen-Nurminen": (two_proportions.ratio_miettinen_nurminen, True),
        "ratio, Katz log": (two_proportions.ratio_log, True),
    }
    tables = list(product(range(31), range(21)))
    for name, (method, is_ratio) in named.items():
        found = {(x, y): method(x, 30, y, 20) for x, y in tables if x or y or not is_ratio}
        for first, second in ((0.9, 0.9), (0.95, 0.8), (0.7, 0.5)):
            one, two = chances(30, first), chances(20, second)
            truth = first / second if is_ratio else first - second
            covered = sum(one[x] * two[y] for (x, y), item in found.items() if holds(item, truth))
            yield f"two groups of 30 and 20, {first:g} and {second:g}", name, float(covered)


def pairs() -> Iterator[Row]:
    """Exact coverage of the intervals of a paired difference, 40 cases."""
    n = 40
    tables = [
        (a, b, c, n - a - b - c) for a, b, c in product(range(n + 1), repeat=3) if a + b + c <= n
    ]
    cells = np.array(tables)
    weights = gammaln(n + 1) - gammaln(cells + 1).sum(axis=1)
    named = {
        "Tango": paired.tango,
        "Newcombe": paired.newcombe,
        "Bonett-Price": paired.bonett_price,
        "Agresti-Min": paired.agresti_min,
        "Wald": paired.wald,
    }
    scenes = {"0.9 and 0.85": (0.8, 0.1, 0.05, 0.05), "0.9 and 0.9": (0.85, 0.05, 0.05, 0.05)}
    for name, method in named.items():
        by_table: dict[tuple[int, ...], Estimate] = {}
        for a, b, c, d in tables:
            key = (a, b, c) if name == "Newcombe" else (b, c)
            if key not in by_table:
                by_table[key] = method(Pairs(both=a, first_only=b, second_only=c, neither=d))
        for scene, cell in scenes.items():
            weight = np.exp(weights + xlogy(cells, np.array(cell)).sum(axis=1))
            truth = cell[1] - cell[2]
            inside = [
                holds(by_table[(a, b, c) if name == "Newcombe" else (b, c)], truth)
                for a, b, c, _ in tables
            ]
            yield f"40 pairs, {scene}", name, float(weight @ np.array(inside))


def predictive_values() -> Iterator[Row]:
    """Exact coverage of the intervals of predictive values at a stated prevalence."""
    tables = list(product(range(51), range(101)))
    one, two = chances(50, 0.9), chances(100, 0.9)
    for name, method, truth in (
        ("PPV, Mercaldo", predictive.ppv_at, 0.045 / (0.045 + 0.095)),
        ("PPV, adjusted", predictive.ppv_at_adjusted, 0.045 / (0.045 + 0.095)),
        ("NPV, Mercaldo", predictive.npv_at, 0.855 / (0.855 + 0.005)),
        ("NPV, adjusted", predictive.npv_at_adjusted, 0.855 / (0.855 + 0.005)),
    ):
        covered = sum(
            one[x] * two[y]
            for x, y in tables
            if holds(method(Counts(tp=x, fn=50 - x, tn=y, fp=100 - y), prevalence=0.05), truth)
        )
        yield "50 and 100 cases, both rates 0.9, prevalence 0.05", name, float(covered)


def clusters(replicates: int) -> Iterator[Row]:
    """Simulated coverage of clustered proportions: 1 to 5 cases a patient, correlated."""
    named = {
        "Wilson on effective cases": clustered.proportion,
        "normal": clustered.proportion_wald,
        "t": clustered.proportion_t,
        "logit": clustered.proportion_logit,
    }
    for k, share in product((30, 100), (0.8, 0.95)):
        rng = np.random.default_rng(SEED)
        covered = dict.fromkeys(named, 0)
        for _ in range(replicates):
            patient = np.repeat(np.arange(k), rng.integers(1, 6, k))
            latent = math.sqrt(0.5) * (rng.normal(size=k)[patient] + rng.normal(size=patient.size))
            success = latent < ndtri(share)
            for name, method in named.items():
                covered[name] += holds(method(success, patient), share)
        for name, count in covered.items():
            yield f"{k} patients, {share:g}, correlated 0.5", name, count / replicates


def curves(replicates: int) -> Iterator[Row]:
    """Simulated coverage of areas and points of binormal curves."""
    for (m, n), area in product(((20, 40), (50, 100)), (0.8, 0.95)):
        shift = math.sqrt(2) * float(ndtri(area))
        at = float(ndtr(shift - ndtri(0.9)))
        grid = (np.arange(20_000) + 0.5) / 20_000 * 0.2
        part = float(np.mean(ndtr(shift + ndtri(grid)))) * 0.2
        rng = np.random.default_rng(SEED)
        truth = np.arange(m + n) < m
        covered: dict[str, int] = {}
        for _ in range(replicates):
            scores = rng.normal(size=m + n) + shift * truth
            for name, found, value in (
                ("AUC, DeLong", roc.auc(truth, scores), area),
                ("AUC, DeLong, logit", roc.auc_logit(truth, scores), area),
                ("AUC, Newcombe", roc.auc_newcombe(truth, scores), area),
                (
                    "sensitivity at specificity 0.9, Zhou-Qin",
                    roc_fixed.sensitivity_at(truth, scores, specificity=0.9),
                    at,
                ),
                (
                    "sensitivity at specificity 0.9, percentile",
                    roc_fixed.sensitivity_at_percentile(truth, scores, specificity=0.9),
                    at,
                ),
                (
                    "partial area, specificity 0.8 to 1",
                    roc_partial.over_specificity(truth, scores, lowest=0.8),
                    part,
                ),
                (
                    "partial area, specificity 0.8 to 1, logit",
                    roc_partial.over_specificity_logit(truth, scores, lowest=0.8),
                    part,
                ),
            ):
                covered[name] = covered.get(name, 0) + holds(found, value)
        for name, count in covered.items():
            yield f"{m} and {n} cases, AUC {area:g}", name, count / replicates


def main() -> None:
    """Print the table."""
    replicates = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    print("| case | method | coverage of 95% |\n| --- | --- | --- |")
    for rows in (one_proportion(), two_groups(), pairs(), predictive_values()):
        for case, method, covered in rows:
            print(f"| {case} | {method} | {100 * covered:.1f} |", flush=True)
    for rows in (clusters(replicates), curves(replicates)):
        for case, method, covered in rows:
            error = math.sqrt(covered * (1 - covered) / replicates)
            print(f"| {case} | {method} | {100 * covered:.1f} ± {200 * error:.1f} |", flush=True)


if __name__ == "__main__":
    main()
