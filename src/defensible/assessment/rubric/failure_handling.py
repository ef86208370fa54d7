"""Row 5, failure handling: where the device errs; the ISO 14971 file."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.result import Cell, Link, Need
from defensible.assessment.rubric.cells import cell
from defensible.evidence.finding import OVERALL, Errors
from defensible.risk.review import Check

_ANALYSIS = ("4", "5")
"""Clauses of ISO 14971 that come before control: plan, analysis."""
_SEALED = "5.5 (current)"
"""Estimates rest on results that stand: a freeze and a run close that, and no analysis of risks."""
_ONGOING = "10.3"
"""What comes in from production and use is reviewed for as long as the device is on the market."""


def engineering(basis: Basis) -> Cell:
    """Are the errors on the test set counted, and by stratum?"""
    with_errors = [result for result in basis.results if result.errors]
    if not with_errors:
        need = Need(
            kind="engineering-evidence",
            what="no study counts the device's errors",
            close="run a study with an operating point, so that errors are counted",
        )
        return cell("No error is counted.", [need], some=False)
    # the largest study alone: studies can share cases, and a sum would count those twice
    largest = max(with_errors, key=lambda result: result.ledger.n_analysed)
    by_stratum = [one for one in largest.errors if one.stratum != OVERALL]
    links = (basis.study(largest),)
    whole = f"{largest.study}: {_whole(largest.errors)}"
    if not by_stratum:
        need = Need(
            kind="engineering-evidence",
            what="errors are counted, but not by stratum",
            close="declare dimensions, so that it shows where the device errs",
            links=links,
        )
        return cell(f"{whole}, not looked at by stratum.", [need], some=True, links=links)
    return cell(f"{whole}; {_worst(by_stratum)}.", [], some=True, links=links)


def _whole(errors: tuple[Errors, ...]) -> str:
    one = next(one for one in errors if one.stratum == OVERALL)
    return (
        f"missed {one.false_negatives} of {one.n_diseased:,} diseased, "
        f"false alarms on {one.false_positives} of {one.n_healthy:,} others"
    )


def _worst(errors: list[Errors]) -> str:
    """The strata with the highest error rates, with their counts."""
    missed = [one for one in errors if one.n_diseased]
    alarms = [one for one in errors if one.n_healthy]
    words = []
    if missed:
        worst = max(missed, key=lambda one: (one.false_negatives / one.n_diseased, one.n_diseased))
        words.append(
            f"most misses: {worst.stratum} ({worst.false_negatives} of {worst.n_diseased})"
        )
    if alarms:
        worst = max(alarms, key=lambda one: (one.false_positives / one.n_healthy, one.n_healthy))
        words.append(
            f"most false alarms: {worst.stratum} ({worst.false_positives} of {worst.n_healthy})"
        )
    return ", ".join(words)


def regulatory(basis: Basis) -> Cell:
    """Is the ISO 14971 file complete?"""
    review = basis.risk
    needs = [_need(basis, check) for check in review.open_checks]
    counts = (
        f"{counted(review.n_hazards, 'hazard')}, {counted(review.n_risks, 'risk')}, "
        f"{counted(review.n_controls, 'control')}"
    )
    if not needs:
        reason = f"{counts}: every requirement checked is held."
    elif not review.n_risks:
        reason = "There is no risk analysis yet."
    else:
        what = listed([f"{check.clause} ({check.why})" for check in review.open_checks], most=3)
        reason = f"{counts}; {len(needs)} of {len(review.checks)} requirements open: {what}."
    place = basis.dossier.place("risks.yaml")
    links = (Link(text=place.file, place=place),) if review.n_risks else ()
    return cell(reason, needs, some=bool(review.n_risks), links=links)


def _kind(clause: str) -> str:
    if clause == _SEALED:
        return "clinical-evidence"
    if clause.startswith(("8", "9")):
        return "overall-risk"
    return "risk-analysis" if clause.startswith(_ANALYSIS) else "risk-control"


def _need(basis: Basis, check: Check) -> Need:
    place = check.place or basis.dossier.place("risks.yaml")
    return Need(
        kind=_kind(check.clause),
        what=f"ISO 14971, {check.clause}: {check.why}",
        close=check.mend or check.requirement,
        links=(Link(text=str(place), place=place),),
        ongoing=check.clause == _ONGOING,
    )
