"""What every declared thing has in common: frozen, closed, strict about numbers."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$"), Field(examples=["C1"])
]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
RelativePath = Annotated[str, StringConstraints(min_length=1)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Proportion = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1)]
Whole = Annotated[int, Field(strict=True)]
Level = str | bool | int | float
"""A value of a column as YAML gives it."""


class Declared(BaseModel):
    """A frozen value read from a file; a key that it does not know is an error."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False
    )


class Range(Declared):
    """From (inclusive) to (exclusive); an absent end is open."""

    from_: Annotated[Number | None, Field(alias="from")] = None
    """Lowest value that belongs."""
    to: Number | None = None
    """First value that no longer belongs."""

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.from_ is not None and self.to is not None and self.from_ >= self.to:
            raise ValueError(
                f"D022|the range runs from {self.from_:g} to {self.to:g}; it holds nothing|"
                "write the lower end under `from`"
            )
        return self
