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
from defensible.regulation.sensitivity import Moved, Outcome, Sensitivity
from defensible.regulation.what_if import WhatIf

Json = dict[str, Any]

_CODE = re.compile(r"^\d+ CFR (?=\d)")
"""The title of the code before a section number: `21 CFR 892.2080`."""


def as_json(classification: Classification) -> Json:
    """The answers by market, the IMDRF category among them, and the schemes across markets."""
    markets = {one.market: market(one) for one in classification.markets}
    if classification.imdrf is not None:
        markets["imdrf"] = _category(classification.imdrf)
    return {"markets": markets, "schemes": _schemes(classification.schemes)}


def what_if_json(found: WhatIf) -> Json:
    """Both answers, and for each market the aspects in which they differ."""
    return {
        "changes": [
            {
                "field": one.field,
                "before": None if was is None else list(was),
                "after": list(one.values),
            }
            for one, was in zip(found.changes, found.was, strict=True)
        ],
        "before": as_json(found.before),
        "after": as_json(found.after),
        "differences": {
            one.name: [
                {
                    "aspect": aspect.name,
                    "before": list(aspect.before),
                    "after": list(aspect.after),
                }
                for aspect in one.aspects
                if aspect.differs
            ]
            for one in found.compared
            if one.differs
        },
    }


def sensitivity_json(found: Sensitivity) -> Json:
    """Each change, and each pair, with the market that it moves and what becomes of it."""
    return {
        "before": {name: _outcome(one) for name, one in found.before.items()},
        "singles": [_moved(one) for one in found.singles],
        "pairs": [_moved(one) for one in found.pairs],
        "n_singles": found.n_singles,
        "n_pairs": found.n_pairs,
        "n_possible": found.n_possible,
    }


def _moved(one: Moved) -> Json:
    return {
        "market": one.market,
        "changes": [{"field": each.field, "after": list(each.values)} for each in one.changes],
        "after": _outcome(one.after),
    }


def _outcome(one: Outcome) -> Json:
    return {
        "decided": one.decided,
        "device": one.device,
        "class": one.device_class,
        "pathway": one.pathway,
    }


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
