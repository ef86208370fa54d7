"""Each claim's declared scope as cells: overall, level by level, and pairs of levels.

Here each cell has the answer of its own intervals: supported only where every endpoint clears its
goal, failed where one is excluded. What no study looked at is unseen, which is not the same as
failed. `together` then holds the cells of one claim against each other.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product

from defensible.assessment.result import OVERALL_DIMENSION, ScopeCell
from defensible.assessment.scope import declared
from defensible.dossier.claims import PAIR, Claim, Goal
from defensible.dossier.dossier import Dossier
from defensible.evidence.finding import OVERALL, Answer, Finding, Stratum, StudyResult
from defensible.evidence.strata import NOT_KNOWN

VERB = {
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "is not settled",
    Answer.UNSEEN: "has no evidence",
}
"""What a claim does where it is not supported, worst first."""

Key = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The findings of one claim by stratum, whatever the order of its dimensions."""

    claim: Claim
    by_stratum: Mapping[Key, tuple[Finding, ...]]
    levels: Mapping[str, tuple[str, ...]]
    """Declared levels of each dimension of the scope, as strata name them."""
    serving: frozenset[str]

    def at(self, stratum: Stratum) -> tuple[Finding, ...]:
        """The findings of a stratum."""
        return self.by_stratum.get(frozenset(stratum.levels), ())


def found(claim: Claim, dossier: Dossier, results: tuple[StudyResult, ...]) -> Found:
    """What the studies found of a claim, and the levels that it declares."""
    by_stratum: dict[Key, list[Finding]] = {}
    for result in results:
        for one in (*result.findings, *result.pairs):
            if one.claim == claim.id:
                key = frozenset(one.measurement.stratum.levels)
                by_stratum.setdefault(key, []).append(one)
    serving = {one.study for ones in by_stratum.values() for one in ones}
    return Found(
        claim=claim,
        by_stratum={key: tuple(ones) for key, ones in by_stratum.items()},
        levels={
            dimension: declared.levels(dimension, value, dossier, results, serving)
            for dimension, value in claim.scope.items()
        },
        serving=frozenset(serving),
    )


def singles(of: Found) -> Iterator[ScopeCell]:
    """Overall, then each declared level; a dimension that no study looks at is one unseen cell."""
    yield _cell(of, OVERALL_DIMENSION, "overall", OVERALL)
    for dimension, levels in of.levels.items():
        for level in levels:
            yield _cell(of, dimension, level, Stratum(levels=((dimension, level),)))
        if not levels:
            words = declared.words(of.claim.scope[dimension])
            yield unseen(of.claim, dimension, words, f"no study looks at {dimension}")


def pairs(of: Found) -> Iterator[ScopeCell]:
    """A declared level of each of two dimensions, for every two dimensions of the scope."""
    for (one, first), (other, second) in combinations(of.levels.items(), 2):
        for a, b in product(first, second):
            stratum = Stratum(levels=((one, a), (other, b)))
            yield _cell(of, f"{one}{PAIR}{other}", f"{a}{PAIR}{b}", stratum)


def not_known(of: Found) -> Iterator[ScopeCell]:
    """Cases whose level of a dimension is not known; no claim can say that it covers them."""
    for dimension in of.levels:
        stratum = Stratum(levels=((dimension, NOT_KNOWN),))
        if any(one.measurement.n_cases for one in of.at(stratum)):
            yield _cell(of, dimension, NOT_KNOWN, stratum)


def endpoints(of: Found, stratum: Stratum) -> list[list[Finding]]:
    """The findings of a stratum, endpoint by endpoint."""
    here = of.at(stratum)
    return [[one for one in here if one.answers(end)] for end in of.claim.endpoints]


def _cell(of: Found, dimension: str, level: str, stratum: Stratum) -> ScopeCell:
    here = of.at(stratum)
    answer = worst(_over_studies(found) for found in endpoints(of, stratum))
    n_cases = max((one.measurement.n_cases for one in here), default=0)
    deciding = tuple(one for one in here if one.answer is answer)
    return ScopeCell(
        claim=of.claim.id,
        dimension=dimension,
        level=level,
        answer=answer,
        why=_why(answer, deciding, n_cases),
        n_cases=n_cases,
        findings=deciding,
        stratum=stratum,
        alone=answer,
    )


def _over_studies(found: list[Finding]) -> Answer:
    """One endpoint over the studies that serve the claim: a failure in one is a failure."""
    seen = [one.answer for one in found if one.answer is not Answer.UNSEEN]
    if not seen:
        return Answer.UNSEEN
    if Answer.FAILED in seen:
        return Answer.FAILED
    return Answer.SUPPORTED if Answer.SUPPORTED in seen else Answer.INCONCLUSIVE


def worst(answers: Iterable[Answer]) -> Answer:
    """The worst of the answers of several endpoints."""
    given = set(answers)
    for answer in (Answer.FAILED, Answer.UNSEEN, Answer.INCONCLUSIVE):
        if answer in given:
            return answer
    return Answer.SUPPORTED


def _why(answer: Answer, deciding: tuple[Finding, ...], n_cases: int) -> str:
    """Why a cell has its answer, with the numbers that decided."""
    if not n_cases:
        return "no cases"
    numbers = "; ".join(number(one) for one in deciding) or "an endpoint was not measured"
    if answer is Answer.SUPPORTED:
        return f"{n_cases} cases: every endpoint clears its goal"
    return f"{n_cases} cases: {numbers}"


def number(finding: Finding) -> str:
    """`sensitivity 0.61 (0.52 to 0.69), goal above 0.75`."""
    measurement, estimate = finding.measurement, finding.measurement.estimate
    goal, name = bound_words(finding.goal), measurement.metric.words + finding.pair
    if estimate is None:
        why = measurement.why or "no cases that count for it"
        return f"{name} not estimated ({why}), goal {goal}"
    return (
        f"{name}{',' if finding.pair else ''} {estimate.value:.3f} "
        f"({estimate.low:.3f} to {estimate.high:.3f}, n = {estimate.n}), goal {goal}"
    )


def bound_words(goal: Goal) -> str:
    """`above 0.80`: two decimals, more where the goal has them."""
    side, bound = ("above", goal.above) if goal.above is not None else ("below", goal.below)
    return f"{side} {bound:.2f}" if bound == round(bound or 0, 2) else f"{side} {bound:g}"


def unseen(claim: Claim, dimension: str, level: str, why: str) -> ScopeCell:
    """A cell that no study looked at."""
    return ScopeCell(
        claim=claim.id, dimension=dimension, level=level, answer=Answer.UNSEEN, why=why, n_cases=0
    )
