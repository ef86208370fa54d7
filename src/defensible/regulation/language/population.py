"""Patients whom a sentence says the device is for, held against the declared population."""

from collections.abc import Iterator
from dataclasses import dataclass

from defensible.dossier.vocabulary import Sex
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.phrase import Phrases, Span, tokens
from defensible.regulation.language.scope import Agent, Scope
from defensible.regulation.language.sentences import Sentence

OLDEST = 150.0


@dataclass(frozen=True, slots=True)
class Ages:
    """Years from (inclusive) to (exclusive)."""

    low: float
    high: float

    def beyond(self, other: "Ages") -> bool:
        """Whether some of these ages are not among the others."""
        return self.low < other.low or self.high > other.high


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationFinder:
    """How patients are named, and those that the intended use declares."""

    lexicon: Lexicon
    indicating: Phrases
    ages: Phrases
    sexes: Phrases
    exclusions: Phrases
    declared: Ages | None
    sex: frozenset[Sex] | None

    def hits(self, scope: Scope) -> Iterator[Span]:
        """The first words by which the sentence indicates the device for others."""
        for span in self._beyond(scope):
            yield span
            return

    def indicated(self, scope: Scope) -> Ages | None:
        """The one range of years for which the sentence indicates the device."""
        if not self._indicates(scope):
            return None
        sentence = scope.sentence
        found = [
            ages
            for span in self.ages.spans(sentence.words, sentence.own)
            if not span.name.startswith("word") and scope.asserts(span)
            if (ages := self.years(sentence, span)) is not None
        ]
        return found[0] if len(set(found)) == 1 else None

    def _beyond(self, scope: Scope) -> Iterator[Span]:
        if not self._indicates(scope):
            return
        sentence, declared = scope.sentence, self.declared
        if declared is not None:
            for span in self.ages.spans(sentence.words, sentence.own):
                ages = self.years(sentence, span)
                if ages is not None and ages.beyond(declared) and scope.asserts(span):
                    yield span
        if self.sex is not None and len(self.sex) == 1:
            for span in self.sexes.spans(sentence.words, sentence.own):
                if Sex(span.name) not in self.sex and scope.asserts(span):
                    yield span
        for span in self.exclusions.spans(sentence.words, sentence.own):
            if scope.asserts(span):
                yield span

    def _indicates(self, scope: Scope) -> bool:
        """Whether the sentence says for whom the device is, and no study is told of."""
        return not scope.of_a_study and any(
            scope.agent(span) in {Agent.DEVICE, Agent.NOBODY}
            for span in self.indicating.spans(scope.sentence.words)
        )

    def years(self, sentence: Sentence, span: Span) -> Ages | None:
        """The years that a span names."""
        if span.name.startswith("word"):
            named = self.lexicon.pack.population.ages[int(span.name.removeprefix("word "))]
            low, high = named.from_ or 0.0, named.below
            return Ages(low, OLDEST if high is None else high)
        words = sentence.words[span.first : span.end]
        years = [float(one.replace(",", ".")) for one in words if one[0].isdigit()]
        if max(years) > OLDEST or any(one.endswith(("month", "months")) for one in words):
            return None
        match span.name:
            case "at_least":
                return Ages(years[0], OLDEST)
            case "below":
                return Ages(0.0, years[0])
            case _:  # "18 to 75 years" takes in those who are 75
                return Ages(years[0], years[-1] + 1) if years[0] <= years[-1] else None


def finder(lexicon: Lexicon) -> PopulationFinder:
    """What is looked for, for one intended use; where that is silent, nothing is."""
    rule, people = lexicon.pack.population, lexicon.use.population
    years = people.age_years if people else None
    words = [(f"word {index}", each.words) for index, each in enumerate(rule.ages)]
    numbers = [("at_least", rule.at_least), ("below", rule.below), ("between", rule.between)]
    exclusions = [
        (one, f"{before} {' '.join(found)}")
        for one in (people and people.exclusions) or ()
        if (found := _plain(one))
        for before in rule.exclusions
    ]
    return PopulationFinder(
        lexicon=lexicon,
        indicating=lexicon.phrases([("indicating", rule.indicating)]),
        ages=lexicon.phrases([*words, *numbers]),
        sexes=lexicon.phrases(rule.sexes.items()),
        exclusions=lexicon.phrases((one, [written]) for one, written in exclusions),
        declared=_range(years.from_, years.to) if years else None,
        sex=frozenset(people.sex) if people and people.sex else None,
    )


def _range(low: float | None, high: float | None) -> Ages:
    return Ages(low or 0.0, OLDEST if high is None else high)


def _plain(text: str) -> list[str]:
    return [one.word for one in tokens(text)]
