"""`plan.yaml`: team, start and durations of the work that remains."""

from datetime import date
from typing import Annotated

from pydantic import Field

from defensible.dossier.declared import Declared, Number, Text, Whole


class TeamMember(Declared):
    """A role in the team."""

    role: Text
    """Role (not the name)."""
    people: Annotated[Whole, Field(ge=1)] = 1
    """How many."""


class Duration(Declared):
    """A three-point estimate in working days."""

    low: Number
    """If all goes well."""
    likely: Number
    """As a rule."""
    high: Number
    """If it goes badly."""


class Plan(Declared):
    """The plan."""

    start: date | None = None
    """First working day."""
    team: tuple[TeamMember, ...] = ()
    """Who does the work."""
    durations: dict[str, Duration] = Field(default_factory=dict)
    """Working days by kind of gap, where they differ from the defaults."""
