"""How much evidence is needed, as text and as JSON."""

from typing import Any

from defensible.assessment.planning import Needed, Planned
from defensible.screen import Ink, capped, clean, wrap

Json = dict[str, Any]


def needed_text(found: Planned, ink: Ink) -> list[str]:
    """The lines of what is needed, each with what it assumes."""
    if not found.needed:
        return [ink.strong("EVIDENCE"), "  No claim is declared, so nothing can be counted."]
    lines = [ink.strong("EVIDENCE: CASES AND SITES")]
    for one in found.needed:
        goal = one.goal.above if one.goal.above is not None else one.goal.below
        side = "above" if one.goal.above is not None else "below"
        head = f"{one.claim} {one.metric.words} {side} {goal:g}, {one.part}: {amount(one)}"
        lines += wrap(clean(head), first="  ", rest="    ")
        lines += wrap(capped(assumed(one), 400), first="    ")
        if one.sensitivity and one.part == "overall":
            lines += wrap(f"if the truth is {moved(one)}", first="    ")
    lines += wrap("Each endpoint has its power alone; all of them together have less.", first="  ")
    return lines


def amount(one: Needed) -> str:
    """`213 diseased and 213 healthy cases`, `12 sites`, or `open`."""
    if one.n_sites is not None:
        return f"{one.n_sites:,} sites"
    parts = [
        f"{n:,} {name}"
        for n, name in ((one.n_diseased, "diseased"), (one.n_healthy, "healthy"))
        if n is not None
    ]
    if not parts:
        return "open"
    screened = f"; {one.n_screened:,} to be screened" if one.n_screened is not None else ""
    return f"{' and '.join(parts)} cases{screened}"


def assumed(one: Needed) -> str:
    """What the number assumes, in a sentence."""
    expected = "" if one.expected is None else f"{one.expected:.3f} expected, by "
    power = "" if one.power is None else f"power {one.power:.2f} at level {one.level:.4g}; "
    return f"{expected}{one.source}; {power}{one.why}"


def moved(one: Needed) -> str:
    """`0.88: 85, 0.89: 70`, with a dash where the goal is out of reach."""
    return ", ".join(
        f"{value:.3f}: {'-' if n is None else f'{n:,}'}" for value, n in one.sensitivity
    )


def needed_as_json(one: Needed) -> Json:
    """One line of what is needed."""
    return {
        "claim": one.claim,
        "metric": one.metric.value,
        "goal": {"above": one.goal.above, "below": one.goal.below},
        "part": one.part,
        "expected": one.expected,
        "source": one.source,
        "n_diseased": one.n_diseased,
        "n_healthy": one.n_healthy,
        "n_screened": one.n_screened,
        "n_sites": one.n_sites,
        "power": one.power,
        "level": one.level,
        "method": one.method,
        "why": one.why,
        "if_true": [{"expected": value, "n": n} for value, n in one.sensitivity],
    }
