"""The part of a reader study that holds the device alone against unaided readers.

Overall, by strata of cases and by experience of readers. With one condition it is all there is:
nobody saw the output, so nothing is said of what it does to readers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import device_against_readers, device_reader, reader_pictures
from defensible.evidence.device_against_readers import PAIRED, Against
from defensible.evidence.device_finding import DeviceFindings
from defensible.evidence.faults import Faults, counted
from defensible.evidence.finding import OVERALL, Measurement, Stratum
from defensible.evidence.joint_interactions import joint
from defensible.evidence.reader_differences import Part, Taken, whole
from defensible.evidence.reader_finding import Interaction, JointInteraction, ReaderFindings
from defensible.evidence.reader_interactions import Level, interactions
from defensible.evidence.reader_measures import measurement
from defensible.evidence.readings import UNAIDED, Readings

_AREA = MetricName.STANDALONE_AUC_DIFFERENCE
_OF_PAIRED = {paired.value: metric for metric, paired in PAIRED.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What the device alone gives beside readers; nothing where nobody asks for it."""

    overall: dict[MetricName, Taken]
    measurements: tuple[Measurement, ...]
    differences: dict[tuple[MetricName, Stratum], Taken]
    findings: DeviceFindings | None
    methods: tuple[tuple[str, str], ...]
    interactions: tuple[Interaction, ...]
    joint_interactions: tuple[JointInteraction, ...]
    cautions: tuple[str, ...]


def lacks(study: ReaderStudy, metric: MetricName) -> list[str]:
    """What a metric is taken from, as far as the study does not have it."""
    columns = study.data.columns
    needs = {"device_reader, or data.columns.device": study.has_device}
    if metric is _AREA:
        needs["data.columns.rating"] = columns.rating is not None
    else:
        needs["device_positive"] = study.device_positive is not None
        read = (columns.decision or columns.rating) is not None
        needs["positive, and a decision or rating"] = study.positive is not None and read
    return [one for one, there in needs.items() if not there]


def enough(study: ReaderStudy, of: Readings, faults: Faults) -> None:
    """An endpoint of the plan that the readings cannot give is a problem."""
    if _AREA in {one.metric for one in study.endpoints} and of.device_score is None:
        mend = "name a column of numbers, or take standalone_sensitivity_difference"
        faults.add("E091", device_reader.keys(study), device_against_readers.NO_SCORE, mend)


def measured(
    study: ReaderStudy, of: Readings, levels: list[Level], claims: Sequence[Claim]
) -> Beside:
    """Each metric that is asked for, overall and at each level."""
    named = [*study.endpoints, *(end for claim in claims for end in claim.endpoints)]
    wanted = {one.metric for one in named}
    asked = [one for one in PAIRED if one in wanted or (not study.shows_output and _can(one, of))]
    if not asked:
        return Beside(
            overall={},
            measurements=(),
            differences={},
            findings=None,
            methods=(),
            interactions=(),
            joint_interactions=(),
            cautions=(),
        )
    both, plan = device_against_readers.repeated(of), study.analysis

    def taken(part: Part) -> dict[MetricName, Against]:
        return {one: _taken(one, study, of, part) for one in asked}

    found = taken(whole(of))
    given = [(OVERALL, whole(of), found)] + [
        (level.stratum, level.part, taken(level.part)) for level in levels
    ]
    paired = [PAIRED[one] for one in asked if found[one].taken.estimate is not None]
    return Beside(
        overall={metric: one.taken for metric, one in found.items()},
        measurements=tuple(
            measurement(metric, stratum, both, part, one.taken.estimate, one.taken.why)
            for stratum, part, ones in given
            for metric, one in ones.items()
        ),
        differences={
            (metric, stratum): one.taken
            for stratum, _, ones in given
            for metric, one in ones.items()
        },
        findings=device_against_readers.findings(study, of, tuple(found.values())),
        methods=tuple((metric.value, one.method) for metric, one in found.items() if one.method),
        interactions=tuple(
            replace(one, metric=_OF_PAIRED[one.metric].value)
            for one in interactions(both, levels, paired, plan)
        ),
        joint_interactions=tuple(
            replace(one, metric=_OF_PAIRED[one.metric].value)
            for one in joint(both, levels, paired, plan)
        ),
        cautions=_cautions(of, found),
    )


def unaided(study: ReaderStudy, of: Readings) -> ReaderFindings:
    """What readers give who never see the output: their curves and their times."""
    return ReaderFindings(
        n_readers=len(of.readers),
        n_cases=len(of.cases),
        n_device_wrong=None if of.device is None else int((of.device != of.truth).sum()),
        figures=(),
        methods=(),
        curves=reader_pictures.curves(of, UNAIDED),
        times=reader_pictures.times(of, UNAIDED),
        conditional=(),
        interactions=(),
        joint_interactions=(),
        break_even=None,
        break_even_why=None,
        conditions=of.written,
        multiplicity=None if study.multiplicity is None else study.multiplicity.value,
        endpoints=(),
        equality=(),
        comparisons=(),
        wafroc_curves=reader_pictures.wafroc_curves(of, UNAIDED),
    )


def _taken(metric: MetricName, study: ReaderStudy, of: Readings, part: Part) -> Against:
    """A metric on a part; one that a claim names and the study cannot give says what it lacks."""
    if lacking := lacks(study, metric):
        why = f"the study lacks what it is taken from: {'; '.join(lacking)}"
        return Against(taken=Taken(estimate=None, why=why))
    return device_against_readers.against(metric, of, part, study.analysis)


def _can(metric: MetricName, of: Readings) -> bool:
    """Whether the table can give a metric that nobody names."""
    if metric is _AREA:
        return of.device_score is not None and of.rating is not None
    return of.device is not None and of.decision is not None


def _cautions(of: Readings, found: dict[MetricName, Against]) -> tuple[str, ...]:
    said = []
    area = found.get(_AREA)
    if area is not None and area.taken.estimate is not None and of.device_score is not None:
        n = np.unique(of.device_score).size
        if n <= 2:
            said.append(
                f"The device's score has {counted(n, 'value')}: its AUC is that of one operating "
                "point, which a score would lie above."
            )
    read = of.read[UNAIDED]
    if not read[:, read.any(axis=0)].all():
        n = int(read[:, read.any(axis=0)].size - read.sum())
        said.append(
            f"{counted(n, 'unaided reading')} not there: each reader is held against the device on "
            "the cases that the reader read; the device's own figure is of all cases."
        )
    return tuple(said)
