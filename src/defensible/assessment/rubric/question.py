"""Row 2, core question: performs as specified; safe and effective for the intended use."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Need, ScopeCell
from defensible.assessment.rubric.cells import cell
from defensible.assessment.scope import VERB, bound_words
from defensible.evidence.finding import Answer, CriterionResult


def engineering(basis: Basis) -> Cell:
    """Were acceptance criteria named, and met?"""
    if not basis.criteria:
        need = Need(
            kind="protocol",
            what="no study names an acceptance criterion",
            close="name acceptance criteria in a study before its data are opened",
        )
        return cell("No acceptance criterion is named.", [need], some=False)
    needs = [
        Need(
            kind="engineering-evidence",
            what=f"{result.study}: {_criterion(one)}",
            close="improve the model, or state with reasons why the criterion was wrong, "
            "then test on data not yet opened",
            links=(basis.study(result),),
        )
        for result, one in basis.criteria
        if not one.met
    ]
    studies = tuple(dict.fromkeys(basis.study(result) for result, _ in basis.criteria))
    met = [_criterion(one) for _, one in basis.criteria if one.met]
    n = len(basis.criteria)
    reason = f"{len(met)} of {counted(n, 'acceptance criterion', 'acceptance criteria')} met"
    missed = [_criterion(one) for _, one in basis.criteria if not one.met]
    told = f"{reason}: {listed(met)}." if met else f"{reason}."
    told += f" Not met: {listed(missed)}." if missed else ""
    return cell(told, needs, some=bool(met), links=studies)


def _criterion(one: CriterionResult) -> str:
    """`AUC 0.905 (0.844 to 0.966) against above 0.8 by interval`."""
    metric, bound = one.criterion.metric.words, bound_words(one.criterion.goal)
    estimate = one.measurement.estimate
    if estimate is None:
        return f"{metric} could not be estimated ({one.measurement.why}), {bound} asked"
    return (
        f"{metric} {estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f}), "
        f"{bound} asked by {one.criterion.by}"
    )


def regulatory(basis: Basis) -> Cell:
    """Is every claim defended, and overall residual risk judged acceptable?"""
    claims = [claim.id for claim in basis.dossier.claims]
    if not claims:
        need = Need(
            kind="claims",
            what="the dossier makes no claim",
            close="write the claims that labeling will make, each with scope and goals",
            links=(basis.link("claims.yaml", "claims.yaml"),),
        )
        return cell("No claim is declared: there is nothing to defend.", [need], some=False)
    needs, defended = [], []
    for claim in claims:
        open_cells = [
            one for one in basis.cells if one.claim == claim and one.answer is not Answer.SUPPORTED
        ]
        if open_cells:
            needs.append(_undefended(basis, claim, open_cells))
        else:
            defended.append(claim)
    if basis.risk.overall_acceptable is not True:
        file = basis.dossier.place("risks.yaml").file
        needs.append(
            Need(
                kind="overall-risk",
                what="overall residual risk is not judged acceptable on a complete risk file",
                close="complete the risk file, then judge overall residual risk (ISO 14971, 8)",
                links=(basis.link(file, "risks.yaml", "overall"),),
            )
        )
    reason = (
        "Every claim is defended over its scope and overall residual risk is judged acceptable."
        if not needs
        else f"{len(defended)} of {counted(len(claims), 'claim')} defended: {needs[0].what}."
    )
    links = tuple(basis.identified(claim) for claim in claims)
    return cell(reason, needs, some=bool(defended), links=links)


def _undefended(basis: Basis, claim: str, cells: list[ScopeCell]) -> Need:
    groups = []
    for answer, verb in VERB.items():
        names = [one.name for one in cells if one.answer is answer]
        if names:
            groups.append(f"{verb} for {listed(names, most=3)}")
    return Need(
        kind="claims-defended",
        what=f"{claim} {'; '.join(groups)}",
        close=f"gather the evidence that {claim} lacks, or narrow {claim} to what is supported",
        links=(basis.identified(claim),),
    )
