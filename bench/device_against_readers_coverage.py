"""How often the interval of the device less readers holds the truth: AUC and decisions.

Readers differ in skill (on diseased cases) and in threshold; a case is in part as hard for the
device as for readers. The true differences have a closed form. Fully crossed, with readings missing
at random, and with patients who have several cases, all of one class. `... [N_STUDIES]`.
"""

import sys
from math import sqrt
from typing import Any

import numpy as np
from scipy.special import ndtr

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis
from defensible.evidence.device_against_readers import PAIRED, against
from defensible.evidence.reader_differences import whole
from defensible.evidence.readings import Readings

READER, DEVICE = 1.6, 1.9
"""Means of diseased cases; healthy ones have 0."""
CASE, PATIENT, ERROR, SKILL, THRESHOLD = 0.3, 0.2, 0.5, 0.05, 0.1
"""Variances: shared by readers and device, of a case and of a patient, then of each alone."""
CUT = 0.8
DESIGNS = (
    (5, 100, 1, 0.0),
    (5, 100, 1, 0.3),
    (10, 200, 1, 0.0),
    (10, 200, 1, 0.5),
    (8, 60, 2, 0.0),
    (8, 60, 2, 0.2),
)
"""Readers, patients, cases of a patient, share of readings missing."""
ANY: Any = None


def truths() -> dict[MetricName, float]:
    """Differences between such readers and the device, on such cases."""
    one = CASE + PATIENT + ERROR
    area = ndtr(DEVICE / sqrt(2 * one)) - ndtr(READER / sqrt(2 * one + SKILL))
    found = ndtr((DEVICE - CUT) / sqrt(one)) - ndtr((READER - CUT) / sqrt(one + SKILL + THRESHOLD))
    spared = ndtr(CUT / sqrt(one)) - ndtr(CUT / sqrt(one + THRESHOLD))
    return dict(zip(PAIRED, (float(area), float(found), float(spared)), strict=True))


def drawn(
    rng: np.random.Generator, readers: int, patients: int, cases: int, gone: float
) -> Readings:
    """One study."""
    patient = np.arange(patients * cases) // cases
    truth = patient % 2 == 0
    shared = sqrt(CASE) * rng.normal(size=truth.size)
    shared += sqrt(PATIENT) * rng.normal(size=patients)[patient]
    skill, cut = (sqrt(v) * rng.normal(size=(readers, 1)) for v in (SKILL, THRESHOLD))
    rating = (READER + skill) * truth + shared
    rating += sqrt(ERROR) * rng.normal(size=(readers, truth.size))
    score = DEVICE * truth + shared + sqrt(ERROR) * rng.normal(size=truth.size)
    read = rng.random(rating.shape) >= gone
    return Readings(
        conditions=("unaided",),
        written=("alone",),
        readers=tuple(f"R{at:03}" for at in range(readers)),
        cases=tuple(f"K{at:05}" for at in range(truth.size)),
        truth=truth,
        patient=patient,
        read=read[None],
        rating=(rating * read)[None],
        decision=((rating + cut > CUT) & read)[None],
        device=score > CUT,
        device_score=score,
        time_s=None,
        order=None,
        day=None,
        session=None,
        experience=None,
        frame=ANY,
        first_row=np.arange(truth.size),
        ledger=ANY,
    )


def main(n_studies: int) -> None:
    """A line a design."""
    true, plan = truths(), ReaderAnalysis(level=0.95)
    print(" ".join(f"{metric.value} {value:.4f}" for metric, value in true.items()))
    for design in DESIGNS:
        rng = np.random.default_rng(20261126)
        held: dict[MetricName, list[bool]] = {metric: [] for metric in PAIRED}
        for _ in range(n_studies):
            of = drawn(rng, *design)
            for metric in PAIRED:
                found = against(metric, of, whole(of), plan).taken.estimate
                if found is not None:
                    held[metric].append(found.low <= true[metric] <= found.high)
        shares = (f"{np.mean(one):.3f}" if one else "-" for one in held.values())
        print(*design, *shares, sep=" | ")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
