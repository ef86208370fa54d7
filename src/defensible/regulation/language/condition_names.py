"""Levels of conditions found by their names in a sentence: machines, sexes, views, places, figures.

A spelling counts as its vocabulary writes it: short capitals stand for capitals (GE, PA), a capital
at the beginning for a name; small letters for a word in whatever case.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from defensible.regulation.language.condition_pack import AGE, ConditionKind, ConditionPack
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.phrase import Phrase, Phrases, Span, phrase, tokens
from defensible.regulation.language.sentences import Sentence

ANY = "any"
"""The level of a dimension of which labeling allows every one."""
MOST_SHOUTED = 4
"""Letters up to which a spelling in capitals must be written in capitals."""
MOST_LISTED = 5
"""Figures in one list that share a unit."""
_NUMBER = r"(?<![\d.,])\d{1,4}(?:[.,]\d{1,3})?"
_BEFORE = re.compile(
    rf"({_NUMBER})(?:\s?-?(?:[A-Za-z]{{1,5}}))?\s{{0,2}}(?:,|/|and|or|to|through|-|–)\s{{0,2}}$"
)
_BOUND = re.compile(r"(?:up to|at most|at least|no more than|not more than|from|≤|≥)\s{0,2}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A level named in a sentence."""

    kind: ConditionKind
    level: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spelling:
    """One way to write a level."""

    kind: ConditionKind
    level: str
    written: str

    def stands(self, text: str) -> bool:
        """Whether these words of a text are it, by their capitals."""
        if self.written.isupper() and len(self.written) <= MOST_SHOUTED:
            return text.isupper()
        return not self.written[:1].isupper() or text[:1].isupper()


class NamedLevels:
    """Every level that can be named, found in one pass."""

    def __init__(
        self,
        kinds: Sequence[ConditionKind],
        spellings: Sequence[tuple[_Spelling, Phrase]],
        near: Mapping[str, Phrases],
        not_among: Mapping[str, Phrases],
    ) -> None:
        self._kinds = [one for one in kinds if one.units]
        self._spellings = [one for one, _ in spellings]
        self._phrases = Phrases((str(at), made) for at, (_, made) in enumerate(spellings))
        self._near = near
        self._not_among = not_among

    def spans(self, sentence: Sentence) -> Iterator[Named]:
        """Each level that a sentence names; not one within the name of another of its kind.

        One that ends another stays: `with and without contrast` is both.
        """
        found = [*self._by_name(sentence), *self._by_figure(sentence)]
        found.sort(key=lambda one: (one.span.first, -one.span.end))
        near = {one: _clauses(each, sentence) for one, each in self._near.items() if found}
        other = {one: _clauses(each, sentence) for one, each in self._not_among.items() if found}
        reached: dict[str, int] = {}
        for one in found:
            dimension, clause = one.kind.dimension, sentence.clauses[one.span.first]
            if clause not in near.get(dimension, {clause}) or clause in other.get(dimension, ()):
                continue
            end = reached.get(dimension, 0)
            if one.span.first >= end or one.span.end == end:
                reached[dimension] = one.span.end
                yield one

    def _by_name(self, sentence: Sentence) -> Iterator[Named]:
        for span in self._phrases.spans(sentence.words, sentence.own):
            one = self._spellings[int(span.name)]
            if one.stands(sentence.said(span.first, span.end)):
                yield Named(kind=one.kind, level=one.level, span=span)

    def _by_figure(self, sentence: Sentence) -> Iterator[Named]:
        for kind in self._kinds:
            unit = kind.units[0]
            for end in self._units[kind.dimension].finditer(sentence.text):
                starts = _figures(sentence.text, end.start(1))
                span = _span(sentence, starts[-1][0], end.end())
                if span.first < sentence.own:
                    continue
                if kind.limit:
                    level = _limit(sentence.text, starts, end[1], unit)
                    yield Named(kind=kind, level=level, span=span)
                    continue
                for at, number in starts[:0:-1]:
                    here = _span(sentence, at, at + 1)
                    yield Named(kind=kind, level=f"{_value(number):g} {unit}", span=here)
                here = _span(sentence, end.start(1), end.end())
                yield Named(kind=kind, level=f"{_value(end[1]):g} {unit}", span=here)

    @cached_property
    def _units(self) -> dict[str, re.Pattern[str]]:
        return {
            one.dimension: re.compile(
                rf"({_NUMBER})\s?-?(?:{'|'.join(map(re.escape, one.units))})(?![\w])(?!-[a-z]?cell)"
            )
            for one in self._kinds
        }


