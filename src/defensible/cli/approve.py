"""`defensible approve`: a person's signature under what is on file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.scribe import KeyFile, Name, Role, Signing, TimestampUrl

if TYPE_CHECKING:
    from defensible.dossier import Dossier

MEANINGS = ("authorship", "review", "approval", "responsibility")


def approve(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    meaning: Annotated[
        str, typer.Option(help="What the signature means: authorship, review, approval, ...")
    ] = "approval",
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    name: Name = None,
    role: Role = None,
    key: KeyFile = None,
    timestamp_url: TimestampUrl = None,
) -> None:
    """Put name, role and meaning of a signature on record, for everything as it stands."""
    from defensible import dossier, ledger
    from defensible.ledger import approval

    for given, option in ((name, "--name"), (role, "--role")):
        if not (given or "").strip():
            raise typer.BadParameter("an approval names a person and a role", param_hint=option)
    if meaning not in MEANINGS:
        known = dossier.nearest(meaning, MEANINGS)
        raise typer.BadParameter(
            f"there is no meaning '{meaning}'; {known}", param_hint="--meaning"
        )
    loaded = dossier.load(folder)
    _say_what_is_open(loaded)
    signing = Signing(name=name, role=role, key=key, timestamp_url=timestamp_url)
    with ledger.writing(folder, signing.scribe(folder)) as book:
        event = approval.approve(book, loaded, meaning)
        n_statements = len(approval.latest(book.chain))
    signing.stamped(folder, [event])
    signed = event.signature.keyid if event.signature else None
    if form is Form.JSON:
        result = {
            "line": event.sequence,
            "time": event.time,
            "who": event.who.model_dump(),
            "meaning": meaning,
            "results": n_statements,
            "signed_by": signed,
        }
        emit(envelope("approve", result))
        return
    by = f"signed with key {signed[:12]}" if signed else "not signed: no key was given"
    emit(
        f"On record: {meaning} by {event.who.name}, {event.who.role}\n"
        f"  line {event.sequence} of evidence/ledger.jsonl, {event.time[:10]}; {by}\n"
        f"  everything declared; sealed results: {n_statements}\n"
        f"Next: `defensible verify {folder}`, and commit the folder evidence."
    )


def _say_what_is_open(loaded: "Dossier") -> None:
    """What the person should know before the signature stands; nothing of it forbids one."""
    from defensible import evidence
    from defensible.screen import clean

    record = evidence.record(loaded)
    for one in record.standings:
        if one.why:
            sys.stderr.write(f"caution: {one.study} is {one.state.value}: {clean(one.why[0])}\n")
    for change in record.changes:
        sys.stderr.write(f"caution: changed since the freeze: {clean(change.part)}\n")
