"""What every declared thing has in common: frozen, closed, strict about numbers and dates.

Our own rules raise `ValueError("CODE|what|mend")`; `explain` puts the place before it.
"""

import re
from datetime import date
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)


def day(value: Any) -> Any:
    """A date written in full; a number is never a date, though it could be a time stamp."""
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"D013|there is no day {value}|correct the date") from None
    found = f"'{str(value)[:40]}'" if isinstance(value, str | int | float) else "no text"
    raise ValueError(f"D013|a date is expected, and this is {found}|write it as 2026-11-23")


Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$"), Field(examples=["C1"])
]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RelativePath = Annotated[str, StringConstraints(min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Proportion = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Whole = Annotated[int, Field(strict=True)]
Day = Annotated[date, BeforeValidator(day)]
Level = str | bool | int | float
"""A value of a column as YAML gives it."""


class Declared(BaseModel):
    """A frozen value read from a file; a key that it does not know is an error."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        allow_inf_nan=False,
    )


class Range(Declared):
    """From (inclusive) to (exclusive); an absent end is open."""

    from_: Annotated[Number | None, Field(alias="from")] = None
    """Lowest value that belongs."""
    to: Number | None = None
    """First value that no longer belongs."""

    @model_validator(mode="after")
    def _holds_something(self) -> Self:
        if self.from_ is None and self.to is None:
            raise ValueError("D022|a range needs an end|write `from`, `to`, or both")
        if self.from_ is not None and self.to is not None and self.from_ >= self.to:
            raise ValueError(
                f"D022|the range runs from {self.from_:g} to {self.to:g}; it holds nothing|"
                "write the lower end under `from`"
            )
        return self
