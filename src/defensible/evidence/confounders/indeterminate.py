"""Cases for which the device gave no answer: the rates at their best and their worst."""

from defensible.evidence.confounders.basis import Basis
from defensible.evidence.faults import counted
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.statistics import proportions

KIND = "indeterminate results"


def found(basis: Basis) -> Confounder:
    """Rates if every unanswered case had been right, and if every one had been wrong."""
    cases, outside = basis.cases, basis.cases.outside
    silent = outside.unanswered_diseased + outside.unanswered_healthy
    if cases.positive is None:
        said = "The device decides nothing, so no result of it is indeterminate."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    if not silent:
        said = "The device answered for every case with a reference standard."
        return Confounder(kind=KIND, presence=Presence.ABSENT, said=said)
    truth, positive, answered = cases.truth, cases.positive, cases.answered
    rates = (
        ("sensitivity", positive & truth & answered, truth & answered, outside.unanswered_diseased),
        (
            "specificity",
            ~positive & ~truth & answered,
            ~truth & answered,
            outside.unanswered_healthy,
        ),
    )
    figures, words = [], []
    for name, right, of, unanswered in rates:
        k, n = int(right.sum()), int(of.sum()) + unanswered
        if not n:
            continue
        level = basis.study.analysis.level
        worst = proportions.wilson(k, n, level=level)
        best = proportions.wilson(k + unanswered, n, level=level)
        figures += [
            Figure(name=f"{name}, worst case", value=worst.value, estimate=worst),
            Figure(name=f"{name}, best case", value=best.value, estimate=best),
        ]
        words.append(f"{name} {worst.value:.3f} to {best.value:.3f}")
    said = (
        f"No answer for {counted(silent, 'case')} ({outside.unanswered_diseased:,} diseased, "
        f"{outside.unanswered_healthy:,} healthy). From all wrong to all right: "
        f"{', '.join(words)}."
    )
    return Confounder(kind=KIND, presence=Presence.PRESENT, said=said, figures=tuple(figures))
