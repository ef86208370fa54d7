"""The risk management file as the requirements read it, with what its evidence links lead to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import (
    Acceptability,
    Acceptance,
    Control,
    Policy,
    Risk,
    RiskEstimate,
    Risks,
)
from defensible.evidence.finding import StudyResult
from defensible.evidence.freshness import State
from defensible.risk.matrix import cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """What misses a requirement, an identifier or the file as a whole, and why."""

    item: str | None = None
    why: str | None = None
    mend: str | None = None
    """How to mend it, where one piece of work closes several requirements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestsOn:
    """A study that an estimate rests on, and how its sealed result stands; None: nobody knows."""

    study: str
    state: State | None

    @property
    def current(self) -> bool:
        """Whether the figures are those of a result under seal that stands."""
        return self.state is State.CURRENT

    @property
    def words(self) -> str:
        """`S1 is stale`, `S1 was never sealed`."""
        if self.state is State.MISSING:
            return f"{self.study} was never sealed"
        if self.state is None:
            return f"{self.study} is not shown to be sealed"
        return f"{self.study} is {self.state.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The declared risks, the dossier and results that they refer to, and the day of the review."""

    risks: Risks
    dossier: Dossier
    results: tuple[StudyResult, ...]
    today: date
    states: Mapping[str, State] = field(default_factory=dict)
    """How the sealed result of each study stands; of one that is not here nobody knows."""
    n_open: int = 0
    """Requirements already found open; overall residual risk is judged after them."""

    @property
    def policy(self) -> Policy | None:
        """The policy, if one is declared."""
        return self.risks.policy

    def controls_of(self, risk: Risk) -> tuple[Control, ...]:
        """The controls that a risk names."""
        return tuple(one for one in self.risks.controls if one.id in risk.controls)

    def needs_control(self, risk: Risk) -> bool:
        """Whether the policy asks for control; an estimate without a cell asks for it too."""
        return cell(self.policy, risk.initial) is not Acceptability.ACCEPTABLE

    def residual(self, risk: Risk) -> RiskEstimate | None:
        """What is left: a risk that the policy accepts uncontrolled is its own residual risk."""
        if risk.residual is None and not risk.controls and not self.needs_control(risk):
            return risk.initial
        return risk.residual

    def residual_cell(self, risk: Risk) -> Acceptability | None:
        """What the policy says of the residual risk."""
        return cell(self.policy, self.residual(risk))

    def rests_on(self, study: str) -> RestsOn:
        """How the result of a study stands that an estimate rests on."""
        return RestsOn(study=study, state=self.states.get(study))

    def current(self, accepted: Acceptance | None) -> bool:
        """Whether a person's judgement is on record, made by now, and its review not overdue."""
        return accepted is not None and accepted.on <= self.today <= accepted.review_by
