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
class SchemeAnswer:
    """The category that one scheme gives, beside the class; it says why where it gives none.

    Schemes of a market: `documentation-level` and `change-control-plan` (US), `ai-act` (EU).
    Schemes across markets: `iec62304`, `gamp`, `csa`.
    """

    scheme: str
    title: str
    """The scheme in a few words, for a heading."""
    pack: str
    """Pack and its version."""
    decided: bool
    applies: bool | None
    """Whether the scheme reaches this software; None where that is open."""
    category: str | None
    """`enhanced`, `high-risk`, `C`, `5`: None unless one rule decides it."""
    confidence: str | None
    fired: tuple[RuleTrace, ...]
    near: tuple[RuleTrace, ...]
    unknown_fields: tuple[str, ...]
    """Fields whose declaration could decide or change the answer. `risks.worst_severity`,
    `us.class` and the like are not of the intended use: see `readable.BESIDE`."""
    ask: str | None
    assumes: tuple[str, ...] = ()

    @property
    def sorted_into(self) -> str:
        """The category; `open`; or that the scheme does not reach this software."""
        if self.applies is False:
            return "does not reach this software"
        return self.category if self.decided and self.category else "open"


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
    """Undeclared fields that could decide; where it is decided, those that could change it."""
    special_controls: tuple[SpecialControl, ...]
    ask: str | None
    assumes: tuple[str, ...] = ()
    """What the answer rests on besides the fields; the labeling must say it."""
    rule: str | None = None
    """Number of the rule of law that gives the class, where the market numbers them: `11`."""
    schemes: tuple[SchemeAnswer, ...] = ()
    """What else this market asks to be sorted into, such as the documentation level."""

    def scheme(self, name: str) -> SchemeAnswer | None:
        """The answer of one scheme of this market, if it was asked."""
        return _named(self.schemes, name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """The answer for each market of the device, and its category across markets."""

    markets: tuple[MarketAnswer, ...]
    imdrf: MarketAnswer | None = None
    """The IMDRF category as `device_class`; no law, so that nothing is owed for it."""
    schemes: tuple[SchemeAnswer, ...] = ()
    """Schemes across markets. Those of GxP stand here only where a GxP use is declared."""

    def market(self, name: str) -> MarketAnswer | None:
        """The answer for one market, if there is a pack for it."""
        return next((one for one in self.markets if one.market == name), None)

    def scheme(self, name: str) -> SchemeAnswer | None:
        """The answer of one scheme across markets, if it was asked."""
        return _named(self.schemes, name)


def _named(schemes: tuple[SchemeAnswer, ...], name: str) -> SchemeAnswer | None:
    return next((one for one in schemes if one.scheme == name), None)
