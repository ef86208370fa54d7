"""Row 6, intended use: may be implicit; explicit and frozen before the evidence."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Need
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.intended_use import OPTIONAL, IntendedUse, undeclared


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
    needs.append(
        Need(
            kind="freeze",
            what="nothing shows that the intended use was fixed before the data were opened",
            close="fix the intended use and claims under seal before the next data are opened",
            links=(basis.link(file, file),),
        )
    )
    total = len(IntendedUse.model_fields) - len(OPTIONAL)
    if missing:
        reason = f"{len(missing)} of {total} fields are not declared: {listed(missing)}."
    else:
        reason = "Explicit in every field; nothing shows that it came before the evidence."
    return cell(reason, needs, some=use.statement is not None, links=(basis.link(file, file),))
