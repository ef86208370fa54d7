"""Whether the evidence that a control names really shows what it is named for.

A study shows it where its criteria are met and its findings supported, overall and in each stratum
that has cases. A report shows it where its
bytes are the declared ones: its content is not read, and the answer says so. A passage of labeling
shows one thing only, that information for safety is given: words do not put a design in place, and
that they stand there does not show that they work.
"""

import hashlib
from dataclasses import dataclass

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import Control, ControlKind, Verification
from defensible.evidence.finding import OVERALL, Answer, Finding, StudyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whether a verification holds, and why."""

    holds: bool
    why: str


NOTHING = Shown(holds=False, why="nothing is named")


def implemented(control: Control, dossier: Dossier, results: tuple[StudyResult, ...]) -> Shown:
    """Whether the control is shown to be there."""
    named = control.implementation
    if named is None:
        return NOTHING
    if named.labeling is not None and control.kind is not ControlKind.INFORMATION:
        return Shown(holds=False, why="a passage of labeling shows information alone")
    return _shown(named, dossier, results)


def demonstrated(
    named: Verification | None, dossier: Dossier, results: tuple[StudyResult, ...]
) -> Shown:
    """Whether an effect is shown: that a control works, that there is a benefit."""
    if named is None:
        return NOTHING
    if named.labeling is not None:
        return Shown(holds=False, why="that words stand there does not show what they do")
    return _shown(named, dossier, results)


def carries(named: Verification | None, dossier: Dossier) -> Shown:
    """Whether labeling tells users: a passage, and nothing else, does."""
    if named is None or named.labeling is None or named.passage is None:
        return Shown(holds=False, why="no passage of labeling is named")
    return _labeling(named.labeling, named.passage, dossier)


def _shown(named: Verification, dossier: Dossier, results: tuple[StudyResult, ...]) -> Shown:
    if named.study is not None:
        return _study(named.study, results)
    if named.labeling is not None and named.passage is not None:
        return _labeling(named.labeling, named.passage, dossier)
    if named.report is not None and named.report_sha256 is not None:
        return _report(named.report, named.report_sha256, dossier)
    return NOTHING


def _study(name: str, results: tuple[StudyResult, ...]) -> Shown:
    result = next((one for one in results if one.study == name), None)
    if result is None:
        return Shown(holds=False, why=f"{name} has no result")
    unmet = sum(not one.met for one in result.criteria)
    unsupported = sum(_leaves_open(one) for one in result.findings)
    if not result.criteria and not result.findings:
        return Shown(holds=False, why=f"{name} holds nothing against a goal")
    if unmet or unsupported:
        why = (
            f"{name}: {unmet} of {len(result.criteria)} criteria unmet, "
            f"{unsupported} of {len(result.findings)} findings unsupported"
        )
        return Shown(holds=False, why=why)
    return Shown(holds=True, why=f"{name} supports it")


def _leaves_open(finding: Finding) -> bool:
    """Overall, all but support; in a stratum, what was seen there and does not support it.

    A stratum without a case may lie outside the claim: an age band below its lower limit.
    """
    if finding.measurement.stratum == OVERALL:
        return finding.answer is not Answer.SUPPORTED
    return finding.answer not in {Answer.SUPPORTED, Answer.UNSEEN}


def _labeling(path: str, passage: str, dossier: Dossier) -> Shown:
    labeling = next((one for one in dossier.labeling if one.path == path), None)
    if labeling is None:
        return Shown(holds=False, why=f"{path} is not among the labeling of device.yaml")
    if not labeling.carries(passage):
        return Shown(holds=False, why=f"{path} does not hold the passage")
    return Shown(holds=True, why=f"{path} holds the passage")


def _report(path: str, declared: str, dossier: Dossier) -> Shown:
    try:
        with (dossier.root / path).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return Shown(holds=False, why=f"{path} cannot be read")
    if found != declared:
        return Shown(holds=False, why=f"{path} has another digest than declared")
    return Shown(holds=True, why=f"{path} is on file, not judged by this program")
