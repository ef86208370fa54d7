"""How much evidence is needed, as text and as JSON."""

from dataclasses import dataclass
from typing import Any

from defensible.assessment.planning import CellNeeded, Needed, Planned
from defensible.screen import Ink, capped, clean, wrap

Json = dict[str, Any]
BAR_WIDTH, BAR_GAP, BARS_HEIGHT = 22, 6, 40
MOST_CELLS, FEW_CELLS = 8, 4
"""Cells that the text names: short ones, and those where something else is expected."""
ALONE = "Each endpoint has its power alone; all of them together have less, as their line says."


def needed_text(found: Planned, ink: Ink) -> list[str]:
    """The lines of what is needed, each with what it assumes."""
    if not found.needed:
        return [ink.strong("EVIDENCE"), "  No claim is declared, so nothing can be counted."]
    lines = [ink.strong("EVIDENCE: CASES, SITES, READERS AND PARTICIPANTS")]
    for one in found.needed:
        lines += wrap(clean(f"{named(one)}, {one.part}: {amount(one)}"), first="  ", rest="    ")
        lines += wrap(capped(assumed(one), 600), first="    ")
        if one.sensitivity and one.part in {"overall", "reader study"}:
            lines += wrap(f"if the truth is {moved(one)}", first="    ")
        if one.cells:
            lines += wrap(short(one, MOST_CELLS), first="    ")
            for told in elsewhere(one, FEW_CELLS):
                lines += wrap(told, first="    ")
        if one.frontier:
            lines += wrap(f"cases by readers: {frontier(one)}", first="    ")
    lines += wrap(ALONE, first="  ")
    return lines


def named(one: Needed) -> str:
    """`C1 sensitivity above 0.8`, `C1 AUC less that of predicate above -0.05`, `owed`."""
    words = [one.claim or "owed"]
    if one.metric is not None:
        words.append(
            one.metric.words + (f" ({pair})" if (pair := one.pair.removeprefix(", ")) else "")
        )
    if one.against is not None:
        words.append(f"less that of {one.against}")
    if one.goal is not None:
        above = one.goal.above is not None
        bound = one.goal.above if above else one.goal.below
        words += ["above" if above else "below", f"{bound:g}"]
    return " ".join(words)


def amount(one: Needed) -> str:
    """`213 diseased and 213 healthy cases`, `12 sites`, `10 readers and 74 cases`, or `open`."""
    if one.n_sites is not None:
        return f"{one.n_sites:,} sites"
    if one.n_participants is not None:
        return f"{one.n_participants:,} participants"
    by_class = [
        f"{n:,} {name}"
        for n, name in ((one.n_diseased, "diseased"), (one.n_healthy, "healthy"))
        if n is not None
    ]
    parts = [f"{one.n_readers:,} readers"] if one.n_readers is not None else []
    parts += [f"{' and '.join(by_class)} cases"] if by_class else []
    parts += [f"{one.n_cases:,} cases"] if one.n_cases is not None else []
    parts += [f"{one.n_patients:,} patients"] if one.n_patients is not None else []
    if not parts:
        return "open"
    return f"{', '.join(parts)}{_screened(one)}"


def _screened(one: Needed) -> str:
    if one.n_screened is None or one.n_screened in {one.n_cases, one.n_patients}:
        return ""  # everybody seen is one of them
    surely = one.n_screened_surely
    if surely is None or surely == one.n_screened:
        return f"; {one.n_screened:,} to be screened"
    return f"; {one.n_screened:,} to be screened on average, {surely:,} for nine chances in ten"


def assumed(one: Needed) -> str:
    """What the number assumes, in a sentence."""
    expected = "" if one.expected is None else f"{one.expected:.3f} expected, by "
    power = "" if one.power is None else f"power {one.power:.2f} at level {one.level:.4g}; "
    asked = f"; asked by {', '.join(one.asked_by)}" if one.asked_by else ""
    source = f"{expected}{one.source}; " if one.source else ""
    return f"{source}{power}{one.why}{asked}"


def short(one: Needed, most: int) -> str:
    """`short in 30 of 42 cells: site Hungary 12 of 120 diseased`, what lacks most first."""
    lacking = sorted((cell for cell in one.cells if cell.short), key=lambda cell: -cell.short)
    if not lacking:
        return short_of(one)
    told = "; ".join(f"{cell.name} {there(cell)}" for cell in lacking[:most])
    rest = f"; {len(lacking) - most} more in JSON and page" if len(lacking) > most else ""
    return capped(f"{short_of(one)}: {told}{rest}", 900)


def short_of(one: Needed) -> str:
    """`short in 30 of 42 cells`."""
    lacking = sum(cell.short > 0 for cell in one.cells)
    return f"short in {lacking} of {len(one.cells)} cells" if lacking else "no cell is short"


def there(cell: CellNeeded) -> str:
    """`12 of 120 diseased, 40 of 120 healthy`; `open` where no number will do."""
    parts = (
        (cell.there_diseased, cell.needed_diseased, " diseased"),
        (cell.there_healthy, cell.needed_healthy, " healthy"),
        (cell.there_others, cell.needed_others, ""),
    )
    told = [f"{k:,} of {n:,}{name}" for k, n, name in parts if k is not None and n is not None]
    return ", ".join(told) or "open"


