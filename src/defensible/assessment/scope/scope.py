"""What the evidence says of a claim's scope, put together: cells, family, widest scope, wording."""

from collections.abc import Sequence

from defensible.assessment.result import (
    ClaimScope,
    ScopeCell,
    Supported,
)
from defensible.assessment.scope import cells, declared
from defensible.assessment.scope.confounded import confounded
from defensible.assessment.scope.new_site import new_site
from defensible.assessment.scope.predictive import predictive
from defensible.assessment.scope.together import Plan, together
from defensible.assessment.scope.widest import Point, widest
from defensible.assessment.scope.wording import sentence
from defensible.dossier.claims import Claim
from defensible.dossier.dossier import Dossier
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence.finding import Answer, StudyResult

_LEVEL = 0.95
"""Level of a family that no study serves; nothing is tested in it."""


def scopes(dossier: Dossier, results: tuple[StudyResult, ...]) -> tuple[ClaimScope, ...]:
    """The scope of every claim, in the order of the dossier."""
    return tuple(_scope(claim, dossier, results) for claim in dossier.claims)


def _scope(claim: Claim, dossier: Dossier, results: tuple[StudyResult, ...]) -> ClaimScope:
    of = cells.found(claim, dossier, results)
    serving = [one for one in results if one.study in of.serving]
    overall, *levels = cells.singles(of)
    pairs = list(cells.pairs(of))
    family, held = together(of, [*levels, *pairs], _plan(dossier, serving))
    levels, pairs = list(held[: len(levels)]), list(held[len(levels) :])
    further = [new_site(claim, serving)] if claim.scope.get("site") == "any" else []
    whole, more = _widest(of, dossier, serving, levels, pairs, further)
    return ClaimScope(
        claim=claim.id,
        family=family if serving else None,
        cells=(overall, *_with_new_site(levels, further)),
        pairs=tuple(pairs),
        not_known=tuple(cells.not_known(of)),
        widest=tuple(whole),
        widest_cut=more,
        confounded=confounded(claim, serving),
        predictive=predictive(claim, serving),
    )


def _plan(dossier: Dossier, serving: Sequence[StudyResult]) -> Plan:
    names = {one.study for one in serving}
    level = max((one.level for one in serving), default=_LEVEL)
    analyses = {
        one.id: one.analysis
        for one in dossier.studies
        if one.id in names and isinstance(one, StandaloneStudy)
    }
    return Plan(analyses=analyses, alpha=round((1 - level) / 2, 12))


def _with_new_site(levels: Sequence[ScopeCell], further: list[ScopeCell]) -> list[ScopeCell]:
    """The site not yet seen after the sites that were."""
    last = max((at for at, one in enumerate(levels) if one.dimension == "site"), default=-1)
    return [*levels[: last + 1], *further, *levels[last + 1 :]] if further else list(levels)


def _widest(
    of: cells.Found,
    dossier: Dossier,
    serving: Sequence[StudyResult],
    levels: Sequence[ScopeCell],
    pairs: Sequence[ScopeCell],
    further: Sequence[ScopeCell],
) -> tuple[list[Supported], bool]:
    dimensions = list(of.claim.scope)
    if not dimensions:
        return [], False
    found, more = widest(dimensions, levels, pairs)
    bands = {name: declared.ends(name, dossier, set(of.serving)) for name in dimensions}
    seen = {dim.name: dim for one in serving for dim in one.dimensions}
    given = []
    for scope in found:
        inside = {name: tuple(level for at, level in scope if at == name) for name in dimensions}
        out = _dropped(scope, levels, pairs, further)
        given.append(
            Supported(
                levels=tuple(inside.items()),
                sentence=sentence(inside, out, bands, seen),
                dropped=tuple((one.dimension, one.level, one.why) for one in out),
                n_cases=_fewest(scope, levels),
            )
        )
    return given, more


def _dropped(
    scope: Sequence[Point],
    levels: Sequence[ScopeCell],
    pairs: Sequence[ScopeCell],
    further: Sequence[ScopeCell],
) -> list[ScopeCell]:
    """Declared levels outside the scope; the pair that keeps out one that is supported."""
    inside, out = set(scope), []
    for one in levels:
        point = one.stratum.levels[0] if one.stratum.levels else (one.dimension, one.level)
        if point in inside:
            continue
        if one.answer is Answer.SUPPORTED:
            out += [
                pair
                for pair in pairs
                if point in pair.stratum.levels
                and pair.answer is not Answer.SUPPORTED
                and inside & set(pair.stratum.levels)
            ][:1]
        else:
            out.append(one)
    return [*out, *(one for one in further if one.answer is not Answer.SUPPORTED)]


def _fewest(scope: Sequence[Point], levels: Sequence[ScopeCell]) -> int:
    """Cases of the dimension in which the scope holds fewest."""
    cases = {one.stratum.levels[0]: one.n_cases for one in levels if one.stratum.levels}
    by_dimension: dict[str, int] = {}
    for point in scope:
        by_dimension[point[0]] = by_dimension.get(point[0], 0) + cases.get(point, 0)
    return min(by_dimension.values(), default=0)
