"""A measurement and its stratum in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate
from defensible.evidence.finding import Measurement, Stratum

Json = dict[str, Any]


def measurement(one: Measurement) -> Json:
    """One metric in one stratum."""
    return {
        "metric": one.metric.value,
        "stratum": stratum(one.stratum),
        "estimate": estimate(one.estimate),
        "why": one.why,
        "n_cases": one.n_cases,
        "n_diseased": one.n_diseased,
        "n_healthy": one.n_healthy,
    }


def stratum(of: Stratum) -> Json:
    """Dimension to level; empty is every case of the study."""
    return dict(of.levels)
