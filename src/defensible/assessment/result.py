"""What an assessment says, as values."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Literal

from defensible.dossier.claims import PAIR, Goal, MetricName
from defensible.dossier.dossier import Dossier, Place
from defensible.evidence.finding import OVERALL, Answer, Finding, Stratum, StudyResult
from defensible.evidence.record import Record
from defensible.regulation import Obligation
from defensible.regulation.classification import Classification
from defensible.regulation.language import Spot
from defensible.risk.review import RiskReview
from defensible.statistics.estimate import Estimate


class Status(Enum):
    """The state of one cell of the rubric."""

    MET = "met"
    PARTLY = "partly"
    OPEN = "open"
    NOT_APPLICABLE = "not applicable"


class Verdict(IntEnum):
    """The ladder; each step needs all that the steps before it need."""

    NOT_VALIDATED = 0
    VALIDATED_MODEL = 1
    PRE_REGULATORY_DEVICE = 2
    SUBMISSION_READY = 3
    CLEARED = 4

    @property
    def slug(self) -> str:
        """The name by which `--require` asks for it."""
        return self.name.lower().replace("_", "-")

    def __str__(self) -> str:
        """The words of the verdict; the pathway of a submission is named by the assessment."""
        return _WORDS[self]


_WORDS = {
    Verdict.NOT_VALIDATED: "not validated",
    Verdict.VALIDATED_MODEL: "validated model, no device yet",
    Verdict.PRE_REGULATORY_DEVICE: "validated model, pre-regulatory device",
    Verdict.SUBMISSION_READY: "submission-ready",
    Verdict.CLEARED: "cleared (decision on file)",
}

Question = Literal["engineering", "regulatory"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Simultaneous:
    """An interval of one endpoint that holds together with those of all other cells."""

    study: str
    metric: MetricName
    goal: Goal
    low: float
    high: float
    level: float
    """Level of this interval alone, by Bonferroni over the cells of the family."""
    condition: str | None = None
    """Conditions that the endpoint names; None where it names none."""
    against: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeCell:
    """One level of one dimension that a claim covers, or a level of each of two.

    `dimension` is "overall" for the claim as a whole. `findings` are those that decided.
    """

    claim: str
    dimension: str
    level: str
    answer: Answer
    """Supported only where it is among all cells of the family together."""
    why: str
    n_cases: int
    findings: tuple[Finding, ...] = ()
    stratum: Stratum = OVERALL
    alone: Answer | None = None
    """The answer of the cell's own intervals, whatever the other cells; None where not measured."""
    p: float | None = None
    """One-sided p-value that every endpoint clears its goal, of this cell alone."""
    adjusted_p: float | None = None
    """The same among all cells of the family."""
    further: int | None = None
    """Further cases that would settle it among all cells, at the rates seen."""
    further_readers: int | None = None
    """Further readers that would, with as many cases, where every open endpoint is of readers."""
    simultaneous: tuple[Simultaneous, ...] = ()

    @property
    def name(self) -> str:
        """`site Hungary`, `site Hungary x sex female`, or `overall`."""
        if self.dimension == OVERALL_DIMENSION:
            return self.level
        if len(self.stratum.levels) == 2:
            return PAIR.join(f"{dimension} {level}" for dimension, level in self.stratum.levels)
        return f"{self.dimension} {self.level}"


