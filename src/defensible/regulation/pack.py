"""A pack: regulatory facts as data, each rule with its citation; loading one validates every rule.

Rules that hold here: a condition names a field of the intended use and values that it can have; an
identifier is used once; every rule says where it stands, when it was read, and how sure we are.
"""

from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources
from types import UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML

from defensible.dossier.intended_use import IntendedUse

PACKS = {"us": "us.yaml"}
"""Market and its pack; a market that is not here has no answer, and says so."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cite(_Fact):
    """Where a fact stands, when it was read, and how sure we are of it."""

    source: str
    read_on: date
    confidence: Literal["high", "medium", "low"]


class Condition(_Fact):
    """A field of the intended use and the values that satisfy it (any of them)."""

    field: str
    is_: Annotated[tuple[str, ...], Field(alias="is", min_length=1)]

    @model_validator(mode="after")
    def _of_the_vocabulary(self) -> Self:
        known = vocabulary(self.field)
        unknown = [value for value in self.is_ if value not in known]
        if unknown:
            raise ValueError(f"{self.field} cannot be {', '.join(unknown)}")
        return self


class When(_Fact):
    """All of `all` must hold, and none of `none`."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]
    none: tuple[Condition, ...] = ()


class Control(_Fact):
    """A special control, in our own words."""

    id: str
    text: str


class Outcome(_Fact):
    """What a device type is, and how it comes to market."""

    class_: Annotated[Literal["I", "II", "III"], Field(alias="class")]
    regulation: str
    product_codes: tuple[str, ...]
    pathway: str
    special_controls: tuple[Control, ...] = ()


class Rule(_Fact):
    """A device type: when it applies, and what follows."""

    id: str
    title: str
    when: When
    then: Outcome
    cite: Cite
    limits: tuple[str, ...] = ()
    """What labeling must say for the type to hold."""


class Ground(_Fact):
    """Whether software of this kind is a device at all; the first that holds decides."""

    id: str
    title: str
    when: When
    device: bool
    cite: Cite


class Advice(_Fact):
    """What to ask, where no device type decides."""

    id: str
    when: When
    ask: str
    cite: Cite


class Pack(_Fact):
    """The facts of one market."""

    market: str
    version: str
    as_of: date
    grounds: tuple[Ground, ...]
    rules: tuple[Rule, ...]
    advice: tuple[Advice, ...]
    otherwise: str
    """What to ask where nothing else says it."""

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        names = [one.id for one in self.grounds] + [one.id for one in self.rules]
        names += [one.id for one in self.advice]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"used twice: {', '.join(twice)}")
        return self


def vocabulary(field: str) -> frozenset[str]:
    """The values that a field of the intended use can have; empty where it is free text.

    Raises
    ------
    ValueError
        The intended use has no such field, or it is not one that rules can read.
    """
    info = IntendedUse.model_fields.get(field)
    if info is None:
        raise ValueError(f"the intended use has no field {field}")
    values = frozenset(_values(info.annotation))
    if not values:
        raise ValueError(f"{field} is free text; no rule can rest on it")
    return values


def _values(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [one.value for one in annotation]
    if get_origin(annotation) in {Union, UnionType, tuple}:
        return [value for one in get_args(annotation) for value in _values(one)]
    return []


@cache
def pack(market: str) -> Pack | None:
    """The pack of a market, validated; None where there is none."""
    name = PACKS.get(market)
    if name is None:
        return None
    text = resources.files("defensible.regulation").joinpath("packs", name).read_text("utf-8")
    return Pack.model_validate(YAML(typ="safe", pure=True).load(text))
