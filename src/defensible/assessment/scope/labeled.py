"""Conditions that labeling allows in its prose, held against what the studies exercised.

What the intended use or a claim allows already gets the words of labeling beside it; what labeling
alone allows is an entry of its own, at its place in the labeling.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from defensible.assessment.result import Quote, Unexercised
from defensible.assessment.scope.exercise import (
    Seen,
    level_without,
    seen_as,
    whole,
    years_without,
)
from defensible.dossier.declared import Range
from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import dimensions_of
from defensible.evidence.dicom.spelling import folded, known, makers
from defensible.evidence.finding import StudyResult
from defensible.evidence.strata import NOT_KNOWN
from defensible.regulation.language import (
    AGE,
    ANY,
    Allowed,
    ConditionKind,
    allowed,
    condition_pack,
    documents_of,
    names_in,
)
from defensible.regulation.language.population import OLDEST, Ages

VENDOR, FIELD = "vendor", "field_strength"
MOST_QUOTES = 5
"""Sentences that an entry repeats; all are counted."""
Names = Callable[[str], frozenset[tuple[str, str]]]
"""Dimension and level of every condition that a text names."""


def labeled(
    dossier: Dossier, declared: Sequence[Unexercised], studies: Sequence[StudyResult]
) -> tuple[Unexercised, ...]:
    """What is declared and not exercised with the words of labeling, then what it alone allows."""
    vocabulary = _vocabulary(dossier, studies)
    use = dossier.intended_use
    found = allowed(use, documents_of(dossier), vocabulary, name=dossier.device.name)
    if not found:
        return tuple(declared)
    listed = _Listed(entries=list(declared), names=names_in(use, vocabulary))
    by_kind: dict[str, list[Allowed]] = {}
    for one in found:
        by_kind.setdefault(one.kind.dimension, []).append(one)
    for ones in by_kind.values():
        kind = ones[0].kind
        seen = seen_as(studies, kind.names)
        if kind.dimension == AGE:
            _ages(listed, dossier, ones, seen)
        elif seen:
            _levels(listed, kind, ones, seen)
        else:
            _unparted(listed, kind, ones)
    return tuple(listed.entries)


def names_of(dimension: str) -> tuple[str, ...]:
    """The names that studies give a dimension."""
    kinds = condition_pack().kinds
    return next((one.names for one in kinds if one.dimension == dimension), (dimension,))


def sameness(dimension: str, level: str) -> Callable[[str], bool]:
    """Whether a level of the data is the one that is allowed, however it is spelled."""
    if dimension == VENDOR:
        spellings = known()

        def maker(text: str) -> str:
            return spellings.get(folded(text), text).casefold()

        return lambda found: maker(found) == maker(level)
    if dimension == FIELD:
        return lambda found: _tesla(found) is not None and _tesla(found) == _tesla(level)
    return lambda found: found.casefold() == level.casefold()


def _tesla(text: str) -> float | None:
    plain = text.casefold().replace("tesla", "").replace("t", "").replace(",", ".").strip()
    return float(plain) if plain.replace(".", "", 1).isdecimal() else None


@dataclass(slots=True, kw_only=True)
class _Listed:
    """The entries so far, to which words of labeling are added."""

    entries: list[Unexercised]
    names: Names

    def quote(self, matches: Callable[[Unexercised], bool], ones: Sequence[Allowed]) -> bool:
        """The words beside each entry that matches; whether there is one."""
        at = [index for index, one in enumerate(self.entries) if matches(one)]
        for index in at:
            self.entries[index] = _quoted(self.entries[index], ones)
        return bool(at)

    def add(self, one: Unexercised, ones: Sequence[Allowed]) -> None:
        """An entry of its own, unless its condition is listed already."""
        key = (one.dimension, one.condition.casefold())
        if not self.quote(lambda it: (it.dimension, it.condition.casefold()) == key, ones):
            self.entries.append(_quoted(one, ones))


def _quoted(entry: Unexercised, ones: Sequence[Allowed]) -> Unexercised:
    new = dict.fromkeys(Quote(spot=one.spot, words=one.words) for one in ones)
    more = [one for one in new if one not in entry.quotes]
    return replace(
        entry,
        quotes=(*entry.quotes, *more)[:MOST_QUOTES],
        n_quotes=entry.n_quotes + len(more),
    )


def _ages(listed: _Listed, dossier: Dossier, ones: Sequence[Allowed], seen: Seen) -> None:
    people = dossier.intended_use.population
    declared = people.age_years if people else None
    for each in _by_level(ones).values():
        ages = each[0].ages
        if ages is None:
            continue
        if declared is not None and _within(ages, declared):
            listed.quote(lambda one: one.dimension == AGE, each)
            continue
        high = None if ages.high >= OLDEST else ages.high
        years = Range.model_validate({"from": ages.low, "to": high})
        for one in years_without(years, seen, each[0].spot):
            listed.add(one, each)


def _within(ages: Ages, declared: Range) -> bool:
    above = declared.from_ is None or ages.low >= declared.from_
    return above and (declared.to is None or ages.high <= declared.to)


def _levels(listed: _Listed, kind: ConditionKind, ones: Sequence[Allowed], seen: Seen) -> None:
    """Levels of a dimension that studies have."""
    for level, each in _by_level(ones).items():
        if level == ANY:
            listed.add(_any(kind, seen, each), each)
            continue
        spelled = sameness(kind.dimension, level)

        def same(found: str, level: str = level, spelled: Callable[[str], bool] = spelled) -> bool:
            return spelled(found) or (kind.dimension, level) in listed.names(found)

        for one in level_without(kind.dimension, level, seen, each[0].spot, same=same):
            listed.add(one, each)


def _any(kind: ConditionKind, seen: Seen, ones: Sequence[Allowed]) -> Unexercised:
    """Every level allowed: those that were seen are all that is known."""
    cases: dict[str, int] = {}
    for _, dimension in seen:
        for level, n in dimension.levels:
            if n and level != NOT_KNOWN:
                cases[level] = cases.get(level, 0) + n
    named = ", ".join(list(cases)[:MOST_QUOTES])
    more = len(cases) - MOST_QUOTES
    told = f"{named} and {more:,} more" if more > 0 else named or "none"
    words = kind.dimension.replace("_", " ")
    return Unexercised(
        dimension=kind.dimension,
        condition=f"{ANY} {words}",
        n_cases=sum(cases.values()),
        why=f"levels seen: {told}",
        honest=f"studied for {words} {told} only",
        place=ones[0].spot,
    )


def _unparted(listed: _Listed, kind: ConditionKind, ones: Sequence[Allowed]) -> None:
    """A dimension that no study has: what is listed already is quoted, the rest is one entry."""
    levels = _by_level(ones)
    new: dict[str, list[Allowed]] = {}
    for level, each in levels.items():

        def names_it(one: Unexercised, level: str = level) -> bool:
            return one.dimension in kind.names and (
                sameness(kind.dimension, level)(one.condition)
                or (kind.dimension, level) in listed.names(one.condition)
            )

        if not listed.quote(names_it, each):
            new[level] = each
    if new and len(levels) >= kind.at_least:
        told = ", ".join(
            f"{ANY} {kind.dimension.replace('_', ' ')}" if level == ANY else level for level in new
        )
        every = [one for each in new.values() for one in each]
        listed.add(whole(kind.dimension, told, every[0].spot), every)


def _by_level(ones: Sequence[Allowed]) -> dict[str, list[Allowed]]:
    """Finds by what they allow, in the order of the labeling."""
    found: dict[str, list[Allowed]] = {}
    for one in ones:
        found.setdefault(one.level, []).append(one)
    return found


def _vocabulary(
    dossier: Dossier, studies: Sequence[StudyResult]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Makers by their spellings, and levels that claims, studies and data name."""
    found: dict[str, dict[str, tuple[str, ...]]] = {VENDOR: dict(makers())}
    makers_known = known()
    for dimension, level in (*_declared(dossier), *_seen(studies)):
        if dimension in names_of(VENDOR) and folded(level) in makers_known:
            continue
        found.setdefault(dimension, {}).setdefault(level, (level,))
    return found


def _declared(dossier: Dossier) -> Iterator[tuple[str, str]]:
    for claim in dossier.claims:
        for dimension, value in claim.scope.items():
            if isinstance(value, tuple):
                yield from ((dimension, str(level)) for level in value)
    for study in dossier.studies:
        for one in dimensions_of(study):
            yield from ((one.name, level) for level in one.levels or ())


def _seen(studies: Sequence[StudyResult]) -> Iterator[tuple[str, str]]:
    for study in studies:
        for one in study.dimensions:
            if one.low is None:  # a band is no word
                yield from ((one.name, level) for level, _ in one.levels)
