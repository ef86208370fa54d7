"""What only a reader study gives: figures of readers in both conditions, curves, times, shifts."""

from dataclasses import dataclass

from defensible.dossier.claims import Goal
from defensible.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFigure:
    """One figure of one reader, or of their average, in both conditions."""

    metric: str
    """"auc", "sensitivity", "specificity", or "agreement" between readers (Fleiss's kappa)."""
    reader: str | None
    """None for the average over readers."""
    unaided: Estimate | None
    aided: Estimate | None
    difference: Estimate | None
    """Aided less unaided; a single reader's interval takes that reader as fixed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderCurve:
    """The curve of one reader, or of their average, in one condition: ROC, or wAFROC of marks."""

    reader: str | None
    aided: bool
    false_positive_rate: tuple[float, ...]
    """Share of healthy cases called positive; of a wAFROC curve, with a false mark."""
    sensitivity: tuple[float, ...]
    """Share of diseased cases called positive; of a wAFROC curve, of lesions marked, weighted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTimes:
    """Quantiles of reading time in one condition, in seconds."""

    aided: bool
    n: int
    lowest: float
    quarter: float
    median: float
    three_quarters: float
    highest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """How often readers call cases positive, split by truth and by what the device said."""

    truth: bool
    device: bool
    unaided: Estimate | None
    aided: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """Whether the difference between conditions is another in one level than in the others."""

    metric: str
    dimension: str
    level: str
    difference: Estimate | None
    """The difference in the level less that in all other levels; `p` tests 0."""
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointInteraction:
    """The test that the difference between conditions is the same at all levels of a dimension."""

    metric: str
    dimension: str
    levels: tuple[str, ...]
    """Those that the test holds against each other."""
    statistic: float | None
    df: float | None
    denominator_df: float | None
    """None for a chi-square."""
    p: float | None
    why: str | None
    """Why there is no test, or which levels had too few cases for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A goal that is tested only once the one before it is shown."""

    goal: Goal
    tested: bool
    shown: bool
    p_adjusted: float | None
    """None where endpoints are not tested together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointResult:
    """What a criterion of the plan compares, and how surely it is shown."""

    condition: str
    against: str
    p_adjusted: float | None
    """One-sided, adjusted as the plan says; None where endpoints are not tested together."""
    then: Step | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One pair of a study's conditions."""

    metric: str
    condition: str
    against: str
    difference: Estimate
    p_adjusted: float | None
    """Two-sided, over all pairs of the metric; None where the plan states no adjustment of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equality:
    """The test that a figure is the same in all conditions."""

    metric: str
    statistic: float | None
    df: float | None
    denominator_df: float | None
    """None for a chi-square."""
    p: float | None
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFindings:
    """What only a reader study has."""

    n_readers: int
    n_cases: int
    n_device_wrong: int | None
    """Cases on which the device was wrong; None where its output is not in the table."""
    figures: tuple[ReaderFigure, ...]
    methods: tuple[tuple[str, str], ...]
    """Metric and the analysis that it rests on; "automation_bias" for all of its measures."""
    curves: tuple[ReaderCurve, ...]
    times: tuple[ReadingTimes, ...]
    conditional: tuple[Conditional, ...]
    interactions: tuple[Interaction, ...]
    joint_interactions: tuple[JointInteraction, ...]
    break_even: Estimate | None
    """Error rate of the device from which seeing it is worth nothing; None where there is none."""
    break_even_why: str | None
    conditions: tuple[str, ...]
    """As the table writes them: unaided, aided, then others."""
    multiplicity: str | None
    """How endpoints that are differences were tested together; None: each by itself."""
    endpoints: tuple[EndpointResult, ...]
    """One for each criterion, in its order."""
    equality: tuple[Equality, ...]
    """With more than two conditions."""
    comparisons: tuple[Comparison, ...]
    """All pairs, with more than two conditions."""
    wafroc_curves: tuple[ReaderCurve, ...] = ()
    """Where readers mark what they find."""
