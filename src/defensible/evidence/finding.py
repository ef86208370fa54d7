"""What running a study gives: the join ledger first, then measurements, then findings.

A measurement is what the data say; a finding is a measurement held against a claim's goal. Both
carry the counts that they rest on, and neither is ever missing in silence: what could not be
estimated is here, with its reason.
"""

from dataclasses import dataclass
from enum import Enum

from defensible.dossier.claims import ClaimEndpoint, Goal, MetricName, pair_words
from defensible.dossier.studies import Criterion, Sampling
from defensible.evidence.device_finding import DeviceFindings
from defensible.evidence.localization_finding import LocalizationFindings
from defensible.evidence.new_site_finding import JointNewSite, NewSite
from defensible.evidence.reader_finding import (
    Conditional,
    Interaction,
    JointInteraction,
    ReaderCurve,
    ReaderFigure,
    ReaderFindings,
    ReadingTimes,
)
from defensible.evidence.usability_finding import UsabilityFindings
from defensible.statistics.estimate import Estimate
from defensible.statistics.split import Split


class Answer(Enum):
    """An interval held against a goal."""

    SUPPORTED = "supported"
    FAILED = "failed"
    INCONCLUSIVE = "inconclusive"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Stratum:
    """Cases alike in declared dimensions; no level at all is every case of the study."""

    levels: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """`site Hungary, sex female`, or `overall`."""
        return ", ".join(f"{dimension} {level}" for dimension, level in self.levels) or "overall"


OVERALL = Stratum()


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A table as it was read."""

    source: str
    sha256: str
    n_rows: int


AS_OUTPUT = "taken as the device's output"
"""What became of readings that are the device's own, in a table that has it as a reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One reason why rows left, were counted as wrong, or need a second look.

    `treated` says what was done: "left out", "excluded", "counted as wrong", "kept", `AS_OUTPUT`.
    """

    reason: str
    n: int
    treated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinLedger:
    """How many cases came in, matched, left and why; printed before any figure.

    `n_read - (sum of tallies left out or excluded) = n_analysed`; nothing else may leave.
    """

    sources: tuple[Source, ...]
    n_read: int
    tallies: tuple[Tally, ...]
    n_analysed: int
    n_patients: int | None
    n_diseased: int
    n_healthy: int
    unit: str = "case"
    """What `n_analysed` counts: "case", "reading" or "task attempt"; classes count cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One metric in one stratum.

    Attributes
    ----------
    estimate : Estimate or None
        None where the metric has no meaning or no cases; `why` then says so.
    n_cases, n_diseased, n_healthy : int
        Cases of the stratum, whatever the metric's own denominator.
    """

    metric: MetricName
    stratum: Stratum
    estimate: Estimate | None
    n_cases: int
    n_diseased: int
    n_healthy: int
    why: str | None = None

    @property
    def fewest(self) -> int:
        """Cases of the smaller class; all cases where they have no classes, as outlines."""
        if not self.n_diseased + self.n_healthy:
            return self.n_cases
        return min(self.n_diseased, self.n_healthy)

    @property
    def counts(self) -> str:
        """`115 diseased, 8 healthy`; `56 cases` where they have no classes."""
        if self.n_diseased + self.n_healthy or not self.n_cases:
            return f"{self.n_diseased:,} diseased, {self.n_healthy:,} healthy"
        return f"{self.n_cases:,} {'case' if self.n_cases == 1 else 'cases'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherReading:
    """Beside further cases: what else would settle a finding of a reader study at what was seen."""

    unit: str
    """What further cases count: "case", or "patient" where some have several cases."""
    readers: int | None
    """Further readers with as many cases; None where no number would."""
    both: tuple[int, int] | None
    """Further readers and cases with fewest readings; None where nothing would, or one is fixed."""
    readers_random: bool
    cases_random: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A measurement held against a goal of one claim."""

    study: str
    claim: str
    measurement: Measurement
    goal: Goal
    answer: Answer
    further: int | None = None
    """Further cases that would settle it at the observed rate: of the metric's denominator, or of
    all cases that readers read."""
    p: float | None = None
    """One-sided p-value that agrees with the interval: of the goal not being cleared."""
    reading: FurtherReading | None = None
    """Of an open finding of readers; None elsewhere, and where its variance has no known source."""
    split: Split | None = None
    """What the variance of a measure of readers is due to; None elsewhere."""
    condition: str | None = None
    """Of readers: the condition as the claim names it; None where it names none."""
    against: str | None = None

    @property
    def pair(self) -> str:
        """`, with score less unaided`; empty where the claim names no conditions."""
        return pair_words(self.condition, self.against)

    def answers(self, end: ClaimEndpoint) -> bool:
        """Whether it is the finding of an endpoint of its claim."""
        mine = (self.measurement.metric, self.goal, self.condition, self.against)
        return mine == (end.metric, end.goal, end.condition, end.against)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult:
    """An engineering acceptance criterion and whether it was met."""

    criterion: Criterion
    measurement: Measurement
    met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The device's errors in one stratum (counts of cases)."""

    stratum: Stratum
    false_negatives: int
    n_diseased: int
    false_positives: int
    n_healthy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Whether development cases are among the study's cases."""

    compared: str
    """"case" or "patient"."""
    n_development: int
    n_study: int
    n_shared: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whether the rows say that the declared model gave them."""

    n_declared_model: int
    n_other_model: int
    n_unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RocCurve:
    """The empirical ROC curve, thinned for a picture; the corners are always there."""

    false_positive_rate: tuple[float, ...]
    sensitivity: tuple[float, ...]
    operating_point: tuple[float, float] | None
    """(false positive rate, sensitivity) at the study's operating point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenDimension:
    """A dimension as the data hold it."""

    name: str
    levels: tuple[tuple[str, int], ...]
    """Level and its cases, in the order of the bands or of the names."""
    n_missing: int
    low: float | None = None
    """Lowest value seen, for a banded number."""
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """Cases that two dimensions share at one level of each; counts, no estimate."""

    stratum: Stratum
    n_diseased: int
    n_healthy: int

    @property
    def n_cases(self) -> int:
        """Cases of both classes."""
        return self.n_diseased + self.n_healthy


