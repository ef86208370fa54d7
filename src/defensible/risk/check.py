"""The risk management file held against every requirement."""

from datetime import date

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import Acceptability, Risks
from defensible.evidence.finding import StudyResult
from defensible.risk.completeness import CHECKS, WHOLE, File, Requirement
from defensible.risk.matrix import cell
from defensible.risk.review import Check, Held, RiskReview

SHOWN = 6
"""Identifiers that a sentence names; the others are counted."""


def review(dossier: Dossier, results: tuple[StudyResult, ...], *, today: date) -> RiskReview:
    """Every requirement with its answer; without a file none is held.

    Parameters
    ----------
    dossier : Dossier
        Its `risks` may be None.
    results : tuple of StudyResult
        What controls name as evidence.
    today : date
        Against which acceptances and reviews are held.

    Returns
    -------
    RiskReview
        `overall_acceptable` is the recorded judgement only where no check is open.

    References
    ----------
    ISO 14971:2019, clauses 4 to 8.
    """
    risks = dossier.risks or Risks()
    file = File(risks=risks, dossier=dossier, results=results, today=today)
    checks = tuple(_check(requirement, file) for requirement in CHECKS)
    residual = [cell(risks.policy, one.residual) for one in risks.risks]
    whole = all(check.held is not Held.NO for check in checks)
    return RiskReview(
        checks=checks,
        n_hazards=len(risks.hazards),
        n_risks=len(risks.risks),
        n_controls=len(risks.controls),
        n_residual_unacceptable=residual.count(Acceptability.UNACCEPTABLE),
        n_residual_unknown=residual.count(None),
        overall_acceptable=risks.overall.acceptable if whole and risks.overall else None,
    )


def _check(requirement: Requirement, file: File) -> Check:
    place = file.dossier.place("risks.yaml", requirement.where)
    if file.dossier.risks is None:
        return Check(
            clause=requirement.clause,
            requirement=requirement.asks,
            held=Held.NO,
            why="there is no risks.yaml",
            mend="write risks.yaml",
            place=place,
        )
    missed = requirement.missed(file)
    return Check(
        clause=requirement.clause,
        requirement=requirement.asks,
        held=Held.NO if missed else _vacuous(requirement, file.risks),
        why=_why(requirement, missed) if missed else requirement.asks,
        mend=requirement.mend if missed else None,
        open_items=missed,
        place=place,
    )


def _vacuous(requirement: Requirement, risks: Risks) -> Held:
    """A requirement on risks or controls that are not there is not held, only without an object."""
    parts = {"hazards": risks.hazards, "risks": risks.risks, "controls": risks.controls}
    about = parts.get(requirement.where, True)
    return Held.YES if about else Held.NOT_APPLICABLE


def _why(requirement: Requirement, missed: tuple[str, ...]) -> str:
    """`controls whose effectiveness is not shown: RC2, RC5 and 3 more`."""
    if missed in WHOLE:
        return requirement.what
    named = ", ".join(missed[:SHOWN])
    rest = f" and {len(missed) - SHOWN} more" if len(missed) > SHOWN else ""
    return f"{requirement.what}: {named}{rest}"
