"""What could make a study's figures say more than the device does, each looked for and reported.

Here: one module a kind; a kind is added to `KINDS` and nowhere else. Absence is a finding as well.
"""

from collections.abc import Callable

from defensible.dossier.localization_study import LocalizationStudy
from defensible.evidence.confounders import (
    case_mix,
    duplicates,
    indeterminate,
    marks,
    overlap,
    spectrum,
    truthers,
    verification,
)
from defensible.evidence.confounders.basis import Basis
from defensible.evidence.finding import Confounder
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.localized_parts import Groupings

KINDS: dict[str, Callable[[Basis], Confounder]] = {
    "overlap with development": overlap.found,
    "near-duplicates": duplicates.found,
    "case mix": case_mix.found,
    "spectrum": spectrum.found,
    "verification": verification.found,
    "indeterminate results": indeterminate.found,
    "reference standard": truthers.found,
}


def confounders(basis: Basis) -> tuple[Confounder, ...]:
    """Every kind of confounder, in the order of `KINDS`."""
    return tuple(found(basis) for found in KINDS.values())


def of_marks(
    study: LocalizationStudy, basis: Basis, read: LocalizedCases, by: Groupings
) -> tuple[Confounder, ...]:
    """What could confound the figures of a device's marks; no case is decided there."""
    return (
        overlap.found(basis),
        case_mix.found(basis),
        marks.unread(study, read),
        truthers.found(basis),
        marks.spectrum(by),
        marks.repeated(read),
        marks.ambiguous(read),
    )


__all__ = ["KINDS", "Basis", "confounders", "of_marks"]
