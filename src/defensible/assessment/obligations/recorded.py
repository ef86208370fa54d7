"""Obligations that the record answers: what is declared, sealed, or judged by a person."""

from defensible.assessment.basis import Basis, listed
from defensible.assessment.obligations.found import Found, lacking, met, missing, partly
from defensible.dossier.device import Judgement
from defensible.evidence.freshness import State
from defensible.regulation import Obligation


def judged(basis: Basis, obligation: Obligation) -> Found:
    """A person's judgement of a file, for this version, whose bytes are those that were judged."""
    found = [one for one in basis.dossier.device.judgements if one.obligation == obligation.id]
    if not found:
        return missing(
            "no judgement is on record",
            f"have a person judge it, and put {obligation.id} under `judgements` in device.yaml",
        )
    doubts = [_doubt(basis, one) for one in found]
    for one, doubt in zip(found, doubts, strict=True):
        if doubt is None:
            return met(f"judged by the {one.role} on {one.on}: {one.judgement} ({one.file})")
    return partly(doubts[-1] or "", f"judge {found[-1].file} anew")


def _doubt(basis: Basis, one: Judgement) -> str | None:
    """Why a judgement does not count, if so."""
    if one.version != basis.dossier.device.version:
        return f"judged for version {one.version}, and this is {basis.dossier.device.version}"
    if one.on > basis.today:
        return f"judged on {one.on}, which is in the future"
    if basis.file_sha256.get(one.file) is None:
        return f"{one.file} is not there"
    if basis.file_sha256[one.file] != one.sha256:
        return f"{one.file} has changed since it was judged on {one.on}"
    return None


def prespecified(basis: Basis, obligation: Obligation) -> Found:
    """Each study that serves a claim ran after its protocol and the claims were frozen."""
    del obligation
    record = basis.record
    serving = [one.study for one in basis.results if one.findings]
    if record is None or record.freeze is None:
        return missing(
            "nothing shows that protocol and goals were fixed before the data were opened",
            "freeze them (`defensible freeze`) before the next data are opened",
        )
    if not serving:
        return missing("no study serves a claim", "plan one, freeze it, then run it")
    states = {one: record.of(one) for one in serving}
    late = [name for name, one in states.items() if one is None or one.state is not State.CURRENT]
    if not late:
        return met(f"{listed(serving)}: frozen before the data were opened, and as they were")
    why = [one.why[0] for one in states.values() if one is not None and one.why]
    reason = f"not shown for {listed(late)}" + (f": {why[0]}" if why else "")
    close = f"test what {listed(late)} asks on data first opened after a freeze"
    return missing(reason, close) if len(late) == len(serving) else partly(reason, close)


def reuse_recorded(basis: Basis, obligation: Obligation) -> Found:
    """Each opening of a test set is in the ledger: every study that serves a claim is sealed."""
    del obligation
    serving = [one.study for one in basis.results if one.findings]
    if basis.record is None or not serving:
        return missing("no study that serves a claim ran under seal", "run it (`defensible run`)")
    unsealed = [one for one in serving if one not in basis.record.analyses.run]
    if not unsealed:
        return met(f"every run of {listed(serving)} is in the ledger")
    close = f"run {listed(unsealed)} under seal (`defensible run`)"
    reason = f"{listed(unsealed)} never ran under seal"
    return missing(reason, close) if len(unsealed) == len(serving) else partly(reason, close)


def declared(basis: Basis, obligation: Obligation) -> Found:
    """Fields of the intended use are declared."""
    use = basis.dossier.intended_use
    asked = obligation.check.fields
    absent = [name for name in asked if getattr(use, name) is None]
    if not absent:
        return met(f"{listed(list(asked), most=8)} declared")
    close = f"declare {listed(absent)} in intended-use.yaml"
    return lacking(absent, asked, f"{listed(absent)} not declared", close)


def device_described(basis: Basis, obligation: Obligation) -> Found:
    """Device, software items, environment, users and inputs are described."""
    del obligation
    device, use = basis.dossier.device, basis.dossier.intended_use
    parts = {
        "manufacturer": device.manufacturer,
        "description": device.description,
        "software_items": device.software_items,
        "operating_environment": device.operating_environment,
        "output": use.output,
        "user": use.user,
        "environment": use.environment,
    }
    absent = [name for name, value in parts.items() if not value]
    if not absent:
        return met("device, software, inputs, outputs, users and environment are described")
    close = f"describe {listed(absent, most=7)}"
    if len(absent) == len(parts):
        return missing("nothing is described", close)
    return partly(f"{listed(absent, most=7)} not described", close)


def scheme(basis: Basis, obligation: Obligation) -> Found:
    """A scheme of the classification has an answer."""
    name = obligation.check.scheme or ""
    market = basis.classification.market(obligation.market)
    answer = basis.classification.scheme(name) or (market.scheme(name) if market else None)
    if answer is None:
        return missing("this version holds no rules for it", "judge it, and put it on record")
    if answer.decided and answer.category is not None:
        return met(f"{answer.title}: {answer.category}, by {answer.fired[-1].rule}")
    return missing(f"{answer.title}: no rule decides", answer.ask or "settle it")