OVERALL_DIMENSION = "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """The cells that are tested together, and how."""

    method: str
    """"Holm", "Bonferroni", or "serial gatekeeping, Holm"."""
    n_tested: int
    alpha: float
    """One-sided chance of calling any cell supported that is not."""
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Supported:
    """A scope in which every level, and every pair of levels, is supported."""

    levels: tuple[tuple[str, tuple[str, ...]], ...]
    """Dimension and its levels."""
    sentence: str
    """As labeling could say it, with what is not established."""
    dropped: tuple[tuple[str, str, str], ...]
    """Against the declared scope: dimension, level, and why it is not in."""
    n_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Confounded:
    """Levels that the data cannot tell apart."""

    study: str
    dimension: str
    level: str
    other: str
    other_level: str
    n_cases: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of labeling that allow a condition, cut, and where they stand."""

    spot: Spot
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unexercised:
    """A condition that intended use, a claim or labeling allows, with no or too little evidence."""

    dimension: str
    condition: str
    n_cases: int
    why: str
    honest: str
    """The wording that would be honest today."""
    place: Place | Spot
    """Where it is allowed first."""
    quotes: tuple[Quote, ...] = ()
    """The first sentences of labeling that allow it, in their order."""
    n_quotes: int = 0
    """All sentences that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictiveValue:
    """A predictive value at a declared prevalence, never at that of the sample."""

    study: str
    metric: MetricName
    prevalence: float
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimScope:
    """What the evidence says of one claim's scope."""

    claim: str
    family: Family | None
    """None where no study serves the claim."""
    cells: tuple[ScopeCell, ...]
    """Overall, then each declared level, then the site not yet seen."""
    pairs: tuple[ScopeCell, ...]
    """A level of each of two dimensions."""
    not_known: tuple[ScopeCell, ...]
    """Cases whose level is not known, one cell a dimension; no claim can cover them."""
    widest: tuple[Supported, ...]
    """Widest first; several where no scope holds the others."""
    widest_cut: bool
    """Whether there were more widest scopes than were looked for."""
    confounded: tuple[Confounded, ...]
    predictive: tuple[PredictiveValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a status rests on: a place in a file of the dossier, or a study's result."""

    text: str
    place: Place | None = None
    study: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that is open in a cell: why, and what would close it.

    `kind` is the kind of work, which decides what it waits for (see `assessment/gaps.py`).
    """

    kind: str
    what: str
    close: str
    links: tuple[Link, ...] = ()
    ongoing: bool = False
    """Whether it comes again and again while the device is on the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of the rubric. `close` is None exactly where nothing is open."""

    status: Status
    reason: str
    links: tuple[Link, ...] = ()
    needs: tuple[Need, ...] = ()

    @property
    def close(self) -> str | None:
        """What would close it, in one line."""
        return "; ".join(need.close for need in self.needs) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An obligation and how it stands; `close` is None where it is met or not applicable."""

    obligation: Obligation
    status: Status
    reason: str
    close: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One dimension of the rubric, under both questions."""

    number: int
    dimension: str
    engineering: Cell
    regulatory: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something open, what closes it, and what waits for it."""

    id: str
    row: int
    question: Question
    kind: str
    what: str
    close: str
    links: tuple[Link, ...]
    waits_for: tuple[str, ...]
    """Gaps to close first."""
    blocks: tuple[str, ...]
    """Gaps that wait for this one."""
    ongoing: bool = False
    """Whether it comes again and again while the device is on the market."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """The answer to "which question does this evidence answer?", with all it rests on."""

    dossier: Dossier
    classification: Classification
    results: tuple[StudyResult, ...]
    risk: RiskReview
    verdict: Verdict
    words: str
    """The verdict in words, with the pathway where it names one."""
    reason: str
    next_step: str
    rows: tuple[Row, ...]
    cells: tuple[ScopeCell, ...]
    """Each claim's declared scope, level by level."""
    gaps: tuple[Gap, ...]
    """In the order in which to close them: nothing comes before what it waits for."""
    scopes: tuple[ClaimScope, ...] = ()
    """The cells with pairs of levels, the widest scope, and what the data cannot tell apart."""
    unexercised: tuple[Unexercised, ...] = ()
    """What the intended use and the claims allow, without evidence."""
    record: Record | None = None
    """What the ledger shows of these results; None where nobody looked."""
    obligations: tuple[Answered, ...] = ()
    """What the device owes, and how each of it stands."""
    decided: frozenset[str] = frozenset()
    """Markets whose regulator's decision on this version and this use is on file."""
