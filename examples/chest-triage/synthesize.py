"""The synthetic cases of this example: no patient, no radiograph, no model; same seed, same bytes.

Scores are drawn for made-up cases with a little less separation at one site and with one maker's
machines, so that strata differ as real ones do. Nothing here says anything about a real device.
"""

import csv
import io
import random
import sys
from math import exp
from pathlib import Path

SEED = 14971
N_CASES = 2400
CASES = Path(__file__).resolve().parent / "data" / "cases.csv"
COLUMNS = ("case", "patient", "site", "vendor", "sex", "age", "view", "pneumothorax", "score")
SITES = {"North": 0.0, "South": 0.1, "East": -0.1, "West": -0.2}
VENDORS = {"Canon": 0.1, "GE": 0.1, "Philips": -0.3, "Siemens": 0.0}
PREVALENCE = 0.3
"""Enriched: in use it is far lower, as the intended use says."""


def rows(seed: int = SEED) -> list[dict[str, str]]:
    """One row a case, one case a patient."""
    draw = random.Random(seed)  # noqa: S311 - made-up cases, no secret
    return [_row(number, draw) for number in range(1, N_CASES + 1)]


def _row(number: int, draw: random.Random) -> dict[str, str]:
    site, vendor = draw.choice(tuple(SITES)), draw.choice(tuple(VENDORS))
    present = draw.random() < PREVALENCE
    shift = SITES[site] + VENDORS[vendor]
    logit = draw.gauss(2.6 + shift if present else -2.4 - shift, 1.4)
    return {
        "case": f"synthetic-{number:04d}",
        "patient": f"p{number:04d}",
        "site": site,
        "vendor": vendor,
        "sex": draw.choice(("F", "M")),
        "age": str(min(95, max(18, round(draw.gauss(58, 18))))),
        "view": draw.choice(("PA", "PA", "AP")),
        "pneumothorax": str(int(present)),
        "score": f"{1 / (1 + exp(-logit)):.4f}",
    }


def written(seed: int = SEED) -> str:
    """The table as it lies on disk."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows(seed))
    return out.getvalue()


if __name__ == "__main__":
    CASES.write_text(written(), encoding="utf-8", newline="\n")
    sys.stdout.write(f"{N_CASES} synthetic cases are in {CASES.name}\n")
