"""What the device owes and how it stands: text in 80 columns, and JSON."""

from collections import Counter
from itertools import groupby
from typing import Any

from defensible.assessment.result import Answered, Assessment, Status
from defensible.documents.text_marks import paint_status
from defensible.regulation import ObligationKind
from defensible.regulation.classification import Classification
from defensible.screen import Ink, capped, clean, sentence, wrap

HEADING = {"across": "ACROSS MARKETS", "gxp": "GXP PROCESSES"}
KIND = {
    ObligationKind.EVIDENCE: "evidence",
    ObligationKind.SPECIAL_CONTROL: "special controls",
    ObligationKind.HUMAN_FACTORS: "human factors",
    ObligationKind.RISK_FILE: "risk file",
    ObligationKind.LABELING: "labeling",
    ObligationKind.DOCUMENT: "documents",
    ObligationKind.QUALITY_SYSTEM: "quality system",
    ObligationKind.POST_MARKET: "after market",
}
Json = dict[str, Any]


def obligations_text(shown: tuple[Answered, ...], assessment: Assessment, *, colour: bool) -> str:
    """Those that are shown, market by market and kind by kind; headings count all of them."""
    ink = Ink(colour=colour)
    everything = dict(by_market(assessment.obligations))
    blocks = [
        [
            ink.strong(f"{heading(market)}, {tally(everything[market])}"),
            *_class(market, assessment.classification),
            *(line for kind in by_kind(ones) for line in _kind(kind, ink)),
        ]
        for market, ones in by_market(shown)
    ]
    if not blocks:
        return "Nothing here is owed, or nothing that was asked for."
    blocks.append(_next(shown))
    return "\n\n".join("\n".join(block) for block in blocks)


def heading(market: str) -> str:
    """The market's name as a heading."""
    return HEADING.get(market, market.upper())


def by_market(owed: tuple[Answered, ...]) -> list[tuple[str, tuple[Answered, ...]]]:
    """The obligations of each market, in their order."""
    grouped = groupby(owed, key=lambda one: one.obligation.market)
    return [(market, tuple(ones)) for market, ones in grouped]


def by_kind(owed: tuple[Answered, ...]) -> list[tuple[str, tuple[Answered, ...]]]:
    """The obligations of each kind, in their order, by its name in words."""
    grouped = groupby(owed, key=lambda one: one.obligation.kind)
    return [(KIND[kind], tuple(ones)) for kind, ones in grouped]


def tally(owed: tuple[Answered, ...]) -> str:
    """`9 of 32 met, 2 partly, 21 open`."""
    counts = Counter(one.status for one in owed)
    applying = len(owed) - counts[Status.NOT_APPLICABLE]
    told = f"{counts[Status.MET]} of {applying} met"
    if counts[Status.PARTLY]:
        told += f", {counts[Status.PARTLY]} partly"
    return f"{told}, {counts[Status.OPEN]} open"


def _class(market: str, classification: Classification) -> list[str]:
    answer = classification.market(market)
    if answer is None:
        return []
    if not answer.decided:
        return wrap("no rule decides the class, so that more may be owed", first="  ")
    facts = [f"class {answer.device_class}", answer.regulation, answer.pathway]
    return wrap(clean(", ".join(one for one in facts if one)), first="  ")


def _kind(kind: tuple[str, tuple[Answered, ...]], ink: Ink) -> list[str]:
    name, ones = kind
    lines = [f"  {sentence(name)}"]
    for one in ones:
        owed = one.obligation
        lines += wrap(
            f"{paint_status(one.status, ink)}  {capped(owed.title, 300)}",
            first="    ",
            rest=" " * 8,
        )
        lines += wrap(f"{capped(one.reason, 300)}", first=" " * 8)
        if one.close:
            lines += wrap(capped(one.close, 300), first=" " * 8 + "close: ", rest=" " * 8)
        cite = owed.citation
        sure = "" if cite.confidence == "high" else f", confidence {cite.confidence}"
        lines += wrap(ink.faint(f"{owed.id}; {capped(cite.source, 200)}{sure}"), first=" " * 8)
    return lines


def _next(owed: tuple[Answered, ...]) -> list[str]:
    first = next((one for one in owed if one.close), None)
    if first is None:
        return ["Next: everything that is owed here is met."]
    return wrap(
        f"Next: {capped(first.close or '', 300)} ({first.obligation.id}). What only a person can "
        "judge goes under `judgements` in device.yaml."
    )


def obligations_as_json(owed: tuple[Answered, ...]) -> Json:
    """The obligations as the `result` of the envelope."""
    return {"obligations": [one_as_json(one) for one in owed]}


def one_as_json(one: Answered) -> Json:
    """One obligation with its answer."""
    owed = one.obligation
    return {
        "id": owed.id,
        "market": owed.market,
        "kind": owed.kind.value,
        "title": owed.title,
        "applies": owed.applies.value,
        "status": one.status.value,
        "reason": one.reason,
        "close": one.close,
        "check": owed.check.name,
        "citation": {
            "source": owed.citation.source,
            "read_on": owed.citation.read_on.isoformat(),
            "confidence": owed.citation.confidence,
        },
    }
