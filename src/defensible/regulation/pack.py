"""A pack: regulatory facts as data, each rule with its citation.

Rules that hold here: a condition names a field of the intended use and values that it can have; an
identifier is used once; every rule says where it stands, when it was read, and how sure we are; a
rule that leads another names one that is there. A pack that breaks one cannot be built.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from defensible.regulation.readable import TEXT, values

SCHEMA = 3
"""Version of the form of a pack."""

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(\.[a-z0-9-]+)+$")]


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cite(_Fact):
    """Where a fact stands, when it was read, and how sure we are of it."""

    source: Words
    read_on: date
    confidence: Literal["high", "medium", "low"]


class Condition(_Fact):
    """A field of the intended use and what it asks of it: exactly one of the three."""

    field: str
    is_: Annotated[tuple[str, ...] | None, Field(alias="is", min_length=1)] = None
    """Every declared value is one of these; under `not`, none is."""
    includes: Annotated[tuple[str, ...] | None, Field(min_length=1)] = None
    """At least one declared value is one of these."""
    mentions: Annotated[tuple[Words, ...] | None, Field(min_length=1)] = None
    """Free text holds a word or phrase that begins like one of these."""
    if_declared: bool = False
    """Counts as met where nothing is declared; a limit of the rule then states the assumption."""

    @model_validator(mode="after")
    def _of_the_vocabulary(self) -> Self:
        if sum(one is not None for one in (self.is_, self.includes, self.mentions)) != 1:
            raise ValueError(f"{self.field}: give one of `is`, `includes`, `mentions`")
        known = values(self.field)
        if (known is TEXT) != (self.mentions is not None):
            raise ValueError(f"{self.field}: `mentions` is for free text, and for that alone")
        unknown = [] if known is TEXT else [one for one in self.asked if one not in known]
        if unknown:
            raise ValueError(f"{self.field} cannot be {', '.join(unknown)}")
        return self

    @property
    def asked(self) -> tuple[str, ...]:
        """The values or words, whichever are given."""
        return self.is_ or self.includes or self.mentions or ()


class When(_Fact):
    """All of `all` must hold and none of `not`; `provided` says what no field can tell."""

    all: Annotated[tuple[Condition, ...], Field(min_length=1)]
    none: Annotated[tuple[Condition, ...], Field(alias="not")] = ()
    provided: tuple[Words, ...] = ()


class ProductCode(_Fact):
    """A product code of a device type, and for which of its devices it stands."""

    code: Code
    name: Words
    seen: int | None
    """Devices with it in the public list of September 2024; None where it is not there."""
    when: When | None = None
    check: Words | None = None
    """Why the code is not confirmed; such a code is never given as an answer."""


class Control(_Fact):
    """A special control, in our own words."""

    id: Words
    text: Words


class Outcome(_Fact):
    """What a device type is, and how it comes to market."""

    class_: Annotated[Words, Field(alias="class")]
    rule: Words | None = None
    """Number of the rule of law that gives the class."""
    regulation: Words | None
    product_codes: tuple[ProductCode, ...] = ()
    pathway: Words | None
    special_controls: tuple[Control, ...] = ()


class Rule(_Fact):
    """A device type: when it applies, and what follows."""

    id: RuleId
    title: Words
    when: When
    then: Outcome
    cite: Cite
    limits: tuple[Words, ...] = ()
    """What must hold besides, which no field can tell: the labeling must say it."""
    over: tuple[RuleId, ...] = ()
    """More general rules that this one leads where both apply."""
    if_declared: bool = False
    """Counts only where its fields are declared: open, it stops no other rule, and its fields are
    named among those that could change the answer."""


class Ground(_Fact):
    """Whether software of this kind is a device at all; the first that holds decides."""

    id: RuleId
    title: Words
    when: When
    device: bool | None
    """None where that stays open, and `elsewhere` says what to ask."""
    cite: Cite
    if_declared: bool = False
    """Is passed over where its fields are not declared."""
    elsewhere: Words | None = None
    """What to ask, where no rule of this pack may decide: another law applies, or what is declared
    does not fit together."""

    @model_validator(mode="after")
    def _open_asks(self) -> Self:
        if self.device is None and self.elsewhere is None:
            raise ValueError(f"{self.id}: open, so that `elsewhere` must say what to ask")
        return self


class Demand(_Fact):
    """Fields without which no rule may decide, for the intended uses that meet a condition."""

    id: RuleId
    when: When
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    cite: Cite

    @model_validator(mode="after")
    def _of_the_vocabulary(self) -> Self:
        for one in self.fields:
            values(one)
        return self


class Advice(_Fact):
    """What to ask, where no device type decides."""

    id: RuleId
    when: When
    ask: Words
    cite: Cite


class Unconfirmed(_Fact):
    """A product code on the public list whose regulation nobody has confirmed here."""

    code: Code
    name: Words
    seen: int


class Pack(_Fact):
    """The facts of one market, or of one scheme."""

    form: Annotated[Literal[3], Field(alias="schema")]
    market: Words
    version: Words
    as_of: date
    scheme: Words | None = None
    """Name of the scheme, where the pack does not give the class of a market."""
    title: Words | None = None
    """The scheme in a few words, for a heading."""
    classes: Annotated[tuple[Words, ...], Field(min_length=1)]
    """Classes or categories, mildest first."""
    strictest: bool = False
    """Where several rules apply, the one of the highest class decides."""
    incidental: tuple[Condition, ...] = ()
    """Values that a device may have besides, without a rule that knows them."""
    grounds: tuple[Ground, ...] = ()
    demands: tuple[Demand, ...] = ()
    rules: tuple[Rule, ...] = ()
    advice: tuple[Advice, ...] = ()
    unconfirmed: tuple[Unconfirmed, ...] = ()
    several: Words
    """What to ask where several rules apply."""
    unsure: Words
    """What to ask where the only rule that applies rests on a fact of low confidence."""
    otherwise: Words
    """What to ask where nothing else says it."""
    meanwhile: Words | None = None
    """What holds until the missing fields are declared."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        faults = [*self._named_twice(), *self._leads(), *self._classes(), *self._codes()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _named_twice(self) -> Iterator[str]:
        names = [one.id for one in self.grounds] + [one.id for one in self.rules]
        names += [one.id for one in self.advice] + [one.id for one in self.demands]
        for name, count in Counter(names).items():
            if count > 1:
                yield f"{name} is used twice"

    def _leads(self) -> Iterator[str]:
        known = {rule.id for rule in self.rules}
        for rule in self.rules:
            for name in rule.over:
                if name not in known or name == rule.id:
                    yield f"{rule.id} leads {name}, which is not another rule"

    def _classes(self) -> Iterator[str]:
        for rule in self.rules:
            if rule.then.class_ not in self.classes:
                yield f"{rule.id}: there is no class {rule.then.class_}"

    def _codes(self) -> Iterator[str]:
        """A product code belongs to one device type, however many rules lead to that type."""
        types: dict[str, set[tuple[str, str | None]]] = {}
        for rule in self.rules:
            for one in rule.then.product_codes:
                kind = (rule.then.class_, rule.then.regulation)
                types.setdefault(one.code, set()).add(kind)
        for code, kinds in types.items():
            if len(kinds) > 1:
                yield f"product code {code} stands under {len(kinds)} device types"
        for each in self.unconfirmed:
            if each.code in types:
                yield f"product code {each.code} is unconfirmed, and stands under a device type"
