"""Whether the gain is another at one level than at all others, of cases or of readers."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, Sample
from defensible.evidence.finding import Stratum
from defensible.evidence.reader_differences import (
    FIGURES,
    Part,
    covariance,
    of_patients,
    patients,
    repeated,
    table_of,
)
from defensible.evidence.reader_finding import Interaction
from defensible.evidence.readings import Readings
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import reader_interaction, strata_differences
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.estimate import Estimate
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.patient_covariance import OfPatients
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.strata_differences import Strata


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a dimension, as a part of the study."""

    stratum: Stratum
    part: Part
    of_readers: bool
    """Whether readers are parted, not cases."""


def interactions(
    of: Readings, levels: list[Level], metrics: list[MetricName], plan: ReaderAnalysis
) -> tuple[Interaction, ...]:
    """Each level against all others, for each figure."""
    found = []
    for level in levels:
        ((dimension, name),) = level.stratum.levels
        if name == NOT_KNOWN:
            continue
        for metric in (one for one in metrics if one in FIGURES):
            estimate, why = _against_others(of, level, metric, plan)
            found.append(
                Interaction(
                    metric=metric.value,
                    dimension=dimension,
                    level=name,
                    difference=estimate,
                    why=why,
                )
            )
    return tuple(found)


def _against_others(
    of: Readings, level: Level, metric: MetricName, plan: ReaderAnalysis
) -> tuple[Estimate | None, str | None]:
    part = level.part
    if (part.readers if level.of_readers else part.cases).all():
        return None, "there is no other level"
    by = _of_readers if level.of_readers else _of_cases
    try:
        return by(of, part, metric, plan), None
    except ValueError as error:
        return None, str(error)


def _of_readers(of: Readings, part: Part, metric: MetricName, plan: ReaderAnalysis) -> Estimate:
    everyone = Part(readers=np.ones_like(part.readers), cases=part.cases)
    there = table(of, everyone, metric)
    errors = covariance(metric, there, repeated(of, there))
    if plan.readers is Sample.FIXED:
        return reader_interaction.between_these_readers(errors, part.readers, level=plan.level)
    if not there.crossed and plan.cases is Sample.RANDOM:
        gaps = reader_interaction.between_readers_with_gaps
        return gaps(errors, part.readers, level=plan.level)
    differences = errors.values[1] - errors.values[0]
    return reader_interaction.between_readers(differences, part.readers, level=plan.level)


def _of_cases(of: Readings, part: Part, metric: MetricName, plan: ReaderAnalysis) -> Estimate:
    others = Part(readers=part.readers, cases=~part.cases)
    two = joined([of_part(of, one, metric) for one in (part, others)])
    between = reader_interaction.between_cases
    if plan.readers is Sample.FIXED:
        between = reader_interaction.between_cases_by_these_readers
    elif plan.cases is Sample.FIXED:
        between = reader_interaction.between_these_cases
    return between(two, level=plan.level)


def joined(parts: Sequence[ErrorCovariance | OfPatients]) -> Strata:
    """The figures of two parts or more as strata of cases."""
    shared = [one for one in parts if isinstance(one, OfPatients)]
    if shared:
        return strata_differences.of_patients(shared)
    return strata_differences.independent(
        [one for one in parts if isinstance(one, ErrorCovariance)]
    )


def of_part(of: Readings, part: Part, metric: MetricName) -> ErrorCovariance | OfPatients:
    """A figure on a part of the study, with its patients where some have several cases.

    Raises
    ------
    ValueError
        There is no figure of it, with the reason.
    """
    there = table(of, part, metric)
    if of.n_repeated:
        return of_patients(metric, there, patients(of, there))
    return covariance(metric, there)


def table(of: Readings, part: Part, metric: MetricName) -> ReaderTable | FrocTable:
    """The readings of a part.

    Raises
    ------
    ValueError
        There is no table of it, with the reason.
    """
    found = table_of(metric, of, part)
    if isinstance(found, str):
        raise ValueError(found)  # noqa: TRY004 - why there is no table, caught above
    return found
