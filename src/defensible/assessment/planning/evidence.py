"""How much evidence is needed: a line for each endpoint and part, and for what obligations ask."""

from collections.abc import Iterator

from defensible.assessment.planning import (
    accuracy,
    agreement,
    cells,
    comparisons,
    reader_sizes,
    sites,
)
from defensible.assessment.planning.asked import asked
from defensible.assessment.planning.needed import Needed
from defensible.assessment.planning.obliged import obliged
from defensible.assessment.planning.people import participants
from defensible.assessment.result import Assessment, ClaimScope
from defensible.dossier.claims import Claim, Endpoint
from defensible.dossier.plan import Plan

ALONE = "the interval alone must clear the goal"


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
    for endpoint in claim.endpoints:
        yield from _of_endpoint(assessment, claim, endpoint, scope)
    yield from agreement.limits(assessment, claim)
    yield from comparisons.compared(assessment, claim)


def _of_endpoint(
    assessment: Assessment, claim: Claim, endpoint: Endpoint, scope: ClaimScope | None
) -> Iterator[Needed]:
    of = asked(assessment, claim, endpoint.metric, endpoint.goal)
    if endpoint.metric.of_readers:
        yield reader_sizes.sized(assessment, of)
        return
    sized = agreement.sized if endpoint.metric.of_agreement else accuracy.sized
    first = sized(of, accuracy.OVERALL_PART, of.level, ALONE)
    yield first
    if first.power is None:
        return
    yield from cells.minimums(assessment, claim, scope, of)
    if claim.scope.get("site") == "any" and not endpoint.metric.of_agreement:
        yield sites.further(assessment, of)
