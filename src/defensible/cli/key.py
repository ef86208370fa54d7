"""`defensible key new`: a key pair that signs, kept outside every dossier."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    help="Keys that sign what is sealed.",
    no_args_is_help=True,
)


@app.callback()
def _group() -> None:
    """Keys that sign what is sealed."""


@app.command()
def new(
    out: Annotated[Path, typer.Option(help="Where the private key goes; outside any dossier.")],
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Make an Ed25519 key pair."""
    from defensible.ledger import signing

    made = signing.new(out)
    if form is Form.JSON:
        result = {"private": str(out), "public": f"{out}.pub", "ed25519": made.public}
        emit(envelope("key new", result))
        return
    emit(
        f"The private key is in {out}, for its owner's eyes; the public key in {out}.pub.\n"
        "Let it count in a dossier, in device.yaml:\n\n"
        "trusted_keys:\n"
        f"  - {{name: YOUR NAME, role: YOUR ROLE, ed25519: {made.public}}}\n\n"
        f"Next: sign with `--key {out}`, or set DEFENSIBLE_KEY."
    )
