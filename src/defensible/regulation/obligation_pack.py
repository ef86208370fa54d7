"""A pack of obligations: what a market or a standard asks of a device, each with its citation.

An obligation has a condition over the intended use and the classification, and names the check that
answers it. The checks are computed elsewhere (`assessment.obligations`); here is only their name.
"""

from collections import Counter
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defensible.regulation.pack import Cite, RuleId, When, Words

StudyKind = Literal[
    "standalone",
    "agreement",
    "localization",
    "readers",
    "usability",
    "bench",
    "literature",
    "stress",
]
"""Kinds of study that a dossier can hold, and three that it cannot."""


class ObligationKind(StrEnum):
    """What an obligation asks for, in the order in which a submission is read."""

    EVIDENCE = "evidence"
    SPECIAL_CONTROL = "special-control"
    HUMAN_FACTORS = "human-factors"
    RISK_FILE = "risk-file"
    LABELING = "labeling"
    DOCUMENT = "document"
    QUALITY_SYSTEM = "quality-system"
    POST_MARKET = "post-market"


class Check(BaseModel):
    """The check that answers an obligation, and what it is asked about."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Words
    kinds: tuple[StudyKind, ...] = ()
    """Kinds of study of which one is needed."""
    metrics: tuple[Words, ...] = ()
    """Metrics that must be measured."""
    dimensions: tuple[Words, ...] = ()
    """Dimensions by which results must be given."""
    fields: tuple[Words, ...] = ()
    """Fields of the intended use."""
    clauses: tuple[Words, ...] = ()
    """Clauses of ISO 14971, by how they begin."""
    mode_class: Words | None = None
    """Class of failure modes that must be dealt with."""
    scheme: Words | None = None
    """Scheme that must have an answer."""
    part: Words | None = None
    """Part of the usability engineering: tasks, formative or summative."""
    participants: int | None = None
    """Participants of each user group."""
    at_least: int | None = None
    against: Words | None = None
    """Other device with which a comparison is asked for."""


class Owed(BaseModel):
    """One obligation of a pack."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: RuleId
    kind: ObligationKind
    title: Words
    when: When | None = None
    """For which devices; all of the market without one."""
    check: Check
    cite: Cite


class ObligationPack(BaseModel):
    """The obligations of one market, or of standards across markets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Annotated[Literal[1], Field(alias="schema")]
    market: Words
    version: Words
    as_of: date
    obligations: tuple[Owed, ...]
    controls: dict[str, Check] = Field(default_factory=dict)
    """Special control and its check; one that is not here is judged by a person."""

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        twice = [name for name, n in Counter(one.id for one in self.obligations).items() if n > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} is used twice")
        return self