def elsewhere(one: Needed, most: int) -> list[str]:
    """Cells where something else is expected than over all cases, or worse was measured."""
    levels = [
        f"{cell.name} {cell.expected:.3f}, {_minimum(cell)}"
        for cell in one.cells
        if cell.name == cell.expected_at
    ]
    beyond = [cell.name for cell in one.cells if cell.out_of_reach]
    # single levels before pairs
    worse = sorted(
        (cell for cell in one.cells if cell.costly), key=lambda cell: cell.name.count(" x ")
    )
    told = (
        ("by plan.yaml", levels),
        ("out of reach at what is expected there", beyond),
        (
            "measured worse than expected, each by its own interval",
            [f"{cell.name} {_measured(cell)}" for cell in worse],
        ),
    )
    return [capped(f"{said}: {_few(names, most)}", 600) for said, names in told if names]


def _few(names: list[str], most: int) -> str:
    rest = f"; {len(names) - most} more in JSON and page" if len(names) > most else ""
    return f"{'; '.join(names[:most])}{rest}"


def _minimum(cell: CellNeeded) -> str:
    """`213 diseased`."""
    parts = (
        (cell.needed_diseased, " diseased"),
        (cell.needed_healthy, " healthy"),
        (cell.needed_others, " needed"),
    )
    return " and ".join(f"{n:,}{name}" for n, name in parts if n is not None) or "out of reach"


def _measured(cell: CellNeeded) -> str:
    """`0.710 (0.602 to 0.801), which would take 412`."""
    needs = "out of reach" if cell.if_measured is None else f"would take {cell.if_measured:,}"
    return f"{cell.measured:.3f} ({cell.low:.3f} to {cell.high:.3f}), {needs}"


def expected_there(cell: CellNeeded) -> str:
    """`0.880, by plan.yaml for vendor Philips`, `0.899, as of all`."""
    by = f"by plan.yaml for {cell.expected_at}" if cell.expected_at else "as of all"
    return f"{cell.expected:.3f}, {by}"


def measured_there(cell: CellNeeded) -> str:
    """What was measured, and whether it is worse than expected beyond chance."""
    if cell.measured is None:
        return "–"
    if cell.doubted:
        return f"worse than expected: {_measured(cell)}"
    return f"{cell.measured:.3f} ({cell.low:.3f} to {cell.high:.3f})"


def moved(one: Needed) -> str:
    """`0.88: 85, 0.89: 70`, with a dash where the goal is out of reach."""
    return ", ".join(
        f"{value:.3f}: {'-' if n is None else f'{n:,}'}" for value, n in one.sensitivity
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The number for one expected value, as a bar; the one that is expected is filled."""

    x: float
    y: float
    height: float
    words: str
    expected: bool


def bars(one: Needed) -> tuple[Bar, ...]:
    """How the number moves with what is true; a value out of reach of the goal has no bar."""
    known = [n for _, n in one.sensitivity if n is not None]
    if len(known) < 2:
        return ()
    most = max(known)
    return tuple(
        Bar(
            x=at * (BAR_WIDTH + BAR_GAP),
            y=round(BARS_HEIGHT * (1 - n / most), 1),
            height=round(BARS_HEIGHT * n / most, 1),
            words=f"{value:.3f}",
            expected=one.expected is not None and abs(value - one.expected) < 1e-6,
        )
        for at, (value, n) in enumerate(one.sensitivity)
        if n is not None
    )


def frontier(one: Needed) -> str:
    """`6: 1,370, 8: 139`, with a dash where no number of cases will do."""
    return ", ".join(f"{readers}: {'-' if n is None else f'{n:,}'}" for readers, n in one.frontier)


def needed_as_json(one: Needed) -> Json:
    """One line of what is needed."""
    return {
        "claim": one.claim,
        "metric": one.metric and one.metric.value,
        "goal": one.goal and {"above": one.goal.above, "below": one.goal.below},
        "part": one.part,
        "expected": one.expected,
        "source": one.source,
        "n_diseased": one.n_diseased,
        "n_healthy": one.n_healthy,
        "n_cases": one.n_cases,
        "n_patients": one.n_patients,
        "n_screened": one.n_screened,
        "n_screened_surely": one.n_screened_surely,
        "n_sites": one.n_sites,
        "n_readers": one.n_readers,
        "n_participants": one.n_participants,
        "power": one.power,
        "level": one.level,
        "method": one.method,
        "why": one.why,
        "if_true": [{"expected": value, "n": n} for value, n in one.sensitivity],
        "readers_and_cases": [{"readers": readers, "cases": n} for readers, n in one.frontier],
        "cells": [_cell_as_json(cell) for cell in one.cells],
        "against": one.against,
        "asked_by": list(one.asked_by),
        "conditions": one.pair.removeprefix(", ") or None,
    }


def _cell_as_json(cell: CellNeeded) -> Json:
    return {
        "name": cell.name,
        "answer": cell.answer.value,
        "there": {
            "diseased": cell.there_diseased,
            "healthy": cell.there_healthy,
            "others": cell.there_others,
        },
        "short": {
            "diseased": cell.short_diseased,
            "healthy": cell.short_healthy,
            "others": cell.short_others,
        },
        "expected": cell.expected,
        "expected_at": cell.expected_at or None,
        "needed": {
            "diseased": cell.needed_diseased,
            "healthy": cell.needed_healthy,
            "others": cell.needed_others,
        },
        "measured": None
        if cell.measured is None
        else {
            "estimate": cell.measured,
            "low": cell.low,
            "high": cell.high,
            "worse": cell.doubted,
            "if_true": cell.if_measured,
        },
    }
