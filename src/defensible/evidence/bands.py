"""Names of bands, as levels of a dimension have them; nothing else loads with it."""

from itertools import pairwise

from defensible.dossier.studies import Dimension


def band_names(dimension: Dimension) -> tuple[str, ...]:
    """Names of the bands of a dimension, lowest first; one more than it has edges."""
    edges = dimension.bands or ()
    if not edges:
        return ()
    whole = all(float(edge).is_integer() for edge in edges)
    between = [
        _years(low, high) if whole else f"{low:g} to <{high:g}" for low, high in pairwise(edges)
    ]
    return (f"<{edges[0]:g}", *between, f"{edges[-1]:g}+")


def _years(low: float, high: float) -> str:
    return f"{low:g}" if high - low == 1 else f"{low:g}-{high - 1:g}"
