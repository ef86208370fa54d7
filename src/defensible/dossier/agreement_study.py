"""An agreement study: outlines or sizes of the device against a reference standard's."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from defensible.dossier.claims import Endpoint, MetricName
from defensible.dossier.declared import Declared, Identifier, Number, Text
from defensible.dossier.studies import Development, Dimension, Missing, Sampling, TableData


class AgreementColumns(Declared):
    """Which column holds what; one row is one case."""

    case: str
    """Identifier of the case."""
    patient: str | None = None
    """Identifier of the patient, where a patient can have several cases."""
    dice: str | None = None
    """Dice coefficient of the device's outline with the reference's, 0 to 1."""
    measured: str | None = None
    """Size by the device (volume, diameter), in any unit."""
    reference: str | None = None
    """Size by the reference standard, in the same unit; above 0."""


class AgreementData(TableData):
    """Where the cases are."""

    columns: AgreementColumns
    """Which column holds what."""


class AgreementHandling(Declared):
    """The rule for each kind of trouble; without one, a case in that trouble is an error."""

    missing_result: Missing = Missing.ERROR
    """No Dice, or no size by the device (worst case: Dice 0, size 0, outside the margin)."""
    missing_reference: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """No size by the reference standard."""
    duplicate: Literal[Missing.EXCLUDE, Missing.ERROR] = Missing.ERROR
    """The same case again (exclude: the first row stays)."""


class AgreementAnalysis(Declared):
    """The analysis plan."""

    level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    """Confidence level of every two-sided interval."""
    margin: Annotated[Number, Field(gt=0, lt=1)] | None = None
    """Relative error of a size that is still acceptable: 0.15 is 15 % of the reference."""
    handling: AgreementHandling = AgreementHandling()
    """The rule for each kind of trouble."""


class AgreementStudy(Declared):
    """How well what the device outlines or measures agrees with a reference standard."""

    id: Identifier
    """Identifier, unique in the dossier."""
    kind: Literal["agreement"]
    """Kind of study."""
    question: Text
    """The question that the study answers."""
    claims: tuple[Identifier, ...] = ()
    """Claims that it serves."""
    data: AgreementData
    """Where the cases are."""
    independent_cases: Annotated[bool, Field(strict=True)] | None = None
    """True where no patient has two cases; needed if there is no patient column."""
    sampling: Sampling | None = None
    """How cases came into the study."""
    reference_standard: Text
    """Who outlined or measured, how, and blind to what."""
    dimensions: tuple[Dimension, ...] = ()
    """Dimensions by which results are given."""
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]
    """What must be shown of all cases; those of claims are held against every level, too."""
    analysis: AgreementAnalysis
    """The analysis plan."""
    development: Development | None = None
    """The cases that the model was developed on."""

    @field_validator("endpoints")
    @classmethod
    def _of_agreement(cls, endpoints: tuple[Endpoint, ...]) -> tuple[Endpoint, ...]:
        for one in endpoints:
            if not one.metric.of_agreement:
                known = ", ".join(each.value for each in MetricName if each.of_agreement)
                raise ValueError(
                    f"D042|an agreement study does not measure {one.metric.value}|"
                    f"write one of {known}"
                )
        return endpoints
