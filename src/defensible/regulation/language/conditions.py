"""Conditions of use that labeling allows: patients, machines, protocols, places, with its words.

A sentence allows a condition where it affirms it after a verb that allows, before one ("… are
supported"), or under a heading that lists what is allowed. What a study did allows nothing, nor
does a sentence that denies, asks, doubts or excepts.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from defensible.dossier import IntendedUse
from defensible.regulation.language import population
from defensible.regulation.language.condition_names import Named, NamedLevels, named_levels
from defensible.regulation.language.condition_pack import (
    AGE,
    ConditionKind,
    ConditionPack,
    condition_pack,
)
from defensible.regulation.language.hit import Document, Spot, shown
from defensible.regulation.language.lexicon import Lexicon, called, lexicon
from defensible.regulation.language.pack import pack
from defensible.regulation.language.phrase import Phrases, Span, tokens
from defensible.regulation.language.population import OLDEST, Ages, PopulationFinder
from defensible.regulation.language.scope import Agent, Scope
from defensible.regulation.language.sentences import Sentence, of_text, sentences

Vocabulary = Mapping[str, Mapping[str, Sequence[str]]]
"""Dimension, its levels, and for each the ways in which it is written."""
MOST_AFTER = 12
"""Words between a condition and the verb behind it that allows it."""
LEAD = 100
"""Characters of a sentence that are shown before a condition, at the most."""
_OURS = frozenset({Agent.DEVICE, Agent.NOBODY, Agent.PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One condition that labeling allows, and where it says so.

    Attributes
    ----------
    kind : ConditionKind
        The dimension.
    level : str
        What is allowed of it; for ages the years in words.
    ages : Ages, optional
        The years, where it is about ages.
    words : str
        The sentence, cut to be shown.
    """

    kind: ConditionKind
    level: str
    ages: Ages | None
    spot: Spot
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finder:
    """All that is looked for in a sentence."""

    people: PopulationFinder
    facts: ConditionPack
    levels: NamedLevels
    ages: Phrases
    allowing: Phrases
    allowing_after: Phrases
    headings: Phrases
    image_studies: Phrases
    excepting: Phrases
    doubting: Phrases

    def finds(self, scope: Scope) -> Iterator[tuple[Named, Ages | None]]:
        """Each condition that the sentence allows."""
        sentence = scope.sentence
        if self._of_a_trial(scope) or scope.under_limits or sentence.asks:
            return
        named = [*self._years(sentence), *((one, None) for one in self.levels.spans(sentence))]
        if not named or self.doubting.among(sentence.words):
            return
        cues = self._cues(scope)
        for one, ages in named:
            taken_back = not scope.asserts(one.span) or scope.agent(one.span) is Agent.OTHER
            if not taken_back and cues.allow(one.span):
                yield one, ages

    def _cues(self, scope: Scope) -> "_Cues":
        """What allows and excepts in a sentence, worked out once."""
        sentence = scope.sentence
        words, clauses = sentence.words, sentence.clauses
        before: dict[int, int] = {}
        for one in self.allowing.spans(words):
            own = one.first >= sentence.own
            if (not own or scope.asserts(one)) and scope.agent(one) in _OURS:
                clause = clauses[one.first] if own else _LEAD
                before[clause] = min(one.end, before.get(clause, one.end))
        behind: dict[int, list[int]] = {}
        for one in self.allowing_after.spans(words):
            behind.setdefault(clauses[one.first], []).append(one.first)
            if sentence.text.startswith(":", sentence.tokens[one.end - 1].end):
                before.setdefault(clauses[one.end - 1] + 1, one.end)
        excepting: dict[int, int] = {}
        for one in self.excepting.spans(words):
            excepting.setdefault(clauses[one.first], one.first)
        return _Cues(
            sentence=sentence,
            headed=self.headings.among([one.word for one in tokens(sentence.heading)]),
            before=before,
            behind=behind,
            excepting=excepting,
        )

    def _of_a_trial(self, scope: Scope) -> bool:
        """Whether the sentence tells what a study did, where `study` is not a patient's images."""
        if not scope.of_a_study:
            return False
        words = scope.sentence.words
        images = {at for one in self.image_studies.spans(words) for at in range(one.first, one.end)}
        return any(one.first not in images for one in self.people.lexicon.study.spans(words))

    def _years(self, sentence: Sentence) -> Iterator[tuple[Named, Ages]]:
        """Years that the sentence names; beside figures in its clause a word for ages is idle."""
        spans = _longest(list(self.ages.spans(sentence.words, sentence.own)))
        figured = {
            sentence.clauses[one.first] for one in spans if not one.name.startswith(("word", AGE))
        }
        for span in spans:
            in_words = span.name.startswith(("word", AGE))
            if in_words and sentence.clauses[span.first] in figured:
                continue
            ages = (
                Ages(self.facts.adults.from_, OLDEST)
                if span.name == AGE
                else self.people.years(sentence, span)
            )
            if ages is not None:
                yield Named(kind=_AGE, level=years(ages), span=span), ages


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cues:
    """Where a sentence allows and excepts.

    Attributes
    ----------
    headed : bool
        Whether the heading above lists what is allowed.
    before : mapping
        For each clause, the word from which on what it names is allowed; `_LEAD` for all clauses.
    behind : mapping
        For each clause, the words that allow what stands before them, ascending.
    excepting : mapping
        For each clause, the word from which on nothing is allowed.
    """

    sentence: Sentence
    headed: bool
    before: Mapping[int, int]
    behind: Mapping[int, Sequence[int]]
    excepting: Mapping[int, int]

    def allow(self, span: Span) -> bool:
        """Whether the words of a span stand where the sentence allows them."""
        clause = self.sentence.clauses[span.first]
        if self.excepting.get(clause, span.first) < span.first:
            return False
        if self.headed or _LEAD in self.before or self.before.get(clause, _FAR) <= span.first:
            return True
        after = self.behind.get(clause, ())
        at = bisect_left(after, span.end)
        return at < len(after) and after[at] - span.end <= MOST_AFTER


