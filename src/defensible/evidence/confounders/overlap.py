"""Patients or cases of development among those of the study."""

from defensible.evidence.confounders.basis import Basis
from defensible.evidence.faults import counted
from defensible.evidence.finding import Confounder, Figure, Presence

KIND = "overlap with development"


def found(basis: Basis) -> Confounder:
    """Whether an identifier of development is among the study's; by hashes where a key is named."""
    held = basis.held_out
    if held is None:
        said = "No development cases are named, so that nothing shows that none is in the study."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    declared = basis.study.development
    by = ", by keyed hashes" if declared is not None and declared.key_name is not None else ""
    share = (
        f"{held.n_shared:,} of {counted(held.n_study, held.compared)} among the "
        f"{held.n_development:,} of development{by}"
    )
    return Confounder(
        kind=KIND,
        presence=Presence.PRESENT if held.n_shared else Presence.ABSENT,
        said=f"Shared: {share}.",
        figures=(Figure(name="shared", value=held.n_shared),),
    )
