"""How often the joint tests of interaction reject where the gain in AUC differs.

Three strata of cases that hold 20, 30 and 50 % of them, or three groups of readers of equal size,
in Roe and Metz's model as `interaction_level` has it. The gain in AUC is 0.043 in the middle one,
lower by a step in the first, higher by it in the last. `... [N_STUDIES]`; at 1,000 the Monte Carlo
error of a half is 0.016.
"""

import runpy
import sys
from math import sqrt
from pathlib import Path

import numpy as np
from scipy.special import ndtr, ndtri

from defensible.statistics import error_covariance, joint_interaction, strata_differences

LEVEL = runpy.run_path(str(Path(__file__).with_name("interaction_level.py")))
STEPS = (0.0, 0.03, 0.06, 0.09)
READER_STEPS = (0.0, 0.02, 0.04, 0.06)
CELL = 0.03


def latent(step: float, spread: float) -> tuple[float, float, float]:
    """What to add to the gain of ratings, of this variance, for that in AUC to be off by a step."""
    gap, gain = LEVEL["GAP"], LEVEL["GAIN"]
    middle = float(ndtr((gap + gain) / sqrt(2 * spread)))
    low, high = (
        sqrt(2 * spread) * float(ndtri(middle + sign * step)) - gap - gain for sign in (-1, 1)
    )
    return low, 0.0, high


def main(n_studies: int) -> None:
    """Print the share of studies in which each test rejects, by step."""
    rng = np.random.default_rng(20261130)
    for name, structure in LEVEL["STRUCTURES"].items():
        spread = sum(structure[1:])  # of one rating, beside what a reader has of her own
        for n_readers, n_cases in LEVEL["SIZES"]:
            found: dict[str, list[float]] = {"strata of cases": [], "groups of readers": []}
            for step in STEPS:
                more = np.array(latent(step, spread))
                held = []
                for _ in range(n_studies):
                    stratum = np.searchsorted([0.2, 0.5], np.arange(n_cases) / n_cases, "right")
                    whole, _ = LEVEL["study"](
                        rng, structure, n_readers, n_cases, CELL, more=more[stratum]
                    )
                    parts = [
                        error_covariance.delong(LEVEL["part"](whole, stratum == k))
                        for k in range(3)
                    ]
                    strata = strata_differences.independent(parts)
                    held.append(LEVEL["rejects"](joint_interaction.of_cases(strata)))
                found["strata of cases"].append(float(np.mean(held)))
            for step in READER_STEPS:
                more = np.array(latent(step, spread))
                held = []
                for _ in range(n_studies):
                    group = np.arange(n_readers) % 3
                    whole, _ = LEVEL["study"](
                        rng, structure, n_readers, n_cases, 0.0, more=more[group][:, None]
                    )
                    values = error_covariance.delong(whole).values
                    test = joint_interaction.of_readers(values[1] - values[0], group)
                    held.append(LEVEL["rejects"](test))
                found["groups of readers"].append(float(np.mean(held)))
            for of, steps in (("strata of cases", STEPS), ("groups of readers", READER_STEPS)):
                told = ", ".join(
                    f"{step:.2f}: {share:.3f}" for step, share in zip(steps, found[of], strict=True)
                )
                print(f"{name}, {n_readers} readers, {n_cases} cases, {of}: {told}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
