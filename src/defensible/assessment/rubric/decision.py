"""Row 8, who decides: the team's sign-off; a regulator, against a named pathway."""

from defensible.assessment.basis import Basis, listed
from defensible.assessment.result import Cell, Link, Need, Status
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.device import RegulatorDecision, SignOff
from defensible.regulation import ObligationKind
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
    accepted = decisions_on_file(basis)
    answers = undecided_markets(basis)
    if accepted and all(one.device is False for one in answers):
        return cell(f"{_filed(accepted)}.", [], some=True, links=(_decisions(basis),))
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
    declared = [one for one in basis.dossier.device.decisions if isinstance(one, RegulatorDecision)]
    if any(one not in accepted for one in declared):
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
    if accepted:
        reason = f"{_filed(accepted)}. {reason}"
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
    return _owed(basis, answer, link)


def _owed(basis: Basis, answer: MarketAnswer, link: Link) -> list[Need]:
    """What the market asks and is not met, in one need a kind; standards across markets once."""
    market, pathway = answer.market.upper(), answer.pathway or "submission"
    first = basis.classification.markets[0].market == answer.market
    mine = (answer.market, "across", "gxp") if first else (answer.market,)
    owed = [one for one in basis.obligations if one.obligation.market in mine]
    open_ = [one for one in owed if one.status in {Status.OPEN, Status.PARTLY}]
    needs = []
    for kind in dict.fromkeys(one.obligation.kind for one in open_):
        here = [one for one in open_ if one.obligation.kind is kind]
        n = sum(one.obligation.kind is kind for one in owed)
        names = listed([one.obligation.id for one in here], most=3)
        what = f"{market}: {len(here)} of {n} {KIND_WORDS[kind]} open ({names})"
        close = here[0].close or "answer it"
        if len(here) > 1:
            close += "; `defensible obligations` lists the others"
        elif kind is ObligationKind.DOCUMENT:
            close += f", for the {pathway} package"
        needs.append(Need(kind="package", what=what, close=close, links=(link,)))
    return needs


KIND_WORDS = {
    ObligationKind.EVIDENCE: "obligations of evidence",
    ObligationKind.SPECIAL_CONTROL: "special controls",
    ObligationKind.HUMAN_FACTORS: "obligations of human factors",
    ObligationKind.RISK_FILE: "obligations of the risk file",
    ObligationKind.LABELING: "obligations of labeling",
    ObligationKind.DOCUMENT: "documents",
    ObligationKind.QUALITY_SYSTEM: "obligations of the quality system",
    ObligationKind.POST_MARKET: "obligations after market",
}
"""Each kind of obligation in the plural."""


def decisions_on_file(basis: Basis) -> tuple[RegulatorDecision, ...]:
    """Regulators' decisions for this very version and intended use, whose letters are on file."""
    device = basis.dossier.device
    about_this = (device.version, basis.intended_use_sha256)
    return tuple(
        one
        for one in device.decisions
        if isinstance(one, RegulatorDecision)
        and (one.version, one.intended_use_sha256) == about_this
        and basis.file_sha256.get(one.letter) == one.letter_sha256
        and one.on <= basis.today
    )


def undecided_markets(basis: Basis) -> tuple[MarketAnswer, ...]:
    """Declared markets whose regulator's decision is not on file."""
    accepted = {one.market.value for one in decisions_on_file(basis)}
    return tuple(one for one in basis.classification.markets if one.market not in accepted)


def _filed(accepted: tuple[RegulatorDecision, ...]) -> str:
    told = listed(
        [f"{one.number} of {one.on} ({one.pathway}, {one.market.value})" for one in accepted]
    )
    verb = "is" if len(accepted) == 1 else "are"
    return (
        f"{told} {verb} on file for this version and intended use; not checked with the regulator"
    )


def _decisions(basis: Basis) -> Link:
    return basis.link("device.yaml", "device.yaml", "decisions")


def _placed(basis: Basis, signed: list[SignOff]) -> list[tuple[Link, SignOff]]:
    declared = basis.dossier.device.decisions
    return [
        (basis.link("sign-off", "device.yaml", "decisions", declared.index(one)), one)
        for one in signed
    ]
