"""The parts of `risks.yaml` around the risks: plan, analysis, release, what comes in afterwards."""

from typing import Annotated

from pydantic import Field

from defensible.dossier.declared import Day, Declared, Identifier, Text


class Role(Declared):
    """A role in risk management (not a name), and what makes its holder competent."""

    role: Text
    """The role."""
    does: Text
    """What it is responsible for."""
    competence: Text | None = None
    """Where its holder's competence for this device is recorded."""


class RiskPlan(Declared):
    """The risk management plan (ISO 14971, 4.1, 4.3 and 4.4)."""

    process: Text | None = None
    """Document of the process, before and after market (4.1)."""
    scope: Text | None = None
    """Device and phases of its life that the plan is for (4.4 a)."""
    roles: tuple[Role, ...] = ()
    """Who does what, with which competence (4.3, 4.4 b)."""
    reviews: Text | None = None
    """When the activities are reviewed, and by what (4.4 c)."""
    unknown_probability: Text | None = None
    """How a risk is judged whose probability cannot be estimated (4.4 d)."""
    verification: Text | None = None
    """How it is verified that controls are there and work (4.4 f)."""
    information: Text | None = None
    """How information from production and use is collected and reviewed (4.4 g)."""


class AnalysisRecord(Declared):
    """Who analysed what, and when (ISO 14971, 5.1)."""

    device: Text
    """Device and version that were analysed."""
    roles: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Roles of those who did it."""
    on: Day
    """Date."""
    scope: Text
    """What was looked at, and from which earlier analyses."""


class Misuse(Declared):
    """A reasonably foreseeable misuse (ISO 14971, 5.2)."""

    text: Text
    """Who uses it how, other than intended."""
    risks: tuple[Identifier, ...] = ()
    """Risks that follow from it."""


class Characteristic(Declared):
    """A characteristic that affects safety (ISO 14971, 5.3)."""

    text: Text
    """The characteristic."""
    limit: Text | None = None
    """Its limit, where it has one."""
    risks: tuple[Identifier, ...] = ()
    """Risks that it bears on."""


class NotApplicable(Declared):
    """A failure mode of the catalogue that a person found not to apply, and why."""

    mode: Text
    """The mode."""
    why: Text
    """Why it cannot happen with this device."""
    role: Text
    """Role of the person (not the name)."""
    on: Day
    """Date of the judgement."""


class ReleaseReview(Declared):
    """The review before release (ISO 14971, 9)."""

    role: Text
    """Role of the person (not the name)."""
    on: Day
    """Date."""
    plan_done: Text
    """What shows that the plan was carried out."""
    information_ready: Text
    """What shows that information after release will be collected."""


class InformationReview(Declared):
    """One review of information from production and use (ISO 14971, 10.3 and 10.4)."""

    on: Day
    """Date."""
    role: Text
    """Role of the person (not the name)."""
    new_hazards: Text
    """Hazards that were not known, or that there are none."""
    acceptability: Text
    """Risks that are no longer acceptable, or that there are none."""
    benefit: Text
    """Whether the benefit is still what it was."""
    state_of_the_art: Text
    """Whether the state of the art has changed."""
    actions: Text
    """What was decided."""
    next_by: Day
    """Date to look again."""


class PostProduction(Declared):
    """Information from production and use (ISO 14971, 10)."""

    owner: Text
    """Role that collects and reviews it."""
    sources: tuple[Text, ...] = ()
    """Where it comes from: users, installers, complaints, literature, similar devices."""
    reviews: tuple[InformationReview, ...] = ()
    """Reviews so far."""
