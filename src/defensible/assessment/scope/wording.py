"""A supported scope as labeling could say it, with what is not established and why.

`… in patients aged 18 to 54, women and men, at Hungary; not established for age 65+ (fails; 61
diseased, 21 healthy), site Switzerland (115 diseased, 8 healthy).`
"""

from collections.abc import Mapping, Sequence

from defensible.assessment.result import ScopeCell
from defensible.assessment.scope.declared import Ends
from defensible.assessment.scope.new_site import NEW_SITE
from defensible.evidence.finding import Answer, SeenDimension

SEX = {"female": "women", "male": "men"}
PHRASES = {
    "site": "at {levels}",
    "vendor": "on {levels} systems",
    "imaging_modality": "on {levels}",
    "region": "in {levels}",
    "country": "in {levels}",
}
MOST_NAMED = 6
_LABEL = {
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "not settled",
    Answer.UNSEEN: "no cases",
}


def sentence(
    levels: Mapping[str, Sequence[str]],
    dropped: Sequence[ScopeCell],
    bands: Mapping[str, Mapping[str, Ends]],
    seen: Mapping[str, SeenDimension],
) -> str:
    """The scope in one sentence that continues the claim's own text.

    Parameters
    ----------
    levels : mapping
        Dimension and its supported levels, in the order of the scope.
    dropped : sequence of ScopeCell
        Declared levels and pairs that are not in.
    bands : mapping
        Ends of the bands of each banded dimension, by name.
    seen : mapping
        What the data hold of each dimension; ages are bounded by the oldest and youngest seen.
    """
    parts = [
        _banded(name, ones, bands[name], seen.get(name)) if bands.get(name) else _named(name, ones)
        for name, ones in levels.items()
    ]
    told = f"… {', '.join(parts)}"
    if not dropped:
        return f"{told}."
    return f"{told}; not established for {not_established(dropped)}."


def not_established(dropped: Sequence[ScopeCell]) -> str:
    """`site Switzerland (not settled; 115 diseased, 8 healthy), site not yet seen (…)`."""
    named = [f"{one.name} ({_reason(one)})" for one in dropped[:MOST_NAMED]]
    more = len(dropped) - len(named)
    return ", ".join(named) + (f", and {more} more" if more else "")


def _reason(cell: ScopeCell) -> str:
    counts = {one.measurement for one in cell.findings if one.measurement.n_cases}
    label = _LABEL.get(cell.answer, "its pair is not supported")
    if cell.answer is Answer.UNSEEN or not counts:
        return label if cell.level == NEW_SITE or not cell.n_cases else f"{label}; {cell.n_cases}"
    most = max(counts, key=lambda one: one.n_cases)
    return f"{label}; {most.counts}"


def _named(name: str, levels: Sequence[str]) -> str:
    if name == "sex":
        return " and ".join(SEX.get(one.casefold(), one) for one in levels)
    listed = listing(levels)
    return PHRASES.get(name, f"with {name.replace('_', ' ')} {{levels}}").format(levels=listed)


def listing(levels: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    if len(levels) < 2:
        return "".join(levels)
    return f"{', '.join(levels[:-1])} and {levels[-1]}"


def _banded(
    name: str, levels: Sequence[str], bands: Mapping[str, Ends], seen: SeenDimension | None
) -> str:
    """Neighbouring bands as one range: `patients aged 18 to 54`."""
    stretches: list[list[Ends]] = []
    others = [one for one in levels if one not in bands]
    for band in (bands[one] for one in bands if one in levels):
        if stretches and stretches[-1][-1][1] == band[0]:
            stretches[-1].append(band)
        else:
            stretches.append([band])
    ranges = [_range((one[0][0], one[-1][1]), seen) for one in stretches]
    told = listing([*ranges, *others])
    return f"patients aged {told}" if name == "age" else f"with {name.replace('_', ' ')} {told}"


def _range(ends: Ends, seen: SeenDimension | None) -> str:
    low, high = ends
    whole = all(one is None or float(one).is_integer() for one in ends)
    if high is None:
        oldest = f" (highest seen {seen.high:g})" if seen and seen.high is not None else ""
        return f"{low:g} and over{oldest}" if low is not None else "any"
    upper = f"{high - 1:g}" if whole else f"under {high:g}"
    if low is None:
        lowest = f" (lowest seen {seen.low:g})" if seen and seen.low is not None else ""
        return f"under {high:g}{lowest}"
    return f"{low:g} to {upper}"
