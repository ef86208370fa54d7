"""`studies/*.yaml`: one protocol a file, complete before the data are opened."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from defensible.dossier.claims import Goal, MetricName, in_range
from defensible.dossier.declared import (
    Declared,
    Identifier,
    Level,
    Number,
    Sha256,
    Text,
)


class Join(Declared):
    """Another table whose columns are added, matched one to one by key."""

    source: Text
    """Path relative to the dossier, or a URL."""
    sha256: Sha256 | None = None
    """Digest of the bytes, so that a changed table is seen."""
    on: Annotated[dict[str, str], Field(min_length=1)]
    """Key columns: name in the main table, then name in this one."""


class Columns(Declared):
    """Which column holds what."""

    case: str
    """Identifier of the case."""
    patient: str | None = None
    """Identifier of the patient, where a patient can have several cases."""
    score: str | None = None
    """Device output on any scale, higher is more suspicious."""
    decision: str | None = None
    """Device decision, where the device gives one."""
    reference: str
    """Reference standard."""
    model_sha256: str | None = None
    """Digest of the model that gave each row."""
    verified_by: str | None = None
    """Which procedure established the condition, where there is more than one."""
    truthers: tuple[str, ...] = ()
    """What each person who set the reference standard said, in the reference's own values."""


class Values(Declared):
    """A rule that makes a column binary: named values, or a bound. Exactly one is given."""

    is_: Annotated[tuple[Level, ...] | None, Field(alias="is", min_length=1)] = None
    """These values, as the table has them."""
    at_least: Number | None = None
    """This number or more."""
    above: Number | None = None
    """More than this number."""

    @model_validator(mode="after")
    def _one_rule(self) -> Self:
        if sum(one is not None for one in (self.is_, self.at_least, self.above)) != 1:
            raise ValueError(
                "D023|exactly one rule is needed here|"
                "write one of `is: [..]`, `at_least: 0.5`, `above: 0`"
            )
        return self


class ReferenceStandard(Declared):
    """How the condition was established, and the rule that makes it binary."""

    description: Text
    """Procedure, who judged, and blind to what."""
    positive: Values
    """Which values say that the condition is present."""
    negative: Values | None = None
    """Which values say that it is absent; every other value, if this is not given."""


class DeviceOutput(Declared):
    """How the output becomes a decision, and which outputs are no answer."""

    positive: Values | None = None
    """Operating point on the score, or the decision's positive values."""
    negative: Values | None = None
    """The decision's negative values; every other value, if this is not given."""
    indeterminate: tuple[Level, ...] = ()
    """Values by which the device says that it has no answer."""
    range: tuple[Number, Number] | None = None
    """Lowest and highest score that the device can give."""

    @field_validator("range")
    @classmethod
    def _holds_something(cls, range_: tuple[float, float] | None) -> tuple[float, float] | None:
        if range_ is not None and range_[0] >= range_[1]:
            raise ValueError(
                f"D022|the range runs from {range_[0]:g} to {range_[1]:g}; it holds nothing|"
                "write the lowest score first"
            )
        return range_


