"""A localization study: what the device marks, alone, on cases whose lesions are known."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from defensible.dossier.claims import MetricName
from defensible.dossier.declared import Declared, Identifier, Number, Text
from defensible.dossier.reader_marks import MarksTable
from defensible.dossier.studies import (
    Criterion,
    Development,
    Dimension,
    Missing,
    ReferenceStandard,
    Sampling,
    TableData,
)


class LocalizationColumns(Declared):
    """Which column of the cases holds what; one row is one case, marked or not."""

    case: str
    """Identifier of the case."""
    patient: str | None = None
    """Identifier of the patient, where a patient can have several cases."""
    reference: str
    """Reference standard: whether the case has a lesion."""
    output: str | None = None
    """Anything that the device gives for each case that it has read; empty where it gave none."""
    truthers: tuple[str, ...] = ()
    """What each person who set the reference standard said, in the reference's own values."""


class DeviceMarkColumns(Declared):
    """Which column of the marks holds what; one row is one mark."""

    case: str
    """Identifier of the case."""
    score: str | None = None
    """The device's score of this mark, higher is more suspicious."""
    lesion: str | None = None
    """Which lesion of the case the mark has found; empty where it found none."""
    x: str | None = None
    """Place of the mark, where marks are matched to lesions by place."""
    y: str | None = None
    """Place of the mark."""
    z: str | None = None
    """Place of the mark, in volumes."""


class DeviceMarks(MarksTable):
    """The marks of the device; a case without a mark has no row here."""

    columns: DeviceMarkColumns
    """Which column holds what."""


class LocalizationData(TableData):
    """Where cases, marks and lesions are."""

    columns: LocalizationColumns
    """Which column of the cases holds what."""
    marks: DeviceMarks
    """The device's marks, and the lesions that there are to find."""


class LocalizationHandling(Declared):
    """The rule for each kind of trouble; without one, a case or mark in it is an error."""

    missing_score: Missing = Missing.ERROR
    """The device gave no output for the case (worst case: nothing found, most false marks)."""
    missing_reference: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """Nobody knows whether the case has a lesion."""
    duplicate: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """The same case again (exclude: the first row stays)."""
    mark_without_score: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """A mark whose score is missing or no number."""


class LocalizationAnalysis(Declared):
    """The analysis plan."""

    level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    """Confidence level of every two-sided interval."""
    threshold: Number | None = None
    """Score from which on the device shows a mark: its operating point, fixed beforehand."""
    handling: LocalizationHandling = LocalizationHandling()
    """The rule for each kind of trouble."""


class LocalizationStudy(Declared):
    """Lesions that the device finds and false marks that it makes, alone."""

    id: Identifier
    """Identifier, unique in the dossier."""
    kind: Literal["localization"]
    """Kind of study."""
    question: Text
    """The question that the study answers."""
    claims: tuple[Identifier, ...] = ()
    """Claims that it serves; none for a purely engineering study."""
    data: LocalizationData
    """Where cases, marks and lesions are."""
    independent_cases: Annotated[bool, Field(strict=True)] | None = None
    """True where no patient has two cases; needed if there is no patient column."""
    sampling: Sampling | None = None
    """How cases came into the study."""
    reference_standard: ReferenceStandard
    """How lesions were established."""
    dimensions: tuple[Dimension, ...] = ()
    """Dimensions of cases by which results are given."""
    lesion_dimensions: tuple[Dimension, ...] = ()
    """Dimensions of lesions (size, type), from columns of the lesions."""
    analysis: LocalizationAnalysis
    """The analysis plan."""
    acceptance: tuple[Criterion, ...] = ()
    """Engineering acceptance criteria."""
    development: Development | None = None
    """The cases that the model was developed on."""

    @field_validator("acceptance")
    @classmethod
    def _of_localization(cls, criteria: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        for one in criteria:
            if not one.metric.of_localization:
                known = ", ".join(each.value for each in MetricName if each.of_localization)
                raise ValueError(
                    f"D042|a localization study does not measure {one.metric.value}|"
                    f"write one of {known}"
                )
        return criteria
