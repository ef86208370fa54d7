"""Row 3, performance evidence: intervals on held-out data; evidence linked to every claim."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import OVERALL_DIMENSION, Cell, Need, ScopeCell
from defensible.assessment.rubric.cells import cell
from defensible.assessment.scope import VERB
from defensible.dossier.claims import Claim
from defensible.evidence import further_read
from defensible.evidence.finding import Answer, StudyResult
from defensible.evidence.freshness import State


def engineering(basis: Basis) -> Cell:
    """Are there metrics with intervals, on cases shown to be held out?"""
    beside = tuple(one for one in basis.results if one.against_readers is not None)
    alone = basis.alone or beside  # the device alone is measured beside readers, too
    if not alone:
        what = "no study of the device alone" if basis.results else "no study"
        need = Need(
            kind="protocol",
            what=f"{what} has been run",
            close="write a standalone study and give it a table of held-out cases",
        )
        return cell(f"{what.capitalize()}, so no metric.", [need], some=False)
    judged = [result for result in alone if result.criteria] or alone
    needs = [one for result in judged for one in _held_out(basis, result)]
    leaking = any(result.held_out and result.held_out.n_shared for result in judged)
    n = sum(
        result.ledger.n_analysed if result.readers is None else result.readers.n_cases
        for result in judged
    )
    compared = sum(result.held_out.n_development for result in judged if result.held_out)
    reason = (
        f"Metrics with intervals on {counted(n, 'case')}; "
        f"none is among the {compared:,} development cases."
        if not needs
        else f"{needs[0].what[0].upper()}{needs[0].what[1:]}."
    )
    links = tuple(basis.study(result) for result in judged)
    return cell(reason, needs, some=not leaking, links=links)


def _held_out(basis: Basis, result: StudyResult) -> list[Need]:
    held = result.held_out
    if held is not None and not held.n_shared and held.n_study:
        return []
    if held is None:
        what = f"nothing shows that the cases of {result.study} were held out"
        close = f"list the development cases under `development` in {result.study}"
    else:
        what = (
            f"{counted(held.n_shared, held.compared)} of {result.study} "
            f"{'is' if held.n_shared == 1 else 'are'} also among the development cases"
        )
        close = f"take development cases out of {result.study}"
    return [Need(kind="data", what=what, close=close, links=(basis.study(result),))]


def regulatory(basis: Basis) -> Cell:
    """Is clinical evidence linked to each declared claim, and does it clear its goals overall?"""
    claims = basis.dossier.claims
    if not claims:
        need = Need(
            kind="claims",
            what="evidence can only be linked to a claim, and there is none",
            close="write the claims first",
            links=(basis.link("claims.yaml", "claims.yaml"),),
        )
        return cell("No claim to link evidence to.", [need], some=False)
    needs: list[Need] = []
    cleared = 0
    for claim in claims:
        found = _claim(basis, claim)
        needs += found
        cleared += not found
    linked = [one for one in basis.results if one.findings]
    reason = (
        f"Every endpoint of {counted(len(claims), 'claim')} clears its goal overall."
        if not needs
        else f"{needs[0].what[0].upper()}{needs[0].what[1:]}."
    )
    links = tuple(basis.study(result) for result in linked)
    said = " ".join([reason, *_seals(basis)])
    return cell(said, needs, some=bool(linked), links=links)


def _seals(basis: Basis) -> list[str]:
    """What a reader of the figures should know of their seals: stale ones, and test sets reused."""
    standings = basis.record.standings if basis.record else ()
    stale = [
        f"The seal of {one.study} is stale: {one.why[0]}."
        for one in standings
        if one.state is State.STALE
    ]
    reused = dict.fromkeys(
        f"The test set {reuse.words}."
        for one in standings
        for reuse in one.reuse
        if reuse.n_plans > reuse.n_studies
    )
    return [*stale, *reused]


def _claim(basis: Basis, claim: Claim) -> list[Need]:
    serving = [one for one in basis.results if any(f.claim == claim.id for f in one.findings)]
    if not serving:
        return [
            Need(
                kind="protocol",
                what=f"no study serves {claim.id}",
                close=f"design a study for {claim.id} and name it there",
                links=(basis.identified(claim.id),),
            )
        ]
    overall = next(
        one for one in basis.cells if (one.claim, one.dimension) == (claim.id, OVERALL_DIMENSION)
    )
    links = tuple(basis.study(result) for result in serving)
    needs = []
    if overall.answer is not Answer.SUPPORTED:
        needs.append(
            Need(
                kind="clinical-evidence",
                what=f"{claim.id} overall {VERB[overall.answer]}: {overall.why}",
                close=_settle(claim.id, overall),
                links=links,
            )
        )
    undeclared = [one.study for one in serving if one.sampling is None]
    if undeclared:
        needs.append(
            Need(
                kind="protocol",
                what=f"{listed(undeclared)} does not say how its cases were sampled",
                close=f"declare `sampling` in {listed(undeclared)}",
                links=links,
            )
        )
    return needs


def _settle(claim: str, overall: ScopeCell) -> str:
    if overall.answer is Answer.FAILED:
        return f"improve the device or lower what {claim} claims; test on data not yet opened"
    open_ = [one for one in overall.findings if one.answer is Answer.INCONCLUSIVE]
    further = [one.further for one in open_ if one.further is not None]
    read = [told for one in open_ if (told := further_read.in_words(one))]
    if len(read) == len(open_) == 1:
        return f"plan a larger study of {claim}: at the value seen, {read[0]}"
    if further and len(further) == len(open_):
        most = counted(max(further), "case")
        return f"add about {most} (at the rate seen), in a new study of {claim}"
    return f"study {claim} on enough cases of every kind that its endpoints need"
