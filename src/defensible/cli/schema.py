"""`defensible schema`: the JSON Schema of each file, for editors."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import emit


def schema(
    kind: Annotated[
        str | None, typer.Argument(help="One file kind: device, claims, ... All if left out.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write one file a kind into this folder instead.")
    ] = None,
) -> None:
    """Print the JSON Schema of the dossier's files, with a description of every key."""
    import json

    from defensible.dossier.schema import schemas, write

    known = schemas()
    if kind is not None and kind not in known:
        from defensible.dossier.wording import nearest

        raise typer.BadParameter(f"there is no file kind '{kind}'; {nearest(kind, list(known))}")
    if out is not None:
        write(out)
        emit(f"{len(known)} schemas in {out}")
        return
    emit(json.dumps(known if kind is None else known[kind], indent=2, ensure_ascii=False))
