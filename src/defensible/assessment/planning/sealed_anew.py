"""How often an intended use did not outlive its evidence, as the ledger has it.

A stretch is the time under one intended use, from its freeze to the next freeze with another. It
counts where evidence was sealed in it. It did not last where the next freeze changed the intended
use, where it differs today, or where the evidence came before any freeze.
"""

from dataclasses import dataclass
from pathlib import Path

from defensible.evidence.record import Record
from defensible.ledger import frozen
from defensible.ledger.event import FreezeEvent, RunEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Stretches with evidence, and those of them that did not last."""

    n: int
    n_changed: int


def stretches(record: Record, root: Path) -> Stretches:
    """Counts over the whole chain of a dossier; what is open today is the last stretch.

    Raises
    ------
    SealError
        An intended use that the ledger names is gone, or no longer what was sealed.
    """
    n = n_changed = 0
    under: FreezeEvent | None = None
    evidence = False
    for event in record.chain.events:
        if isinstance(event, RunEvent):
            evidence = True
        elif isinstance(event, FreezeEvent) and not _same(under, event, root):
            n, n_changed = n + evidence, n_changed + evidence
            under, evidence = event, False
    today = under is None or any(one.part == frozen.INTENDED_USE for one in record.changes)
    return Stretches(n=n + evidence, n_changed=n_changed + (evidence and today))


def _same(under: FreezeEvent | None, event: FreezeEvent, root: Path) -> bool:
    """Whether a freeze leaves the intended use as it was under the one before.

    A later version of this program may know more fields, so that another digest can be of the same.
    """
    if under is None:
        return False
    digests = [one.payload.parts.get(frozen.INTENDED_USE) for one in (under, event)]
    if digests[0] == digests[1]:
        return True
    before, after = (frozen.intended_use(one, root) for one in (under, event))
    return before is not None and before == after
