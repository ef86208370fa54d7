"""Obligations that the risk management file answers."""

from defensible.assessment.basis import Basis, listed
from defensible.assessment.obligations.found import Found, met, missing, partly
from defensible.dossier.risks import Risks
from defensible.regulation import Obligation
from defensible.risk.modes import answers
from defensible.risk.review import Held
from defensible.risk.verification import demonstrated, implemented


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


def modes(basis: Basis, obligation: Obligation) -> Found:
    """Failure modes of a class are dealt with, and the controls of their risks are verified."""
    risks = basis.dossier.risks
    if risks is None or not risks.risks:
        return missing("there is no risk in the file", "analyse hazards in risks.yaml")
    wanted = obligation.check.mode_class
    asked = [one for one in answers(basis.dossier) if one.mode.mode.class_ == wanted]
    open_ = [one.mode.mode.id for one in asked if one.open]
    close = f"draft a risk with `defensible risk --suggest {open_[0]}`" if open_ else ""
    if asked and len(open_) == len(asked):
        return missing(f"no risk names {listed(open_)}, and nobody set them aside", close)
    if open_:
        return partly(f"{listed(open_)} not dealt with", close)
    named = list(dict.fromkeys(name for one in asked for name in one.risks))
    if not named:
        return met(f"{listed([one.mode.mode.id for one in asked])} set aside, with reasons")
    return _controlled(basis, risks, named)


def _controlled(basis: Basis, risks: Risks, named: list[str]) -> Found:
    """Whether each of these risks has a control, and each of those is verified."""
    bare, unverified = _unverified(basis, risks, named)
    if bare:
        return partly(f"no control for {listed(bare)}", "name controls for them")
    if unverified:
        reason = f"{listed(named)}: {listed(unverified)} not verified"
        return partly(reason, f"verify {listed(unverified)} (row 5)")
    return met(f"{listed(named)}, with verified controls")


def _unverified(basis: Basis, risks: Risks, named: list[str]) -> tuple[list[str], list[str]]:
    """Of these risks those without a control, and controls not shown to be there and to work."""
    mine = [one for one in risks.risks if one.id in named]
    wanted = {name for one in mine for name in one.controls}
    return [one.id for one in mine if not one.controls], [
        one.id
        for one in risks.controls
        if one.id in wanted
        and not (
            implemented(one, basis.dossier, basis.results).holds
            and demonstrated(one.effectiveness, basis.dossier, basis.results).holds
        )
    ]


def overall(basis: Basis, obligation: Obligation) -> Found:
    """Overall residual risk is judged acceptable, on a complete file."""
    del obligation
    if basis.risk.overall_acceptable and basis.risk.complete:
        return met("overall residual risk is judged acceptable on a complete file")
    if basis.dossier.risks is None or not basis.dossier.risks.risks:
        return missing("there is no risk in the file", "analyse hazards in risks.yaml")
    return partly("not judged acceptable on a complete file", "complete the file, then judge it")
