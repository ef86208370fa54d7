"""What one document says and another denies: topics, ages, users, machines, figures."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from defensible.regulation.language.hit import Document, Hit, HitKind, Spot, citation, shown
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.naming import NameFinder
from defensible.regulation.language.phrase import Phrases, Span
from defensible.regulation.language.population import PopulationFinder
from defensible.regulation.language.scope import Agent, Scope
from defensible.regulation.language.sentences import Sentence

_ELSE = frozenset({Agent.PERSON, Agent.OTHER})
MOST_AFTER = 6
"""Words between the name of a measure and its figure."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says, and where."""

    value: Hashable
    sentence: Sentence
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """A proportion as it is written: its value, and how finely it is given."""

    value: float
    step: float

    def agrees(self, other: "Figure") -> bool:
        """Whether both can be the same figure, rounded."""
        return abs(self.value - other.value) <= max(self.step, other.step) / 2 + 1e-9


Said = dict[Hashable, Statement]
"""Each value that is said, where it is said first."""


@dataclass(slots=True, kw_only=True)
class Sayings:
    """What one document says of each matter; `figures` are all of them, whatever they are of."""

    document: Document
    affirmed: dict[str, Statement] = field(default_factory=dict)
    denied: dict[str, Statement] = field(default_factory=dict)
    ages: Said = field(default_factory=dict)
    names: dict[str, Said] = field(default_factory=dict)
    overall: dict[str, Said] = field(default_factory=dict)
    figures: dict[str, set[Figure]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is gathered from every document, and compared between each two."""

    lexicon: Lexicon
    population: PopulationFinder
    names: dict[str, NameFinder]
    topics: Phrases
    endpoints: Phrases
    qualified: Phrases

    def gather(self, scope: Scope, found: Sayings) -> None:
        """What a sentence says, added to what its document says."""
        sentence = scope.sentence
        self._topics(scope, found)
        self._figures(sentence, found)
        if (ages := self.population.indicated(scope)) is not None:
            whole = Span("", sentence.own, len(sentence.words))
            found.ages.setdefault(ages, Statement(ages, sentence, whole))
        for name, finder in self.names.items():
            named = found.names.setdefault(name, {})
            for span in finder.meant(scope):
                named.setdefault(span.name, Statement(span.name, sentence, span))

    def _topics(self, scope: Scope, found: Sayings) -> None:
        sentence = scope.sentence
        for span in self.topics.spans(sentence.words, sentence.own):
            side, _, topic = span.name.partition(" ")
            if scope.under_limits or scope.of_a_study or scope.agent(span) in _ELSE:
                continue
            if side == "no" and _ends_clause(sentence, span):
                found.denied.setdefault(topic, Statement(topic, sentence, span))
            elif side == "yes" and scope.asserts(span):
                found.affirmed.setdefault(topic, Statement(topic, sentence, span))

    def _figures(self, sentence: Sentence, found: Sayings) -> None:
        spans = list(self.endpoints.spans(sentence.words, sentence.own))
        if not spans:
            return
        overall = not self.qualified.among(sentence.words) and not sentence.asks
        for span in spans:
            figure = _figure(sentence, span.end)
            if figure is None:
                continue
            found.figures.setdefault(span.name, set()).add(figure)
            if overall:
                said = found.overall.setdefault(span.name, {})
                said.setdefault(figure, Statement(figure, sentence, span))

    def hits(self, sayings: Sequence[Sayings]) -> Iterator[Hit]:
        """Each matter on which two documents differ."""
        for one, other in combinations(sayings, 2):
            for topic in one.affirmed.keys() & other.denied.keys():
                yield self._hit(one, one.affirmed[topic], other, other.denied[topic])
            for topic in other.affirmed.keys() & one.denied.keys():
                yield self._hit(other, other.affirmed[topic], one, one.denied[topic])
            yield from self._differ(one, one.ages, other, other.ages)
            for name in one.names.keys() & other.names.keys():
                yield from self._apart(one, one.names[name], other, other.names[name])
            for name in sorted(one.overall.keys() & other.overall.keys()):
                yield from self._disagree(name, one, other)

    def _differ(self, one: Sayings, first: Said, other: Sayings, second: Said) -> Iterator[Hit]:
        """Documents that each give one range, and not the same."""
        if len(first) == len(second) == 1 and first.keys() != second.keys():
            yield self._hit(other, _first(second), one, _first(first))

    def _apart(self, one: Sayings, first: Said, other: Sayings, second: Said) -> Iterator[Hit]:
        """Documents that both name something, and nothing in common."""
        if first and second and not first.keys() & second.keys():
            yield self._hit(other, _first(second), one, _first(first))

    def _disagree(self, name: str, one: Sayings, other: Sayings) -> Iterator[Hit]:
        """An overall figure that the other document has nowhere, on both sides."""
        first, second = one.overall[name], other.overall[name]
        if len(first) != 1 or len(second) != 1:
            return
        if not _known(first, other.figures[name]) and not _known(second, one.figures[name]):
            yield self._hit(other, _first(second), one, _first(first))

    def _hit(self, one: Sayings, said: Statement, other: Sayings, against: Statement) -> Hit:
        rule = self.lexicon.pack.contradictions
        return Hit(
            kind=HitKind.CONTRADICTION,
            rule=rule.id,
            title=rule.title,
            spot=_spot(one.document, said),
            words=shown(said.sentence.said(said.span.first, said.span.end)),
            sentence=shown(said.sentence.text),
            why=f"{rule.why}: “{shown(against.sentence.text)}”",
            suggestion=rule.suggestion,
            citation=citation(rule.cite),
            against=_spot(other.document, against),
        )


def comparison(
    lexicon: Lexicon, population: PopulationFinder, names: dict[str, NameFinder]
) -> Comparison:
    """What is gathered and compared, for one device."""
    rule = lexicon.pack.contradictions
    topics = [(f"yes {one.name}", one.yes) for one in rule.topics]
    topics += [(f"no {one.name}", one.no) for one in rule.topics]
    return Comparison(
        lexicon=lexicon,
        population=population,
        names=names,
        topics=lexicon.phrases(topics),
        endpoints=lexicon.phrases(rule.endpoints.items()),
        qualified=lexicon.phrases([("qualified", rule.qualified)]),
    )


def _first(said: Said) -> Statement:
    return next(iter(said.values()))


def _known(said: Said, figures: Iterable[Figure]) -> bool:
    """Whether one of the figures is that which was said."""
    return any(one.agrees(each) for one in said if isinstance(one, Figure) for each in figures)


def _spot(document: Document, said: Statement) -> Spot:
    number = said.sentence.number(said.span.first)
    return Spot(file=document.path, unit=document.said.unit, number=number)


def _ends_clause(sentence: Sentence, span: Span) -> bool:
    """Whether nothing narrows the words: the clause or sentence ends with them."""
    if span.end == len(sentence.words):
        return True
    between = sentence.text[sentence.tokens[span.end - 1].end : sentence.tokens[span.end].start]
    return any(one in between for one in ",;:.)")


def _figure(sentence: Sentence, at: int) -> Figure | None:
    """The first proportion after a word, as a share of one."""
    for index in range(at, min(at + MOST_AFTER, len(sentence.words))):
        word = sentence.words[index].replace(",", ".")
        if not word[0].isdigit() or word.count(".") > 1:
            continue
        percent = sentence.words[index + 1 : index + 2] == ("%",)
        value = float(word) / (100 if percent else 1)
        digits = len(word.partition(".")[2]) + (2 if percent else 0)
        if (percent or digits) and value <= 1:
            return Figure(value, 10.0**-digits)
        return None
    return None
