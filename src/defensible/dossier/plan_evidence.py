"""What `plan.yaml` says of the studies to come: numbers that no study here has shown yet.

Every number here sets how many cases, sites, readers or participants are needed, and nothing else.
"""

from difflib import get_close_matches
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from defensible.dossier.claims import MetricName
from defensible.dossier.declared import (
    Declared,
    Identifier,
    Level,
    Number,
    Proportion,
    Text,
    Whole,
)

Strict = Annotated[Number, Field(gt=0, lt=1)]
"""A share that is neither none nor all."""
COMPARED = (
    MetricName.SENSITIVITY,
    MetricName.SPECIFICITY,
    MetricName.ACCURACY,
    MetricName.AUC,
)
"""What two devices can be compared by on the same cases."""
UNAIDED = (MetricName.AUC, MetricName.WAFROC, MetricName.SENSITIVITY, MetricName.SPECIFICITY)
OF_A_CASE = (MetricName.MEAN_DICE, MetricName.RELATIVE_BIAS, MetricName.FALSE_MARKS_PER_CASE)
"""Figures that have a standard deviation of their own to plan with."""


def _metric(name: object) -> object:
    known = [one.value for one in MetricName]
    if not isinstance(name, str) or name in known:
        return name
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise ValueError(f"D007|there is no metric '{name[:40]}'|{hint}All metrics: docs/problems/D007")


def _in_range(expected: dict[MetricName, float]) -> dict[MetricName, float]:
    """The values, or the problem that a metric cannot have one of them."""
    for metric, value in expected.items():
        if value > 1 and not metric.unbounded:
            percent = f"write {value / 100:g} for {value:g} %" if value <= 100 else ""
            raise ValueError(
                f"D010|{metric.value} is {value:g}; it must be at most 1|"
                f"{percent or 'correct the number'}"
            )
        if value < 0 and not metric.signed:
            what = "a number of marks" if metric.unbounded else "a proportion"
            mend = "0 or more" if metric.unbounded else "between 0 and 1"
            raise ValueError(
                f"D054|{value:g} is expected of {metric.value}, {what}|"
                f"write a number {mend}; only differences can lie below 0"
            )
    return expected


ExpectedMetric = Annotated[MetricName, BeforeValidator(_metric)]
ExpectedValues = Annotated[
    dict[ExpectedMetric, Annotated[Number, Field(ge=-1)]], AfterValidator(_in_range)
]


class ExpectedAt(Declared):
    """What is expected to be true at one level of a dimension."""

    dimension: Text
    """Dimension of a claim's scope."""
    level: Level
    """Its level, as the study has it."""
    expected: Annotated[ExpectedValues, Field(min_length=1)]
    """By metric, of the device's own answers and outlines."""

    @property
    def of(self) -> tuple[str, str]:
        """Dimension and level, as cells of a scope are named."""
        return self.dimension, str(self.level)

    @model_validator(mode="after")
    def _of_the_device(self) -> Self:
        for metric in self.expected:
            if metric.of_people:
                raise ValueError(
                    f"D054|{metric.value} is not sized level by level|"
                    "write what is expected of it under `expected`"
                )
        return self


class Clusters(Declared):
    """Patients who bring several cases."""

    cases_per_patient: Annotated[Number, Field(ge=1)]
    """Mean number of cases of a patient."""
    correlation: Proportion
    """Correlation of the answers to two cases of a patient, 0 to 1."""


class Lesions(Declared):
    """Lesions of a case that has any."""

    per_case: Annotated[Number, Field(ge=1, le=100)]
    """Mean number: one, and a Poisson number of further ones."""
    correlation: Proportion
    """Correlation of whether two lesions of a case are found, 0 to 1."""


class Marks(Declared):
    """What is marked, rated however low, by a device or by readers."""

    false_marks: Annotated[Number, Field(gt=0, le=1000)]
    """Mean number of false marks of a case without lesions."""
    found: Annotated[Number, Field(gt=0, le=1)]
    """Share of lesions that are marked at all."""


class Comparison(Declared):
    """A comparison with another device, or another version, on the same cases."""

    claim: Identifier
    """Claim that it serves."""
    metric: MetricName
    """Sensitivity, specificity, accuracy or AUC."""
    against: Text
    """What the device is compared with."""
    margin: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Loss that would not matter; without one, the device must be better."""
    better: Proportion | None = None
    """Share of cases that only this device has right."""
    worse: Proportion | None = None
    """Share of cases that only the other has right."""
    expected: Strict | None = None
    """AUC expected of this device."""
    reference: Strict | None = None
    """AUC expected of the other."""
    correlation: Annotated[Number, Field(ge=-1, lt=1)] | None = None
    """Correlation of the two AUCs, as they come from the same cases."""

    @model_validator(mode="after")
    def _can_be_compared(self) -> Self:
        if self.metric not in COMPARED:
            known = ", ".join(one.value for one in COMPARED)
            raise ValueError(
                f"D054|two devices are not compared by {self.metric.value} here|"
                f"write one of {known}"
            )
        area = ("expected", "reference", "correlation")
        shares = ("better", "worse")
        mine, other = (area, shares) if self.metric is MetricName.AUC else (shares, area)
        if any(getattr(self, name) is None for name in mine):
            raise ValueError(
                f"D054|a comparison by {self.metric.value} rests on {', '.join(mine)}|"
                f"write {', '.join(one for one in mine if getattr(self, one) is None)}"
            )
        if any(getattr(self, name) is not None for name in other):
            raise ValueError(
                f"D054|{', '.join(other)} say nothing of a comparison by {self.metric.value}|"
                f"write {', '.join(mine)} instead"
            )
        return self


class Variability(StrEnum):
    """How much readers differ, from themselves and from each other, as published."""

    SMALL = "small"
    MODERATE = "moderate"
    LARGE = "large"


class ReadersExpected(Declared):
    """A reader study to come, where no study in the dossier is its pilot."""

    unaided: dict[MetricName, Strict] = Field(default_factory=dict)
    """Mean AUC, wAFROC, sensitivity or specificity of readers without the device."""
    marks: Marks | None = None
    """What readers mark without the device, where the wAFROC is asked for."""
    aided_marks: Marks | None = None
    """What they mark with it; without, as much."""
    variability: Variability = Variability.MODERATE
    """Range of readers' accuracy."""
    readers: Annotated[Whole, Field(ge=2)] | None = None
    """How many there will be; without a number, that with the fewest readings is named first."""

    @model_validator(mode="after")
    def _figures_of_readers(self) -> Self:
        for one in self.unaided:
            if one not in UNAIDED:
                known = ", ".join(each.value for each in UNAIDED)
                raise ValueError(
                    f"D054|{one.value} is no figure of readers without the device|"
                    f"write one of {known}"
                )
        return self
