"""What `plan.yaml` says of the studies to come: numbers that no study here has shown yet.

Every number here sets how many cases, sites, readers or participants are needed, and nothing else.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from defensible.dossier.claims import MetricName
from defensible.dossier.declared import Declared, Identifier, Number, Proportion, Text, Whole

Strict = Annotated[Number, Field(gt=0, lt=1)]
"""A share that is neither none nor all."""
COMPARED = (
    MetricName.SENSITIVITY,
    MetricName.SPECIFICITY,
    MetricName.ACCURACY,
    MetricName.AUC,
)
"""What two devices can be compared by on the same cases."""
UNAIDED = (MetricName.AUC, MetricName.SENSITIVITY, MetricName.SPECIFICITY)


class Clusters(Declared):
    """Patients who bring several cases."""

    cases_per_patient: Annotated[Number, Field(ge=1)]
    """Mean number of cases of a patient."""
    correlation: Proportion
    """Correlation of the answers to two cases of a patient, 0 to 1."""


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
    """Mean AUC, sensitivity or specificity of readers without the device."""
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
