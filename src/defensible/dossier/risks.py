"""`risks.yaml`: the ISO 14971 risk management file, as far as it is declared."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from defensible.dossier.declared import (
    Day,
    Declared,
    Identifier,
    Proportion,
    RelativePath,
    Sha256,
    Text,
)
from defensible.dossier.risk_process import (
    AnalysisRecord,
    Characteristic,
    Misuse,
    NotApplicable,
    PostProduction,
    ReleaseReview,
    RiskPlan,
)


class SeverityLevel(Declared):
    """One step of the severity scale, mildest first."""

    name: Text
    """Name of the step."""
    meaning: Text
    """What harm belongs here."""


class ProbabilityLevel(Declared):
    """One step of the probability scale, rarest first."""

    name: Text
    """Name of the step."""
    up_to: Proportion | None = None
    """Highest probability of harm per use that belongs here."""


class Acceptability(StrEnum):
    """What the policy says of a cell of the matrix."""

    ACCEPTABLE = "acceptable"
    REDUCE = "reduce-further"
    UNACCEPTABLE = "unacceptable"


class Acceptance(Declared):
    """A person's judgement that a residual risk is acceptable; it does not last for ever."""

    role: Text
    """Role of the person (not the name)."""
    on: Day
    """Date of the judgement."""
    review_by: Day
    """Date to look again."""

    @model_validator(mode="after")
    def _later(self) -> Self:
        if self.review_by <= self.on:
            raise ValueError(
                f"D027|the review is due on {self.review_by}, and the judgement is of {self.on}|"
                "write a later date under `review_by`"
            )
        return self


class Policy(Declared):
    """Policy and criteria for risk acceptability (ISO 14971, 4.2 and 4.4)."""

    severity: Annotated[tuple[SeverityLevel, ...], Field(min_length=2)]
    """Severity scale, mildest first."""
    probability: Annotated[tuple[ProbabilityLevel, ...], Field(min_length=2)]
    """Probability scale, rarest first."""
    matrix: dict[str, dict[str, Acceptability]]
    """For each severity, for each probability: is the risk acceptable?"""
    overall_criteria: Text | None = None
    """How overall residual risk is judged."""
    approved: Acceptance | None = None
    """Who in top management approved it, and when it is looked at again."""

    @field_validator("probability")
    @classmethod
    def _rarest_first(cls, scale: tuple[ProbabilityLevel, ...]) -> tuple[ProbabilityLevel, ...]:
        bounds = [step.up_to for step in scale if step.up_to is not None]
        for first, second in pairwise(bounds):
            if second <= first:
                raise ValueError(
                    f"D024|the steps of probability must ascend, and {second:g} follows {first:g}|"
                    "write the rarest step first"
                )
        return scale


class Hazard(Declared):
    """A potential source of harm."""

    id: Identifier
    """Identifier, unique in the dossier."""
    text: Text
    """The hazard."""


class ErrorRate(StrEnum):
    """What a study can say of how often a hazardous situation arises, or is not noticed."""

    FALSE_NEGATIVE = "false_negative_rate"
    FALSE_POSITIVE = "false_positive_rate"
    COMMISSION = "commission"
    OMISSION = "omission"
    MISSES_NOT_CAUGHT = "misses_not_caught"
    FALSE_ALARMS_NOT_CAUGHT = "false_alarms_not_caught"
    USE_ERROR = "use_error"
    MISSED_LESIONS = "missed_lesions"
    FALSE_MARKS = "false_marks"


class Bound(StrEnum):
    """The end of an interval that an estimate of risk takes: never the middle."""

    UPPER = "upper"


