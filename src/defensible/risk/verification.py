"""Whether the evidence that a control names really shows what it is named for.

A study shows it where its findings are supported and its criteria met; a labeling file where it
holds the passage; a report where its bytes are the declared ones. A report's content is not read:
it counts as on file, and the check says so.
"""

import hashlib
from dataclasses import dataclass

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import Verification
from defensible.evidence.finding import Answer, StudyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Whether a verification holds, and why."""

    holds: bool
    why: str


def shown(
    verification: Verification | None, dossier: Dossier, results: tuple[StudyResult, ...]
) -> Shown:
    """What the named evidence says; None is "not verified", never "fine"."""
    if verification is None:
        return Shown(holds=False, why="not verified")
    if verification.study is not None:
        return _study(verification.study, results)
    if verification.labeling is not None and verification.passage is not None:
        return _labeling(verification.labeling, verification.passage, dossier)
    if verification.report is not None and verification.report_sha256 is not None:
        return _report(verification.report, verification.report_sha256, dossier)
    return Shown(holds=False, why="names no evidence")


def _study(name: str, results: tuple[StudyResult, ...]) -> Shown:
    result = next((one for one in results if one.study == name), None)
    if result is None:
        return Shown(holds=False, why=f"{name} has no result")
    unmet = sum(not one.met for one in result.criteria)
    unsupported = sum(one.answer is not Answer.SUPPORTED for one in result.findings)
    if not result.criteria and not result.findings:
        return Shown(holds=False, why=f"{name} holds nothing against a goal")
    if unmet or unsupported:
        why = f"{name} leaves {unmet} criteria unmet and {unsupported} findings unsupported"
        return Shown(holds=False, why=why)
    return Shown(holds=True, why=f"{name} supports it")


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
