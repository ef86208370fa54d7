"""A reference standard that depends on what the device said: missing, or of another kind.

Partial: cases without a reference, by the device's decision; Begg and Greenes' correction says what
sensitivity and specificity would be if nothing else decided who was verified. Differential: the
procedures of `verified_by` are used more often after one decision than after the other.
"""

from collections.abc import Iterator

import numpy as np

from defensible.evidence import matching
from defensible.evidence.confounders.basis import Basis
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.statistics import two_proportions, verification
from defensible.statistics.arrays import Bools
from defensible.statistics.estimate import Estimate
from defensible.statistics.verification import Verified

KIND = "verification"
MOST_PROCEDURES = 20


def found(basis: Basis) -> Confounder:
    """Whether verification goes with the device's decision."""
    positive, answered = basis.cases.positive, basis.cases.answered
    if positive is None:
        said = "The device decides nothing, so verification cannot go with its decision."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    parts = [*_partial(basis, positive, answered), *_differential(basis, positive, answered)]
    presence = Presence.PRESENT if any(there for there, _, _ in parts) else Presence.ABSENT
    said = " ".join(words for _, words, _ in parts)
    figures = tuple(figure for _, _, found in parts for figure in found)
    return Confounder(kind=KIND, presence=presence, said=said, figures=figures)


Part = tuple[bool, str, tuple[Figure, ...]]
"""Whether it is there, the words, and the figures."""


def _partial(basis: Basis, positive: Bools, answered: Bools) -> Iterator[Part]:
    outside, truth = basis.cases.outside, basis.cases.truth
    missing = outside.unverified_positive + outside.unverified_negative
    if not missing:
        yield False, "Every case with an output has a reference standard.", ()
        return
    counts = {
        "tp": positive & truth,
        "fp": positive & ~truth,
        "fn": ~positive & truth,
        "tn": ~positive & ~truth,
    }
    verified = {name: int((where & answered).sum()) for name, where in counts.items()}
    told = (
        f"{missing:,} cases have no reference standard: {outside.unverified_positive:,} positive "
        f"and {outside.unverified_negative:,} negative by the device."
    )
    level = basis.study.analysis.level
    try:
        given = Verified(
            **verified,
            unverified_positive=outside.unverified_positive,
            unverified_negative=outside.unverified_negative,
        )
        sensitivity = verification.sensitivity(given, level=level)
        specificity = verification.specificity(given, level=level)
    except ValueError:
        yield True, f"{told} Too few were verified to correct for it.", ()
        return
    words = (
        f"{told} Corrected (Begg-Greenes): sensitivity {_figure(sensitivity)}, specificity "
        f"{_figure(specificity)}."
    )
    figures = (
        Figure(name="sensitivity, corrected", value=sensitivity.value, estimate=sensitivity),
        Figure(name="specificity, corrected", value=specificity.value, estimate=specificity),
    )
    yield True, words, figures


def _differential(basis: Basis, positive: Bools, answered: Bools) -> Iterator[Part]:
    column = basis.study.data.columns.verified_by
    if column is None:
        return
    named = matching.texts(basis.cases.frame[column]).fill_null("not said")
    procedures = sorted(named.unique().to_list())[:MOST_PROCEDURES]
    flagged, cleared = positive & answered, ~positive & answered
    if len(procedures) < 2 or not flagged.any() or not cleared.any():
        yield False, f"All were verified by {procedures[0] if procedures else 'nothing'}.", ()
        return
    for procedure in procedures:
        by = np.asarray((named == procedure).to_numpy())
        difference = two_proportions.newcombe(
            int((by & flagged).sum()),
            int(flagged.sum()),
            int((by & cleared).sum()),
            int(cleared.sum()),
            level=basis.study.analysis.level,
        )
        apart = difference.low > 0 or difference.high < 0
        name = f"verified by {procedure[:40]}"
        words = (
            f"{name.capitalize()}: {int((by & flagged).sum()):,} of {int(flagged.sum()):,} "
            f"positive, {int((by & cleared).sum()):,} of {int(cleared.sum()):,} negative."
        )
        yield apart, words, (Figure(name=name, value=difference.value, estimate=difference),)


def _figure(estimate: Estimate) -> str:
    return f"{estimate.value:.3f} ({estimate.low:.3f} to {estimate.high:.3f})"
