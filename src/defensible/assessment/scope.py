"""Each claim's declared scope, level by level, as the findings leave it.

A level is supported only where every endpoint's interval clears its goal there; one endpoint that
fails there fails the level. What no study looked at is unseen, which is not the same as failed.
Intervals are not adjusted for the number of levels.
"""

from collections.abc import Iterable, Iterator

from defensible.assessment.result import OVERALL_DIMENSION, ScopeCell
from defensible.dossier.claims import Claim, Goal, ScopeValue
from defensible.dossier.declared import Level, Range
from defensible.dossier.dossier import Dossier
from defensible.evidence.finding import OVERALL, Answer, Finding, NewSite, Stratum, StudyResult
from defensible.evidence.strata import band_names

NEW_SITE = "not yet seen"
VERB = {
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "is not settled",
    Answer.UNSEEN: "has no evidence",
}
"""What a claim does where it is not supported, worst first."""


def cells(dossier: Dossier, results: tuple[StudyResult, ...]) -> tuple[ScopeCell, ...]:
    """The cells of every claim: overall first, then each level of each declared dimension."""
    return tuple(cell for claim in dossier.claims for cell in _cells_of(claim, dossier, results))


def _cells_of(
    claim: Claim, dossier: Dossier, results: tuple[StudyResult, ...]
) -> Iterator[ScopeCell]:
    findings = [one for result in results for one in result.findings if one.claim == claim.id]
    serving = {one.study for one in findings}
    yield _cell(claim, OVERALL_DIMENSION, "overall", OVERALL, findings)
    for dimension, value in claim.scope.items():
        levels = _levels(dimension, value, dossier, results, serving)
        for level in levels:
            stratum = Stratum(levels=((dimension, level),))
            yield _cell(claim, dimension, level, stratum, findings)
        if not levels:
            yield _unseen(claim, dimension, _words(value), f"no study looks at {dimension}")
        if value == "any" and dimension == "site":
            yield _new_site(claim, [one for one in results if one.study in serving])


def _cell(
    claim: Claim, dimension: str, level: str, stratum: Stratum, findings: Iterable[Finding]
) -> ScopeCell:
    here = [one for one in findings if one.measurement.stratum == stratum]
    by_endpoint = [
        [one for one in here if (one.measurement.metric, one.goal) == (end.metric, end.goal)]
        for end in claim.endpoints
    ]
    answers = [_over_studies(found) for found in by_endpoint]
    answer = _worst(answers)
    n_cases = max((one.measurement.n_cases for one in here), default=0)
    deciding = tuple(one for one in here if one.answer is answer)
    return ScopeCell(
        claim=claim.id,
        dimension=dimension,
        level=level,
        answer=answer,
        why=_why(answer, deciding, n_cases),
        n_cases=n_cases,
        findings=deciding,
    )


def _over_studies(found: list[Finding]) -> Answer:
    """One endpoint over the studies that serve the claim: a failure in one is a failure."""
    seen = [one.answer for one in found if one.answer is not Answer.UNSEEN]
    if not seen:
        return Answer.UNSEEN
    if Answer.FAILED in seen:
        return Answer.FAILED
    return Answer.SUPPORTED if Answer.SUPPORTED in seen else Answer.INCONCLUSIVE


def _worst(answers: list[Answer]) -> Answer:
    for answer in (Answer.FAILED, Answer.UNSEEN, Answer.INCONCLUSIVE):
        if answer in answers:
            return answer
    return Answer.SUPPORTED


def _why(answer: Answer, deciding: tuple[Finding, ...], n_cases: int) -> str:
    """Why a cell has its answer, with the numbers that decided."""
    if not n_cases:
        return "no cases"
    numbers = "; ".join(_number(one) for one in deciding) or "an endpoint was not measured"
    if answer is Answer.SUPPORTED:
        return f"{n_cases} cases: every endpoint clears its goal"
    return f"{n_cases} cases: {numbers}"


