"""What one document says and another denies: topics, ages, users, machines, figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from defensible.regulation.language.hit import Document, Hit, HitKind, Spot, citation, shown
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.naming import NameFinder
from defensible.regulation.language.phrase import Phrases, Span
from defensible.regulation.language.population import PopulationFinder
from defensible.regulation.language.scope import Agent, agent, asserts, limiting, of_a_study
from defensible.regulation.language.sentences import Sentence

MOST_AFTER = 6
"""Words between the name of a measure and its figure."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a document says, and where."""

    value: object
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


@dataclass(slots=True, kw_only=True)
class Sayings:
    """What one document says of each matter; `figures` are all of them, whatever they are of."""

    document: Document
    affirmed: dict[str, Statement] = field(default_factory=dict)
    denied: dict[str, Statement] = field(default_factory=dict)
    ages: list[Statement] = field(default_factory=list)
    names: dict[str, list[Statement]] = field(default_factory=dict)
    overall: dict[str, list[Statement]] = field(default_factory=dict)
    figures: dict[str, list[Figure]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is gathered from every document, and compared between each two."""

    lexicon: Lexicon
    population: PopulationFinder
    names: dict[str, NameFinder]
    topics: Phrases
    endpoints: Phrases
    qualified: Phrases

    def sayings(self, document: Document, sentences: Sequence[Sentence]) -> Sayings:
        """What a document says."""
        found = Sayings(document=document)
        for sentence in sentences:
            self._topics(sentence, found)
            self._figures(sentence, found)
            if (ages := self.population.indicated(sentence)) is not None:
                found.ages.append(
                    Statement(ages, sentence, Span("", sentence.own, len(sentence.words)))
                )
            for name, finder in self.names.items():
                for span in finder.meant(sentence):
                    found.names.setdefault(name, []).append(Statement(span.name, sentence, span))
        return found

    def _topics(self, sentence: Sentence, found: Sayings) -> None:
        if limiting(sentence.heading, self.lexicon) or of_a_study(sentence, self.lexicon):
            return
        for span in self.topics.spans(sentence.words, sentence.own):
            side, _, topic = span.name.partition(" ")
            if agent(sentence, self.lexicon, span) not in {Agent.DEVICE, Agent.NOBODY}:
                continue
            if side == "no" and _ends_clause(sentence, span):
                found.denied.setdefault(topic, Statement(topic, sentence, span))
            elif side == "yes" and asserts(sentence, self.lexicon, span):
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
            found.figures.setdefault(span.name, []).append(figure)
            if overall:
                said = Statement(figure, sentence, span)
                found.overall.setdefault(span.name, []).append(said)

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

    def _differ(
        self, one: Sayings, first: list[Statement], other: Sayings, second: list[Statement]
    ) -> Iterator[Hit]:
        """Documents that each give one range, and not the same."""
        single = len({said.value for said in first}) == len({said.value for said in second}) == 1
        if single and first[0].value != second[0].value:
            yield self._hit(other, second[0], one, first[0])

    def _apart(
        self, one: Sayings, first: list[Statement], other: Sayings, second: list[Statement]
    ) -> Iterator[Hit]:
        """Documents that name nothing in common."""
        if not {said.value for said in first} & {said.value for said in second}:
            yield self._hit(other, second[0], one, first[0])

    def _disagree(self, name: str, one: Sayings, other: Sayings) -> Iterator[Hit]:
        """An overall figure that the other document has nowhere, on both sides."""
        first, second = one.overall[name], other.overall[name]
        if len({said.value for said in first}) == len({said.value for said in second}) == 1:
            a, b = first[0].value, second[0].value
            known = any(b.agrees(each) for each in one.figures[name] if isinstance(b, Figure))
            also = any(a.agrees(each) for each in other.figures[name] if isinstance(a, Figure))
            if not known and not also:
                yield self._hit(other, second[0], one, first[0])

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
