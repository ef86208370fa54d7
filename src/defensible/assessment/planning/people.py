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
    """The participants of all user groups together; nothing where nobody asks for them."""
    asking = tuple(one for one in assessment.obligations if _asks(one))
    studies = [one for one in assessment.dossier.studies if isinstance(one, UsabilityStudy)]
    bounds = [
        (one.analysis.use_error_below, one.analysis.level)
        for one in studies
        if one.analysis.use_error_below is not None
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
        source="plan.yaml" if expected is not None else "no use error, which is to be shown",
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
        and one.status is not Status.NOT_APPLICABLE
    )


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
