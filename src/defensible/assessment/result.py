"""What an assessment says, as values."""

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Literal

from defensible.dossier.dossier import Dossier, Place
from defensible.evidence.finding import Answer, Finding, StudyResult
from defensible.regulation.classification import Classification
from defensible.risk.review import RiskReview


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
class ScopeCell:
    """One level of one dimension that a claim covers, and what the evidence says of it.

    `dimension` is "overall" for the claim as a whole. `findings` are those that decided.
    """

    claim: str
    dimension: str
    level: str
    answer: Answer
    why: str
    n_cases: int
    findings: tuple[Finding, ...] = ()

    @property
    def name(self) -> str:
        """`site Hungary`, or `overall`."""
        return (
            self.level if self.dimension == OVERALL_DIMENSION else f"{self.dimension} {self.level}"
        )


OVERALL_DIMENSION = "overall"


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
