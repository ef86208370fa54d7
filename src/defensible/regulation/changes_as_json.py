"""What changes of the intended use do, as plain data; documented in docs/json.md."""

from defensible.regulation.as_json import Json, as_json
from defensible.regulation.sensitivity import Moved, Outcome, Sensitivity
from defensible.regulation.what_if import WhatIf


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
