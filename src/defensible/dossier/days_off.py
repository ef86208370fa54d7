"""Days on which nobody works: single days and stretches, as `plan.yaml` lists them."""

from datetime import date, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from defensible.dossier.declared import Day, Declared, day

MOST_DAYS = 3660
"""Ten years of days: no plan needs more, and a slip in a year must not fill the memory."""


class DaysOff(Declared):
    """A stretch of days, both ends included."""

    first: Day
    """First day off."""
    last: Day
    """Last day off."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.first > self.last:
            raise ValueError(
                f"D056|the days off run from {self.first} to {self.last}, which is before|"
                "write the earlier day under `first`"
            )
        return self

    @property
    def n_days(self) -> int:
        """How many days, Saturdays and Sundays among them."""
        return (self.last - self.first).days + 1

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them."""
        return tuple(self.first + timedelta(days=at) for at in range(self.n_days))


def _stretch(value: Any) -> Any:
    """A day alone is a stretch of one day."""
    if isinstance(value, dict | DaysOff):
        return value
    alone = day(value)
    return {"first": alone, "last": alone}


def _few(found: tuple[DaysOff, ...]) -> tuple[DaysOff, ...]:
    n_days = sum(one.n_days for one in found)
    if n_days > MOST_DAYS:
        raise ValueError(
            f"D056|{n_days:,} days off are listed; {MOST_DAYS:,} at most|look at the years"
        )
    return found


Holidays = Annotated[
    tuple[Annotated[DaysOff, BeforeValidator(_stretch, json_schema_input_type=Day | DaysOff)], ...],
    AfterValidator(_few),
]
