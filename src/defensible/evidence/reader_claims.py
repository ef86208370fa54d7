"""What a reader study measures, held against the goals of the claims that it serves.

Experience is no part of a claim's scope: its levels give no findings.
"""

from defensible.dossier.claims import Claim, MetricName
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import (
    device_against_readers,
    further_read,
    goals,
    one_tail,
    reader_endpoints,
    reader_splits,
)
from defensible.evidence.finding import (
    OVERALL,
    Answer,
    CriterionResult,
    Finding,
    Measurement,
    Stratum,
)
from defensible.evidence.reader_differences import Taken, whole
from defensible.evidence.reader_finding import EndpointResult
from defensible.evidence.reader_interactions import Level
from defensible.evidence.readings import Readings

EXPERIENCE = "reader_experience"


def findings(
    study: ReaderStudy,
    read: Readings,
    levels: list[Level],
    measurements: tuple[Measurement, ...],
    differences: dict[tuple[MetricName, Stratum], Taken],
    claims: tuple[Claim, ...],
    planned: tuple[tuple[CriterionResult, ...], tuple[EndpointResult, ...]],
) -> tuple[Finding, ...]:
    """Endpoints of claims that only readers can show, overall and by each level of cases.

    Parameters
    ----------
    differences : dict
        By metric and stratum, those that have an analysis or ratios of their own.
    planned : tuple
        Criteria of the plan and what stands beside them, for goals tested together.
    """
    found = []
    parts = {OVERALL: whole(read), **{one.stratum: one.part for one in levels}}
    for claim in claims:
        for end in claim.endpoints:
            back = reader_endpoints.held_back(study, end.metric, end.goal, *planned)
            for one in measurements:
                if one.metric is not end.metric or _by_experience(one.stratum):
                    continue
                answer = goals.answer(one, end.goal)
                if back and answer is Answer.SUPPORTED:
                    answer = Answer.INCONCLUSIVE  # not among all that the plan tests together
                of = device_against_readers.repeated(read) if one.metric.against_readers else read
                split = reader_splits.split(
                    study, of, one, parts[one.stratum], differences.get((one.metric, one.stratum))
                )
                finding = Finding(
                    study=study.id,
                    claim=claim.id,
                    measurement=one,
                    goal=end.goal,
                    answer=answer,
                    p=one_tail.p_by_t(one.estimate, end.goal),
                    split=split,
                )
                unit = "patient" if read.n_repeated else "case"
                found.append(further_read.told(finding, unit, level=study.analysis.level))
    return tuple(found)


def _by_experience(stratum: Stratum) -> bool:
    return any(name == EXPERIENCE for name, _ in stratum.levels)
