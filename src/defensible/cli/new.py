"""`defensible new`: a first dossier, and what to fill in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier.vocabulary import Function

_OPTION = "--function"


def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make; it must not hold anything.")],
    function: Annotated[
        str | None, typer.Option(help="What the software does for its user, such as triage.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of the device.")] = None,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing.")] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Write a first dossier, and say what to fill in."""
    from defensible.dossier import IntendedUse, scaffold, undeclared

    asks = sys.stdin.isatty() and not no_input
    chosen = _function(function, asks=asks)
    plain = folder.resolve().name or "device"
    title = name
    if title is None:
        title = typer.prompt("Name of the device", plain, err=True) if asks else plain
    files = scaffold(folder, function=chosen, name=title)
    missing = undeclared(IntendedUse(function=chosen))
    if form is Form.JSON:
        result = {"folder": str(folder), "files": list(files), "undeclared": missing}
        emit(envelope("new", result))
    else:
        emit(_text(folder, files, missing))


def _function(word: str | None, *, asks: bool) -> "Function":
    """The function that was named, asked for until it is one."""
    from defensible.dossier import nearest
    from defensible.dossier.vocabulary import Function

    known = [one.value for one in Function]
    if word is None and asks:
        typer.echo("What does the software do for its user?\n  " + "\n  ".join(known), err=True)
        word = str(typer.prompt("Function", err=True)).strip()
        while word not in known:
            typer.echo(f"there is no function '{word}'; {nearest(word, known)}", err=True)
            word = str(typer.prompt("Function", err=True)).strip()
    if word is None:
        raise typer.BadParameter(f"it is needed. There are: {', '.join(known)}", param_hint=_OPTION)
    if word not in known:
        raise typer.BadParameter(
            f"there is no '{word}'; {nearest(word, known)}", param_hint=_OPTION
        )
    return Function(word)


def _text(folder: Path, files: tuple[str, ...], missing: list[str]) -> str:
    from textwrap import fill

    listed = "\n".join(f"  {one}" for one in files)
    still = fill(f"{len(missing)} fields: {', '.join(missing)}", 78, break_on_hyphens=False)
    return (
        f"A first dossier is in {folder}:\n{listed}\n\n"
        "Fill in first, in intended-use.yaml, before any evidence is gathered:\n"
        + "\n".join(f"  {line}" for line in still.splitlines())
        + f"\n\nNext: defensible check {folder}"
    )
