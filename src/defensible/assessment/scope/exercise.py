"""What the studies that serve a claim exercised of a condition, and how its lack is worded."""

from collections.abc import Callable, Iterator, Sequence

from defensible.assessment.result import Unexercised
from defensible.dossier.declared import Range
from defensible.dossier.dossier import Place
from defensible.evidence.finding import Measurement, SeenDimension, StudyResult
from defensible.regulation.language import Spot

FEW = 10
"""Fewer cases of a class than this say next to nothing."""
Seen = Sequence[tuple[StudyResult, SeenDimension]]
"""A dimension as each study that has it holds it."""
Where = Place | Spot


def serving(results: Sequence[StudyResult]) -> list[StudyResult]:
    """Studies in which a claim has a finding."""
    return [one for one in results if one.findings]


def seen_as(results: Sequence[StudyResult], names: Sequence[str]) -> Seen:
    """A dimension under any of its names, in the studies that have it."""
    return [(one, dim) for one in results for dim in one.dimensions if dim.name in names]


def years_without(allowed: Range, seen: Seen, place: Where) -> Iterator[Unexercised]:
    """Allowed years below the youngest patient seen, and above the oldest."""
    if not seen:
        yield whole("age", years(allowed), place)
        return
    lows = [one.low for _, one in seen if one.low is not None]
    highs = [one.high for _, one in seen if one.high is not None]
    if lows and allowed.from_ is not None and min(lows) >= allowed.from_ + 1:
        last = min(lows) if allowed.to is None else min(*lows, allowed.to)
        words = f"years {allowed.from_:g} to {last - 1:g}"
        yield none("age", words, f"not studied under {min(lows):g} years", place)
    if highs and (allowed.to is None or max(highs) < allowed.to - 1):
        oldest = max(highs)
        if allowed.from_ is not None and allowed.from_ > oldest:
            words = f"years {years(allowed)}"
        else:
            words = f"years over {oldest:g}"
            words = words if allowed.to is None else f"years {oldest:g} to {allowed.to:g}"
        yield none("age", words, f"not studied over {oldest:g} years", place)


def years(allowed: Range) -> str:
    """`from 18 to under 90`."""
    low = "" if allowed.from_ is None else f"from {allowed.from_:g}"
    high = "" if allowed.to is None else f"to under {allowed.to:g}"
    return f"{low} {high}".strip()


def level_without(
    name: str,
    level: str,
    seen: Seen,
    place: Where,
    *,
    same: Callable[[str], bool],
) -> Iterator[Unexercised]:
    """A named level that was not seen, or with too few cases of a class in every study.

    Parameters
    ----------
    same : callable
        Whether a level of the data is this one.
    """
    names = {dim.name for _, dim in seen}
    taken: list[Measurement] = [
        one.measurement
        for result, _ in seen
        for one in result.findings
        for dimension, found in one.measurement.stratum.levels
        if dimension in names and len(one.measurement.stratum.levels) == 1 and same(found)
    ]
    most = max(taken, key=lambda one: one.fewest, default=None)
    if most is None or not most.n_cases:
        yield none(name, level, f"not studied for {_words(name)} {level}", place)
    elif most.fewest < FEW:
        yield Unexercised(
            dimension=name,
            condition=level,
            n_cases=most.n_cases,
            why=most.counts,
            honest=f"studied in {most.n_cases:,} cases of {_words(name)} {level} only",
            place=place,
        )


def whole(name: str, condition: str, place: Where) -> Unexercised:
    """A dimension by which no study parts its cases."""
    return Unexercised(
        dimension=name,
        condition=condition,
        n_cases=0,
        why=f"no study of a claim parts its cases by {_words(name)}",
        honest=f"not studied by {_words(name)}",
        place=place,
    )


def none(name: str, condition: str, honest: str, place: Where) -> Unexercised:
    """A condition without a case."""
    return Unexercised(
        dimension=name,
        condition=condition,
        n_cases=0,
        why="no cases",
        honest=honest,
        place=place,
    )


def _words(name: str) -> str:
    return name.replace("_", " ")
