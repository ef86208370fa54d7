"""What the reader study to come is planned to be: who is fixed, and at which level it starts.

The protocol of a reader study that serves the claim says so, one without a result before one that
has been done. Under `multiplicity` an endpoint starts with its share of the error rate: what others
pass on to it later only helps, so that the share is a safe bound.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from defensible.assessment.planning.asked import Asked
from defensible.assessment.result import Assessment
from defensible.dossier.claims import Goal, Multiplicity
from defensible.dossier.reader_endpoint import ReaderEndpoint
from defensible.dossier.reader_study import ReaderStudy, Sample
from defensible.evidence.claims import served
from defensible.evidence.reader_endpoints import TOGETHER


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderPlan:
    """The study to come, as far as a size depends on it.

    Attributes
    ----------
    study : str or None
        Its protocol; None where there is none, and readers and cases are taken as random.
    level : float
        Of the two-sided interval that must clear the goal when the endpoint starts.
    said : str
        Why that level, where it is not the study's own.
    first, then : Goal or None
        The goal that must be shown before this one is tested; a stricter one tested once it is.
    """

    study: str | None
    readers: Sample
    cases: Sample
    level: float
    said: str
    first: Goal | None
    then: Goal | None


def planned(assessment: Assessment, of: Asked) -> ReaderPlan:
    """The plan of the study that serves the claim of this endpoint, else of any reader study."""
    study = _study(assessment, of.claim)
    if study is None:
        return ReaderPlan(
            study=None,
            readers=Sample.RANDOM,
            cases=Sample.RANDOM,
            level=of.level,
            said="",
            first=None,
            then=None,
        )
    level, said = _level(study, of)
    own = _endpoint(study, of)
    return ReaderPlan(
        study=study.id,
        readers=study.analysis.readers,
        cases=study.analysis.cases,
        level=level,
        said=said,
        first=own.goal if own is not None and own.goal != of.goal else None,
        then=own.then if own is not None and own.goal == of.goal else None,
    )


def _study(assessment: Assessment, claim: str | None) -> ReaderStudy | None:
    done = {one.study for one in assessment.results}
    found = [
        one
        for one in assessment.dossier.studies
        if isinstance(one, ReaderStudy)
        and (claim is None or claim in {each.id for each in served(assessment.dossier, one)})
    ]
    return min(found, key=lambda one: one.id in done, default=None)


def _endpoint(study: ReaderStudy, of: Asked) -> ReaderEndpoint | None:
    """The endpoint of the plan that tests this goal, aided against unaided."""
    for one in study.endpoints:
        pair = one.condition or study.conditions.aided, one.against or study.conditions.unaided
        main = pair == (study.conditions.aided, study.conditions.unaided)
        if main and one.metric is of.metric and of.goal in {one.goal, one.then}:
            return one
    return None


def _level(study: ReaderStudy, of: Asked) -> tuple[float, str]:
    """The level at which the endpoint starts, and why."""
    if study.multiplicity is None or of.metric not in TOGETHER:
        return of.level, ""
    own = _endpoint(study, of)
    if own is None:
        return of.level, f"{study.id} plans no such endpoint, so it stands outside of its family"
    family = [one for one in study.endpoints if one.metric in TOGETHER]
    after = f", and only once {bound_of(own.goal)} is shown" if own.goal != of.goal else ""
    if study.multiplicity is Multiplicity.FIXED_SEQUENCE:
        at = family.index(own)
        steps = at + sum(one.then is not None for one in family[:at]) + (own.goal != of.goal)
        if not steps:
            return of.level, f"the first of the fixed sequence of {study.id}, at its whole level"
        before = "1 step" if steps == 1 else f"{steps} steps"
        return of.level, (
            f"at the whole level once the {before} before it in the fixed sequence of {study.id} "
            "are shown: the chance of getting there comes on top"
        )
    m = len(family)
    if m == 1:
        return of.level, f"once {bound_of(own.goal)} is shown" if after else ""
    name = "Holm" if study.multiplicity is Multiplicity.HOLM else "Bonferroni"
    passed = "; what others pass on only helps" if name == "Holm" else ""
    share = f"1/{m} of the error rate, with which it starts by {name} in {study.id}"
    return 1 - (1 - of.level) / m, f"{share}{after}{passed}"


def beside(of: Asked, plan: ReaderPlan, power_at: Callable[[Goal], str]) -> Iterator[str]:
    """The power for the goal before or after this one, as `power_at` says it."""
    for goal, when in ((plan.first, "shown first"), (plan.then, "tested next")):
        if goal is None:
            continue
        if replace(of, goal=goal).clears(of.expected or 0.0):
            yield f"{bound_of(goal)}, {when}, has power {power_at(goal)}"
        else:
            yield f"{bound_of(goal)}, {when}, is not what is expected"


def bound_of(goal: Goal) -> str:
    """`above -0.05`."""
    return f"above {goal.above:g}" if goal.above is not None else f"below {goal.below:g}"
