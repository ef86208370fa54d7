"""What only a localization study has, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate
from defensible.evidence.localization_finding import LocalizationFindings, MarkCurve

Json = dict[str, Any]


def localization(found: LocalizationFindings) -> Json:
    """Marks and lesions in numbers, false marks by class, both curves."""
    return {
        "n_lesions": found.n_lesions,
        "n_marks": found.n_marks,
        "n_shown": found.n_shown,
        "threshold": found.threshold,
        "rule": found.rule,
        "n_repeated": found.n_repeated,
        "false_marks_per_healthy_case": estimate(found.false_marks_per_healthy_case),
        "false_marks_per_diseased_case": estimate(found.false_marks_per_diseased_case),
        "lesions": [
            {"dimension": name, "level": level, "n_lesions": n} for name, level, n in found.lesions
        ],
        "froc": found.froc and _curve(found.froc, "false_marks_per_case", "lesion_sensitivity"),
        "wafroc": found.wafroc
        and _curve(found.wafroc, "false_positive_rate", "weighted_lesion_sensitivity"),
    }


def _curve(curve: MarkCurve, across: str, up: str) -> Json:
    """Thresholds descend; the first is null, where nothing is marked."""
    point = curve.operating_point
    return {
        "threshold": list(curve.threshold),
        across: list(curve.across),
        up: list(curve.up),
        "operating_point": point and {across: point[0], up: point[1]},
    }
