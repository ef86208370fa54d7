"""A usability study (IEC 62366-1): intended users at the tasks of the device, watched."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from defensible.dossier.declared import Declared, Identifier, Level, Proportion, Text
from defensible.dossier.studies import Dimension, TableData


class UsabilityColumns(Declared):
    """Which column holds what; one row is one attempt at a task."""

    participant: str
    """Pseudonym of the participant."""
    group: str
    """User group of the participant."""
    session: str
    """Formative or summative evaluation, as `sessions` names it."""
    task: str
    """Identifier of the task, as in `tasks`."""
    observation: str
    """What was seen, as `observations` names it."""
    root_cause: str | None = None
    """Why it went wrong, in a word."""


class UsabilityData(TableData):
    """Where the observations are."""

    columns: UsabilityColumns
    """Which column holds what."""


class UseSpecification(Declared):
    """For whom, where and how the device is used (IEC 62366-1, 5.1)."""

    user_groups: Annotated[tuple[Text, ...], Field(min_length=1)]
    """User groups, as the table has them."""
    environment: Text
    """Where the device is used, and where it was tried."""
    training: Text | None = None
    """Training that users get, and that participants got."""


class Task(Declared):
    """Something that a user does with the device."""

    id: Identifier
    """Identifier, unique in the dossier; the table names it."""
    text: Text
    """What the user does, with what is on screen."""
    critical: Annotated[bool, Field(strict=True)]
    """Whether a use error at it could do harm."""
    hazards: tuple[Identifier, ...] = ()
    """Hazards that a use error at it leads to."""
    risks: tuple[Identifier, ...] = ()
    """Risks whose sequence of events it belongs to."""

    @model_validator(mode="after")
    def _traced(self) -> Self:
        if self.critical and not (self.hazards or self.risks):
            raise ValueError(
                f"D043|task {self.id} is critical, and leads to no hazard or risk|"
                "name them as in `hazards: [H1]`, or say why it is not critical"
            )
        return self


class Sessions(Declared):
    """What the session column says of each evaluation."""

    formative: tuple[Level, ...] = ()
    """Values of formative sessions, on interfaces that still changed."""
    summative: tuple[Level, ...] = ()
    """Values of summative sessions, on the final interface."""


class Observations(Declared):
    """What the observation column says of each outcome."""

    success: Annotated[tuple[Level, ...], Field(min_length=1)]
    """Done as intended."""
    close_call: tuple[Level, ...] = ()
    """Nearly a use error, noticed in time."""
    difficulty: tuple[Level, ...] = ()
    """Done, with trouble."""
    use_error: Annotated[tuple[Level, ...], Field(min_length=1)]
    """Done otherwise than intended, or not at all, so that the outcome was another."""


class UsabilityAnalysis(Declared):
    """The analysis plan."""

    level: Annotated[float, Field(strict=True, gt=0.5, lt=1)]
    """Confidence level of the two-sided exact interval."""
    use_error_below: Proportion | None = None
    """Bound that the interval of each critical task must stay under; none, and none is tested."""


class UsabilityStudy(Declared):
    """How intended users interact with the device, task by task."""

    id: Identifier
    """Identifier, unique in the dossier."""
    kind: Literal["usability"]
    """Kind of study."""
    question: Text
    """The question that the study answers."""
    claims: tuple[Identifier, ...] = ()
    """Claims that it serves; a usability study measures none of their endpoints."""
    use: UseSpecification
    """For whom, where and how the device is used."""
    tasks: Annotated[tuple[Task, ...], Field(min_length=1)]
    """What users do."""
    data: UsabilityData
    """Where the observations are."""
    sessions: Sessions
    """Which sessions were formative, and which summative."""
    observations: Observations
    """Which observation means what."""
    analysis: UsabilityAnalysis
    """The analysis plan."""

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """None: tasks and user groups are no dimensions of cases."""
        return ()
