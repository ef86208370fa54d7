"""A reader study: the same cases read without the device and with it, or by the device alone."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from defensible.dossier.claims import MetricName, Multiplicity
from defensible.dossier.declared import Declared, Identifier, Number, Proportion, Text
from defensible.dossier.reader_endpoint import ReaderEndpoint
from defensible.dossier.reader_marks import Marks
from defensible.dossier.studies import (
    Development,
    Dimension,
    ReferenceStandard,
    Sampling,
    TableData,
    Values,
)


class ReaderColumns(Declared):
    """Which column holds what; one row is one reading."""

    reader: str
    """Pseudonym of the reader."""
    case: str
    """Identifier of the case."""
    patient: str | None = None
    """Identifier of the patient, where a patient can have several cases."""
    modality: str
    """Reading condition."""
    reference: str
    """Reference standard."""
    rating: str | None = None
    """The reader's confidence, higher is more suspicious."""
    decision: str | None = None
    """The reader's decision, where one is taken apart from the rating."""
    device: str | None = None
    """What the device said of the case, whether it was shown or not: its score, or its call."""
    time_s: str | None = None
    """Reading time in seconds."""
    session: str | None = None
    """Session in which the reading took place."""
    order: str | None = None
    """Place of the reading among all of the reader, as a number."""
    day: str | None = None
    """Day of the reading, as a number of days from any start."""
    experience: str | None = None
    """Experience of the reader, as a level or a number cut by `experience_bands`."""


class Conditions(Declared):
    """The reading conditions, as the table writes them."""

    unaided: Text
    """Without the device's output: what the others are held against."""
    aided: Text | None = None
    """With it; none where the device alone is held against readers, and nobody sees its output."""
    others: tuple[Text, ...] = ()
    """Further conditions, such as another way of showing the output."""
    without_device: tuple[Text, ...] = ()
    """Those of `others` in which the output is not seen, such as film; it is in all the rest."""

    @property
    def written(self) -> tuple[str, ...]:
        """All of them, unaided and aided first."""
        return (self.unaided, *([self.aided] if self.aided is not None else []), *self.others)

    def shows_device(self, name: str) -> bool:
        """Whether readers see the device's output in a condition."""
        return name != self.unaided and name not in self.without_device

    @model_validator(mode="after")
    def _apart(self) -> Self:
        if self.unaided == self.aided:
            raise ValueError(
                f"D040|unaided and aided are both '{self.unaided}'|"
                "write each as the table has it; readings of other conditions are left out"
            )
        if self.aided is None and self.others:
            raise ValueError(
                f"D061|there are further conditions ({', '.join(self.others)}), and no aided one|"
                "name the aided condition, or take `others` away"
            )
        if len(set(self.written)) < len(self.written):
            raise ValueError("D040|a condition stands twice|write each once, as the table has it")
        for name in self.without_device:
            if name not in self.others:
                known = ", ".join(self.others) or "none"
                raise ValueError(
                    f"D016|without_device names '{name}', which is none of the others|"
                    f"others there: {known}"
                )
        return self


class ReaderData(TableData):
    """Where the readings are."""

    columns: ReaderColumns
    """Which column holds what."""
    marks: Marks | None = None
    """Marks with a location, and the lesions that there were, where readers made some."""


class Sample(StrEnum):
    """Whether results shall hold for others like them, or for these alone."""

    RANDOM = "random"
    FIXED = "fixed"


class BiasMethod(StrEnum):
    """How the intervals of automation bias are made."""

    LINEARIZED = "linearized"
    U_STATISTIC = "u-statistic"
    BOOTSTRAP = "bootstrap"


class ReaderAnalysis(Declared):
    """The analysis plan."""

    level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    """Confidence level of every two-sided interval."""
    readers: Sample = Sample.RANDOM
    """Random: results shall hold for readers like these; fixed: for these alone."""
    cases: Sample = Sample.RANDOM
    """Random: results shall hold for cases like these; fixed: for these alone."""
    automation_bias: BiasMethod = BiasMethod.LINEARIZED
    """How the intervals of automation bias are made."""
    seed: Annotated[int, Field(strict=True, ge=0)] | None = None
    """Seed of the bootstrap, which needs one."""
    replicates: Annotated[int, Field(strict=True, ge=200, le=20_000)] = 2000
    """Replicates of the bootstrap."""
    missing: Literal["exclude", "error"] = "error"
    """What is done with a reading without rating, decision or reference."""

    @model_validator(mode="after")
    def _something_varies(self) -> Self:
        if (self.readers, self.cases) == (Sample.FIXED, Sample.FIXED):
            raise ValueError(
                "D041|readers and cases are both fixed, so nothing varies|"
                "write `random` for the one that results shall be carried to"
            )
        return self


class UsePopulation(Declared):
    """The population in which gain and harm are weighed."""

    prevalence: Proportion
    """Of the condition, where the device is used."""
    sensitivity: Proportion
    """Of the device there."""
    specificity: Proportion
    """Of the device there."""
    harm_of_false_positive: Annotated[Number, Field(gt=0)]
    """Harm of one false positive reading, a true positive being worth 1."""


