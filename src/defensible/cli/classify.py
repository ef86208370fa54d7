"""`defensible classify`: what follows from the intended use in each market, and by which rules."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.cli.classification.subject import Subject


def classify(
    path: Annotated[
        Path, typer.Argument(help="Folder that holds device.yaml, or an intended-use.yaml alone.")
    ] = Path(),
    market: Annotated[
        list[str] | None,
        typer.Option(help="Only this market; can be given again. Else those that are declared."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say what the device is in each market, by which rules, and what is open."""
    from defensible.cli.classification.subject import subject

    about = subject(path, market or [])
    _answer(about, form)


def _answer(about: "Subject", form: Form) -> None:
    from defensible.cli.classification.answer import answer
    from defensible.regulation import classify as classified
    from defensible.regulation.as_json import as_json

    found = classified(about.use, about.markets, facts=about.facts)
    if form is Form.JSON:
        emit(envelope("classify", {**about.as_json(), **as_json(found)}))
    else:
        emit(answer(found, of=about.title, path=about.path))
