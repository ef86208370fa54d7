"""`defensible decision`: decisions of device.yaml on record, bound to their letters."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.scribe import KeyFile, Name, Role, Signing, TimestampUrl


def decision(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    name: Name = None,
    role: Role = None,
    key: KeyFile = None,
    timestamp_url: TimestampUrl = None,
) -> None:
    """Put each decision that device.yaml lists on record, with the digest of its letter."""
    from defensible import dossier, ledger
    from defensible.ledger import approval

    loaded = dossier.load(folder)
    signing = Signing(name=name, role=role, key=key, timestamp_url=timestamp_url)
    with ledger.writing(folder, signing.scribe(folder)) as book:
        events = approval.record_decisions(book, loaded)
    signing.stamped(folder, list(events))
    lines = [one.sequence for one in events]
    if form is Form.JSON:
        emit(envelope("decision", {"declared": len(loaded.device.decisions), "lines": lines}))
    elif events:
        noun = "line" if len(lines) == 1 else "lines"
        emit(f"On record: {noun} {', '.join(map(str, lines))} of evidence/ledger.jsonl")
    else:
        emit("Every decision of device.yaml is on record; nothing was written.")
