"""Row 6, intended use: may be implicit; explicit and frozen before the evidence."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Need
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.intended_use import OPTIONAL, IntendedUse, undeclared
from defensible.evidence.freshness import Standing, State
from defensible.ledger.frozen import INTENDED_USE, claim

CLAIM = claim("")


def engineering(basis: Basis) -> Cell:
    """Engineering validation does not ask for one."""
    n = len(basis.results)
    return not_applicable(
        "Engineering validation can leave it implicit: "
        f"{counted(n, 'study question stands', 'study questions stand')} in for it."
        if n
        else "Engineering validation can leave it implicit."
    )


def regulatory(basis: Basis) -> Cell:
    """Is the intended use explicit, and fixed before the evidence?"""
    use = basis.dossier.intended_use
    file = "intended-use.yaml"
    missing = undeclared(use)
    needs = []
    if missing:
        needs.append(
            Need(
                kind="intended-use",
                what=f"{counted(len(missing), 'field')} not declared: {listed(missing, most=20)}",
                close=f"declare {listed(missing, most=20)} in {file}",
                links=(basis.link(file, file),),
            )
        )
    order = _order(basis)
    needs += order
    total = len(IntendedUse.model_fields) - len(OPTIONAL)
    if missing:
        reason = f"{len(missing)} of {total} fields are not declared: {listed(missing)}."
    elif order and basis.record is not None and basis.record.freeze is not None:
        reason = f"Explicit in every field; {order[0].what}."
    elif order:
        reason = "Explicit in every field; nothing shows that it came before the evidence."
    else:
        reason = "Explicit in every field, and frozen before any run opened the data."
    return cell(reason, needs, some=use.statement is not None, links=(basis.link(file, file),))


def _order(basis: Basis) -> list[Need]:
    """What is missing to show that intended use and claims came before the evidence."""
    link = (basis.link("intended-use.yaml", "intended-use.yaml"),)
    record = basis.record
    if record is None or record.freeze is None:
        return [
            Need(
                kind="freeze",
                what="nothing shows that the intended use was fixed before the data were opened",
                close="fix the intended use and claims under seal (`defensible freeze`) before the "
                "next data are opened",
                links=link,
            )
        ]
    needs = [
        Need(
            kind="freeze",
            what=f"{one.part} is not as it was frozen: {listed(list(one.words))}",
            close="take the change back, or freeze again before the next data are opened",
            links=link,
        )
        for one in record.changes
        if one.part == INTENDED_USE or one.part.startswith(CLAIM)
    ]
    return needs + [
        one for standing in record.standings if (one := _study(basis, standing)) is not None
    ]


def _study(basis: Basis, standing: Standing) -> Need | None:
    """What is missing to show that one study came after the freeze."""
    links = (basis.identified(standing.study),)
    match standing.state:
        case State.CURRENT:
            return None
        case State.EARLY:
            what = f"the evidence of {standing.study} is early: {standing.why[0]}"
            close = f"test what {standing.study} asks on data first opened after the freeze"
            return Need(kind="data", what=what, close=close, links=links)
        case _:
            what = f"{standing.study} has no seal that stands: {standing.why[0]}"
            close = f"run {standing.study} under seal (`defensible run`)"
            return Need(kind="clinical-evidence", what=what, close=close, links=links)
