"""What a report says, before anyone decides how it looks: selected, ordered, in words.

Faces (text, page) take their sentences from here, so that they cannot say different things.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from defensible.assessment.result import (
    OVERALL_DIMENSION,
    Assessment,
    Gap,
    Link,
    ScopeCell,
    Status,
)
from defensible.documents import numbers
from defensible.documents.words import METRIC, METRIC_INSIDE, clean, short
from defensible.dossier.claims import Claim, ClaimEndpoint, Goal, MetricName
from defensible.evidence.finding import (
    AS_OUTPUT,
    OVERALL,
    Answer,
    Finding,
    JoinLedger,
    Measurement,
    StudyResult,
    Tally,
)
from defensible.evidence.new_site_finding import NewSite
from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    RuleTrace,
    SchemeAnswer,
)
from defensible.risk.review import Check, RiskReview

LEAVING = ("left out", "excluded", AS_OUTPUT)
FEW = 10
"""Fewer cases of a class than this, and a stratum is called thin."""
WORST_FIRST = (Answer.FAILED, Answer.INCONCLUSIVE, Answer.UNSEEN, Answer.SUPPORTED)
"""Worst first; between open answers the one that the data decided comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many of the cells that a question asks about are met."""

    met: int
    asked: int

    def __str__(self) -> str:
        """`3 of 8 rows met`."""
        return f"{self.met} of {numbers.counted(self.asked, 'row')} met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One line of evidence against one bound: what was asked, what was found, the answer."""

    name: str
    found: str
    asked: str
    rests_on: str
    study: str
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPicture:
    """An endpoint of a claim with every finding that speaks of it, study by study."""

    claim: Claim
    endpoint: ClaimEndpoint
    findings: tuple[Finding, ...]
    new_site: tuple[tuple[str, NewSite], ...]
    """Study and its prediction."""


def counts(assessment: Assessment) -> tuple[Count, Count]:
    """Rows met under each question, of those that the question asks about."""
    sides = (
        [row.engineering.status for row in assessment.rows],
        [row.regulatory.status for row in assessment.rows],
    )
    engineering, regulatory = (
        Count(
            met=side.count(Status.MET),
            asked=len(side) - side.count(Status.NOT_APPLICABLE),
        )
        for side in sides
    )
    return engineering, regulatory


def criteria(assessment: Assessment) -> tuple[Standing, ...]:
    """Every acceptance criterion of the device alone with what was measured, worst first."""
    found = [
        Standing(
            name=METRIC[one.criterion.metric.value],
            found=_found(one.measurement),
            asked=f"{numbers.goal(one.criterion.goal)} by {one.criterion.by}",
            rests_on=numbers.denominator(one.measurement),
            study=result.study,
            answer=Answer.SUPPORTED if one.met else Answer.FAILED,
        )
        for result in assessment.results
        if result.readers is None and result.usability is None
        for one in result.criteria
    ]
    return tuple(sorted(found, key=lambda one: one.answer is Answer.SUPPORTED))


def _found(measurement: Measurement) -> str:
    if measurement.estimate is None:
        return f"not estimated: {measurement.why or 'no case counts for it'}"
    return numbers.figure(measurement.estimate)


def scope_of(assessment: Assessment, claim: str) -> tuple[ScopeCell, ...]:
    """The declared levels of a claim, worst first, without the claim as a whole."""
    cells = [
        one for one in assessment.cells if one.claim == claim and one.dimension != OVERALL_DIMENSION
    ]
    return tuple(sorted(cells, key=lambda one: WORST_FIRST.index(one.answer)))


def overall_of(assessment: Assessment, claim: str) -> ScopeCell | None:
    """The cell of the claim as a whole."""
    for one in assessment.cells:
        if one.claim == claim and one.dimension == OVERALL_DIMENSION:
            return one
    return None


def overall_numbers(assessment: Assessment, claim: str) -> str:
    """`AUC 0.864 clears 0.80, specificity 0.580 fails 0.65`: all cases of each study."""
    said = [
        f"{metric_of(one)} {one.measurement.estimate.value:.3f} "
        f"{_VERB[one.answer]} {numbers.goal(one.goal).split()[-1]}"
        for result in assessment.results
        for one in result.findings
        if one.claim == claim and one.measurement.stratum == OVERALL and one.measurement.estimate
    ]
    return ", ".join(said)


def metric_of(one: Finding | ClaimEndpoint, *, named: Mapping[str, str] = METRIC_INSIDE) -> str:
    """`AUC difference (with score less unaided)`: the metric, and the conditions that are named."""
    metric = one.measurement.metric if isinstance(one, Finding) else one.metric
    pair = clean(one.pair.removeprefix(", "))
    return named[metric.value] + (f" ({pair})" if pair else "")


