"""What only a usability study gives: tasks with their use errors, and who took part."""

from dataclasses import dataclass

from defensible.statistics.estimate import Estimate

FORMATIVE, SUMMATIVE = "formative", "summative"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFigures:
    """One task in one evaluation, in one user group or in all."""

    task: str
    critical: bool
    evaluation: str
    group: str | None
    """None for all groups together."""
    n_participants: int
    n_attempts: int
    successes: int
    close_calls: int
    difficulties: int
    use_errors: int
    """Attempts by what was observed."""
    rate: Estimate | None
    """Share of participants with a use error; exact, so that zero has an upper bound, too."""
    root_causes: tuple[tuple[str, int], ...]
    """Root causes of use errors and how often each, most frequent first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCount:
    """Participants of one user group in one evaluation."""

    group: str
    evaluation: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UsabilityFindings:
    """What only a usability study has."""

    figures: tuple[TaskFigures, ...]
    participants: tuple[GroupCount, ...]
    traced: tuple[tuple[str, tuple[str, ...]], ...]
    """Task, then the hazards and risks that it is traced to."""
    untested_critical: tuple[tuple[str, str], ...]
    """Critical task and the user group that no summative session watched at it."""

    def least(self, evaluation: str) -> int:
        """Participants of the smallest user group in an evaluation."""
        return min((one.n for one in self.participants if one.evaluation == evaluation), default=0)
