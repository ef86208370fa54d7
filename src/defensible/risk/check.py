"""The risk management file held against every requirement."""

from dataclasses import replace
from datetime import date

from defensible.dossier.dossier import Dossier, Place
from defensible.dossier.risks import Acceptability, Risks
from defensible.evidence.finding import StudyResult
from defensible.evidence.record import Record
from defensible.risk.completeness import AFTERWARDS, CHECKS, OVERALL, Requirement
from defensible.risk.file import File, Miss
from defensible.risk.grid import grid
from defensible.risk.review import Check, Held, RiskReview

SHOWN = 6
"""Identifiers that a sentence names; the others are counted."""


def review(
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    *,
    today: date,
    record: Record | None = None,
) -> RiskReview:
    """Every requirement with its answer; without a file none is held.

    Parameters
    ----------
    dossier : Dossier
        Its `risks` may be None.
    results : tuple of StudyResult
        What controls name as evidence.
    today : date
        Against which acceptances and reviews are held.
    record : Record or None
        What the ledger shows: an estimate bound to a result that is stale, early or never sealed is
        itself not current. Without a record nothing is shown to be sealed.

    Returns
    -------
    RiskReview
        `overall_acceptable` is the recorded judgement only where nothing else is open.

    References
    ----------
    ISO 14971:2019, clauses 4 to 10.
    """
    risks = dossier.risks or Risks()
    file = opened(dossier, results, today=today, record=record)
    checks = [_check(requirement, file) for requirement in CHECKS]
    n_open = sum(check.held is Held.NO for check in checks)
    last = [_check(requirement, replace(file, n_open=n_open)) for requirement in OVERALL]
    last += [_check(requirement, file) for requirement in AFTERWARDS]
    residual = [file.residual_cell(one) for one in risks.risks]
    rests_on_all = last[0].held is Held.YES
    return RiskReview(
        checks=(*checks, *last),
        n_hazards=len(risks.hazards),
        n_risks=len(risks.risks),
        n_controls=len(risks.controls),
        n_residual_unacceptable=residual.count(Acceptability.UNACCEPTABLE),
        n_residual_unknown=residual.count(None),
        overall_acceptable=risks.overall.acceptable if rests_on_all and risks.overall else None,
        before=grid(risks.policy, ((one.id, one.initial) for one in risks.risks)),
        after=grid(risks.policy, ((one.id, file.residual(one)) for one in risks.risks)),
    )


def opened(
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    *,
    today: date,
    record: Record | None = None,
) -> File:
    """The file as the requirements read it."""
    return File(
        risks=dossier.risks or Risks(),
        dossier=dossier,
        results=results,
        today=today,
        states={one.study: one.state for one in record.standings} if record is not None else {},
    )


def _check(requirement: Requirement, file: File) -> Check:
    if file.dossier.risks is None:
        return Check(
            clause=requirement.clause,
            requirement=requirement.asks,
            held=Held.NO,
            why="there is no risks.yaml",
            mend="write risks.yaml",
            place=file.dossier.place("risks.yaml"),
        )
    missed = requirement.missed(file)
    return Check(
        clause=requirement.clause,
        requirement=requirement.asks,
        held=Held.NO if missed else _vacuous(requirement, file.risks),
        why=_why(requirement, missed) if missed else requirement.asks,
        mend=(missed[0].mend or requirement.mend) if missed else None,
        open_items=tuple(one.item for one in missed if one.item is not None),
        place=_place(requirement, missed, file.dossier),
    )


def _vacuous(requirement: Requirement, risks: Risks) -> Held:
    """A requirement on risks or controls that are not there is not held, only without an object."""
    parts = {
        "hazards": risks.hazards,
        "risks": risks.risks,
        "controls": risks.controls,
        "overall": risks.overall,
        "post_production": risks.post_production
        and (risks.post_production.reviews or requirement.clause in {"10.1", "10.2"}),
    }
    about = parts.get(requirement.where, True)
    return Held.YES if about else Held.NOT_APPLICABLE


def _why(requirement: Requirement, missed: tuple[Miss, ...]) -> str:
    """`controls whose effectiveness is not shown: RC2 (nothing is named), RC5 and 3 more`."""
    if missed[0].item is None:
        return missed[0].why or requirement.what
    named = ", ".join(_words(one) for one in missed[:SHOWN])
    rest = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
    return f"{requirement.what}: {named}{rest}"


def _words(miss: Miss) -> str:
    return f"{miss.item} ({miss.why})" if miss.why else f"{miss.item}"


def _place(requirement: Requirement, missed: tuple[Miss, ...], dossier: Dossier) -> Place:
    """Where the first that misses it stands; else the part of the file that it is about."""
    places = (dossier.identified.get(one.item) for one in missed if one.item is not None)
    known = next((one for one in places if one is not None), None)
    return known or dossier.place("risks.yaml", requirement.where)