class Presence(Enum):
    """Whether something that confounds evidence is there."""

    ABSENT = "absent"
    PRESENT = "present"
    NOT_SHOWN = "not shown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that a confounder rests on."""

    name: str
    value: float
    estimate: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confounder:
    """Something that could make the figures of a study say more than the device does."""

    kind: str
    """One of `evidence.confounders.KINDS`."""
    presence: Presence
    said: str
    """In a sentence, with its figures; also where it is absent."""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCondition:
    """What readers did in one condition, held against the unaided one.

    Wherever its parts say aided, this condition is meant.
    """

    condition: str
    """As the table writes it."""
    shows_device: bool
    """Whether readers see the device's output in it."""
    measurements: tuple[Measurement, ...]
    figures: tuple[ReaderFigure, ...]
    curves: tuple[ReaderCurve, ...]
    wafroc_curves: tuple[ReaderCurve, ...]
    times: tuple[ReadingTimes, ...]
    conditional: tuple[Conditional, ...]
    interactions: tuple[Interaction, ...]
    joint_interactions: tuple[JointInteraction, ...]
    break_even: Estimate | None
    break_even_why: str | None

    def measurement(self, metric: MetricName) -> Measurement | None:
        """The measurement of `metric` on all cases, if it was taken."""
        taken = (one for one in self.measurements if one.stratum == OVERALL)
        return next((one for one in taken if one.metric is metric), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyResult:
    """Everything that running one study gave."""

    study: str
    question: str
    sampling: Sampling | None
    level: float
    ledger: JoinLedger
    measurements: tuple[Measurement, ...]
    findings: tuple[Finding, ...]
    criteria: tuple[CriterionResult, ...]
    errors: tuple[Errors, ...]
    dimensions: tuple[SeenDimension, ...]
    curve: RocCurve | None
    held_out: HeldOut | None
    provenance: Provenance | None
    new_site: tuple[NewSite, ...]
    cautions: tuple[str, ...]
    crossed: tuple[Crossed, ...] = ()
    joint_new_site: JointNewSite | None = None
    confounders: tuple[Confounder, ...] = ()
    pairs: tuple[Finding, ...] = ()
    """Findings where two dimensions of a claim's scope meet, a level of each."""
    readers: ReaderFindings | None = None
    """What readers did without the device and with it; None in studies without readers."""
    usability: UsabilityFindings | None = None
    """What users did at each task; None in studies of another kind."""
    localization: LocalizationFindings | None = None
    """What the device marked; None in studies of another kind."""
    against_readers: DeviceFindings | None = None
    """The device alone held against readers; None where a study does not look at that."""
    others: tuple[OfCondition, ...] = ()
    """Of a reader study with more than two conditions: those beside the unaided and aided one."""

    def measurement(self, metric: MetricName, stratum: Stratum = OVERALL) -> Measurement | None:
        """The measurement of `metric` in `stratum`, if the study took it."""
        for one in self.measurements:
            if one.metric is metric and one.stratum == stratum:
                return one
        return None
