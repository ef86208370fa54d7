"""Which claims a study serves; nothing else loads with it."""

from defensible.dossier.claims import Claim
from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study


def served(dossier: Dossier, study: Study) -> tuple[Claim, ...]:
    """The claims that a study serves, whichever of the two files says so."""
    return tuple(
        claim for claim in dossier.claims if claim.id in study.claims or study.id in claim.studies
    )
