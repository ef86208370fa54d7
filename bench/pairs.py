"""All levels and all pairs of levels of 7 dimensions, against a pandas + scikit-learn loop.

Both hold the cases in memory and give sensitivity and specificity with Wilson's interval, and the
AUC with DeLong's, in every one of 29 groupings. The product's own path is timed (`measurements` of
a study), for independent cases and for patients with two cases each. Prints medians of alternating
runs, one run past 10^6, in seconds of the processor, which a busy machine changes little; stops if
any figure differs by more than 1e-9. `python bench/pairs.py [N_CASES ...]`: a size at a time for
its own peak of memory.
"""

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from sklearn.metrics import confusion_matrix, roc_auc_score

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.studies import AucInterval, ProportionInterval, StandaloneStudy
from defensible.evidence import crossed, measurements
from defensible.evidence.cases import Cases
from defensible.evidence.finding import OVERALL, SeenDimension, Stratum
from defensible.evidence.strata import Grouping

DIMENSIONS = {"site": 40, "vendor": 5, "sex": 2, "ethnicity": 6, "view": 3, "age": 5, "stage": 4}
RUNS = 3
PEER_UP_TO = 1_000_000
Z = norm.ppf(0.975)
METRICS = (MetricName.SENSITIVITY, MetricName.SPECIFICITY, MetricName.AUC)
Table = dict[tuple[tuple[str, str], ...], tuple[float, ...]]


def made(n: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Truth, score, decision and patients; the codes of each dimension."""
    rng = np.random.default_rng(20261125)
    truth = rng.random(n) < 0.2
    score = np.round(1 / (1 + np.exp(-rng.normal(np.where(truth, 1.2, -0.3), 1))), 6)
    codes = {
        name: rng.integers(0, levels, n).astype(np.uint8) for name, levels in DIMENSIONS.items()
    }
    cases = {"truth": truth, "score": score, "positive": score >= 0.6, "patient": np.arange(n) // 2}
    return cases, codes


def groupings(codes: dict[str, Any], n: int) -> Iterator[Grouping]:
    """Overall, each dimension, each two dimensions; one at a time, as a study takes them."""
    yield Grouping(strata=(OVERALL,), codes=np.zeros(n, dtype=np.uint8))
    single = [
        Grouping(
            strata=tuple(Stratum(levels=((name, str(level)),)) for level in range(n_levels)),
            codes=codes[name],
            seen=SeenDimension(name=name, levels=(), n_missing=0),
        )
        for name, n_levels in DIMENSIONS.items()
    ]
    yield from single
    everything = cast("Claim", SimpleNamespace(scope=DIMENSIONS))
    yield from crossed.pairs([everything], single)


def ours(cases: dict[str, Any], codes: dict[str, Any], *, clustered: bool) -> Table:
    """As a study measures them."""
    n = cases["truth"].size
    study = cast(
        "StandaloneStudy",
        SimpleNamespace(
            sampling=None,
            analysis=SimpleNamespace(
                level=0.95,
                proportions=ProportionInterval.CLUSTERED
                if clustered
                else ProportionInterval.WILSON,
                auc=AucInterval.CLUSTERED if clustered else AucInterval.DELONG,
            ),
        ),
    )
    patients = cases["patient"] if clustered else None
    read = cast(
        "Cases",
        SimpleNamespace(
            truth=cases["truth"],
            positive=cases["positive"],
            scores=cases["score"],
            patients=patients,
            patient_codes=lambda: patients,
        ),
    )
    order = measurements.ordered(study, read)
    taken = [
        each
        for one in groupings(codes, n)
        for each in measurements.measured(
            study, read, [one], measurements.counts(read, [one]), order, frozenset(METRICS)
        )
    ]
    table: Table = {}
    for at in range(0, len(taken), 3):
        three = [one.estimate for one in taken[at : at + 3]]
        table[taken[at].stratum.levels] = tuple(
            value
            for one in three
            for value in ((one.value, one.low, one.high) if one else (np.nan,) * 3)
        )
    return table


def wilson(k: int, n: int) -> tuple[float, float, float]:
    """A proportion with Wilson's limits."""
    p, z2 = k / n, Z * Z
    half = Z * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    return p, middle - half, middle + half


def delong(truth: Any, score: Any) -> tuple[float, float, float]:
    """The AUC by scikit-learn with DeLong's limits from midranks."""
    area = roc_auc_score(truth, score)
    x, y = score[truth], score[~truth]
    ranks = rankdata(np.concatenate([x, y]))
    above = (ranks[: x.size] - rankdata(x)) / y.size
    below = 1 - (ranks[x.size :] - rankdata(y)) / x.size
    se = np.sqrt(above.var(ddof=1) / x.size + below.var(ddof=1) / y.size)
    return area, max(area - Z * se, 0), min(area + Z * se, 1)


def peer(frame: pd.DataFrame) -> Table:
    """A loop over groups, as one writes it."""
    table: Table = {}
    names = [(), *combinations(DIMENSIONS, 1), *combinations(DIMENSIONS, 2)]
    for keys in names:
        groups = frame.groupby(list(keys)) if keys else [((), frame)]
        for level, group in groups:
            truth, score = group["truth"].to_numpy(), group["score"].to_numpy()
            tn, fp, fn, tp = confusion_matrix(
                truth, group["positive"], labels=[False, True]
            ).ravel()
            levels = tuple(zip(keys, map(str, level), strict=True))
            table[levels] = (*wilson(tp, tp + fn), *wilson(tn, tn + fp), *delong(truth, score))
    return table


def timed(run: Callable[[], Table]) -> tuple[float, Table]:
    """Seconds of the processor, and the table."""
    start = time.process_time()
    table = run()
    return time.process_time() - start, table


def main(sizes: list[int]) -> None:
    """Print the ratios."""
    for n in sizes:
        cases, codes = made(n)
        plain, theirs, patients = [], [], []
        for _ in range(RUNS if n <= PEER_UP_TO else 1):
            seconds, table = timed(partial(ours, cases, codes, clustered=False))
            plain.append(seconds)
            patients.append(timed(partial(ours, cases, codes, clustered=True))[0])
            if n <= PEER_UP_TO:
                held = {k: cases[k] for k in ("truth", "score", "positive")}
                frame = pd.DataFrame({**codes, **held})
                seconds, other = timed(partial(peer, frame))
                theirs.append(seconds)
                worst = max(np.nanmax(np.abs(np.subtract(table[k], other[k]))) for k in other)
                if worst > 1e-9:
                    sys.exit(f"the tables differ by {worst:.2g}")
        median = statistics.median(plain)
        told = f"{n:,} cases, {len(table):,} cells: {median:.2f} s"
        told += f", clustered {statistics.median(patients):.2f} s"
        told += f" ({statistics.median(patients) / median:.1f} times)"
        if theirs:
            told += f"; the loop {statistics.median(theirs):.1f} s"
            told += f" ({statistics.median(theirs) / median:.0f} times)"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{told}; peak {peak:.2f} GB of the process", flush=True)


if __name__ == "__main__":
    main([int(one) for one in sys.argv[1:]] or [100_000, 1_000_000])
