"""What the counts beside levels are of: cases of two classes, or all where there are none."""

from collections.abc import Iterable

from defensible.assessment.result import Assessment, ScopeCell
from defensible.documents import content
from defensible.evidence.finding import Answer


def counts_legend(cells: Iterable[ScopeCell]) -> str | None:
    """What the counts of some levels are of; None where none of them has any.

    Outlines and sizes have no classes: their levels have one count.
    """
    kinds = {len(found) for cell in cells if (found := content.class_counts(cell)) is not None}
    if not kinds:
        return None
    if kinds == {1}:
        return "all of the level"
    return (
        "diseased/healthy" if kinds == {2} else "diseased/healthy, or all where it has no classes"
    )


def counted_levels(assessment: Assessment) -> list[ScopeCell]:
    """Levels of every claim that are not supported: those that are listed with their counts."""
    return [
        cell
        for claim in assessment.dossier.claims
        for cell in content.scope_of(assessment, claim.id)
        if cell.answer is not Answer.SUPPORTED
    ]
