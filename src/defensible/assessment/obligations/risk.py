"""Obligations that the risk management file answers."""

from defensible.assessment.basis import Basis, listed
from defensible.assessment.obligations.found import Found, met, missing, partly
from defensible.regulation import Obligation
from defensible.risk.review import Held


def clauses(basis: Basis, obligation: Obligation) -> Found:
    """The requirements of these clauses of ISO 14971 are held."""
    asked = obligation.check.clauses
    checks = [
        one for one in basis.risk.checks if any(_under(one.clause, clause) for clause in asked)
    ]
    applying = [one for one in checks if one.held is not Held.NOT_APPLICABLE]
    open_ = [one.clause for one in applying if one.held is Held.NO]
    if basis.dossier.risks is None or not basis.dossier.risks.risks:
        return missing("there is no risk in the file", "analyse hazards in risks.yaml")
    if not open_:
        return met(f"{len(applying)} requirements of ISO 14971 held")
    reason = f"{len(open_)} of {len(applying)} requirements open: {listed(open_, most=8)}"
    return partly(reason, "close them in risks.yaml (row 5)")


def _under(clause: str, asked: str) -> bool:
    """Whether a clause is the one asked for, or below it: 7.2 is under 7, and 10 is not under 1."""
    return clause == asked or clause.startswith((f"{asked}.", f"{asked} "))


def overall(basis: Basis, obligation: Obligation) -> Found:
    """Overall residual risk is judged acceptable, on a complete file."""
    del obligation
    if basis.risk.overall_acceptable and basis.risk.complete:
        return met("overall residual risk is judged acceptable on a complete file")
    if basis.dossier.risks is None or not basis.dossier.risks.risks:
        return missing("there is no risk in the file", "analyse hazards in risks.yaml")
    return partly("not judged acceptable on a complete file", "complete the file, then judge it")
