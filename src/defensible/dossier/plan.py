"""`plan.yaml`: team, start and durations of the work that remains."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from defensible.dossier.declared import Day, Declared, Number, Text, Whole


class TeamMember(Declared):
    """A role in the team."""

    role: Text
    """Role (not the name)."""
    people: Annotated[Whole, Field(ge=1)] = 1
    """How many."""


class Duration(Declared):
    """A three-point estimate in working days."""

    low: Annotated[Number, Field(ge=0)]
    """If all goes well."""
    likely: Number
    """As a rule."""
    high: Number
    """If it goes badly."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"D027|{self.low:g}, {self.likely:g}, {self.high:g} days are not in order|"
                "write `low` no more than `likely`, and `likely` no more than `high`"
            )
        return self


class Plan(Declared):
    """The plan."""

    start: Day | None = None
    """First working day."""
    team: tuple[TeamMember, ...] = ()
    """Who does the work."""
    durations: dict[str, Duration] = Field(default_factory=dict)
    """Working days by kind of gap, where they differ from the defaults."""
