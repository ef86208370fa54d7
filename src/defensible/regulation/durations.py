"""How long work takes by default, and how long regulators review: a pack, each with its source."""

from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from defensible.regulation.pack import Cite, RuleId, Words
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
    """Calendar days from submission to decision, time on hold at the applicant among them."""

    cite: Cite
    counts: Words | None = None
    """What the three points count; None where they are an assumption that counts nothing."""
    until: date | None = None
    """Last day of submissions for which the clock is agreed; None where none is recorded."""


class Feedback(ReviewClock):
    """How long a regulator takes to answer what is asked before a submission."""

    id: RuleId
    market: Words
    counts: Words


class Review(ReviewClock):
    """The clock of one market: of pathways, or of classes."""

    id: RuleId
    market: Words
    counts: Words
    pathways: Annotated[tuple[Words, ...], Field(min_length=1)] | None = None
    classes: Annotated[tuple[Words, ...], Field(min_length=1)] | None = None

    @model_validator(mode="after")
    def _of_one_of_them(self) -> Self:
        if (self.pathways is None) == (self.classes is None):
            raise ValueError(f"{self.id}: give one of `pathways`, `classes`")
        return self

    def of(self, market: str, pathway: str | None, device_class: str | None) -> bool:
        """Whether it is the clock of such a device in such a market."""
        named, is_ = (
            (self.pathways, pathway) if self.pathways is not None else (self.classes, device_class)
        )
        return self.market == market and is_ in (named or ())


class DurationPack(BaseModel):
    """Default durations of work, and review clocks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Annotated[Literal[1], Field(alias="schema")]
    version: Words
    as_of: date
    work: tuple[Work, ...]
    work_cite: Cite
    reviews: tuple[Review, ...]
    feedback: tuple[Feedback, ...]
    default_review: ReviewClock

    def of(self, kind: str) -> Work:
        """The default of a kind of work."""
        return next(one for one in self.work if one.kind == kind)

    def review(self, market: str, pathway: str | None, device_class: str | None) -> ReviewClock:
        """The clock of a pathway or class: as recorded, else the default with its confidence."""
        found = (one for one in self.reviews if one.of(market, pathway, device_class))
        return next(found, self.default_review)

    def answer(self, market: str) -> Feedback | None:
        """How long a market's regulator takes to answer; None where that is not recorded."""
        return next((one for one in self.feedback if one.market == market), None)


@cache
def durations() -> DurationPack:
    """The pack of durations, validated."""
    return DurationPack.model_validate(plain(DURATIONS))
