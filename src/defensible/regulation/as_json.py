"""A classification as plain data: the one JSON form of it, documented in docs/json.md.

What no rule decides is null. Keys are added, not renamed.
"""

import re
from collections.abc import Iterable
from typing import Any

from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    RuleTrace,
    SchemeAnswer,
)

Json = dict[str, Any]

_CODE = re.compile(r"^\d+ CFR (?=\d)")
"""The title of the code before a section number: `21 CFR 892.2080`."""


def as_json(classification: Classification) -> Json:
    """The answers by market, the IMDRF category among them, and the schemes across markets."""
    markets = {one.market: market(one) for one in classification.markets}
    if classification.imdrf is not None:
        markets["imdrf"] = _category(classification.imdrf)
    return {"markets": markets, "schemes": _schemes(classification.schemes)}


def market(answer: MarketAnswer) -> Json:
    """The answer for one market."""
    return {
        "pack": answer.pack,
        "decided": answer.decided,
        "device": answer.device,
        "class": answer.device_class,
        "rule": answer.rule,
        "regulation": section(answer.regulation),
        "source": answer.regulation,
        "product_codes": list(answer.product_codes),
        "pathway": answer.pathway,
        "rules": _rules(answer.fired),
        "near": _rules(answer.near),
        "unknown": list(answer.unknown_fields),
        "confidence": answer.confidence,
        "assumes": list(answer.assumes),
        "special_controls": [{"id": one.id, "text": one.text} for one in answer.special_controls],
        "ask": answer.ask,
        "schemes": _schemes(answer.schemes),
    }


def section(regulation: str | None) -> str | None:
    """`892.2080` of `21 CFR 892.2080`; anything else as it is."""
    return None if regulation is None else _CODE.sub("", regulation)


def _category(answer: MarketAnswer) -> Json:
    """The IMDRF answer: a category, and no law from which anything follows."""
    return {
        "pack": answer.pack,
        "decided": answer.decided,
        "category": answer.device_class,
        "rules": _rules(answer.fired),
        "near": _rules(answer.near),
        "unknown": list(answer.unknown_fields),
        "confidence": answer.confidence,
        "assumes": list(answer.assumes),
        "ask": answer.ask,
    }


def _schemes(answers: Iterable[SchemeAnswer]) -> Json:
    return {
        one.scheme: {
            "title": one.title,
            "pack": one.pack,
            "decided": one.decided,
            "applies": one.applies,
            "category": one.category,
            "rules": _rules(one.fired),
            "near": _rules(one.near),
            "unknown": list(one.unknown_fields),
            "confidence": one.confidence,
            "assumes": list(one.assumes),
            "ask": one.ask,
        }
        for one in answers
    }


def _rules(traces: Iterable[RuleTrace]) -> list[Json]:
    return [
        {
            "rule": trace.rule,
            "title": trace.title,
            "match": trace.match.value,
            "conditions": [
                {
                    "field": one.field,
                    "asked": one.asked,
                    "found": one.found,
                    "match": one.match.value,
                }
                for one in trace.conditions
            ],
            "citation": {
                "source": trace.citation.source,
                "read_on": trace.citation.read_on.isoformat(),
                "confidence": trace.citation.confidence,
            },
        }
        for trace in traces
    ]
