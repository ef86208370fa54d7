"""`claims.yaml`: what labeling will say, how far, and what must be shown for it."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from defensible.dossier.declared import Declared, Identifier, Level, Number, Range, Text


class MetricName(StrEnum):
    """The measures of diagnostic accuracy that a study can give."""

    SENSITIVITY = "sensitivity"
    SPECIFICITY = "specificity"
    PPV = "ppv"
    NPV = "npv"
    ACCURACY = "accuracy"
    AUC = "auc"


class Goal(Declared):
    """A performance goal: the fixed bound that the whole interval must clear."""

    above: Number | None = None
    """The lower limit of the interval must lie above this."""
    below: Number | None = None
    """The upper limit of the interval must lie below this."""

    @model_validator(mode="after")
    def _one_bound_in_range(self) -> Self:
        given = [one for one in (self.above, self.below) if one is not None]
        if len(given) != 1:
            raise ValueError(
                "D020|a goal needs exactly one bound|write `above: 0.8` or `below: 0.1`"
            )
        if not 0 <= given[0] <= 1:
            write = f"write {given[0] / 100:g} for {given[0]:g} %" if 1 < given[0] <= 100 else ""
            raise ValueError(
                f"D021|the goal is {given[0]:g}; a proportion lies between 0 and 1|"
                f"{write or 'write a number between 0 and 1'}"
            )
        return self


class Endpoint(Declared):
    """A metric with its goal, named before the data are opened."""

    metric: MetricName
    """The measure."""
    goal: Goal
    """The bound that its interval must clear."""


ScopeValue = Literal["any"] | Range | Annotated[tuple[Level, ...], Field(min_length=1)]
"""Levels of a dimension, a range of it, or `any`: also levels that were not seen yet."""


class Claim(Declared):
    """One sentence that the labeling makes, and what must be shown for it.

    A dimension absent from `scope` is undeclared, which is not the same as `any`.
    """

    id: Identifier
    """Identifier, unique in the dossier."""
    text: Text
    """The sentence."""
    scope: dict[str, ScopeValue] = Field(default_factory=dict)
    """Population and acquisition dimensions that the sentence covers."""
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]
    """What must be shown, and how well."""
    studies: tuple[Identifier, ...] = ()
    """Studies that serve it; none yet is a gap, reported later, not an error."""


class Claims(Declared):
    """All claims of the dossier."""

    claims: tuple[Claim, ...]
    """The claims, in the order in which labeling makes them."""
