"""`defensible blind`: identifiers as keyed hashes, to be compared and not shared."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope


def blind(
    table: Annotated[Path, typer.Argument(help="Table with one development case a row.")],
    column: Annotated[str, typer.Option(help="Column that holds the identifiers.")],
    key: Annotated[Path, typer.Option(help="Key file, shared with whoever compares.")],
    out: Annotated[Path, typer.Option(help="CSV to write: one column of hashes.")],
    kind: Annotated[
        str, typer.Option(help="What is identified: patient, study, series or image.")
    ] = "patient",
    new_key: Annotated[bool, typer.Option("--new-key", help="Make the key file first.")] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Write identifiers as keyed hashes (HMAC-SHA256), each once.

    A study's `development` names the file, column `hash`, and the key; then it is known whether
    cases are shared, and no identifier of development leaves its source.
    """
    from defensible.cli.stats.methods import known
    from defensible.documents import write
    from defensible.evidence import blinding
    from defensible.evidence.blinding import KINDS
    from defensible.evidence.dicom import keys

    if new_key:
        keys.made(key)
    hashes, name = blinding.hashes_of(
        table, column, key, known(dict.fromkeys(KINDS), kind, "--kind")
    )
    write(out, "\n".join(["hash", *hashes]) + "\n")
    result = {
        "out": str(out),
        "column": "hash",
        "n_identifiers": len(hashes),
        "key_name": name,
    }
    if form is Form.JSON:
        emit(envelope("blind", result))
        return
    emit(
        f"{len(hashes):,} identifiers as hashes in {out}\n"
        "Next: in the study, under `development`:\n"
        f"  case: hash\n  key_name: {name}\n"
        f"and set {blinding.KEY_FILE} to the key file when it runs."
    )
