"""How much evidence is needed: a line for each endpoint and part, and for what obligations ask."""

from collections.abc import Iterator
from dataclasses import replace

from defensible.assessment.planning import (
    accuracy,
    agreement,
    cells,
    comparisons,
    joint,
    localization,
    reader_sizes,
    sites,
)
from defensible.assessment.planning.asked import Asked, asked
from defensible.assessment.planning.joint import Sized
from defensible.assessment.planning.needed import Needed
from defensible.assessment.planning.obliged import obliged
from defensible.assessment.planning.people import participants
from defensible.assessment.result import Assessment, ClaimScope
from defensible.dossier.claims import Claim, ClaimEndpoint
from defensible.dossier.plan import Plan

BY_T = "its t interval must clear the goal"


def needed(assessment: Assessment, plan: Plan) -> tuple[Needed, ...]:
    """A line for each endpoint and part; open lines say which number would answer them."""
    del plan
    return (
        *(line for claim in assessment.dossier.claims for line in _of_claim(assessment, claim)),
        *obliged(assessment),
        *participants(assessment),
    )


def _of_claim(assessment: Assessment, claim: Claim) -> Iterator[Needed]:
    scope = next((one for one in assessment.scopes if one.claim == claim.id), None)
    endpoints = [_sized(assessment, claim, endpoint) for endpoint in claim.endpoints]
    for one in endpoints:
        yield one.line
        if one.line.power is not None and not one.of.metric.of_readers:
            yield from _parts(assessment, claim, scope, one.of)
    if (line := joint.together(endpoints)) is not None:
        yield line
    yield from agreement.limits(assessment, claim)
    yield from comparisons.compared(assessment, claim)


def _sized(assessment: Assessment, claim: Claim, endpoint: ClaimEndpoint) -> Sized:
    """The endpoint over all cases, in the study that shows it."""
    of = asked(assessment, claim, endpoint.metric, endpoint.goal, endpoint)

    def again(other: Asked) -> Needed:
        if endpoint.metric.of_readers:
            return replace(reader_sizes.sized(assessment, other), pair=endpoint.pair)
        if endpoint.metric.of_localization:
            return localization.sized(other, accuracy.OVERALL_PART, other.level, "")
        if endpoint.metric.of_agreement:
            return agreement.sized(other, accuracy.OVERALL_PART, other.level, BY_T)
        return accuracy.sized(other, accuracy.OVERALL_PART, other.level, "")

    return Sized(of=of, line=again(of), again=again)


def _parts(
    assessment: Assessment, claim: Claim, scope: ClaimScope | None, of: Asked
) -> Iterator[Needed]:
    """What the scope of the claim asks beside: its cells, and a site not yet seen."""
    yield from cells.minimums(assessment, claim, scope, of)
    if claim.scope.get("site") == "any":
        yield from sites.further(assessment, of)