class Probability(Declared):
    """How probable something is: measured by a study, or a range that somebody answers for."""

    from_: Annotated[Identifier | None, Field(alias="from")] = None
    """The study that measured it."""
    metric: ErrorRate | None = None
    """What the study measured."""
    stratum: dict[str, Text] = Field(default_factory=dict)
    """Levels of dimensions, such as `vendor: Philips`, or a task, as `task: T1`; else overall."""
    bound: Bound = Bound.UPPER
    """The end of the interval that is taken."""
    low: Proportion | None = None
    """Least that it is, where nothing measured it."""
    high: Proportion | None = None
    """Most that it is."""
    why: Text | None = None
    """What such a range rests on."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        measured = (self.from_, self.metric)
        ranged = (self.low, self.high, self.why)
        whole = [None not in measured, None not in ranged]
        some = [any(one is not None for one in measured), any(one is not None for one in ranged)]
        if whole != some or sum(whole) != 1:
            raise ValueError(
                "D045|a probability is measured or a range, and one of the two is whole|"
                "write `from` with `metric`, or `low`, `high` and `why`"
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(
                f"D046|the range runs from {self.low:g} to {self.high:g}; it holds nothing|"
                "write the smaller under `low`"
            )
        return self


class RiskEstimate(Declared):
    """Severity and probability of harm, and why."""

    severity: Text
    """Step of the severity scale."""
    probability: Text
    """Step of the probability scale."""
    rationale: Text
    """What the estimate rests on."""
    exploitability: Text | None = None
    """Of an attack: how hard it is, and by which scale that is judged."""
    p1: Probability | None = None
    """How probable the hazardous situation is, in a use that is exposed to it."""
    not_rescued: Probability | None = None
    """How probable it is that nobody notices in time; certain where no study of people shows it."""
    p2: Probability | None = None
    """How probable harm is, once the situation is there; taken as certain where not given."""


class Verification(Declared):
    """Evidence that something holds: exactly one of the three kinds."""

    study: Identifier | None = None
    """A study of this dossier whose claims or criteria show it."""
    labeling: RelativePath | None = None
    """A labeling file that holds the passage."""
    passage: Text | None = None
    """The words that the labeling file must hold."""
    report: RelativePath | None = None
    """A report on file, relative to the dossier."""
    report_sha256: Sha256 | None = None
    """Digest of that report."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(one is not None for one in (self.study, self.labeling, self.report)) != 1:
            raise ValueError(
                "D025|a verification names exactly one kind of evidence|"
                "write one of `study`, `labeling` with `passage`, `report` with `report_sha256`"
            )
        if (self.labeling is None) != (self.passage is None):
            raise ValueError("D025|`labeling` and `passage` belong together|give both")
        if (self.report is None) != (self.report_sha256 is None):
            raise ValueError("D025|`report` and `report_sha256` belong together|give both")
        return self


class Risk(Declared):
    """One risk: hazard, sequence of events, hazardous situation, harm; before and after control."""

    id: Identifier
    """Identifier, unique in the dossier."""
    hazard: Identifier
    """The hazard."""
    sequence_of_events: Text
    """What happens, step by step."""
    hazardous_situation: Text
    """Who is then exposed to what."""
    harm: Text
    """Injury or damage to health."""
    initial: RiskEstimate | None = None
    """Estimate before controls."""
    controls: tuple[Identifier, ...] = ()
    """Controls that reduce it."""
    residual: RiskEstimate | None = None
    """Estimate after controls."""
    acceptance: Acceptance | None = None
    """Who accepted the residual risk."""
    information_alone: Text | None = None
    """Why neither safe design nor protection is practicable, where words alone control it."""
    benefit: Verification | None = None
    """Evidence of the benefit that outweighs a residual risk which the policy does not accept."""
    modes: tuple[Text, ...] = ()
    """Failure modes of the catalogue that it addresses."""
    disclosed: Verification | None = None
    """The passage of labeling that tells users of a residual risk."""


class ControlKind(StrEnum):
    """Kinds of control in the standard's order of priority (ISO 14971, 7.1)."""

    DESIGN = "inherently-safe-design"
    PROTECTION = "protective-measure"
    INFORMATION = "information-for-safety"


class Reduces(StrEnum):
    """What a control makes lower."""

    SEVERITY = "severity"
    PROBABILITY = "probability"


class Control(Declared):
    """A risk control measure."""

    id: Identifier
    """Identifier, unique in the dossier."""
    text: Text
    """The measure."""
    kind: ControlKind
    """Its place in the standard's order of priority."""
    reduces: Annotated[tuple[Reduces, ...], Field(min_length=1)]
    """What it makes lower."""
    implementation: Verification | None = None
    """Evidence that the measure is there."""
    effectiveness: Verification | None = None
    """Evidence that it works."""
    new_hazards: tuple[Identifier, ...] | None = None
    """Hazards that the measure brings; an empty list says that there are none."""
    outside_software: Annotated[bool, Field(strict=True)] | None = None
    """Whether it lies outside the software: hardware, another system, or a clinical procedure."""


class OverallResidualRisk(Declared):
    """A person's judgement of all residual risk together (ISO 14971, 8)."""

    acceptable: Annotated[bool, Field(strict=True)]
    """The judgement."""
    role: Text
    """Role of the person (not the name)."""
    on: Day
    """Date of the judgement."""
    rationale: Text
    """Benefits weighed against which risks."""


class Risks(Declared):
    """The risk management file."""

    policy: Policy | None = None
    """Scales, matrix and criteria."""
    plan: RiskPlan | None = None
    """The risk management plan."""
    analysis: AnalysisRecord | None = None
    """Who analysed what, and when."""
    misuse: tuple[Misuse, ...] | None = None
    """Reasonably foreseeable misuse."""
    characteristics: tuple[Characteristic, ...] = ()
    """Characteristics that affect safety."""
    hazards: tuple[Hazard, ...] = ()
    """Hazards."""
    risks: tuple[Risk, ...] = ()
    """Risks."""
    controls: tuple[Control, ...] = ()
    """Controls."""
    not_applicable: tuple[NotApplicable, ...] = ()
    """Failure modes of the catalogue that do not apply, and why."""
    overall: OverallResidualRisk | None = None
    """Overall residual risk."""
    release: ReleaseReview | None = None
    """The review before release."""
    post_production: PostProduction | None = None
    """Information from production and use."""
