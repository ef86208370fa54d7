"""A standalone study on 10^6 cases by 6 dimensions, against a pandas + scikit-learn loop.

Both read the same CSV and give sensitivity and specificity with Wilson's interval, and the AUC with
DeLong's, overall and in every level of every dimension. The peer takes the AUC from scikit-learn
and its variance from midranks. Prints medians of three alternating runs; stops only if the two
tables differ by more than 1e-9. `python bench/standalone.py [N_CASES]`.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import norm, rankdata
from sklearn.metrics import confusion_matrix, roc_auc_score

from defensible.dossier import load
from defensible.evidence import run

DIMENSIONS = {"site": 40, "vendor": 5, "sex": 2, "ethnicity": 6, "view": 3, "age": 5}
RUNS = 3
Z = norm.ppf(0.975)
Cell = tuple[float, float, float]
Table = dict[tuple[str, str, str], Cell]

STUDY = """\
id: S1
kind: standalone
question: How accurate is the device?
data:
  source: data/cases.csv
  columns: {case: case, score: score, reference: truth}
independent_cases: true
sampling: enriched
reference_standard:
  description: As made for this measurement.
  positive: {is: [1]}
output:
  positive: {at_least: 0.6}
dimensions:
"""
ANALYSIS = "analysis: {level: 0.95, proportions: wilson, auc: delong}\n"


def dossier(root: Path, n_cases: int) -> Path:
    """A dossier with one study and its table of `n_cases`."""
    rng = np.random.default_rng(20261124)
    truth = rng.random(n_cases) < 0.2
    score = np.round(1 / (1 + np.exp(-rng.normal(np.where(truth, 1.2, -0.3), 1))), 6)
    columns = {"case": [f"K{i:07d}" for i in range(n_cases)], "score": score, "truth": truth * 1}
    for name, n_levels in DIMENSIONS.items():
        columns[name] = np.array([f"{name} {i}" for i in range(n_levels)])[
            rng.integers(0, n_levels, n_cases)
        ]
    (root / "data").mkdir()
    (root / "studies").mkdir()
    pd.DataFrame(columns).to_csv(root / "data/cases.csv", index=False)
    (root / "device.yaml").write_text('name: Bench\nversion: "1"\n')
    (root / "intended-use.yaml").write_text("function: triage\n")
    (root / "claims.yaml").write_text("claims: []\n")
    dimensions = "".join(f"  - {{name: {name}, column: {name}}}\n" for name in DIMENSIONS)
    (root / "studies/s1.yaml").write_text(STUDY + dimensions + ANALYSIS)
    return root


def ours(root: Path) -> Table:
    """The table as the evidence room gives it."""
    (result,) = run(load(root))
    table: Table = {}
    for one in result.measurements:
        if one.estimate is not None:
            dimension, level = one.stratum.levels[0] if one.stratum.levels else ("", "")
            cell = (one.estimate.value, one.estimate.low, one.estimate.high)
            table[one.metric.value, dimension, level] = cell
    return table


def peer(root: Path) -> Table:
    """The same table by a loop over groups."""
    frame = pd.read_csv(root / "data/cases.csv")
    table: Table = {}
    groups = [("", "", frame)] + [
        (name, str(level), group)
        for name in DIMENSIONS
        for level, group in frame.groupby(name, sort=False)
    ]
    for name, level, group in groups:
        truth, score = group["truth"].to_numpy() == 1, group["score"].to_numpy()
        tn, fp, fn, tp = confusion_matrix(truth, score >= 0.6).ravel()
        table["sensitivity", name, level] = wilson(tp, tp + fn)
        table["specificity", name, level] = wilson(tn, tn + fp)
        table["auc", name, level] = delong(truth, score)
    return table


def wilson(k: int, n: int) -> Cell:
    p = k / n
    centre, reach = p + Z**2 / (2 * n), Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    return p, (centre - reach) / (1 + Z**2 / n), (centre + reach) / (1 + Z**2 / n)


def delong(truth: np.ndarray, score: np.ndarray) -> Cell:
    area = roc_auc_score(truth, score)
    diseased, healthy = score[truth], score[~truth]
    m, n = diseased.size, healthy.size
    midranks = rankdata(np.concatenate([diseased, healthy]))
    above = (midranks[:m] - rankdata(diseased)) / n
    below = 1 - (midranks[m:] - rankdata(healthy)) / m
    se = np.sqrt(above.var(ddof=1) / m + below.var(ddof=1) / n)
    return area, max(area - Z * se, 0), min(area + Z * se, 1)


def agree(one: Table, other: Table) -> float:
    """Largest difference between two tables of the same cells."""
    if one.keys() != other.keys():
        sys.exit(f"cells of one table only: {one.keys() ^ other.keys()}")
    return max(float(np.abs(np.subtract(one[key], other[key])).max()) for key in one)


def seconds(work: Callable[[Path], Table], root: Path) -> float:
    start = time.perf_counter()
    work(root)
    return time.perf_counter() - start


def process(root: Path) -> float:
    """Seconds of a whole process that loads the dossier, runs its study and exits."""
    code = (
        "import sys; from pathlib import Path; from defensible.dossier import load\n"
        "from defensible.evidence import run; run(load(Path(sys.argv[1])))"
    )
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code, str(root)], check=True)  # noqa: S603 - our own words
    return time.perf_counter() - start


def main(n_cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = dossier(Path(folder), n_cases)
        table = ours(root)
        difference = agree(table, peer(root))
        pairs = [(seconds(ours, root), seconds(peer, root)) for _ in range(RUNS)]
        whole = statistics.median(process(root) for _ in range(RUNS))
    if not difference < 1e-9:
        sys.exit(f"the tables differ by {difference}")
    mine, theirs = (statistics.median(one) for one in zip(*pairs, strict=True))
    ratio = statistics.median(them / us for us, them in pairs)
    print(
        f"{n_cases:,} cases, {len(DIMENSIONS)} dimensions, {len(table):,} estimates with intervals"
    )
    print(f"  evidence.run from CSV         {mine:8.2f} s")
    print(f"  pandas + scikit-learn loop    {theirs:8.2f} s   ratio {ratio:.1f}")
    print(f"  whole process of ours         {whole:8.2f} s")
    print(f"  largest difference            {difference:8.1e}")


if __name__ == "__main__":
    for size in [int(float(text)) for text in sys.argv[1:]] or [100_000, 1_000_000]:
        main(size)
