"""An estimate in the JSON form, which has no infinity."""

import math
from typing import Any

from defensible.statistics.estimate import Estimate

Json = dict[str, Any]


def estimate(one: Estimate | None) -> Json | None:
    """An estimate with its interval; null where there is none."""
    if one is None:
        return None
    return {
        "value": number(one.value),
        "low": number(one.low),
        "high": number(one.high),
        "level": one.level,
        "method": one.method,
        "n": one.n,
        "n_clusters": one.n_clusters,
        "count": one.count,
        "se": number(one.se),
        "df": number(one.df),
        "p": number(one.p),
        "cautions": [caution.name.lower() for caution in one.cautions],
    }


def number(value: float | None) -> float | None:
    """JSON has no infinity: an open end is null."""
    return value if value is not None and math.isfinite(value) else None
