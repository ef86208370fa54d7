"""The form of the language pack: words, grammar and rules as data, each rule with its citation.

A pack that names a value that is not in the vocabulary, or a phrase that cannot be looked for,
cannot be built.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defensible.dossier.vocabulary import Function, ImagingModality, Output, User
from defensible.regulation.language.phrase import phrase
from defensible.regulation.pack import Cite, RuleId, Words
from defensible.regulation.reading import plain

SLOTS = ("name", "condition")
"""Groups that are filled from the dossier: the name of the device, and what it looks for."""

Written = tuple[Words, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Uses(_Part):
    """Intended uses, by what they declare: any of these values in any of these fields."""

    function: tuple[Function, ...] = ()
    output: tuple[Output, ...] = ()
    user: tuple[User, ...] = ()


class Rule(_Part):
    """What every rule says when it is broken."""

    id: RuleId
    title: Words
    why: Words
    suggestion: Words
    cite: Cite


class ClaimRule(Rule):
    """Wording that only some intended uses allow."""

    by_device: Written = ()
    """Counts where the device is what does it."""
    helped: Written = ()
    """Counts also where the device helps a person do it."""
    opening: Written = ()
    """Counts where a sentence opens with it and names nobody."""
    anywhere: Written = ()
    """Counts unless a person or another device does it."""
    not_after: Written = ()
    """Words that, directly before, make it another part of speech."""
    allowed: Uses = Uses()
    """Intended uses that may say so."""
    only: Uses | None = None
    """Intended uses that may not; None where nobody else may, either."""
    where_declared: Literal["acquisition.vendors"] | None = None
    """Counts only where this field is declared."""
    shown_by_claims: bool = False
    """A declared claim that says so is answer enough: its studies show it or not."""
    unless_mentioned: Written = ()
    """An intended use whose own words hold one of these may say so."""
    unless_pathway: Written = ()
    """A decision on file by such a pathway allows it."""


class Required(Rule):
    """A limitation that instructions for use must carry."""

    only: Uses
    found: Annotated[Written, Field(min_length=1)]
    """Any of these, in any sentence, is the limitation."""


class PatientWord(_Part):
    """Patients named by a word, and the ages that it stands for."""

    words: Annotated[Written, Field(min_length=1)]
    from_: Annotated[float | None, Field(alias="from")] = None
    below: float | None = None


class Population(Rule):
    """How patients are named, and what goes beyond those declared."""

    indicating: Annotated[Written, Field(min_length=1)]
    """Sentences that say for whom the device is."""
    ages: tuple[PatientWord, ...]
    at_least: Written
    below: Written
    between: Written
    sexes: Mapping[Literal["female", "male"], Written]
    exclusions: Written
    """What stands before an exclusion, and makes an indication of it."""


class Modality(Rule):
    """How machines are named, and what takes their images."""

    words: Mapping[ImagingModality, Written]
    akin: Mapping[ImagingModality, tuple[ImagingModality, ...]]
    """Names that a machine may also go by."""
    taking: Annotated[Written, Field(min_length=1)]
    """What stands before the name of a machine whose images the device takes."""
    joining: Written
    """What may stand between two names of one list."""


class Users(Rule):
    """How users are named, and what says that they are meant."""

    words: Mapping[User, Written]
    meaning: Annotated[Written, Field(min_length=1)]
    joining: Written


class Declared(Rule):
    """Declared limitations and contraindications stand in the instructions for use."""

    share: Annotated[float, Field(gt=0, le=1)]
    """Share of the words of substance that must stand in one passage."""
    idle: Written
    """Words that carry nothing."""


class Topic(_Part):
    """What one document may affirm and another deny."""

    name: Words
    yes: Annotated[Written, Field(min_length=1)]
    no: Annotated[Written, Field(min_length=1)]


class Contradictions(Rule):
    """What documents must say alike."""

    topics: tuple[Topic, ...]
    endpoints: Mapping[str, Written]
    qualified: Written
    """Words that make a figure one of a part, of a goal or of a reader."""


class Grammar(_Part):
    """What turns a claim round, and who does what."""

    abbreviations: Written
    limits_before: Written
    no_limits: Written
    limits_after: Written
    limiting_headings: Written
    study: Written
    helping: Written


class LanguagePack(_Part):
    """Words and rules for the language of labeling."""

    form: Annotated[Literal[1], Field(alias="schema")]
    version: Words
    as_of: date
    groups: Mapping[str, Written]
    grammar: Grammar
    claims: tuple[ClaimRule, ...]
    population: Population
    modality: Modality
    users: Users
    required: tuple[Required, ...]
    declared: Declared
    contradictions: Contradictions

    @model_validator(mode="after")
    def _can_be_looked_for(self) -> Self:
        names = {**self.groups, **dict.fromkeys(SLOTS, ("x",))}
        for written in self._written():
            phrase(written, names)
        for name, count in Counter(rule.id for rule in self.rules()).items():
            if count > 1:
                raise ValueError(f"{name} is used twice")
        return self

    def rules(self) -> tuple[Rule, ...]:
        """Every rule of the pack."""
        single = (self.population, self.modality, self.users, self.declared, self.contradictions)
        return (*self.claims, *self.required, *single)

    def _written(self) -> Iterator[str]:
        """Every phrase of the pack."""
        for rule in self.claims:
            yield from (*rule.by_device, *rule.helped, *rule.opening, *rule.anywhere)
            yield from rule.unless_mentioned
        for limit in self.required:
            yield from limit.found
        grammar = self.grammar
        yield from (*grammar.limits_before, *grammar.no_limits, *grammar.limits_after)
        yield from (*grammar.limiting_headings, *grammar.study, *grammar.helping)
        people = self.population
        yield from (*people.indicating, *people.at_least, *people.below, *people.between)
        yield from (*people.exclusions, *self.modality.taking, *self.users.meaning)
        for each in (*self.modality.words.values(), *self.users.words.values()):
            yield from each
        for topic in self.contradictions.topics:
            yield from (*topic.yes, *topic.no)
        yield from self.contradictions.qualified
        yield from (one for each in self.contradictions.endpoints.values() for one in each)


@cache
def pack() -> LanguagePack:
    """The language pack of the package, validated."""
    return LanguagePack.model_validate(plain("language"))
