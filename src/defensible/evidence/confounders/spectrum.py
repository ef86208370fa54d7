"""How far along the disease was in the diseased cases: a sample of plain cases flatters."""

import numpy as np

from defensible.evidence.confounders.basis import Basis
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.evidence.strata import NOT_KNOWN

KIND = "spectrum"
DIMENSIONS = ("severity", "stage", "size", "grade")
FEW = 10
"""Fewer diseased cases of a level than this leave it open."""


def found(basis: Basis) -> Confounder:
    """Diseased cases by severity, stage, size or grade, where a dimension has that name."""
    for name in DIMENSIONS:
        seen = basis.dimension(name)
        if seen is None:
            continue
        grouping, _ = seen
        diseased = grouping.codes[basis.cases.truth]
        counts = np.bincount(diseased, minlength=len(grouping.strata)).tolist()
        levels = {
            stratum.levels[0][1]: n for stratum, n in zip(grouping.strata, counts, strict=True)
        }
        told = ", ".join(f"{level} {n:,}" for level, n in levels.items())
        thin = [level for level, n in levels.items() if n < FEW and level != NOT_KNOWN]
        figures = tuple(Figure(name=level, value=n) for level, n in levels.items())
        if thin:
            said = f"Diseased cases by {name}: {told}; fewer than {FEW} of {', '.join(thin)}."
            return Confounder(kind=KIND, presence=Presence.PRESENT, said=said, figures=figures)
        said = f"Diseased cases by {name}: {told}."
        return Confounder(kind=KIND, presence=Presence.ABSENT, said=said, figures=figures)
    said = f"No dimension says how far along the disease was ({', '.join(DIMENSIONS)})."
    return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
