"""Endpoints of a reader study: the conditions compared, and what follows once one is shown."""

from typing import Self

from pydantic import ValidationInfo, field_validator, model_validator

from defensible.dossier.claims import Endpoint, Goal, in_range
from defensible.dossier.declared import Text


class ReaderEndpoint(Endpoint):
    """A metric with its goal, of one condition against another."""

    condition: Text | None = None
    """Condition that is compared, as the table writes it; the aided one if not given."""
    against: Text | None = None
    """Condition that it is held against; the unaided one if not given."""
    then: Goal | None = None
    """A stricter goal, tested only once the first is shown: superiority after non-inferiority."""

    @field_validator("then")
    @classmethod
    def _then_in_range(cls, then: Goal | None, info: ValidationInfo) -> Goal | None:
        return None if then is None else in_range(then, info.data.get("metric"))

    @model_validator(mode="after")
    def _stricter(self) -> Self:
        if self.then is None:
            return self
        above = self.goal.above, self.then.above
        below = self.goal.below, self.then.below
        nested = (above[0] is not None and above[1] is not None and above[1] > above[0]) or (
            below[0] is not None and below[1] is not None and below[1] < below[0]
        )
        if not nested:
            raise ValueError(
                "D027|`then` is not stricter than the goal before it|"
                "write first the margin, then the stricter bound on the same side: "
                "`goal: {above: -0.05}, then: {above: 0}`"
            )
        return self
