"""Machines and users that a sentence says the device is for, held against the declared ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from defensible.dossier import IntendedUse
from defensible.dossier.vocabulary import ImagingModality
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.phrase import Phrases, Span
from defensible.regulation.language.scope import Agent, Scope
from defensible.regulation.language.sentences import Sentence

MOST_BETWEEN = 5
"""Words between a verb and the first name that it governs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameFinder:
    """Names of one vocabulary, and the verbs after which they are meant.

    Attributes
    ----------
    declared : frozenset of str, optional
        Values that the intended use has, with those that go by the same names; None if open.
    """

    lexicon: Lexicon
    names: Phrases
    verbs: Phrases
    joining: Phrases
    declared: frozenset[str] | None

    def hits(self, scope: Scope) -> Iterator[Span]:
        """The first name that is meant and not declared, where one is."""
        if self.declared is None:
            return
        for span in self.meant(scope):
            if span.name not in self.declared:
                yield span
                return

    def meant(self, scope: Scope) -> Iterator[Span]:
        """Each name that a verb of the device governs, itself or through a list of names."""
        sentence = scope.sentence
        names = {one.first: one for one in self.names.spans(sentence.words, sentence.own)}
        if not names or scope.of_a_study:
            return
        seen: set[int] = set()
        for verb in self.verbs.spans(sentence.words):
            if scope.agent(verb) not in {Agent.DEVICE, Agent.NOBODY}:
                continue
            if not scope.asserts(verb) and verb.end > sentence.own:
                continue
            for span in self._governed(sentence, names, verb.end):
                if span.first in seen:
                    break
                seen.add(span.first)
                if scope.asserts(span):
                    yield span

    def _governed(self, sentence: Sentence, names: Mapping[int, Span], at: int) -> Iterator[Span]:
        """Names in a row from a word on: a few words before the first, joining words after it."""
        skipped = 0
        first = True
        while at < len(sentence.words):
            name = names.get(at)
            if name is not None:
                yield name
                first, skipped = False, 0
                at = name.end
            elif skipped < MOST_BETWEEN and (first or self._joins(sentence, at)):
                skipped += 1
                at += 1
            else:
                return

    def _joins(self, sentence: Sentence, at: int) -> bool:
        """Whether the word at a place joins two names of a list."""
        return self.joining.among(sentence.words[at : at + 1])


def machines(lexicon: Lexicon) -> NameFinder:
    """Imaging modalities, and what takes their images."""
    rule, use = lexicon.pack.modality, lexicon.use
    declared = use.imaging_modality and frozenset(use.imaging_modality) - {ImagingModality.NONE}
    akin = {also for one in declared or () for also in rule.akin.get(one, ())}
    return NameFinder(
        lexicon=lexicon,
        names=lexicon.phrases(rule.words.items()),
        verbs=lexicon.phrases([("taking", rule.taking)]),
        joining=lexicon.phrases([("joining", rule.joining)]),
        declared=frozenset(declared | akin) if declared else None,
    )


def users(lexicon: Lexicon) -> NameFinder:
    """Users, and what says that they are meant."""
    rule, use = lexicon.pack.users, lexicon.use
    return NameFinder(
        lexicon=lexicon,
        names=lexicon.phrases(rule.words.items()),
        verbs=lexicon.phrases([("meaning", rule.meaning)]),
        joining=lexicon.phrases([("joining", rule.joining)]),
        declared=frozenset(use.user) if use.user else None,
    )


def undeclared(use: IntendedUse) -> Mapping[str, str]:
    """What cannot be held against the intended use, and the field that would allow it."""
    people = use.population
    fields = {
        "ages of patients": (people and people.age_years, "population.age_years"),
        "sexes of patients": (people and people.sex, "population.sex"),
        "kinds of images": (use.imaging_modality, "imaging_modality"),
        "users": (use.user, "user"),
    }
    return {what: field for what, (value, field) in fields.items() if not value}
