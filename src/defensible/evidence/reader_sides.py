"""Everything that a reader study gives of one condition, held against the unaided one.

The analysis of a figure is made once for each part of the study, with errors pooled over all
conditions; each pair is then read from it. What readers do with the device's output is measured
only where they see it.
"""

from dataclasses import dataclass, replace

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import (
    automation,
    reader_agreement,
    reader_figures,
    reader_measures,
    reader_pictures,
    readings,
)
from defensible.evidence.finding import OVERALL, Measurement, OfCondition
from defensible.evidence.joint_interactions import joint
from defensible.evidence.reader_differences import Taken, between, taken, whole
from defensible.evidence.reader_interactions import Level, interactions
from defensible.evidence.readings import UNAIDED, Readings

NOT_SEEN = "the device's output is not seen in this condition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysed:
    """The whole study or one level of it, with the analysis of each figure."""

    level: Level
    taken: dict[MetricName, Taken]


def analysed(
    study: ReaderStudy, read: Readings, levels: list[Level], metrics: list[MetricName]
) -> list[Analysed]:
    """The whole study, then its levels."""
    everything = Level(stratum=OVERALL, part=whole(read), of_readers=False)
    return [
        Analysed(
            level=level,
            taken={one: taken(one, read, level.part, study.analysis) for one in metrics},
        )
        for level in (everything, *levels)
    ]


def of_condition(
    study: ReaderStudy,
    read: Readings,
    condition: int,
    parts: list[Analysed],
    claims: tuple[Claim, ...],
) -> OfCondition:
    """All of one condition.

    Parameters
    ----------
    condition : int
        Its place among the study's conditions, past the unaided one.
    parts : list
        The whole study first.
    claims : tuple of Claim
        Those that the study serves.
    """
    two, plan = readings.pair(read, UNAIDED, condition), study.analysis
    shown = study.conditions.shows_device(read.written[condition])
    pairs = automation.pairs(two, whole(two)) if shown else NOT_SEEN
    rate, why = automation.break_even(study, pairs)
    metrics, levels = list(parts[0].taken), [one.level for one in parts[1:]]
    overall = {
        metric: between(one, metric, read, whole(read), plan, new=condition)
        for metric, one in parts[0].taken.items()
    }
    return OfCondition(
        condition=read.written[condition],
        shows_device=shown,
        measurements=tuple(measurements(study, read, (UNAIDED, condition), parts, claims)),
        figures=(
            *reader_figures.figures(overall, read.conditions[condition]),
            *reader_agreement.figure(two, plan.level),
        ),
        curves=reader_pictures.curves(read, condition),
        wafroc_curves=reader_pictures.wafroc_curves(read, condition),
        times=reader_pictures.times(read, condition),
        conditional=automation.conditional(study, pairs),
        interactions=interactions(two, levels, metrics, plan),
        joint_interactions=joint(two, levels, metrics, plan),
        break_even=rate,
        break_even_why=why,
    )


def measurements(
    study: ReaderStudy,
    read: Readings,
    pair: tuple[int, int],
    parts: list[Analysed],
    claims: tuple[Claim, ...],
) -> list[Measurement]:
    """Differences of a pair, automation bias, agreement: of the whole study, then of each level.

    Parameters
    ----------
    pair : tuple of int
        The condition held against, then the one that is.
    """
    against, new = pair
    two = readings.pair(read, against, new)
    if not study.conditions.shows_device(read.written[new]):
        two = replace(two, device=None)
    found = []
    for one in parts:
        stratum, part = one.level.stratum, one.level.part
        for metric, done in one.taken.items():
            gap = between(done, metric, read, part, study.analysis, against=against, new=new)
            found.append(
                reader_measures.measurement(metric, stratum, two, part, gap.estimate, gap.why)
            )
        found += reader_measures.of_bias(study, two, stratum, part)
        found += reader_measures.of_agreement(study, two, stratum, part, claims)
    return found
