"""`intended-use.yaml`: the anchor; what the device is for, as prose and as fields.

None is "not declared"; an empty list is "declared, and there are none".
"""

from typing import Literal

from pydantic import Field, field_validator

from defensible.dossier.declared import Declared, Proportion, Range, Text
from defensible.dossier.vocabulary import (
    Basis,
    Function,
    HumanConfirmation,
    ImagingModality,
    Integration,
    Machine,
    Monitoring,
    OtherInput,
    Output,
    Purpose,
    Sex,
    Significance,
    Situation,
    User,
    Workflow,
    WorstOutcome,
)


class Acquisition(Declared):
    """The acquisition conditions that the input must meet."""

    vendors: tuple[Text, ...] | None = None
    """Makers of the machines that the device accepts."""
    parameters: dict[str, Text] | None = None
    """Protocol limits by name, such as `slice thickness: up to 3 mm`."""


class Population(Declared):
    """The patients for whom the device is meant."""

    age_years: Range | None = None
    """Age range in years."""
    sex: tuple[Sex, ...] | None = None
    """Sexes included."""
    description: Text | None = None
    """Who they are and why they are examined."""
    exclusions: tuple[Text, ...] | None = None
    """Patients for whom it is not meant."""
    prevalence: Range | None = None
    """How common the condition is among them; what a study's sample is held against."""
    mix: dict[str, dict[str, Proportion]] | None = None
    """Share of each level of a dimension among them: `sex: {female: 0.5, male: 0.5}`."""

    @field_validator("mix")
    @classmethod
    def _whole(cls, mix: dict[str, dict[str, float]] | None) -> dict[str, dict[str, float]] | None:
        for name, shares in (mix or {}).items():
            if not 0.99 <= sum(shares.values()) <= 1.01:
                raise ValueError(
                    f"D036|the shares of {name} sum to {sum(shares.values()):g}|"
                    "name every level, with shares that sum to 1"
                )
        return mix

    @field_validator("prevalence")
    @classmethod
    def _a_proportion(cls, prevalence: Range | None) -> Range | None:
        for end in (prevalence.from_, prevalence.to) if prevalence else ():
            if end is not None and not 0 <= end <= 1:
                raise ValueError(
                    f"D036|a prevalence of {end:g} is no proportion|write a number from 0 to 1"
                )
        return prevalence


class GxpUse(Declared):
    """The GAMP side, for software in a regulated (GxP) process."""

    process: Text
    """The process that it supports."""
    gamp_category: Literal[1, 3, 4, 5] | None = None
    """GAMP 5 software category."""
    impact: Literal["direct", "indirect", "none"] | None = None
    """Impact on patient safety, product quality or data integrity."""
    role: Literal["direct", "supporting", "none"] | None = None
    """Direct part of production or the quality system, supports it, or neither (FDA CSA)."""
    process_risk: Literal["high", "not-high"] | None = None
    """High where a failure may foreseeably compromise safety (FDA CSA)."""


class IntendedUse(Declared):
    """The intended use: the statement, and the same as fields that rules read."""

    function: Function
    """What the software does for its user."""
    statement: Text | None = None
    """The intended-use statement, word for word as labeling has it."""
    indications: Text | None = None
    """The disease or condition and the patients for whom it is indicated."""
    condition: Text | None = None
    """Disease or condition."""
    target_finding: Text | None = None
    """What is looked for in the input."""
    anatomy: Text | None = None
    """Body part."""
    imaging_modality: tuple[ImagingModality, ...] | None = Field(default=None, min_length=1)
    """Machines that make the input; `none` where the input is no image."""
    other_input: tuple[OtherInput, ...] | None = Field(default=None, min_length=1)
    """What it reads besides images, such as an ECG; `none` where it reads images alone."""
    acquisition: Acquisition | None = None
    """Acquisition conditions of the input."""
    output: tuple[Output, ...] | None = Field(default=None, min_length=1)
    """What the user is shown."""
    workflow: Workflow | None = None
    """When the output is seen, relative to the person's own read."""
    human_confirmation: HumanConfirmation | None = None
    """What a person does before anyone acts on the output."""
    user: tuple[User, ...] | None = Field(default=None, min_length=1)
    """Who uses the output."""
    user_qualification: Text | None = None
    """Training or licence that the user must have."""
    environment: Text | None = None
    """Where it is used."""
    population: Population | None = None
    """The patients for whom the device is meant."""
    situation: Situation | None = None
    """State of the patient's situation (IMDRF)."""
    significance: Significance | None = None
    """Significance of the information to the decision (IMDRF)."""
    purpose: Purpose | None = None
    """Whether the purpose is medical; if not, which other one it is."""
    integration: Integration | None = None
    """How it stands to a machine: apart from any, part of one, or driving or influencing one."""
    machine: Machine | None = None
    """The machine of which it is part, or which it drives or influences."""
    monitoring: Monitoring | None = None
    """What it watches over time."""
    worst_outcome: WorstOutcome | None = None
    """The worst that a decision on a wrong output can cause (EU MDR, Rule 11)."""
    basis: Basis | None = None
    """Whether a professional can review what a recommendation rests on."""
    contraindications: tuple[Text, ...] | None = None
    """When it must not be used; an empty list says that there are none."""
    limitations: tuple[Text, ...] | None = None
    """Known limits of the output; an empty list says that there are none."""
    gxp: GxpUse | None = None
    """The GAMP side, for software in a GxP process."""


OPTIONAL = frozenset(
    {
        "acquisition",
        "basis",
        "gxp",
        "indications",
        "integration",
        "machine",
        "monitoring",
        "other_input",
        "purpose",
        "worst_outcome",
    }
)
"""Fields that not every device has, or that only some rules read: classification asks for them
where they could change its answer. `acquisition` is asked of devices that read images."""


def undeclared(use: IntendedUse) -> list[str]:
    """Fields that a whole intended use has and this one does not, in the words of the file."""
    reads_images = use.imaging_modality is not None and "none" not in use.imaging_modality
    optional = OPTIONAL - ({"acquisition"} if reads_images else set())
    return [
        name
        for name in IntendedUse.model_fields
        if name not in optional and getattr(use, name) is None
    ]
