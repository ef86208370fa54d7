"""Row 4, generalization: whatever sites there are; the declared scope, and a new site."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import OVERALL_DIMENSION, Cell, Link, Need, ScopeCell
from defensible.assessment.rubric.cells import cell
from defensible.assessment.rubric.too_few import corners
from defensible.assessment.scope import NEW_SITE, VERB
from defensible.dossier.claims import Claim
from defensible.evidence.finding import Answer, Stratum

_CLOSE = {
    Answer.FAILED: "improve the device there, or take {where} out of {claim}",
    Answer.INCONCLUSIVE: "add cases from {where}, or take it out of {claim}",
    Answer.UNSEEN: "study {where}, or take it out of {claim}",
}
_MORE_READERS = "have more readers read the cases from {where}, or take it out of {claim}"


def engineering(basis: Basis) -> Cell:
    """How many sites do the results of the device alone name?"""
    sites = {
        level: n
        for result in basis.alone
        for dimension in result.dimensions
        if dimension.name == "site"
        for level, n in dimension.levels
        if n
    }
    links = tuple(
        basis.study(result)
        for result in basis.alone
        if any(dimension.name == "site" for dimension in result.dimensions)
    )
    if not sites:
        need = Need(
            kind="data",
            what="no study of the device alone gives results by site",
            close="name the site of each case, and `site` as a dimension",
        )
        return cell(
            "No study of the device alone gives results by site.", [need], some=bool(basis.alone)
        )
    named = listed([f"{site} ({n})" for site, n in sites.items()])
    needs = []
    if len(sites) == 1:
        needs = [
            Need(
                kind="data",
                what=f"all cases come from one site, {named}",
                close="add cases from another site",
                links=links,
            )
        ]
    return cell(f"Results are given for {named}.", needs, some=True, links=links)


def regulatory(basis: Basis) -> Cell:
    """Does every level that the claims cover clear its goals, and a site not yet seen?"""
    if not basis.dossier.claims:
        need = Need(
            kind="claims",
            what="there is no claim, so no population or conditions to cover",
            close="write the claims, each with its scope",
            links=(basis.link("claims.yaml", "claims.yaml"),),
        )
        return cell("No claim, so nothing to generalize to.", [need], some=False)
    inside = [one for one in basis.cells if one.dimension != OVERALL_DIMENSION]
    thin = corners(basis)
    needs = [*_undeclared(basis), *_needs(basis, inside), *_pairs(basis), *thin.values()]
    supported = [one for one in inside if one.answer is Answer.SUPPORTED]
    if not inside:
        reason = "No claim declares a scope, so it covers nothing that can be tested."
    elif not needs:
        reason = f"All {counted(len(inside), 'level')} of the declared scope clear their goals."
    else:
        levels = counted(len(inside), "declared level")
        reason = f"{len(supported)} of {levels} supported{_by(inside)}{_few(list(thin))}"
    links: tuple[Link, ...] = tuple(basis.study(one) for one in basis.results if one.findings)
    return cell(reason, needs, some=bool(supported), links=links)


def _by(cells: list[ScopeCell]) -> str:
    """`; fails: site Hungary; not settled: site Switzerland (123)...`."""
    labels = {Answer.FAILED: "fails", Answer.INCONCLUSIVE: "not settled", Answer.UNSEEN: "unseen"}
    parts = []
    for answer, label in labels.items():
        names = [
            f"{one.name} ({one.n_cases})" if one.n_cases else one.name
            for one in cells
            if one.answer is answer
        ]
        if names:
            parts.append(f"{label}: {listed(names, most=8)}")
    return f"; {'; '.join(parts)}." if parts else "."


def _few(corners: list[str]) -> str:
    return f" Too few to tell: {listed(corners, most=8)}." if corners else ""


def _needs(basis: Basis, cells: list[ScopeCell]) -> list[Need]:
    """One need for each level that is not supported, worst first."""
    needs = []
    for answer in VERB:
        for one in cells:
            if one.answer is answer:
                close = _close(one)
                needs.append(
                    Need(
                        kind="generalization",
                        what=f"{one.claim} {VERB[answer]} for {one.name}: {one.why}",
                        close=close,
                        links=(basis.identified(one.claim),),
                    )
                )
    return needs


def _pairs(basis: Basis) -> list[Need]:
    """Pairs of levels that fail though neither level does: what margins hide."""
    failing = {one.stratum for one in basis.cells if one.answer is Answer.FAILED}
    return [
        Need(
            kind="generalization",
            what=f"{one.claim} fails for {one.name}, and for neither alone: {one.why}",
            close=_close(one),
            links=(basis.identified(one.claim),),
        )
        for scope in basis.scopes
        for one in scope.pairs
        if one.answer is Answer.FAILED
        and not any(Stratum(levels=(level,)) in failing for level in one.stratum.levels)
    ]


def _close(one: ScopeCell) -> str:
    if one.level == NEW_SITE:
        return f"study more sites, or name in {one.claim} the sites that it is about"
    close = _CLOSE[one.answer]
    if one.further_readers and not one.further:
        close = _MORE_READERS
    return close.format(where=one.name, claim=one.claim) + _further(one)


def _further(one: ScopeCell) -> str:
    if one.further_readers:
        cases = f"{one.further:,} more, or with as many cases " if one.further else ""
        return f" (about {cases}{counted(one.further_readers, 'more reader')}, at the value seen)"
    return f" (about {one.further:,} more at the rate seen)" if one.further else ""


def _undeclared(basis: Basis) -> list[Need]:
    """Dimensions that the intended use names and a claim's scope leaves out."""
    use = basis.dossier.intended_use
    named = {
        "age": use.population is not None and use.population.age_years is not None,
        "sex": use.population is not None and use.population.sex is not None,
        "vendor": use.acquisition is not None and bool(use.acquisition.vendors),
        "site": True,
    }
    return [
        Need(
            kind="claims",
            what=f"{claim.id} does not say how far it reaches in {listed(absent)}",
            close=f"declare {listed(absent)} in the scope of {claim.id}",
            links=(basis.identified(claim.id),),
        )
        for claim in basis.dossier.claims
        if (absent := _absent(claim, [name for name, given in named.items() if given]))
    ]


def _absent(claim: Claim, dimensions: list[str]) -> list[str]:
    return [name for name in dimensions if name not in claim.scope]