def named_levels(
    facts: ConditionPack, words: Lexicon, vocabulary: Mapping[str, Mapping[str, Sequence[str]]]
) -> NamedLevels:
    """What is looked for: levels of the pack, and those of a vocabulary under the kind's names."""
    spellings: list[tuple[_Spelling, Phrase]] = []
    kinds = list(facts.kinds)
    for kind in kinds:
        levels = dict(kind.levels)
        if kind.source == "modality":
            levels = {one.value: each for one, each in words.pack.modality.words.items()}
        levels |= {ANY: kind.any} if kind.any else {}
        spellings += [
            (_Spelling(kind=kind, level=level, written=one), words.phrase(one))
            for level, each in levels.items()
            for one in each
        ]
    known = {name: kind for kind in kinds for name in kind.names}
    for dimension, given in vocabulary.items():
        if dimension == AGE:
            continue
        kind = known.get(dimension) or ConditionKind(dimension=dimension, levels={})
        spellings += list(_declared(kind, given, facts.common))
    return NamedLevels(
        kinds,
        spellings,
        near={one.dimension: words.phrases([("", one.near)]) for one in kinds if one.near},
        not_among={
            one.dimension: words.phrases([("", one.not_among)]) for one in kinds if one.not_among
        },
    )


def _declared(
    kind: ConditionKind, given: Mapping[str, Sequence[str]], common: Sequence[str]
) -> Iterator[tuple[_Spelling, Phrase]]:
    """Levels from outside the pack, as plain words; ordinary ones and bare figures are no find."""
    for level, each in given.items():
        for written in each:
            plain = [one.word for one in tokens(written)]
            told = any(len(one) > 1 and not one[0].isdigit() for one in plain)
            if told and " ".join(plain) not in common:
                spelling = _Spelling(kind=kind, level=level, written=written)
                yield spelling, phrase(" ".join(plain), {})


def _figures(text: str, at: int) -> list[tuple[int, str]]:
    """The figure at a place and those of its list before it, the last one first."""
    found = [(at, "")]
    while len(found) < MOST_LISTED:
        before = _BEFORE.search(text, max(found[-1][0] - 24, 0), found[-1][0])
        if before is None:
            break
        found.append((before.start(1), before[1]))
    return found


def _limit(text: str, starts: Sequence[tuple[int, str]], last: str, unit: str) -> str:
    """`up to 3 mm`, `1 to 5 mm`."""
    if len(starts) > 1:
        return f"{_value(starts[-1][1]):g} to {_value(last):g} {unit}"
    at = starts[0][0]
    bound = _BOUND.search(text, max(at - 16, 0), at)
    word = f"{bound[0].strip()} " if bound else ""
    return f"{word}{_value(last):g} {unit}"


def _value(number: str) -> float:
    return float(number.replace(",", "."))


def _span(sentence: Sentence, start: int, end: int) -> Span:
    """The words that hold the characters from one place to another."""
    first = bisect_right(sentence.tokens, start, key=lambda one: one.end)
    last = bisect_left(sentence.tokens, end, key=lambda one: one.start)
    return Span("", first, max(last, first + 1))


def _clauses(phrases: Phrases, sentence: Sentence) -> set[int]:
    """Clauses in which one of the phrases stands."""
    return {sentence.clauses[one.first] for one in phrases.spans(sentence.words)}
