"""Obligations that usability studies answer: tasks traced, formative and summative evaluations."""

from defensible.assessment.basis import Basis, counted, listed
from defensible.assessment.obligations.found import Found, met, missing, not_applicable, partly
from defensible.evidence.finding import StudyResult
from defensible.evidence.usability_finding import FORMATIVE, SUMMATIVE, UsabilityFindings
from defensible.regulation import Obligation


def usability(basis: Basis, obligation: Obligation) -> Found:
    """The part of usability engineering that is asked for, as the studies have it."""
    if basis.dossier.intended_use.function.value == "non-device":
        return not_applicable("declared as no device")
    part = obligation.check.part or "usability"
    studies = [(one, one.usability) for one in basis.results if one.usability is not None]
    if not studies:
        return missing(
            f"there is no usability study ({part})",
            "trace tasks to hazards, then run formative and summative studies",
        )
    if part == "tasks":
        return _tasks(studies)
    if part == FORMATIVE:
        return _formative(studies)
    return _summative(studies, obligation.check.participants or 1)


Studies = list[tuple[StudyResult, UsabilityFindings]]


def _tasks(studies: Studies) -> Found:
    """Critical tasks are traced when they load: a dangling or missing trace is an error there."""
    traced = [task for _, one in studies for task, to in one.traced if to]
    total = sum(len(one.traced) for _, one in studies)
    if not traced:
        return partly(
            f"none of {counted(total, 'task')} is traced to a hazard or risk",
            "trace the tasks at which a use error could do harm",
        )
    return met(f"{len(traced)} of {counted(total, 'task')} traced to hazards and risks")


def _formative(studies: Studies) -> Found:
    least = max(one.least(FORMATIVE) for _, one in studies)
    if not least:
        return partly("no formative session of every user group", "watch each group formatively")
    return met(f"formative sessions, {counted(least, 'participant')} or more of each user group")


def _summative(studies: Studies, wanted: int) -> Found:
    """Every group has the participants asked for, and was watched at every critical task."""
    result, found = max(studies, key=lambda one: one[1].least(SUMMATIVE))
    least = found.least(SUMMATIVE)
    if not least:
        return missing(
            "no summative session of every user group",
            f"watch {wanted} participants of each user group on the final interface",
        )
    told = f"{result.study}: {counted(least, 'participant')} of the smallest user group"
    if least < wanted:
        return partly(f"{told}, {wanted} asked", f"add {wanted - least} to the smallest group")
    if found.untested_critical:
        untested = listed([f"{task} ({group})" for task, group in found.untested_critical])
        return partly(f"critical tasks not watched: {untested}", "watch them in summative sessions")
    unmet = [dict(one.measurement.stratum.levels)["task"] for one in result.criteria if not one.met]
    if unmet:
        return partly(
            f"{told}; use errors are not under the plan's bound at {listed(unmet)}",
            "change the design and evaluate it again",
        )
    return met(f"{told}; every critical task watched")
