"""What the packs say of an intended use, as values; a market without an answer says why."""

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Match(Enum):
    """A condition held against an intended use: three answers, never two."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where a fact stands, when it was read, and how sure we are of it."""

    source: str
    read_on: date
    confidence: str
    """"high", "medium" or "low"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTrace:
    """One condition of a rule, the value found, and the answer.

    `field` is "besides" for what no field of the intended use can tell.
    """

    field: str
    asked: str
    found: str | None
    match: Match


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrace:
    """A rule held against the intended use, condition by condition."""

    rule: str
    title: str
    match: Match
    conditions: tuple[ConditionTrace, ...]
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialControl:
    """What the device type asks of the device."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketAnswer:
    """The answer for one market. `decided` is False where no rule decides; `ask` says whom to ask.

    Nothing is guessed: class, regulation and pathway are None unless one rule decides them.
    """

    market: str
    pack: str
    """Pack and its version."""
    decided: bool
    device: bool | None
    device_class: str | None
    regulation: str | None
    product_codes: tuple[str, ...]
    pathway: str | None
    confidence: str | None
    fired: tuple[RuleTrace, ...]
    near: tuple[RuleTrace, ...]
    """Rules that one condition stopped, or that unknown fields leave open; else the closest."""
    unknown_fields: tuple[str, ...]
    special_controls: tuple[SpecialControl, ...]
    ask: str | None
    assumes: tuple[str, ...] = ()
    """What the answer rests on besides the fields; the labeling must say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The answer for each market of the device, and its category across markets."""

    markets: tuple[MarketAnswer, ...]
    imdrf: MarketAnswer | None = None
    """The IMDRF category as `device_class`; no law, so that nothing is owed for it."""

    def market(self, name: str) -> MarketAnswer | None:
        """The answer for one market, if there is a pack for it."""
        return next((one for one in self.markets if one.market == name), None)
