"""How long work takes by default, and how long regulators review: a pack, each with its source."""

from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defensible.regulation.pack import Cite, Words
from defensible.regulation.reading import DURATIONS, plain

_Days = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class ThreePoints(BaseModel):
    """A three-point estimate in days, in order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: _Days
    likely: _Days
    high: _Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"{self.low}, {self.likely}, {self.high} are not in order")
        return self


class Work(ThreePoints):
    """Working days of one kind of work, and the role that does it."""

    kind: Words
    role: Words


class ReviewClock(ThreePoints):
    """Calendar days from submission to decision."""

    cite: Cite
    until: date | None = None
    """Last day of submissions for which the clock is agreed; None where none is recorded."""


class Review(ReviewClock):
    """The clock of one pathway of a market."""

    market: Words
    pathway: Words


class DurationPack(BaseModel):
    """Default durations of work, and review clocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Annotated[Literal[1], Field(alias="schema")]
    version: Words
    as_of: date
    work: tuple[Work, ...]
    work_cite: Cite
    reviews: tuple[Review, ...]
    default_review: ReviewClock

    def of(self, kind: str) -> Work:
        """The default of a kind of work."""
        return next(one for one in self.work if one.kind == kind)

    def review(self, market: str, pathway: str | None) -> ReviewClock:
        """The clock of a pathway: as recorded, else the default with its confidence."""
        found = (one for one in self.reviews if (one.market, one.pathway) == (market, pathway))
        return next(found, self.default_review)


@cache
def durations() -> DurationPack:
    """The pack of durations, validated."""
    return DurationPack.model_validate(plain(DURATIONS))
