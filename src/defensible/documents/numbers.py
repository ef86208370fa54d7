"""Numbers as people read them: three decimals for proportions, always with their interval."""

from defensible.assessment.result import ScopeCell
from defensible.dossier.claims import Goal
from defensible.evidence import further_read
from defensible.evidence.finding import Finding, Measurement
from defensible.statistics.estimate import Estimate


def proportion(value: float) -> str:
    """`0.874`; never `1.000` or `0.000` for a value that is not exactly there."""
    text = f"{value:.3f}"
    if text == "1.000" and value < 1:
        return ">0.999"
    if text == "0.000" and value > 0:
        return "<0.001"
    return "0.000" if text == "-0.000" else text


def interval(estimate: Estimate) -> str:
    """`0.793 to 0.931`."""
    return f"{proportion(estimate.low)} to {proportion(estimate.high)}"


def figure(estimate: Estimate) -> str:
    """`0.874 (0.793 to 0.931)`."""
    return f"{proportion(estimate.value)} ({interval(estimate)})"


def level(value: float) -> str:
    """`95%`, `97.5%`."""
    return f"{value * 100:.4g}%"


def goal(asked: Goal) -> str:
    """`above 0.80`."""
    if asked.above is not None:
        return f"above {bound(asked.above)}"
    return f"below {bound(asked.below)}" if asked.below is not None else "no bound"


def bound(value: float) -> str:
    """`0.80`, `0.825`: two decimals or as many as were declared."""
    shortest = f"{value:g}"
    decimals = len(shortest.partition(".")[2])
    return shortest if decimals >= 2 or abs(value) > 1 else f"{value:.2f}"


def denominator(measurement: Measurement) -> str:
    """`28 of 31` for a proportion with its count, else `n = 59`; of what, if nothing came out."""
    estimate = measurement.estimate
    if estimate is None:
        return f"{measurement.n_cases:,} cases"
    if estimate.count is not None:
        return f"{estimate.count:,} of {estimate.n:,}"
    return f"n = {estimate.n:,}"


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """`1 case`, `2,000 cases`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def further(finding: Finding) -> str | None:
    """`about 120 more would settle it`, where the finding says so; of readers, more readers too."""
    read = further_read.in_words(finding)
    if read is not None:
        return f"{read}, at the value seen"
    if finding.further is None:
        return None
    return f"about {finding.further:,} more would settle it at the rate seen"


def further_of_level(cell: ScopeCell) -> str | None:
    """`about 120 more, or 3 more readers`: what would settle a level of a scope."""
    ways = [f"{cell.further:,} more"] if cell.further else []
    ways += [counted(cell.further_readers, "more reader")] if cell.further_readers else []
    return f"about {', or '.join(ways)}" if ways else None
