"""Failure modes and what the risk file does about them: text in 80 columns, and JSON."""

from typing import Any

from defensible.regulation import Match
from defensible.risk import ModeAnswer
from defensible.screen import capped, wrap

Json = dict[str, Any]
IN_FULL = 10
"""Modes of which all is said; of the others the title."""


def modes_text(shown: tuple[ModeAnswer, ...], everything: tuple[ModeAnswer, ...]) -> str:
    """Those that are shown, worst first; the heading counts all that apply or may."""
    n_open = sum(one.open for one in everything)
    n_maybe = sum(one.mode.applies is Match.UNKNOWN for one in everything)
    lines = wrap(
        f"FAILURE MODES: {len(everything)} apply to this device or may ({n_maybe} may); "
        f"{len(everything) - n_open} dealt with, {n_open} open."
    )
    for one in shown[:IN_FULL]:
        lines += ["", *_mode(one)]
    if rest := shown[IN_FULL:]:
        lines += ["", f"And {len(rest)} less grave, or less sure to apply (JSON has all of each):"]
        for one in rest:
            mark = "[ ]" if one.open else "[x]"
            lines += wrap(f"{one.mode.mode.id}: {one.mode.mode.title}", first=f"{mark} ")
    return "\n".join([*lines, "", *_next(everything)])


def _mode(one: ModeAnswer) -> list[str]:
    mode = one.mode.mode
    mark = "[ ]" if one.open else "[x]"
    lines = wrap(f"{mode.id}: {mode.title}", first=f"{mark} ")
    if one.risks:
        lines += wrap(capped(f"addressed by {', '.join(one.risks)}", 300), first="    ")
    elif one.set_aside is not None:
        lines += wrap(capped(f"set aside: {one.set_aside}", 300), first="    ")
    if not one.open:
        return lines
    may = "may apply" if one.mode.applies is Match.UNKNOWN else "applies"
    asks = f" It is not known {', '.join(one.mode.ask)}." if one.mode.ask else ""
    seen = "can" if mode.confusion_matrix else "cannot"
    lines += wrap(f"{may}: {mode.why}{asks}", first="    ")
    lines += wrap(f"harm: {mode.harm}; a confusion matrix {seen} show it", first="    ")
    kinds = ", ".join(mode.evidence.kinds)
    lines += wrap(f"evidence ({kinds}): {mode.evidence.study}", first="    ")
    return lines


def _next(everything: tuple[ModeAnswer, ...]) -> list[str]:
    first = next((one for one in everything if one.open), None)
    if first is None:
        return ["Next: `defensible assess`; every failure mode here is dealt with."]
    name = first.mode.mode.id
    return wrap(
        f"Next: `defensible risk --suggest {name}` drafts an entry for risks.yaml; or say under "
        "`not_applicable` why it cannot happen, with role and date."
    )


def modes_as_json(shown: tuple[ModeAnswer, ...]) -> Json:
    """The modes as the `result` of the envelope."""
    return {"modes": [mode_as_json(one) for one in shown]}


def mode_as_json(one: ModeAnswer) -> Json:
    """One mode with what the file does about it."""
    mode = one.mode.mode
    return {
        "mode": mode.id,
        "class": mode.class_,
        "title": mode.title,
        "applies": one.mode.applies.value,
        "ask": list(one.mode.ask),
        "why": mode.why,
        "harm": mode.harm,
        "severity": mode.severity,
        "confusion_matrix": mode.confusion_matrix,
        "risks": list(one.risks),
        "set_aside": one.set_aside,
        "open": one.open,
        "controls": {kind.value: text for kind, text in mode.controls.items()},
        "evidence": {
            "kinds": list(mode.evidence.kinds),
            "study": mode.evidence.study,
            "measure": mode.evidence.measure,
        },
        "citation": {
            "source": mode.cite.source,
            "read_on": mode.cite.read_on.isoformat(),
            "confidence": mode.cite.confidence,
        },
    }
