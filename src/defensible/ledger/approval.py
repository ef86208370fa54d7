"""What a person approved, and decisions on file, put on record."""

import hashlib
from pathlib import Path

from defensible.dossier.device import RegulatorDecision
from defensible.dossier.dossier import Dossier
from defensible.ledger.canonical import content
from defensible.ledger.chain import Book, Chain
from defensible.ledger.event import (
    Approved,
    ApproveEvent,
    Decided,
    DecisionEvent,
    Event,
    RunEvent,
)
from defensible.ledger.frozen import Change, everything, kept, since


def approve(book: Book, dossier: Dossier, meaning: str) -> Event:
    """Put a person's signature under everything declared and every result that stands sealed."""
    return book.append(
        Approved(
            meaning=meaning,
            parts=kept(dossier.root, everything(dossier)),
            statements=tuple(latest(book.chain).values()),
        )
    )


def latest(chain: Chain) -> dict[str, str]:
    """The statement that each study's last run sealed."""
    return {
        one.payload.study: one.payload.statement
        for one in chain.events
        if isinstance(one, RunEvent)
    }


def approvals(chain: Chain) -> list[ApproveEvent]:
    """Every approval, in order."""
    return [one for one in chain.events if isinstance(one, ApproveEvent)]


def since_approval(event: ApproveEvent, dossier: Dossier, chain: Chain) -> tuple[Change, ...]:
    """What is not as it was approved: parts in words, and results that were sealed anew."""
    changed = since(event.payload.parts, dossier.root, everything(dossier))
    other = [
        Change(part=f"result of {study}", words=("sealed anew",))
        for study, statement in latest(chain).items()
        if statement not in event.payload.statements
    ]
    return (*changed, *other)


def record_decisions(book: Book, dossier: Dossier) -> tuple[Event, ...]:
    """Put each decision of `device.yaml` on record that is not there yet, with its letter."""
    known = [one.payload for one in book.chain.events if isinstance(one, DecisionEvent)]
    written = []
    for one in dossier.device.decisions:
        letter = None
        if isinstance(one, RegulatorDecision):
            letter = _sha256(dossier.root / one.letter)
        payload = Decided(decision=content(one), letter=letter)
        if payload not in known:
            written.append(book.append(payload))
    return tuple(written)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
