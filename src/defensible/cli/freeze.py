"""`defensible freeze`: intended use, claims and plans under seal, before data are opened."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.scribe import KeyFile, Name, Role, Signing, TimestampUrl

if TYPE_CHECKING:
    from defensible.ledger.event import FreezeEvent
    from defensible.ledger.frozen import Change


def freeze(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    name: Name = None,
    role: Role = None,
    key: KeyFile = None,
    timestamp_url: TimestampUrl = None,
) -> None:
    """Seal the intended use, the claims and the plans, so that their order with data is shown."""
    from defensible import dossier, ledger
    from defensible.ledger import frozen

    loaded = dossier.load(folder)
    signing = Signing(name=name, role=role, key=key, timestamp_url=timestamp_url)
    with ledger.writing(folder, signing.scribe(folder)) as book:
        before = frozen.freezes(book.chain)
        values = frozen.parts(loaded)
        changed = frozen.since(before[-1].payload.parts, folder, values) if before else ()
        event = ledger.freeze(book, folder, loaded)
    signing.stamped(folder, [event] if event else [])
    stands = event or before[-1]
    result = _result(stands, changed, new=event is not None)
    emit(envelope("freeze", result) if form is Form.JSON else _text(result, folder))


def _result(event: "FreezeEvent", changed: "tuple[Change, ...]", *, new: bool) -> dict[str, Any]:
    return {
        "new": new,
        "line": event.sequence,
        "time": event.time,
        "who": event.who.model_dump(),
        "signed_by": event.signature.keyid if event.signature else None,
        "parts": event.payload.parts,
        "changes": [{"part": one.part, "words": list(one.words)} for one in changed],
    }


def _text(result: dict[str, Any], folder: Path) -> str:
    from defensible.screen import clean, short, wrap

    where = f"line {result['line']} of evidence/ledger.jsonl, {result['time'][:10]}"
    if not result["new"]:
        return f"Nothing has changed since the freeze; nothing was written.\n  {where}"
    lines = [f"Frozen: {where}"]
    for part, digest in result["parts"].items():
        lines.append(f"  {short(part, 50):<24} sha256 {digest[:12]}")
    if result["changes"]:
        lines.append("Changed since the freeze before:")
        for one in result["changes"]:
            for words in one["words"]:
                lines += wrap(clean(f"{one['part']}: {words}"), first="  ", rest="    ")
    if result["signed_by"] is None:
        lines.append("Not signed: no key was given (`defensible key new` makes one).")
    lines.append(f"Next: `defensible run {folder}`, which opens the data and seals results.")
    return "\n".join(lines)
