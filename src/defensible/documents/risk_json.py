"""The risk file as it stands, as the `result` of the envelope."""

from typing import Any

from defensible.documents.as_json import risk_review_as_json
from defensible.documents.failure_modes import mode_as_json
from defensible.risk import RiskView
from defensible.risk.grid import GridRow
from defensible.risk.trace import ControlTrace, RiskTrace
from defensible.risk.uncertainty import Picture

Json = dict[str, Any]


def risk_as_json(view: RiskView) -> Json:
    """Review, matrix, trace, circles, uncertainty and failure modes."""
    return {
        **risk_review_as_json(view.review),
        "matrix": {"before": _grid(view.review.before), "after": _grid(view.review.after)},
        "trace": [_trace(one) for one in view.traces],
        "unverified": [one.control.id for one in view.unverified],
        "circles": [list(one) for one in view.circles],
        "uncertainty": _picture(view.picture),
        "modes": [mode_as_json(one) for one in view.modes],
    }


def _grid(rows: tuple[GridRow, ...]) -> list[Json]:
    return [
        {
            "severity": row.severity,
            "probability": cell.probability,
            "acceptability": cell.acceptability.value if cell.acceptability else None,
            "risks": list(cell.risks),
        }
        for row in rows
        for cell in row.cells
    ]


def _trace(one: RiskTrace) -> Json:
    return {
        "risk": one.risk.id,
        "hazard": one.risk.hazard,
        "sequence_of_events": one.risk.sequence_of_events,
        "hazardous_situation": one.risk.hazardous_situation,
        "harm": one.risk.harm,
        "before": one.before.value if one.before else None,
        "controls": [_control(each) for each in one.controls],
        "after": one.after.value if one.after else None,
    }


def _control(one: ControlTrace) -> Json:
    return {
        "control": one.control.id,
        "kind": one.control.kind.value,
        "implementation": {"holds": one.implementation.holds, "why": one.implementation.why},
        "effectiveness": {"holds": one.effectiveness.holds, "why": one.effectiveness.why},
    }


def _picture(picture: Picture) -> Json:
    return {
        "seed": picture.seed,
        "n_draws": picture.n_draws,
        "risks": [
            {
                "risk": one.risk,
                "severity": one.severity,
                "unacceptable": one.unacceptable,
                "per_use": {"low": one.low, "middle": one.middle, "high": one.high},
                "rests_on": [
                    {"study": each.study, "state": each.state.value if each.state else None}
                    for each in one.rests_on
                ],
            }
            for one in picture.risks
        ],
        "per_million_uses": [
            {
                "severity": one.severity,
                "n_risks": one.n_risks,
                "low": one.low,
                "mean": one.mean,
                "high": one.high,
            }
            for one in picture.by_severity
        ],
        "not_counted": list(picture.not_counted),
    }