_VERB = {
    Answer.SUPPORTED: "clears",
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "does not settle",
    Answer.UNSEEN: "says nothing of",
}


def by_answer(cells: tuple[ScopeCell, ...]) -> Iterator[tuple[Answer, tuple[ScopeCell, ...]]]:
    """The cells of each answer that occurs, worst first."""
    for answer in WORST_FIRST:
        having = tuple(one for one in cells if one.answer is answer)
        if having:
            yield answer, having


def support(cells: tuple[ScopeCell, ...]) -> str:
    """`2 of 11 declared levels supported`."""
    supported = sum(one.answer is Answer.SUPPORTED for one in cells)
    return f"{supported} of {numbers.counted(len(cells), 'declared level')} supported"


def class_counts(cell: ScopeCell) -> tuple[int, ...] | None:
    """Diseased and healthy cases of a level, or all where they have no classes; None unseen."""
    if not cell.findings:
        return None
    most = max(cell.findings, key=lambda one: one.measurement.n_cases).measurement
    if most.n_cases and not most.n_diseased + most.n_healthy:
        return (most.n_cases,)
    return most.n_diseased, most.n_healthy


def levels_with_counts(cells: tuple[ScopeCell, ...]) -> list[str]:
    """`site: Switzerland 115/8, VA Long Beach 149/51`: levels with diseased/healthy cases."""
    by_dimension: dict[str, list[str]] = {}
    for cell in cells:
        found = class_counts(cell)
        with_counts = f" {'/'.join(f'{n:,}' for n in found)}" if found else ""
        level = f"{short(cell.level, 40)}{with_counts}"
        by_dimension.setdefault(short(cell.dimension, 40), []).append(level)
    return [f"{dimension}: {', '.join(levels)}" for dimension, levels in by_dimension.items()]


def thin(assessment: Assessment, claim: str) -> tuple[Measurement, ...]:
    """Strata of the claim's findings with fewer than ten cases of a class, thinnest first."""
    found = {
        one.measurement.stratum: one.measurement
        for result in assessment.results
        for one in result.findings
        if one.claim == claim
        and one.measurement.stratum != OVERALL
        and one.measurement.n_cases
        and one.measurement.fewest < FEW
    }
    return tuple(sorted(found.values(), key=lambda one: one.fewest))


def thin_words(one: Measurement) -> str:
    """`site Switzerland (115 diseased, 8 healthy)`."""
    return f"{short(str(one.stratum), 60)} ({one.counts})"


def pictures(assessment: Assessment) -> tuple[EndpointPicture, ...]:
    """Each endpoint of each claim, with the findings that the studies give for it."""
    found = []
    for claim in assessment.dossier.claims:
        for endpoint in claim.endpoints:
            findings = tuple(
                one
                for result in assessment.results
                for one in result.findings
                if one.claim == claim.id and one.answers(endpoint)
            )
            serving = {one.study for one in findings}
            predicted = tuple(
                (result.study, one)
                for result in assessment.results
                if result.study in serving
                for one in result.new_site
                if one.metric is endpoint.metric
            )
            found.append(
                EndpointPicture(
                    claim=claim, endpoint=endpoint, findings=findings, new_site=predicted
                )
            )
    return tuple(found)


def goals_for(
    result: StudyResult, metric: MetricName, condition: str | None = None
) -> tuple[Goal, ...]:
    """Goals that claims set for a metric which this study measured, each once.

    Parameters
    ----------
    condition : str or None
        Of a reader study, the condition held against the unaided one; None is the aided one.
    """
    names = result.readers.conditions if result.readers is not None else ()
    unaided, aided = (*names, "", "")[:2]
    pair = (condition or aided, unaided)
    goals = (
        one.goal
        for one in result.findings
        if one.measurement.metric is metric and one.measurement.stratum == OVERALL
        if (one.condition or aided, one.against or unaided) == pair
    )
    return tuple(dict.fromkeys(goals))


def overall_measurements(result: StudyResult) -> tuple[Measurement, ...]:
    """What the study measured on all its cases."""
    return tuple(one for one in result.measurements if one.stratum == OVERALL)


def leaving(ledger: JoinLedger) -> tuple[Tally, ...]:
    """Why rows left: with `n_analysed` they sum to `n_read`."""
    return tuple(one for one in ledger.tallies if one.treated in LEAVING)


def staying(ledger: JoinLedger) -> tuple[Tally, ...]:
    """What was seen of rows that stayed."""
    return tuple(one for one in ledger.tallies if one.treated not in LEAVING)


