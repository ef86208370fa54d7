"""Whether the gain is another at one level than at all others, of cases or of readers."""

from dataclasses import dataclass

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import ReaderAnalysis, Sample
from defensible.evidence.finding import Stratum
from defensible.evidence.reader_differences import FIGURES, Part, covariance, table_of
from defensible.evidence.reader_finding import Interaction
from defensible.evidence.readings import Readings
from defensible.evidence.strata import NOT_KNOWN
from defensible.statistics import reader_interaction
from defensible.statistics.estimate import Estimate
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.reader_table import ReaderTable


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
    """Each level against all others, for each figure; cases must be independent."""
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
    if of.n_repeated:
        return None, "patients have several cases"
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
    errors = covariance(metric, table(of, everyone, metric))
    if plan.readers is Sample.FIXED:
        return reader_interaction.between_these_readers(errors, part.readers, level=plan.level)
    differences = errors.values[1] - errors.values[0]
    return reader_interaction.between_readers(differences, part.readers, level=plan.level)


def _of_cases(of: Readings, part: Part, metric: MetricName, plan: ReaderAnalysis) -> Estimate:
    others = Part(readers=part.readers, cases=~part.cases)
    between = reader_interaction.between_cases
    if plan.readers is Sample.FIXED:
        between = reader_interaction.between_cases_by_these_readers
    elif plan.cases is Sample.FIXED:
        between = reader_interaction.between_these_cases
    return between(
        covariance(metric, table(of, part, metric)),
        covariance(metric, table(of, others, metric)),
        level=plan.level,
    )


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
