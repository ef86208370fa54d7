"""What every kind of confounder is looked for in."""

from dataclasses import dataclass

from defensible.dossier.dossier import Dossier
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence.cases import Cases
from defensible.evidence.finding import HeldOut, SeenDimension
from defensible.evidence.strata import Grouping


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Basis:
    """A study's cases, its protocol, and the dossier that it belongs to."""

    dossier: Dossier
    study: StandaloneStudy
    cases: Cases
    groupings: tuple[Grouping, ...]
    """Of each dimension."""
    held_out: HeldOut | None

    def dimension(self, name: str) -> tuple[Grouping, SeenDimension] | None:
        """A dimension of the study by its name."""
        for one in self.groupings:
            if one.seen is not None and one.seen.name == name:
                return one, one.seen
        return None
