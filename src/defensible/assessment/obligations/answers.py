"""Each obligation with its status, why, and what would close it."""

from collections.abc import Callable, Collection

from defensible.assessment.basis import Basis
from defensible.assessment.obligations import evidence, human_factors, labeling, recorded, risk
from defensible.assessment.obligations.found import Found
from defensible.assessment.result import Answered, Status
from defensible.regulation import Obligation, facts_of, obligations
from defensible.regulation.classification import Match
from defensible.regulation.readable import TO_SETTLE

CHECKS: dict[str, Callable[[Basis, Obligation], Found]] = {
    "study": evidence.study,
    "endpoints": evidence.endpoints,
    "claims-supported": evidence.claims_supported,
    "criteria-met": evidence.criteria_met,
    "held-out": evidence.held_out,
    "prespecified": recorded.prespecified,
    "reuse-recorded": recorded.reuse_recorded,
    "sampling": evidence.sampling,
    "strata": evidence.strata,
    "sites": evidence.sites,
    "failures-counted": evidence.failures_counted,
    "usability": human_factors.usability,
    "declared": recorded.declared,
    "device-described": recorded.device_described,
    "scheme": recorded.scheme,
    "record": recorded.judged,
    "risk-clauses": risk.clauses,
    "risk-modes": risk.modes,
    "overall-risk": risk.overall,
    "labeling-carries": labeling.carries,
    "labeling-language": labeling.language,
}
"""Every check by the name that packs give it."""


def answers(basis: Basis) -> tuple[Answered, ...]:
    """Every obligation of the device, answered, in the order of `regulation.obligations`."""
    facts = facts_of(basis.dossier.risks)
    owed = obligations(basis.dossier.intended_use, basis.classification, facts=facts)
    return tuple(_answer(basis, one) for one in owed)


def selected(
    owed: tuple[Answered, ...],
    *,
    markets: Collection[str] = (),
    kinds: Collection[str] = (),
    unmet: bool = False,
) -> tuple[Answered, ...]:
    """Those of some markets and kinds, all where none is named; `unmet` leaves out what is met."""
    return tuple(
        one
        for one in owed
        if (not markets or one.obligation.market in markets)
        and (not kinds or one.obligation.kind.value in kinds)
        and (not unmet or one.status in {Status.OPEN, Status.PARTLY})
    )


def _answer(basis: Basis, obligation: Obligation) -> Answered:
    if obligation.applies is Match.UNKNOWN:
        asked = ", ".join(obligation.ask)
        return Answered(
            obligation=obligation,
            status=Status.OPEN,
            reason=f"whether it applies is open: {asked} not known",
            close="; ".join(TO_SETTLE.get(one, f"settle {one}") for one in obligation.ask),
        )
    found = CHECKS[obligation.check.name](basis, obligation)
    judgement = recorded.judged(basis, obligation)
    if found.status in {Status.OPEN, Status.PARTLY} and obligation.check.name in JUDGED_INSTEAD:
        # a person may answer what the program cannot see, such as a study done elsewhere
        found = judgement if judgement.status is Status.MET else found
    return Answered(
        obligation=obligation, status=found.status, reason=found.reason, close=found.close
    )


JUDGED_INSTEAD = frozenset({"study", "usability", "scheme"})
"""Checks in whose place a judgement on record counts; it is shown as one. No judgement stands in
for a figure, an identifier or a clause of the risk file."""
