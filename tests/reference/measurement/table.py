"""The simulated table that the values beside it were computed on; writes table.csv.

python table.py

Sixty cases: three raters on an ordered scale, two methods of measurement, a probability with its
truth, and a pair of masks of 12 by 12 pixels a case as text. Made for these tests: no person is
in it.
"""

import csv
from pathlib import Path

import numpy as np

rng = np.random.default_rng(20261125)
n = 60
severity = rng.normal(size=n)
raters = [
    np.clip(np.round(2.5 + severity + rng.normal(0, 0.5, n) + shift), 1, 4).astype(int)
    for shift in (0.0, 0.1, -0.3)
]
size = 20 + 6 * severity
first, second = (
    np.round(size + rng.normal(0, 1, n), 3),
    np.round(0.4 + size + rng.normal(0, 1.2, n), 3),
)
probability = np.round(1 / (1 + np.exp(-1.4 * severity - 0.3 * rng.normal(size=n))), 4)
truth = rng.random(n) < 1 / (1 + np.exp(-1.1 * severity))


def disc(centre: np.ndarray, radius: float) -> str:
    y, x = np.mgrid[:12, :12]
    return "".join(
        str(int(one)) for one in ((y - centre[0]) ** 2 + (x - centre[1]) ** 2 <= radius**2).ravel()
    )


with (Path(__file__).parent / "table.csv").open("w", newline="") as file:
    table = csv.writer(file, lineterminator="\n")
    table.writerow(
        [
            "case",
            "a",
            "b",
            "c",
            "first",
            "second",
            "probability",
            "truth",
            "reference_mask",
            "device_mask",
        ]
    )
    for i in range(n):
        centre = rng.uniform(4, 7, 2)
        moved = centre + rng.normal(0, 0.8, 2)
        masks = [disc(centre, rng.uniform(2, 4)), disc(moved, rng.uniform(2, 4))]
        own = [raters[k][i] for k in range(3)]
        table.writerow([i + 1, *own, first[i], second[i], probability[i], int(truth[i]), *masks])
