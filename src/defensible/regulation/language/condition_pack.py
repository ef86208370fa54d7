"""The form of the pack of conditions: how labeling allows patients, machines, sites, protocols."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defensible.regulation.language.pack import SLOTS, Written, pack
from defensible.regulation.language.phrase import phrase
from defensible.regulation.pack import Cite, Words
from defensible.regulation.reading import CONDITIONS, plain

AGE = "age"
"""The dimension whose levels are read from figures, not from a list."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AllowingGrammar(_Part):
    """What makes a condition allowed, and what takes that back beyond the language pack."""

    allowing: Annotated[Written, Field(min_length=1)]
    """Stands before what it allows."""
    allowing_after: Written
    """Stands behind what it allows."""
    headings: Written
    """Headings under which whatever is named is allowed."""
    image_studies: Written
    """Where `study` means images of a patient and no trial."""
    excepting: Written
    """What stands behind it in the clause is not allowed."""
    doubting: Written
    """A sentence with one of these allows nothing."""


class Adults(_Part):
    """Patients named as adults, and the years that this stands for."""

    words: Annotated[Written, Field(min_length=1)]
    from_: Annotated[float, Field(alias="from")]
    cite: Cite


class Ages(_Part):
    """Ways of writing ages, beside those of the language pack."""

    at_least: Written
    below: Written
    between: Written


class ConditionKind(_Part):
    """A dimension of the conditions of use, and how its levels are named.

    Attributes
    ----------
    dimension, also : str, tuple of str
        Its name, and other names that studies give it.
    at_least : int
        Levels that labeling must name before they are a dimension: one alone parts nothing.
    units : tuple of str
        A level is a number with one of these; `near` must stand in the same clause.
    limit : bool
        Whether the numbers bound the protocol rather than list what is accepted.
    source : str, optional
        Section of the language pack that names its levels.
    """

    dimension: Words
    also: tuple[Words, ...] = ()
    at_least: Annotated[int, Field(ge=1)] = 1
    units: tuple[Words, ...] = ()
    near: Written = ()
    limit: bool = False
    any: Written = ()
    not_among: Written = ()
    source: Annotated[Literal["modality"] | None, Field(alias="from")] = None
    levels: Mapping[Words, Written]

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the dimension."""
        return (self.dimension, *self.also)


class ConditionPack(_Part):
    """Words and grammar by which labeling allows conditions of use."""

    form: Annotated[Literal[1], Field(alias="schema")]
    version: Words
    as_of: date
    cite: Cite
    grammar: AllowingGrammar
    adults: Adults
    ages: Ages
    kinds: Annotated[tuple[ConditionKind, ...], Field(min_length=1)]
    common: Written
    """Levels that studies declare and that are ordinary words: no find by themselves."""

    @model_validator(mode="after")
    def _can_be_looked_for(self) -> Self:
        groups = {**pack().groups, **dict.fromkeys(SLOTS, ("x",))}
        for written in self._written():
            phrase(written, groups)
        return self

    def _written(self) -> Iterator[str]:
        """Every phrase of the pack."""
        grammar = self.grammar
        yield from (*grammar.allowing, *grammar.allowing_after, *grammar.headings)
        yield from (*grammar.image_studies, *grammar.excepting, *grammar.doubting)
        yield from self.adults.words
        yield from (*self.ages.at_least, *self.ages.below, *self.ages.between)
        for kind in self.kinds:
            yield from (*kind.near, *kind.any, *kind.not_among)
            yield from (one for each in kind.levels.values() for one in each)


@cache
def condition_pack() -> ConditionPack:
    """The pack of conditions, validated."""
    return ConditionPack.model_validate(plain(CONDITIONS))