_LEAD = -1
"""In place of a clause: the lead of a list, which reaches every clause of its items."""
_FAR = 10**9
_AGE = ConditionKind(dimension=AGE, levels={})


def allowed(
    use: IntendedUse,
    documents: Sequence[Document],
    vocabulary: Vocabulary,
    *,
    name: str | None = None,
) -> tuple[Allowed, ...]:
    """Every condition that documents allow, each time that they do, in their order.

    Parameters
    ----------
    vocabulary : mapping
        Levels beside those of the pack: makers by their spellings, and what the dossier declares.
    name : str, optional
        What the documents call the device; without it, the first word of the statement.

    Notes
    -----
    Linear in the length of the documents.
    """
    words = lexicon(pack(), use, called(use, name))
    finder = _finder(words, vocabulary)
    return tuple(
        Allowed(
            kind=one.kind,
            level=one.level,
            ages=ages,
            spot=Spot(
                file=document.path,
                unit=document.said.unit,
                number=sentence.number(one.span.first),
            ),
            words=_quoted(sentence, one.span),
        )
        for document in documents
        for sentence in sentences(document.said.passages, words.pack.grammar.abbreviations)
        for one, ages in finder.finds(Scope(sentence, words))
    )


def _quoted(sentence: Sentence, span: Span) -> str:
    """The sentence as it is shown, begun shortly before words that its cut would hide."""
    first = sentence.tokens[span.first].start
    if first <= LEAD:
        return shown(sentence.text)
    begin = min(sentence.text.find(" ", first - LEAD) + 1, first)
    return shown(f"…{sentence.text[begin:]}")


def names_in(
    use: IntendedUse, vocabulary: Vocabulary
) -> Callable[[str], frozenset[tuple[str, str]]]:
    """Dimension and level of each condition that a declared text names, whatever it says of it."""
    words = lexicon(pack(), use, called(use, None))
    levels = named_levels(condition_pack(), words, vocabulary)

    @cache
    def names(text: str) -> frozenset[tuple[str, str]]:
        return frozenset(
            (one.kind.dimension, one.level)
            for sentence in of_text(text, words.pack.grammar.abbreviations)
            for one in levels.spans(sentence)
        )

    return names


def years(ages: Ages) -> str:
    """`from 22 to under 66`."""
    low = f"from {ages.low:g}"
    return low if ages.high >= OLDEST else f"{low} to under {ages.high:g}"


def _finder(words: Lexicon, vocabulary: Vocabulary) -> _Finder:
    facts, people = condition_pack(), words.pack.population
    in_words = [(f"word {index}", each.words) for index, each in enumerate(people.ages)]
    figures = [
        ("at_least", (*facts.ages.at_least, *people.at_least)),
        ("below", (*facts.ages.below, *people.below)),
        ("between", (*facts.ages.between, *people.between)),
    ]
    grammar = facts.grammar

    def made(written: Sequence[str]) -> Phrases:
        return words.phrases([("", written)])

    return _Finder(
        people=population.finder(words),
        facts=facts,
        levels=named_levels(facts, words, vocabulary),
        ages=words.phrases([*in_words, *figures, (AGE, facts.adults.words)]),
        allowing=made(grammar.allowing),
        allowing_after=made(grammar.allowing_after),
        headings=made(grammar.headings),
        image_studies=made(grammar.image_studies),
        excepting=made(grammar.excepting),
        doubting=made(grammar.doubting),
    )


def _longest(spans: list[Span]) -> list[Span]:
    """Spans of which none lies in another, the longest kept, in their order."""
    kept: list[Span] = []
    reached = 0
    for one in sorted(spans, key=lambda one: (one.first, -one.end)):
        if one.first >= reached:
            kept.append(one)
            reached = one.end
    return kept