def balance(ledger: JoinLedger) -> str:
    """`920 rows read, 101 analysed (56 diseased, 45 healthy)`."""
    n_cases = ledger.n_diseased + ledger.n_healthy
    if not n_cases:
        return (
            f"{numbers.counted(ledger.n_read, 'row')} read, "
            f"{numbers.counted(ledger.n_analysed, ledger.unit)} analysed"
        )
    of_cases = "" if ledger.unit == "case" else f" of {numbers.counted(n_cases, 'case')}"
    same = ledger.n_patients in {None, n_cases}
    patients = "" if same else f" of {numbers.counted(ledger.n_patients or 0, 'patient')}"
    return (
        f"{numbers.counted(ledger.n_read, 'row')} read, "
        f"{numbers.counted(ledger.n_analysed, ledger.unit)} analysed{of_cases}{patients} "
        f"({ledger.n_diseased:,} diseased, {ledger.n_healthy:,} healthy)"
    )


def link_words(link: Link) -> str:
    """`S-held-out (studies/held-out.yaml:1)`: what a status rests on, in one word or two."""
    if link.place is None:
        return link.text
    place = str(link.place)
    return place if link.text in (place, link.place.file) else f"{link.text} ({place})"


def market_facts(market: MarketAnswer) -> tuple[str, ...]:
    """`class II`, `21 CFR 892.2080`, `product code QAS`, `510(k)`: what the rules decide.

    `rule 11` stands beside the class where the market numbers its rules.
    """
    codes = ", ".join(market.product_codes)
    facts = (
        market.device_class and f"class {market.device_class}",
        market.rule and f"rule {market.rule}",
        market.regulation,
        codes and f"product code {codes}",
        market.pathway and f"pathway {market.pathway}",
        market.confidence and f"confidence of the facts {market.confidence}",
    )
    return tuple(clean(fact) for fact in facts if fact)


def rule_words(trace: RuleTrace) -> str:
    """`Radiological triage (us.triage): 21 CFR 892.2080, read on 2026-09-01`."""
    return clean(
        f"{trace.title} ({trace.rule}): {trace.citation.source}, read on {trace.citation.read_on}"
    )


def sorted_into(classification: Classification) -> tuple[tuple[str, str | None], ...]:
    """Each scheme and its category, as `Software safety class: C`, and what an open one asks."""
    within = (one for market in classification.markets for one in market.schemes)
    schemes: list[SchemeAnswer] = [*within, *classification.schemes]
    imdrf = classification.imdrf
    category = (imdrf.device_class or "open") if imdrf else None
    first = ((f"IMDRF category: {category}", imdrf.ask if imdrf else None),) if category else ()
    return (*first, *((clean(f"{one.title}: {one.sorted_into}"), one.ask) for one in schemes))


def asked(claim: Claim) -> str:
    """`sensitivity above 0.75, AUC above 0.80`: what the claim's endpoints ask."""
    return ", ".join(f"{metric_of(one)} {numbers.goal(one.goal)}" for one in claim.endpoints)


def unmeasured(taken: tuple[Measurement, ...]) -> dict[str, list[str]]:
    """Why something was not estimated, and the metrics of which that is true."""
    found: dict[str, list[str]] = {}
    for one in taken:
        if one.estimate is None:
            found.setdefault(one.why or "no case counts for it", []).append(
                METRIC[one.metric.value]
            )
    return found


def open_checks(review: RiskReview) -> dict[str, list[Check]]:
    """Requirements that the risk file misses, by the reason why."""
    found: dict[str, list[Check]] = {}
    for check in review.open_checks:
        found.setdefault(check.why, []).append(check)
    return found


def order_words(gap: Gap) -> str:
    """`; blocks 3 others; waits for G6R1`: the gap's place in the order, if it has one."""
    parts = []
    if gap.blocks:
        parts.append(f"blocks {numbers.counted(len(gap.blocks), 'other')}")
    if gap.waits_for:
        shown = ", ".join(gap.waits_for[:3])
        more = len(gap.waits_for) - 3
        parts.append(f"waits for {shown}{f' and {more} more' if more > 0 else ''}")
    return "".join(f"; {part}" for part in parts)


def methods(measured: list[Measurement]) -> dict[str, list[str]]:
    """`95% Wilson` and the metrics whose intervals it made."""
    found: dict[str, list[str]] = {}
    for one in measured:
        if one.estimate is not None:
            name = f"{numbers.level(one.estimate.level)} {clean(one.estimate.method)}"
            found.setdefault(name, []).append(METRIC[one.metric.value])
    return found