class Dimension(Declared):
    """A dimension by which results are given, from a column."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    """Name, the same as in the scope of claims."""
    column: str
    """Column of the table."""
    bands: tuple[Number, ...] | None = Field(default=None, min_length=1)
    """Lower edges that cut a number into bands; each band holds its lower edge."""
    levels: dict[str, tuple[Level, ...]] | None = None
    """Names for spellings: level, then what the table writes for it."""

    @field_validator("bands")
    @classmethod
    def _ascending(cls, bands: tuple[float, ...] | None) -> tuple[float, ...] | None:
        for first, second in pairwise(bands or ()):
            if second <= first:
                raise ValueError(
                    f"D024|the edges of bands must ascend, and {second:g} follows {first:g}|"
                    "write them from low to high, each once"
                )
        return bands


class Missing(StrEnum):
    """What is done with a case that lacks something; always counted."""

    EXCLUDE = "exclude"
    WORST_CASE = "worst-case"
    ERROR = "error"


class Handling(Declared):
    """The rule for each kind of trouble; without one, a case in that trouble is an error."""

    missing_score: Missing = Missing.ERROR
    """The device gave no output (worst case: counted as wrong)."""
    indeterminate: Missing = Missing.ERROR
    """The device said that it has no answer (worst case: counted as wrong)."""
    missing_reference: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """The condition was not established."""
    duplicate: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """The same case again (exclude: the first row stays)."""
    out_of_range: Missing = Missing.ERROR
    """The score lies outside its declared range."""


class ProportionInterval(StrEnum):
    """Interval methods for proportions."""

    WILSON = "wilson"
    CLOPPER_PEARSON = "clopper-pearson"
    AGRESTI_COULL = "agresti-coull"
    JEFFREYS = "jeffreys"
    CLUSTERED = "clustered"


class AucInterval(StrEnum):
    """Interval methods for the AUC."""

    DELONG = "delong"
    DELONG_LOGIT = "delong-logit"
    CLUSTERED = "clustered"


class Analysis(Declared):
    """The analysis plan."""

    level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    """Confidence level of every two-sided interval."""
    proportions: ProportionInterval
    """Interval method of sensitivity, specificity, PPV, NPV and accuracy."""
    auc: AucInterval | None = None
    """Interval method of the AUC."""
    handling: Handling = Handling()
    """The rule for each kind of trouble."""


class Criterion(Declared):
    """An acceptance criterion: the engineering rule, named beforehand."""

    metric: MetricName
    """The measure."""
    goal: Goal
    """The bound."""
    by: Literal["estimate", "interval"]
    """Whether the estimate or its whole interval must clear the bound."""

    @field_validator("goal")
    @classmethod
    def _goal_in_range(cls, goal: Goal, info: ValidationInfo) -> Goal:
        return in_range(goal, info.data.get("metric"))


class Development(Declared):
    """The cases that the model was developed on, so that held-out can be shown, not said."""

    source: Text
    """Table with one development case a row."""
    sha256: Sha256 | None = None
    """Digest of the bytes."""
    case: str
    """Column with the same identifier as the study's case (or patient) column."""
    compare: Literal["case", "patient"] = "case"
    """Which identifier of the study it is compared with."""
    key_name: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None
    """Name of the key by which the identifiers are hashed (`defensible blind`); else plain."""


class Sampling(StrEnum):
    """How cases came into the study; decides whether predictive values mean anything."""

    CONSECUTIVE = "consecutive"
    RANDOM = "random"
    ENRICHED = "enriched"
    CONVENIENCE = "convenience"


class TableData(Declared):
    """A table, and which of its rows belong to the study."""

    source: Text
    """Table (CSV, Parquet, or one of them zipped): path relative to the dossier, or a URL."""
    sha256: Sha256 | None = None
    """Digest of the bytes, so that a changed table is seen."""
    join: tuple[Join, ...] = ()
    """Further tables whose columns are added by key."""
    include: dict[str, tuple[Level, ...]] = Field(default_factory=dict)
    """Only rows whose column holds one of these values; the others are counted."""
    null_values: tuple[str, ...] = ("",)
    """Cell texts that mean a missing value."""


class StandaloneData(TableData):
    """Where the cases are, and which of them belong to the study."""

    columns: Columns
    """Which column holds what."""


class StandaloneStudy(Declared):
    """Diagnostic accuracy of the device alone, on cases with a reference standard."""

    id: Identifier
    """Identifier, unique in the dossier."""
    kind: Literal["standalone"]
    """Kind of study."""
    question: Text
    """The question that the study answers."""
    claims: tuple[Identifier, ...] = ()
    """Claims that it serves; none for a purely engineering study."""
    data: StandaloneData
    """Where the cases are."""
    independent_cases: Annotated[bool, Field(strict=True)] | None = None
    """True where no patient has two cases; needed if there is no patient column."""
    sampling: Sampling | None = None
    """How cases came into the study."""
    reference_standard: ReferenceStandard
    """How the condition was established."""
    output: DeviceOutput = DeviceOutput()
    """How the output becomes a decision."""
    dimensions: tuple[Dimension, ...] = ()
    """Dimensions by which results are given."""
    analysis: Analysis
    """The analysis plan."""
    acceptance: tuple[Criterion, ...] = ()
    """Engineering acceptance criteria."""
    development: Development | None = None
    """The cases that the model was developed on."""
