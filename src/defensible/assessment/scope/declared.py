"""The levels that a claim declares, as the strata of its studies name them."""

from defensible.dossier.claims import ScopeValue
from defensible.dossier.declared import Level, Range
from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import dimensions_of
from defensible.evidence.bands import band_names
from defensible.evidence.finding import StudyResult

Ends = tuple[float | None, float | None]
"""Lower end (inside) and upper end (outside) of a band; None where it is open."""


def levels(
    dimension: str,
    value: ScopeValue,
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    serving: set[str],
) -> tuple[str, ...]:
    """The declared levels as strata name them; for `any`, the levels that were seen."""
    if isinstance(value, tuple):
        return tuple(_text(level) for level in value)
    seen = {
        level: None
        for result in results
        if result.study in serving
        for one in result.dimensions
        if one.name == dimension
        for level, _ in one.levels
    }
    if isinstance(value, Range):
        edges = ends(dimension, dossier, serving)
        return tuple(level for level, band in edges.items() if _overlap(band, value))
    return tuple(seen)


def ends(dimension: str, dossier: Dossier, serving: set[str]) -> dict[str, Ends]:
    """Bands of a dimension with their ends, by the names that strata give them."""
    bands: dict[str, Ends] = {}
    for study in dossier.studies:
        if study.id not in serving:
            continue
        for one in dimensions_of(study):
            if one.name == dimension and one.bands is not None:
                bands.update(zip(band_names(one), _intervals(one.bands), strict=True))
    return bands


def _intervals(edges: tuple[float, ...]) -> list[Ends]:
    lows: list[float | None] = [None, *edges]
    highs: list[float | None] = [*edges, None]
    return list(zip(lows, highs, strict=True))


def _overlap(band: Ends, wanted: Range) -> bool:
    low, high = band
    starts_below = wanted.to is None or low is None or low < wanted.to
    ends_above = wanted.from_ is None or high is None or high > wanted.from_
    return starts_below and ends_above


def _text(level: Level) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def words(value: ScopeValue) -> str:
    """The declared levels of a dimension in words."""
    if isinstance(value, Range):
        low = "" if value.from_ is None else f"from {value.from_:g}"
        high = "" if value.to is None else f"to {value.to:g}"
        return f"{low} {high}".strip() or "any"
    return value if isinstance(value, str) else ", ".join(map(_text, value))
