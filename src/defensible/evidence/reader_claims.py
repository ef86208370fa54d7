"""What a reader study measures, held against the goals of the claims that it serves.

Experience is no part of a claim's scope: its levels give no findings.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from defensible.dossier.claims import Claim, ClaimEndpoint
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import (
    device_against_readers,
    further_read,
    goals,
    one_tail,
    reader_endpoints,
    reader_sides,
    reader_splits,
)
from defensible.evidence.beside_readers import Beside
from defensible.evidence.finding import (
    Answer,
    CriterionResult,
    Finding,
    Measurement,
    OfCondition,
    Stratum,
)
from defensible.evidence.reader_differences import between
from defensible.evidence.reader_finding import EndpointResult
from defensible.evidence.reader_sides import Analysed
from defensible.evidence.readings import UNAIDED, Readings
from defensible.statistics.split import Split

EXPERIENCE = "reader_experience"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A measurement with what its variance is due to."""

    measurement: Measurement
    split: Split | None


def findings(
    study: ReaderStudy,
    read: Readings,
    parts: list[Analysed],
    sides: tuple[OfCondition, ...],
    beside: Beside,
    claims: tuple[Claim, ...],
    planned: tuple[tuple[CriterionResult, ...], tuple[EndpointResult, ...]],
) -> tuple[Finding, ...]:
    """Endpoints of claims that only readers can show, overall and by each level of cases.

    An endpoint whose conditions this study does not compare has no finding here.

    Parameters
    ----------
    parts : list
        The whole study and its levels, with the analysis of each figure.
    sides : tuple of OfCondition
        Each condition against the unaided one, in the order of the study.
    beside : Beside
        The device alone against unaided readers.
    planned : tuple
        Criteria of the plan and what stands beside them, for goals tested together.
    """
    measured = {(UNAIDED, at): one.measurements for at, one in enumerate(sides, start=1)}
    found = []
    for claim in claims:
        for end in claim.endpoints:
            found += [
                _finding(study, read, claim, end, one, planned)
                for one in (
                    _beside(study, read, end, parts, beside)
                    if end.metric.against_readers
                    else _of_readers(study, read, end, parts, measured, claims)
                )
                if not _by_experience(one.measurement.stratum)
            ]
    return tuple(found)


def _pair(study: ReaderStudy, read: Readings, end: ClaimEndpoint) -> tuple[int, int] | None:
    """The condition held against and the one that is; None where the study has not both."""
    condition = end.condition or study.conditions.aided
    against = end.against or study.conditions.unaided
    if condition is None or condition == against:
        return None
    if not {condition, against} <= set(read.written):
        return None
    if end.metric.of_bias and not study.conditions.shows_device(condition):
        return None
    return read.written.index(against), read.written.index(condition)


def _part(parts: list[Analysed], stratum: Stratum) -> Analysed:
    return next(one for one in parts if one.level.stratum == stratum)


def _of_readers(
    study: ReaderStudy,
    read: Readings,
    end: ClaimEndpoint,
    parts: list[Analysed],
    measured: dict[tuple[int, int], tuple[Measurement, ...]],
    claims: tuple[Claim, ...],
) -> Iterator[_Shown]:
    """What the endpoint's pair of conditions gives; nothing where the study has not both."""
    pair = _pair(study, read, end)
    if pair is None or not end.metric.of_readers:
        return
    if pair not in measured:
        measured[pair] = tuple(reader_sides.measurements(study, read, pair, parts, claims))
    for one in measured[pair]:
        if one.metric is not end.metric:
            continue
        part, plan = _part(parts, one.stratum), study.analysis
        cases, done = part.level.part, part.taken.get(one.metric)
        if done is not None:
            done = between(done, one.metric, read, cases, plan, against=pair[0], new=pair[1])
        split = reader_splits.split(study, read, one, cases, done, pair)
        yield _Shown(measurement=one, split=split)


def _beside(
    study: ReaderStudy, read: Readings, end: ClaimEndpoint, parts: list[Analysed], beside: Beside
) -> Iterator[_Shown]:
    """What the device alone gives against unaided readers."""
    both = device_against_readers.repeated(read)
    for one in beside.measurements:
        if one.metric is end.metric:
            cases = _part(parts, one.stratum).level.part
            done = beside.differences.get((one.metric, one.stratum))
            split = reader_splits.split(study, both, one, cases, done)
            yield _Shown(measurement=one, split=split)


def _finding(
    study: ReaderStudy,
    read: Readings,
    claim: Claim,
    end: ClaimEndpoint,
    one: _Shown,
    planned: tuple[tuple[CriterionResult, ...], tuple[EndpointResult, ...]],
) -> Finding:
    measurement = one.measurement
    answer = goals.answer(measurement, end.goal)
    if answer is Answer.SUPPORTED and reader_endpoints.held_back(study, end, *planned):
        answer = Answer.INCONCLUSIVE  # not among all that the plan tests together
    finding = Finding(
        study=study.id,
        claim=claim.id,
        measurement=measurement,
        goal=end.goal,
        answer=answer,
        p=one_tail.p_by_t(measurement.estimate, end.goal),
        split=one.split,
        condition=end.condition,
        against=end.against,
    )
    unit = "patient" if read.n_repeated else "case"
    return further_read.told(finding, unit, level=study.analysis.level)


def _by_experience(stratum: Stratum) -> bool:
    return any(name == EXPERIENCE for name, _ in stratum.levels)
