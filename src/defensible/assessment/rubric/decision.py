"""Row 8, who decides: the team's sign-off; a regulator, against a named pathway."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Link, Need
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.device import RegulatorDecision, SignOff
from defensible.regulation.classification import MarketAnswer


def engineering(basis: Basis) -> Cell:
    """Is the team's sign-off on record, for this version and this model?"""
    device = basis.dossier.device
    signed = [one for one in device.decisions if isinstance(one, SignOff)]
    model = device.model.sha256 if device.model else None
    unmet = [one for _, one in basis.criteria if not one.met]
    for place, one in _placed(basis, signed):
        same = (one.version, one.model_sha256) == (device.version, model)
        if same and basis.criteria and not unmet and one.on <= basis.today:
            reason = f"Signed off for {one.version} by the {one.role} on {one.on}."
            return cell(reason, [], some=True, links=(place,))
    if signed and unmet:
        what = "there is a sign-off, but an acceptance criterion is not met"
    elif signed:
        what = "the sign-off on record is for another version or model, or lies in the future"
    else:
        what = "the team's sign-off is not on record"
    need = Need(
        kind="sign-off",
        what=what,
        close="record who signed off which version and model, once the criteria are met",
        links=(basis.link("device.yaml", "device.yaml", "decisions"),),
    )
    return cell(f"{what[0].upper()}{what[1:]}.", [need], some=bool(signed))


def regulatory(basis: Basis) -> Cell:
    """Is a pathway named by the rules, the package complete, and a decision on record?"""
    accepted = decision_on_file(basis)
    if accepted is not None:
        reason = (
            f"{accepted.number} of {accepted.on} ({accepted.pathway}, {accepted.market.value}) is "
            "on file for this version and intended use; not checked with the regulator."
        )
        return cell(reason, [], some=True, links=(_decisions(basis),))
    answers = basis.classification.markets
    if not answers:
        need = Need(
            kind="pathway",
            what="no market is declared, so no regulator is named",
            close="declare the markets in device.yaml",
            links=(basis.link("device.yaml", "device.yaml"),),
        )
        return cell("No market is declared.", [need], some=False)
    if all(one.decided and one.device is False for one in answers):
        told = listed([f"{one.market.upper()} ({one.fired[0].title})" for one in answers])
        return not_applicable(f"By the rules this is no device: {told}.")
    needs = [need for answer in answers for need in _market(basis, answer)]
    named = [f"{one.market.upper()}: {one.pathway}" for one in answers if one.pathway]
    stale = [one for one in basis.dossier.device.decisions if isinstance(one, RegulatorDecision)]
    if stale:
        needs.append(
            Need(
                kind="decision",
                what="a decision is declared, but its letter, version or intended use differs",
                close="bind the decision to the letter, version and intended use it was about",
                links=(_decisions(basis),),
            )
        )
    if named:
        reason = f"Pathway by the rules: {listed(named)}; the package is not complete."
    else:
        undecided = listed([one.market.upper() for one in answers])
        reason = f"No rule decides a pathway for this intended use ({undecided})."
    links = (basis.link("intended-use.yaml", "intended-use.yaml", "function"),)
    return cell(reason, needs, some=bool(named), links=links)


def _market(basis: Basis, answer: MarketAnswer) -> list[Need]:
    link = basis.link("intended-use.yaml", "intended-use.yaml", "function")
    if not answer.decided:
        ask = answer.ask or "ask the regulator"
        return [
            Need(
                kind="pathway",
                what=f"no rule decides for {answer.market.upper()}",
                close=ask,
                links=(link,),
            )
        ]
    if answer.device is False:
        return []
    controls = [one.id for one in answer.special_controls]
    asked = (
        f"{counted(len(controls), 'special control')} of {answer.regulation}"
        if controls
        else f"what {answer.regulation or answer.pathway} asks"
    )
    return [
        Need(
            kind="package",
            what=f"{answer.market.upper()}: the submission package is not shown to be complete",
            close=f"answer {asked} and assemble the package for {answer.pathway or 'submission'}",
            links=(link,),
        )
    ]


def decision_on_file(basis: Basis) -> RegulatorDecision | None:
    """A regulator's decision for this very version and intended use, whose letter is on file."""
    for one in basis.dossier.device.decisions:
        if not isinstance(one, RegulatorDecision):
            continue
        about_this = (one.version, one.intended_use_sha256) == (
            basis.dossier.device.version,
            basis.intended_use_sha256,
        )
        letter = basis.file_sha256.get(one.letter) == one.letter_sha256
        if about_this and letter and one.on <= basis.today:
            return one
    return None


def _decisions(basis: Basis) -> Link:
    return basis.link("device.yaml", "device.yaml", "decisions")


def _placed(basis: Basis, signed: list[SignOff]) -> list[tuple[Link, SignOff]]:
    declared = basis.dossier.device.decisions
    return [
        (basis.link("sign-off", "device.yaml", "decisions", declared.index(one)), one)
        for one in signed
    ]
