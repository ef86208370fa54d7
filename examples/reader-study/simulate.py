"""Makes the data of this example: synthetic, by a model whose true effect is known.

Roe and Metz's model with reliance. An impression is the class's mean, plus a part
of the case that readers share, plus the reader's own level, plus error; with the device on screen
it moves by the reader's own pull towards what the device says. No patient and no reader is real.

    python simulate.py          writes data/readings.csv and data/sessions.csv
    python simulate.py truth    prints the true values

Roe, Metz. Academic Radiology 1997;4:298-303.
"""

import csv
import sys
from math import erf, sqrt
from pathlib import Path

import numpy as np

SEED = 20261125
N_READERS, N_CASES = 10, 120
SEPARATION, READER_SD, CASE_SD, PULL, PULL_SD = 1.5, 0.3, 0.6, 0.5, 0.2
SENSITIVITY, SPECIFICITY = 0.85, 0.80
YEARS = (1, 2, 3, 4, 6, 9, 12, 15, 20, 26)
HERE = Path(__file__).parent


def true_auc(pull: float, pull_sd: float) -> float:
    """Expected AUC of a reader: a diseased case and a healthy one, and what the device says."""
    found = 0.0
    for diseased, p in ((1, SENSITIVITY), (-1, 1 - SENSITIVITY)):
        for healthy, q in ((1, 1 - SPECIFICITY), (-1, SPECIFICITY)):
            apart = diseased - healthy
            z = (SEPARATION + pull * apart) / sqrt(2 + (pull_sd * apart) ** 2)
            found += p * q * (1 + erf(z / sqrt(2))) / 2
    return found


def true_difference() -> float:
    """Expected AUC with the device less that without it, over readers and cases like these."""
    return true_auc(PULL, PULL_SD) - true_auc(0, 0)


def impressions(
    rng: np.random.Generator, n_readers: int, n_cases: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Reference standard, device, and impressions; above 0 is positive."""
    truth = np.arange(n_cases) % 2 == 0
    device = np.where(truth, rng.random(n_cases) < SENSITIVITY, rng.random(n_cases) >= SPECIFICITY)
    seen = SEPARATION * (truth - 0.5) + rng.normal(0, CASE_SD, n_cases)
    seen = seen + rng.normal(0, READER_SD, (n_readers, 1))
    pull = (PULL + rng.normal(0, PULL_SD, (n_readers, 1))) * np.where(device, 1, -1)
    error = sqrt(1 - CASE_SD**2)
    unaided = seen + rng.normal(0, error, seen.shape)
    aided = seen + pull + rng.normal(0, error, seen.shape)
    return truth, device, unaided, aided


def true_errors() -> tuple[float, float]:
    """Commission and omission among very many readings."""
    truth, device, unaided, aided = impressions(np.random.default_rng(1), 400, 40_000)
    led = (unaided <= 0) & ~truth & device
    lost = (unaided > 0) & truth & ~device
    return float((aided[led] > 0).mean()), float((aided[lost] <= 0).mean())


def readings() -> list[list[object]]:
    """One row a reading; half of the cases are read unaided first, five weeks apart."""
    rng = np.random.default_rng(SEED)
    truth, device, *both = impressions(rng, N_READERS, N_CASES)
    rows: list[list[object]] = []
    for reader in range(N_READERS):
        for case in range(N_CASES):
            for aided, seen in enumerate(both):
                first = (case // 2 + reader) % 2 == aided
                rating = int(np.clip(round(50 + 15 * seen[reader, case]), 0, 100))
                seconds = round(float(rng.lognormal(4.0 - 0.1 * aided, 0.4)), 1)
                name = ("unaided", "aided")[aided]
                site = ("North", "South", "West")[case % 3]
                rows.append(
                    [
                        *(f"R{reader + 1:02d}", f"K{case + 1:03d}", name, int(truth[case])),
                        *(rating, int(device[case]), seconds, 0 if first else 35),
                        *(YEARS[reader], site),
                    ]
                )
    return rows


def sessions() -> list[list[str]]:
    """One row an attempt: 15 radiologists, 15 technologists, after five formative each."""
    rng = np.random.default_rng(SEED + 1)
    errs = {"T-open": 0.02, "T-off": 0.08, "T-colour": 0.05}
    rows = []
    for session, n in (("formative", 5), ("summative", 15)):
        for group in ("radiologist", "technologist"):
            for person in range(n):
                for task, p in errs.items():
                    wrong = rng.random() < (3 * p if session == "formative" else p)
                    seen = "use error" if wrong else "success"
                    cause = "status sign not seen" if wrong else ""
                    name = f"{session[0].upper()}{group[0].upper()}{person + 1:02d}"
                    rows.append([name, group, session, task, seen, cause])
    return rows


def write(path: Path, header: str, rows: list[list[object]] | list[list[str]]) -> None:
    """A CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    if sys.argv[1:] == ["truth"]:
        commission, omission = true_errors()
        print(f"AUC unaided {true_auc(0, 0):.4f}, aided {true_auc(PULL, PULL_SD):.4f}")
        print(f"AUC difference {true_difference():.4f}")
        print(f"commission {commission:.3f}, omission {omission:.3f}")
    else:
        columns = "reader,case,condition,truth,rating,device,seconds,day,years,hospital"
        write(HERE / "data/readings.csv", columns, readings())
        write(HERE / "data/sessions.csv", "participant,group,session,task,seen,cause", sessions())
