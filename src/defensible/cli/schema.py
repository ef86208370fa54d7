"""`defensible schema`: the JSON Schema of each file, for editors."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope


def schema(
    kind: Annotated[
        str | None, typer.Argument(help="One file kind: device, claims, ... All if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write one file a kind into this folder instead.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Print the JSON Schema of the dossier's files."""
    import json

    from defensible.dossier import nearest, schemas
    from defensible.dossier.schema import write

    known = schemas()
    if kind is not None and kind not in known:
        raise typer.BadParameter(f"there is no file kind '{kind}'; {nearest(kind, known)}")
    wanted = known if kind is None else {kind: known[kind]}
    if out is not None:
        write(out, wanted)
        written = [str(out / f"{one}.json") for one in wanted]
        text = "\n".join(["Written:", *(f"  {one}" for one in written)])
        emit(envelope("schema", {"written": written}) if form is Form.JSON else text)
    elif form is Form.JSON:
        emit(envelope("schema", wanted))
    else:
        shown = known if kind is None else known[kind]
        emit(json.dumps(shown, indent=2, ensure_ascii=True))
