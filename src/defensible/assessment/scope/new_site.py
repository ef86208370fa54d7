"""What the between-site spread says of a site that nobody has tested yet, held against goals."""

from defensible.assessment.result import ScopeCell
from defensible.assessment.scope.cells import unseen, worst
from defensible.dossier.claims import Claim
from defensible.evidence.finding import Answer, StudyResult
from defensible.evidence.new_site_finding import NewSite

NEW_SITE = "not yet seen"


def new_site(claim: Claim, results: list[StudyResult]) -> ScopeCell:
    """The cell of a site not yet seen: each endpoint's prediction interval against its goal."""
    predictions = [
        (endpoint, one)
        for endpoint in claim.endpoints
        for result in results
        for one in result.new_site
        if one.metric is endpoint.metric
    ]
    covered = {endpoint for endpoint, _ in predictions}
    if len(covered) < len(set(claim.endpoints)):
        return unseen(claim, "site", NEW_SITE, "too few sites to predict another")
    answers = [(one, _against(one, end.goal.above, end.goal.below)) for end, one in predictions]
    answer = worst(given for _, given in answers)
    deciding = dict.fromkeys(one for one, given in answers if given is answer)
    words = "; ".join(
        f"{one.metric.words} expected between {one.estimate.low:.2f} and {one.estimate.high:.2f} "
        f"({one.estimate.level:.0%} prediction, {one.n_sites} sites)"
        for one in deciding
    )
    return ScopeCell(
        claim=claim.id, dimension="site", level=NEW_SITE, answer=answer, why=words, n_cases=0
    )


def _against(prediction: NewSite, above: float | None, below: float | None) -> Answer:
    low, high = prediction.estimate.low, prediction.estimate.high
    if above is not None:
        return _cleared(low > above, high < above)
    assert below is not None  # noqa: S101 - a goal has exactly one bound, the loader checks it
    return _cleared(high < below, low > below)


def _cleared(cleared: bool, excluded: bool) -> Answer:  # noqa: FBT001 - two facts, no switch
    if cleared:
        return Answer.SUPPORTED
    return Answer.FAILED if excluded else Answer.INCONCLUSIVE
