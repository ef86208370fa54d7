"""The ISO 14971 file held against the standard's requirements, as values."""

from dataclasses import dataclass
from enum import Enum

from defensible.dossier.dossier import Place
from defensible.risk.grid import GridRow


class Held(Enum):
    """Whether a requirement is held."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One requirement of the standard, and what the file says to it.

    `open_items` are identifiers (risks, controls, hazards) that miss it; empty unless NO.
    """

    clause: str
    requirement: str
    held: Held
    why: str
    mend: str | None = None
    open_items: tuple[str, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReview:
    """All checks, and the counts that a reader asks for first."""

    checks: tuple[Check, ...]
    n_hazards: int
    n_risks: int
    n_controls: int
    n_residual_unacceptable: int
    n_residual_unknown: int
    overall_acceptable: bool | None
    """The recorded judgement; None where there is none or it rests on open checks."""
    before: tuple[GridRow, ...] = ()
    """The matrix before control."""
    after: tuple[GridRow, ...] = ()
    """The matrix after control."""

    @property
    def open_checks(self) -> tuple[Check, ...]:
        """The requirements that the file misses."""
        return tuple(check for check in self.checks if check.held is Held.NO)

    @property
    def complete(self) -> bool:
        """Whether every requirement that applies is held."""
        return not self.open_checks
