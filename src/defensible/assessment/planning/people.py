"""Participants of a summative usability evaluation: what is asked for, and what a bound takes."""

from collections.abc import Iterator

from defensible.assessment.planning.needed import Needed
from defensible.assessment.result import Answered, Assessment, Status
from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.plan import Plan
from defensible.dossier.usability_study import UsabilityStudy
from defensible.evidence.usability_finding import SUMMATIVE
from defensible.regulation.classification import Match
from defensible.statistics import sizing_proportion, sizing_usability
from defensible.statistics.sizing import Size

PART = "summative evaluation"
CHANCE = 0.95
"""Chance with which the rarest problem named is seen."""


def participants(assessment: Assessment) -> Iterator[Needed]:
    """The participants of all user groups together; none where nobody asks for more of them."""
    asking = tuple(one for one in assessment.obligations if _asks(one))
    studies = [one for one in assessment.dossier.studies if isinstance(one, UsabilityStudy)]
    bounds = [
        (one.analysis.use_error_below, one.analysis.level)
        for one in studies
        if one.analysis.use_error_below is not None and not _kept(assessment, one)
    ]
    if not asking and not bounds:
        return
    each = max((one.obligation.check.participants or 1 for one in asking), default=0)
    groups, who = _groups(assessment, studies)
    plan = assessment.dossier.plan or Plan()
    expected = plan.expected.get(MetricName.USE_ERROR)
    bound, level = min(bounds, default=(None, None))
    told, size = [], None
    if each:
        rarest = sizing_usability.rarest_seen(each, chance=CHANCE)
        told.append(
            f"{each} of each {who} ({groups}): what {rarest:.0%} of them meet is seen once or more "
            f"with a chance of {CHANCE:.0%}"
        )
    if bound is not None and level is not None:
        size, said = _bounded(bound, level, expected, plan.power)
        told.append(said)
    yield Needed(
        claim=None,
        metric=MetricName.USE_ERROR,
        goal=None if bound is None else Goal(below=bound),
        part=PART,
        expected=expected if expected is not None else (None if size is None else 0.0),
        source=_source(expected, size),
        n_participants=max(each * groups, size.n if size else 0),
        power=size.power if size else None,
        level=level if size else None,
        method=size.method if size else "",
        why="; ".join(told),
        asked_by=tuple(one.obligation.id for one in asking),
    )


def _asks(one: Answered) -> bool:
    check = one.obligation.check
    return (
        check.name == "usability"
        and check.part == SUMMATIVE
        and one.obligation.applies is not Match.NOT_MET
        and one.status not in {Status.NOT_APPLICABLE, Status.MET}
    )


def _source(expected: float | None, size: Size | None) -> str:
    if expected is not None:
        return "plan.yaml"
    return "asked for as a number" if size is None else "assumption that nobody errs"


def _kept(assessment: Assessment, study: UsabilityStudy) -> bool:
    """Whether every critical task of the study stays below its bound already."""
    results = [one for one in assessment.results if one.study == study.id]
    return any(one.criteria and all(each.met for each in one.criteria) for one in results)


def _groups(assessment: Assessment, studies: list[UsabilityStudy]) -> tuple[int, str]:
    """User groups: of the studies, else the users that the intended use names, else one."""
    if studies:
        n = max(len(one.use.user_groups) for one in studies)
        return n, "user group"
    users = assessment.dossier.intended_use.user
    if users:
        return len(users), "kind of user that the intended use names"
    return 1, "user group, the intended use naming none"


def _bounded(
    bound: float, level: float, expected: float | None, power: float
) -> tuple[Size | None, str]:
    """Participants for the exact upper limit to stay below the plan's bound, at each task."""
    try:
        if expected:
            found = sizing_proportion.exact_lasting(
                expected=expected, goal=bound, power=power, level=level
            )
            if expected >= bound:
                return None, f"{expected:g} is expected, which is not below the bound of {bound:g}"
            return found, (
                f"{found.n} in all for a critical task to stay below {bound:g} where {expected:g} "
                "of users err"
            )
        found = sizing_usability.without_error(goal=bound, level=level)
    except ValueError as error:
        return None, str(error)
    return found, (
        f"{found.n} in all for a critical task at which nobody errs to stay below {bound:g}; write "
        "`expected: {use_error: ..}` in plan.yaml where some will"
    )
