"""Several people who set the reference standard, where they disagree."""

import numpy as np

from defensible.evidence import matching
from defensible.evidence.confounders.basis import Basis
from defensible.evidence.faults import counted
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.statistics import proportions

KIND = "reference standard"


def found(basis: Basis) -> Confounder:
    """How often they disagree, and the device's rates where they agree and where they do not."""
    columns = basis.study.data.columns.truthers
    if len(columns) < 2:
        said = "No two people's reference standards are given, so their agreement is not known."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    rule = basis.study.reference_standard.positive
    frame = basis.cases.frame
    said_positive = np.column_stack(
        [matching.holds(frame[name], rule).to_numpy() for name in columns]
    )
    given = np.column_stack([frame[name].is_not_null().to_numpy() for name in columns])
    whole = given.all(axis=1)
    split = whole & (said_positive.any(axis=1) != said_positive.all(axis=1))
    n, k = int(whole.sum()), int(split.sum())
    if not n:
        said = "No case has the reference standard of all of them."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    level = basis.study.analysis.level
    share = proportions.wilson(k, n, level=level)
    figures = [Figure(name="disagreement", value=share.value, estimate=share)]
    words = f"{len(columns)} people disagree on {k:,} of {counted(n, 'case')}"
    if basis.cases.positive is not None and k:
        right = basis.cases.positive == basis.cases.truth
        for name, where in (("split", split), ("unanimous", whole & ~split)):
            if where.any():
                rate = proportions.wilson(int((right & where).sum()), int(where.sum()), level=level)
                figures.append(Figure(name=f"accuracy, {name}", value=rate.value, estimate=rate))
                words += f"; device right in {rate.value:.3f} of the {name}"
    return Confounder(
        kind=KIND,
        presence=Presence.PRESENT if k else Presence.ABSENT,
        said=f"{words}.",
        figures=tuple(figures),
    )
