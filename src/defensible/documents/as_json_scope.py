"""The scope of a claim in the JSON form; its keys are documented in docs/json.md."""

from typing import Any

from defensible.assessment.result import (
    Assessment,
    ClaimScope,
    Confounded,
    Family,
    PredictiveValue,
    ScopeCell,
    Supported,
    Unexercised,
)
from defensible.documents.as_json_estimate import estimate
from defensible.documents.as_json_measurement import measurement
from defensible.documents.as_json_study import further_reading
from defensible.dossier.claims import Goal
from defensible.dossier.dossier import Place
from defensible.dossier.labeling import Unit
from defensible.regulation.language import Spot

Json = dict[str, Any]


def scope(one: ClaimScope) -> Json:
    """Cells, pairs and the widest supported scope of one claim."""
    return {
        "claim": one.claim,
        "family": None if one.family is None else _family(one.family),
        "levels": [level(cell) for cell in one.cells],
        "pairs": [level(cell) for cell in one.pairs],
        "not_known": [level(cell) for cell in one.not_known],
        "widest": [_supported(each) for each in one.widest],
        "widest_cut": one.widest_cut,
        "confounded": [_confounded(each) for each in one.confounded],
        "predictive_values": [_predictive(each) for each in one.predictive],
    }


def unexercised(assessment: Assessment) -> list[Json]:
    """Conditions that are allowed and without enough evidence."""
    return [_unexercised(one) for one in assessment.unexercised]


def level(cell: ScopeCell) -> Json:
    """One level, or a level of each of two dimensions."""
    return {
        "dimension": cell.dimension,
        "level": cell.level,
        "stratum": dict(cell.stratum.levels),
        "answer": cell.answer.value,
        "alone": cell.alone.value if cell.alone else None,
        "p": cell.p,
        "adjusted_p": cell.adjusted_p,
        "further": cell.further,
        "further_readers": cell.further_readers,
        "why": cell.why,
        "n_cases": cell.n_cases,
        "simultaneous": [
            {
                "study": one.study,
                "metric": one.metric.value,
                "goal": goal(one.goal),
                "low": one.low,
                "high": one.high,
                "level": one.level,
                "condition": one.condition,
                "against": one.against,
            }
            for one in cell.simultaneous
        ],
        "decided_by": [
            {
                "study": one.study,
                "goal": goal(one.goal),
                "condition": one.condition,
                "against": one.against,
                "further": one.further,
                "further_reading": further_reading(one),
                "measurement": measurement(one.measurement),
            }
            for one in cell.findings
        ],
    }


def goal(one: Goal) -> Json:
    """The bound, under `above` or `below`."""
    return {"above": one.above, "below": one.below}


def _family(one: Family) -> Json:
    return {
        "method": one.method,
        "n_tested": one.n_tested,
        "alpha": one.alpha,
        "order": list(one.order),
    }


def _supported(one: Supported) -> Json:
    return {
        "levels": {name: list(levels) for name, levels in one.levels},
        "sentence": one.sentence,
        "dropped": [
            {"dimension": dimension, "level": level, "why": why}
            for dimension, level, why in one.dropped
        ],
        "n_cases": one.n_cases,
    }


def _confounded(one: Confounded) -> Json:
    return {
        "study": one.study,
        "dimension": one.dimension,
        "level": one.level,
        "other": one.other,
        "other_level": one.other_level,
        "n_cases": one.n_cases,
        "said": one.said,
    }


def _predictive(one: PredictiveValue) -> Json:
    return {
        "study": one.study,
        "metric": one.metric.value,
        "prevalence": one.prevalence,
        "estimate": estimate(one.estimate),
    }


def _unexercised(one: Unexercised) -> Json:
    return {
        "dimension": one.dimension,
        "condition": one.condition,
        "n_cases": one.n_cases,
        "why": one.why,
        "honest": one.honest,
        "file": one.place.file,
        "line": one.place.line if isinstance(one.place, Place) else _line(one.place),
        "n_quotes": one.n_quotes,
        "quotes": [
            {
                "file": quote.spot.file,
                "unit": quote.spot.unit.value,
                "number": quote.spot.number,
                "words": quote.words,
            }
            for quote in one.quotes
        ],
    }


def _line(spot: Spot) -> int | None:
    """The line of a place in labeling; None where it has pages or paragraphs."""
    return spot.number if spot.unit is Unit.LINE else None
