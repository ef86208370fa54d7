"""`defensible run`: what is stale runs again, and each result is sealed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.scribe import KeyFile, Name, Role, Signing, TimestampUrl
from defensible.cli.standing import standing_lines

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.evidence import Record


def run(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    study: Annotated[
        list[str] | None, typer.Option("--study", help="Only this study; may be given again.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Run also what is current: one more look at the data.")
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    name: Name = None,
    role: Role = None,
    key: KeyFile = None,
    timestamp_url: TimestampUrl = None,
) -> None:
    """Run the studies whose sealed results are missing or stale, and seal them."""
    from defensible import dossier, evidence

    loaded = dossier.load(folder)
    asked = _asked(loaded, study)
    before = evidence.record(loaded)
    wanted = [one for one in asked if force or one in before.stale]
    if not wanted:
        _say(loaded, before, (), form)
        return
    signing = Signing(name=name, role=role, key=key, timestamp_url=timestamp_url)
    chosen = [one for one in loaded.studies if one.id in wanted]
    scribe = signing.scribe(folder)
    if before.freeze is None:
        sys.stderr.write("caution: nothing is frozen: these results are early, and stay so\n")
    events = evidence.seal(loaded, chosen, scribe, _begun, noted=before)
    signing.stamped(folder, list(events))
    _say(loaded, evidence.record(loaded, noted=before), tuple(wanted), form)


def _begun(study: str) -> None:
    sys.stderr.write(f"running {study}\n")


def _asked(loaded: "Dossier", named: list[str] | None) -> list[str]:
    from defensible.dossier import nearest

    known = [one.id for one in loaded.studies]
    for one in named or ():
        if one not in known:
            raise typer.BadParameter(
                f"there is no study '{one}'; {nearest(one, known)}", param_hint="--study"
            )
    return [one for one in known if not named or one in named]


def _say(loaded: "Dossier", record: "Record", ran: tuple[str, ...], form: Form) -> None:
    from defensible import evidence
    from defensible.evidence import said

    if form is Form.JSON:
        result: dict[str, Any] = {
            "ran": list(ran),
            "studies": [
                {
                    "study": one.study,
                    **said.plain(one),
                    "touches": [str(each) for each in evidence.touched(loaded, one)],
                }
                for one in record.standings
            ],
            "analyses": said.analyses(record),
        }
        emit(envelope("run", result))
        return
    head = f"Ran and sealed: {', '.join(ran)}" if ran else "Nothing is stale; nothing was run."
    lines = [head] if loaded.studies else ["There is no study yet: write one in studies/."]
    for one in record.standings:
        lines += standing_lines(loaded, one)
    found = record.analyses
    for words, listed in (
        ("planned and not run", found.not_run),
        ("run and not planned", found.unplanned),
    ):
        if listed:
            lines.append(f"{words}: {', '.join(listed)}")
    emit("\n".join([*lines, "Next: `defensible assess`, which rests on these results."]))
