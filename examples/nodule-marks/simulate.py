"""Makes the data of this example: synthetic, by a model whose true figures are known.

A search model. Every lesion has an impression whose mean grows with its size, shared in part by the
lesions of a patient; a case has a Poisson number of false impressions. What is above a floor is
written as a mark, near its lesion or anywhere. No patient and no image is real.

    python simulate.py          writes data/cases.csv, data/lesions.csv and data/marks.csv
    python simulate.py truth    prints the true values
"""

import csv
import sys
from math import erf, exp, sqrt
from pathlib import Path

import numpy as np

SEED = 20261126
N_PATIENTS, SHARE_DISEASED, SHARE_TWICE = 480, 0.5, 0.15
SITES = ("Aachen", "Bergen", "Cork", "Delft")
FALSE_MARKS = (0.45, 0.6, 0.5, 0.75)
"""False impressions of a case, by site."""
AT_8_MM, PER_MM, SHARED_SD, FALSE_MEAN = 1.3, 0.22, 0.5, -0.9
FLOOR, RADIUS_MM, FIELD_MM = -1.5, 10.0, 300.0
HERE = Path(__file__).parent


def above(at: float, mean: float, sd: float = 1.0) -> float:
    """Chance that a normal impression lies above `at`."""
    return (1 - erf((at - mean) / sd / sqrt(2))) / 2


def score(impression: float) -> float:
    """The impression as the device writes it, 0 to 1; an impression of 0 is 0.5."""
    return round(1 / (1 + exp(-impression)), 3)


def sizes(rng: np.random.Generator, n: int) -> np.ndarray:
    """Diameters in mm, most of them small."""
    return np.clip(np.round(rng.lognormal(2.0, 0.45, n), 1), 3.0, 30.0)


def impressions(rng: np.random.Generator, size: np.ndarray, shared: float) -> np.ndarray:
    """Of the lesions of one case."""
    own = rng.normal(0, sqrt(1 - SHARED_SD**2), size.size)
    return AT_8_MM + PER_MM * (np.minimum(size, 14) - 8) + shared + own


def true_values() -> tuple[float, float, float]:
    """Lesion sensitivity and false marks a case at a score of 0.5, and the wAFROC."""
    rng = np.random.default_rng(1)
    size = sizes(rng, 400_000)
    mean = AT_8_MM + PER_MM * (np.minimum(size, 14) - 8)
    found = float(np.mean([above(0, one) for one in mean[:40_000]]))
    false = float(np.mean(FALSE_MARKS)) * above(0, FALSE_MEAN)
    lesion = mean + rng.normal(0, 1, size.size)
    lesion[lesion < FLOOR] = -np.inf
    number = rng.poisson(np.resize(FALSE_MARKS, size.size))
    highest = np.full(size.size, -np.inf)
    for k in range(1, int(number.max()) + 1):
        drawn = rng.normal(FALSE_MEAN, 1, size.size)
        highest = np.where(number >= k, np.maximum(highest, drawn), highest)
    highest[highest < FLOOR] = -np.inf
    area = float(np.mean((lesion > highest) + 0.5 * (lesion == highest)))
    return found, false, area


def tables() -> tuple[list[list[object]], list[list[object]], list[list[object]]]:
    """Cases, lesions and marks; a patient may come twice."""
    rng = np.random.default_rng(SEED)
    cases: list[list[object]] = []
    lesions: list[list[object]] = []
    marks: list[list[object]] = []
    for patient in range(N_PATIENTS):
        site = patient % len(SITES)
        diseased = bool(rng.random() < SHARE_DISEASED)
        shared = float(rng.normal(0, SHARED_SD))
        for _ in range(1 + (rng.random() < SHARE_TWICE)):
            case = f"K{len(cases) + 1:04d}"
            sex = ("female", "male")[patient // 4 % 2]
            cases.append([case, f"P{patient + 1:03d}", SITES[site], sex, int(diseased)])
            size = sizes(rng, 1 + int(rng.poisson(0.5))) if diseased else np.zeros(0)
            centre = np.round(rng.uniform(20, FIELD_MM, (size.size, 2)), 1)
            seen = impressions(rng, size, shared)
            for k in range(size.size):
                lesions.append([case, f"{case}-{k + 1}", *centre[k].tolist(), size[k]])
                if seen[k] >= FLOOR:
                    x, y = np.round(centre[k] + rng.normal(0, 2.0, 2), 1).tolist()
                    marks.append([case, x, y, score(float(seen[k]))])
            for _ in range(int(rng.poisson(FALSE_MARKS[site]))):
                false = float(rng.normal(FALSE_MEAN, 1))
                x, y = np.round(rng.uniform(20, FIELD_MM, 2), 1).tolist()
                if false >= FLOOR:
                    marks.append([case, x, y, score(false)])
    return cases, lesions, marks


def write(name: str, header: str, rows: list[list[object]]) -> None:
    """A CSV."""
    with (HERE / "data" / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1:] == ["truth"]:
        found, false, area = true_values()
        print(f"lesion sensitivity {found:.3f}, false marks per case {false:.3f}")
        print(f"wAFROC {area:.3f}")
    else:
        cases, lesions, marks = tables()
        write("cases.csv", "case,patient,hospital,sex,nodule", cases)
        write("lesions.csv", "case,lesion,x,y,diameter_mm", lesions)
        write("marks.csv", "case,x,y,score", marks)
