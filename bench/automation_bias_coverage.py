"""How often the intervals of automation bias hold the truth, over simulated reader studies.

Roe-Metz with reliance: a rating is the class's mean, plus a random case, plus a random reader, plus
error; with the device on screen it moves by the reader's own pull towards what the device says. The
true values are those of studies with 400 readers and 3,000 cases. `... [N_STUDIES]`.
"""

import sys

import numpy as np

from defensible.statistics import automation_bias as bias

SEPARATION, READER_SD, CASE_SD, PULL, PULL_SD = 1.5, 0.3, 0.6, 0.8, 0.3
SENSITIVITY, SPECIFICITY = 0.8, 0.8
USE = bias.Use(prevalence=0.1, sensitivity=SENSITIVITY, specificity=SPECIFICITY, weight=0.25)
SIZES = ((6, 100), (10, 200), (20, 400))


def study(rng: np.random.Generator, readers: int, cases: int) -> bias.Paired:
    """One reader study."""
    truth = rng.random(cases) < 0.5
    device = np.where(truth, rng.random(cases) < SENSITIVITY, rng.random(cases) >= SPECIFICITY)
    mean = SEPARATION * truth - SEPARATION / 2 + rng.normal(0, CASE_SD, cases)
    mean = mean[None, :] + rng.normal(0, READER_SD, (readers, 1))
    pull = (PULL + rng.normal(0, PULL_SD, (readers, 1))) * np.where(device, 1, -1)[None, :]
    error_sd = np.sqrt(1 - CASE_SD**2)
    unaided = mean + rng.normal(0, error_sd, mean.shape) > 0
    aided = mean + pull + rng.normal(0, error_sd, mean.shape) > 0
    return bias.paired(truth, device, unaided, aided)


def values(of: bias.Paired) -> dict[str, tuple[float, float, float] | None]:
    """Value and limits of every measure."""
    found = bias.measures(of, USE)
    even = bias.break_even(of, USE)
    found["break_even"] = even.rate if even else None
    return {k: None if one is None else (one.value, one.low, one.high) for k, one in found.items()}


def main(n_studies: int) -> None:
    """Print the coverage of each measure at each size."""
    rng = np.random.default_rng(20261125)
    large = [values(study(rng, 400, 3000)) for _ in range(60)]
    truth = {k: np.mean([v[0] for one in large if (v := one[k])]) for k in large[0]}
    print("true", {name: round(float(value), 3) for name, value in truth.items()})
    for readers, cases in SIZES:
        hits: dict[str, list[bool]] = {}
        for _ in range(n_studies):
            for name, found in values(study(rng, readers, cases)).items():
                if found is not None:
                    hits.setdefault(name, []).append(bool(found[1] <= truth[name] <= found[2]))
        for name, held in hits.items():
            print(f"{readers} readers, {cases} cases: {name} {np.mean(held):.3f} of {len(held)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