def _number(finding: Finding) -> str:
    """`sensitivity 0.61 (0.52 to 0.69), goal above 0.75`."""
    measurement, estimate = finding.measurement, finding.measurement.estimate
    goal = goal_words(finding)
    if estimate is None:
        why = measurement.why or "no cases that count for it"
        return f"{measurement.metric.words} not estimated ({why}), goal {goal}"
    return (
        f"{measurement.metric.words} {estimate.value:.3f} "
        f"({estimate.low:.3f} to {estimate.high:.3f}, n = {estimate.n}), goal {goal}"
    )


def goal_words(finding: Finding) -> str:
    """`above 0.8`."""
    return bound_words(finding.goal)


def bound_words(goal: Goal) -> str:
    """`above 0.80`: two decimals, more where the goal has them."""
    side, bound = ("above", goal.above) if goal.above is not None else ("below", goal.below)
    return f"{side} {bound:.2f}" if bound == round(bound or 0, 2) else f"{side} {bound:g}"


def _levels(
    dimension: str,
    value: ScopeValue,
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    serving: set[str],
) -> tuple[str, ...]:
    """The declared levels as strata name them; for `any`, the levels that were seen."""
    if isinstance(value, tuple):
        return tuple(_text(level) for level in value)
    seen = {
        level: None
        for result in results
        if result.study in serving
        for one in result.dimensions
        if one.name == dimension
        for level, _ in one.levels
    }
    if isinstance(value, Range):
        edges = _edges(dimension, dossier, serving)
        return tuple(level for level, band in edges.items() if _overlap(band, value))
    return tuple(seen)


def _edges(
    dimension: str, dossier: Dossier, serving: set[str]
) -> dict[str, tuple[float | None, float | None]]:
    """Bands of a dimension with their ends, by the names that strata give them."""
    bands: dict[str, tuple[float | None, float | None]] = {}
    for study in dossier.studies:
        if study.id not in serving:
            continue
        for one in study.dimensions:
            if one.name == dimension and one.bands is not None:
                bands.update(zip(band_names(one), _intervals(one.bands), strict=True))
    return bands


def _intervals(edges: tuple[float, ...]) -> list[tuple[float | None, float | None]]:
    lows: list[float | None] = [None, *edges]
    highs: list[float | None] = [*edges, None]
    return list(zip(lows, highs, strict=True))


def _overlap(band: tuple[float | None, float | None], wanted: Range) -> bool:
    low, high = band
    starts_below = wanted.to is None or low is None or low < wanted.to
    ends_above = wanted.from_ is None or high is None or high > wanted.from_
    return starts_below and ends_above


def _new_site(claim: Claim, results: list[StudyResult]) -> ScopeCell:
    """What the between-site spread says of a site that nobody has tested yet."""
    predictions = [
        (endpoint, one)
        for endpoint in claim.endpoints
        for result in results
        for one in result.new_site
        if one.metric is endpoint.metric
    ]
    covered = {endpoint for endpoint, _ in predictions}
    if len(covered) < len(set(claim.endpoints)):
        return _unseen(claim, "site", NEW_SITE, "too few sites to predict another")
    answers = {one: _against(one, end.goal.above, end.goal.below) for end, one in predictions}
    answer = _worst(list(answers.values()))
    words = "; ".join(
        f"{one.metric.words} expected between {one.estimate.low:.2f} and {one.estimate.high:.2f} "
        f"({one.estimate.level:.0%} prediction, {one.n_sites} sites)"
        for one, given in answers.items()
        if given is answer
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


def _unseen(claim: Claim, dimension: str, level: str, why: str) -> ScopeCell:
    return ScopeCell(
        claim=claim.id, dimension=dimension, level=level, answer=Answer.UNSEEN, why=why, n_cases=0
    )


def _text(level: Level) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _words(value: ScopeValue) -> str:
    if isinstance(value, Range):
        low = "" if value.from_ is None else f"from {value.from_:g}"
        high = "" if value.to is None else f"to {value.to:g}"
        return f"{low} {high}".strip() or "any"
    return value if isinstance(value, str) else ", ".join(map(_text, value))