class ReaderStudy(Declared):
    """What the device's output does to the person who reads it."""

    id: Identifier
    """Identifier, unique in the dossier."""
    kind: Literal["readers"]
    """Kind of study."""
    question: Text
    """The question that the study answers."""
    claims: tuple[Identifier, ...] = ()
    """Claims that it serves."""
    data: ReaderData
    """Where the readings are."""
    conditions: Conditions
    """The reading conditions; the unaided one alone where the device is held against readers."""
    device_reader: Text | None = None
    """The device, where the table has it as one of the readers: its readings are its output."""
    sampling: Sampling | None = None
    """How cases came into the study."""
    reference_standard: ReferenceStandard
    """How the condition was established."""
    positive: Values | None = None
    """Which decisions, or else which ratings, of a reader say that the condition is present."""
    device_positive: Values | None = None
    """Which values of the device's column, or else of its readings, are positive."""
    truthers: tuple[Text, ...] = ()
    """Readers of the study who also set the reference standard."""
    washout_days: Annotated[Number, Field(ge=0)] | None = None
    """Days that the plan puts between two readings of a case; 0 where they follow at once."""
    experience_bands: Annotated[tuple[Number, ...] | None, Field(min_length=1)] = None
    """Lower edges that cut the experience of readers into bands."""
    dimensions: tuple[Dimension, ...] = ()
    """Dimensions of the cases by which results are given."""
    endpoints: Annotated[tuple[ReaderEndpoint, ...], Field(min_length=1)]
    """What must be shown, aided less unaided, or the device alone less readers; a bound below 0 is
    a non-inferiority margin."""
    multiplicity: Multiplicity | None = None
    """How endpoints that are differences are tested together; each by itself if not given."""
    use: UsePopulation | None = None
    """The population in which net benefit is weighed; without it none is given."""
    development: Development | None = None
    """The cases that the model was developed on."""
    analysis: ReaderAnalysis
    """The analysis plan."""

    @field_validator("endpoints")
    @classmethod
    def _of_readers(cls, endpoints: tuple[ReaderEndpoint, ...]) -> tuple[ReaderEndpoint, ...]:
        for one in endpoints:
            if not one.metric.of_readers:
                known = ", ".join(each.value for each in MetricName if each.of_readers)
                raise ValueError(
                    f"D042|a reader study does not measure {one.metric.value}|write one of {known}"
                )
        return endpoints

    @field_validator("endpoints")
    @classmethod
    def _of_its_conditions(
        cls, endpoints: tuple[ReaderEndpoint, ...], info: ValidationInfo
    ) -> tuple[ReaderEndpoint, ...]:
        """The device alone has no condition; all else needs readers who see its output."""
        conditions = info.data.get("conditions")
        for one in endpoints:
            if one.metric.against_readers and (one.condition or one.against):
                raise ValueError(
                    f"D061|{one.metric.value} is of the device alone, less readers in the unaided "
                    "condition; it names no other|take `condition` and `against` away"
                )
            if one.metric.against_readers or conditions is None or conditions.aided is not None:
                continue
            known = ", ".join(each.value for each in MetricName if each.against_readers)
            raise ValueError(
                f"D061|{one.metric.value} needs readers who see the device's output, and the study "
                f"has one condition, '{conditions.unaided}'|"
                f"name conditions.aided, or write one of {known}"
            )
        return endpoints

    @field_validator("device_reader")
    @classmethod
    def _in_one_place(cls, reader: str | None, info: ValidationInfo) -> str | None:
        data = info.data.get("data")
        if reader is not None and data is not None and data.columns.device is not None:
            raise ValueError(
                f"D060|the device is the reader '{reader}' and has the column "
                f"'{data.columns.device}'; which of them is its output is not said|"
                "take `device_reader` or data.columns.device away"
            )
        return reader

    @model_validator(mode="after")
    def _something_to_compare(self) -> Self:
        if not self.shows_output and not self.has_device:
            raise ValueError(
                f"D061|the study has one condition, '{self.conditions.unaided}', and no device to "
                "hold against its readers|name the device, by `device_reader` or "
                "data.columns.device, or name conditions.aided"
            )
        return self

    @property
    def has_device(self) -> bool:
        """Whether the table has the device's output, as a reader or in a column."""
        return self.device_reader is not None or self.data.columns.device is not None

    @property
    def shows_output(self) -> bool:
        """Whether anybody reads with the device's output."""
        return self.conditions.aided is not None

    @model_validator(mode="after")
    def _between_conditions(self) -> Self:
        known = self.conditions.written
        for one in self.endpoints:
            if one.metric.against_readers:
                continue
            pair = one.condition or self.conditions.aided, one.against or self.conditions.unaided
            for name in pair:
                if name not in known:
                    raise ValueError(
                        f"D016|an endpoint names the condition '{name}', which the study has not|"
                        f"conditions there: {', '.join(known)}"
                    )
            if pair[0] == pair[1]:
                raise ValueError(
                    f"D040|an endpoint holds the condition '{pair[0]}' against itself|"
                    "name the one compared under `condition`, the other under `against`"
                )
        return self
