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
    what_if: Annotated[
        list[str] | None,
        typer.Option(
            "--what-if",
            metavar="FIELD=VALUE",
            help="Beside it, the same with another value, as output=mark-or-box,heatmap.",
        ),
    ] = None,
    sensitivity: Annotated[
        bool,
        typer.Option("--sensitivity", help="Instead, every change that moves class or pathway."),
    ] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say what the device is in each market, by which rules, and what is open."""
    from defensible.cli.classification.subject import subject

    about = subject(path, market or [])
    if what_if and sensitivity:
        raise typer.BadParameter("it stands alone, without --what-if", param_hint="--sensitivity")
    if sensitivity:
        _sensitivity(about, form)
    elif what_if:
        _what_if(about, what_if, form)
    else:
        _answer(about, form)


def _answer(about: "Subject", form: Form) -> None:
    from defensible.regulation import classify as classified

    found = classified(about.use, about.markets, facts=about.facts)
    if form is Form.JSON:
        from defensible.regulation.as_json import as_json

        emit(envelope("classify", {**about.as_json(), **as_json(found)}))
    else:
        from defensible.cli.classification.answer import answer

        emit(answer(found, of=about.title, path=about.path))


def _what_if(about: "Subject", words: list[str], form: Form) -> None:
    from defensible.cli.classification.side_by_side import side_by_side
    from defensible.regulation.change import ChangeError, change
    from defensible.regulation.changes_as_json import what_if_json
    from defensible.regulation.what_if import what_if

    try:
        changes = [change(*_halves(word)) for word in words]
        found = what_if(about.use, changes, about.markets, facts=about.facts)
    except ChangeError as error:
        raise typer.BadParameter(str(error), param_hint="--what-if") from None
    if form is Form.JSON:
        emit(envelope("classify", {**about.as_json(), "what_if": what_if_json(found)}))
    else:
        emit(side_by_side(found, of=about.title))


def _sensitivity(about: "Subject", form: Form) -> None:
    from defensible.cli.classification.changes import changes_text
    from defensible.regulation.changes_as_json import sensitivity_json
    from defensible.regulation.sensitivity import sensitivity

    found = sensitivity(about.use, about.markets, facts=about.facts)
    if form is Form.JSON:
        emit(envelope("classify", {**about.as_json(), "sensitivity": sensitivity_json(found)}))
    else:
        emit(changes_text(found, about.use, of=about.title, path=about.path))


def _halves(word: str) -> tuple[str, str]:
    from defensible.dossier.wording import cut

    field, equals, value = word.partition("=")
    if not equals:
        raise typer.BadParameter(f"'{cut(word)}' has no `=`", param_hint="--what-if")
    return field.strip(), value.strip()
