"""What a reader study measures on one part of it: of readers, of cases, or of all."""

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import automation, reader_agreement
from defensible.evidence.finding import Measurement, Stratum
from defensible.evidence.reader_differences import Part
from defensible.evidence.readings import Readings
from defensible.statistics.estimate import Estimate


def of_bias(study: ReaderStudy, read: Readings, stratum: Stratum, part: Part) -> list[Measurement]:
    """Automation bias, where the table holds the device's output."""
    if read.device is None:
        return []
    found = automation.measures(study, automation.pairs(read, part))
    return [
        measurement(metric, stratum, read, part, estimate, why)
        for metric, (estimate, why) in found.items()
    ]


def of_agreement(
    study: ReaderStudy, read: Readings, stratum: Stratum, part: Part, claims: tuple[Claim, ...]
) -> list[Measurement]:
    """Agreement between readers, as far as the plan or a claim asks for it."""
    return [
        measurement(metric, stratum, read, part, estimate, why)
        for metric in reader_agreement.asked(study, claims)
        for estimate, why in (reader_agreement.measured(metric, read, part, study.analysis),)
    ]


def measurement(
    metric: MetricName,
    stratum: Stratum,
    read: Readings,
    part: Part,
    estimate: Estimate | None,
    why: str | None,
) -> Measurement:
    """One metric with the cases of its part; none where the part has no reader."""
    cases = part.cases & read.read.any(axis=(0, 1))
    n, n_diseased = int(cases.sum()), int(read.truth[cases].sum())
    return Measurement(
        metric=metric,
        stratum=stratum,
        estimate=estimate,
        n_cases=n if part.readers.any() else 0,
        n_diseased=n_diseased if part.readers.any() else 0,
        n_healthy=n - n_diseased if part.readers.any() else 0,
        why=why,
    )
