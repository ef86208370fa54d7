"""The simulated table that the values beside it were computed on; writes table.csv.

python table.py

Patients with one to three images; a score, a rating on five levels, and two readings that depend on
truth and patient. Made for these tests: no person is in it.
"""

import csv
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261124)
patient = np.repeat(np.arange(110), rng.integers(1, 4, 110))
n = patient.size
effect = rng.normal(0, 0.7, 110)[patient]
truth = rng.random(n) < 0.4
score = np.round(effect + rng.normal(size=n) + 1.3 * truth, 3)
rating = np.clip(np.round(2.5 + effect + rng.normal(size=n) + 1.1 * truth), 1, 5).astype(int)
first, second = score > 0.5, effect + rng.normal(size=n) + 1.3 * truth > 0.8
with (Path(__file__).parent / "table.csv").open("w", newline="") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(["patient", "truth", "score", "rating", "first", "second"])
    columns = (patient, truth, score, rating, first, second)
    table.writerows(
        [p, int(t), s, r, int(a), int(b)] for p, t, s, r, a, b in zip(*columns, strict=True)
    )
