"""`defensible blind`: identifiers as keyed hashes, to be compared and not shared."""

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

KEY_BYTES = 32


def blind(
    table: Annotated[Path, typer.Argument(help="Table with one development case a row.")],
    column: Annotated[str, typer.Option(help="Column that holds the identifiers.")],
    key: Annotated[Path, typer.Option(help="Key file, shared with whoever compares.")],
    out: Annotated[Path, typer.Option(help="CSV to write: one column of hashes.")],
    new_key: Annotated[bool, typer.Option("--new-key", help="Make the key file first.")] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Write identifiers as keyed hashes (HMAC-SHA256), each once.

    A study's `development` names the file, column `hash`, and the key; then it is known whether
    cases are shared, and no identifier of development leaves its source.
    """
    from defensible.documents import write
    from defensible.evidence import blinding

    if new_key:
        _make(key)
    hashes, digest = blinding.hashes_of(table, column, key)
    write(out, "\n".join(["hash", *hashes]) + "\n")
    result = {
        "out": str(out),
        "column": "hash",
        "n_identifiers": len(hashes),
        "key_sha256": digest,
    }
    if form is Form.JSON:
        emit(envelope("blind", result))
        return
    emit(
        f"{len(hashes):,} identifiers as hashes in {out}\n"
        "Next: in the study, under `development`:\n"
        f"  case: hash\n  key_sha256: {digest}\n"
        f"and set {blinding.KEY_FILE} to the key file when it runs."
    )


def _make(key: Path) -> None:
    """A new key, readable by its owner alone; a key that is there is kept."""
    try:
        handle = os.open(key, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise typer.BadParameter(f"'{key}' is there already", param_hint="--new-key") from None
    except OSError as error:
        told = error.strerror or "cannot be written"
        raise typer.BadParameter(f"'{key}': {told}", param_hint="--key") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
