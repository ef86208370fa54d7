"""`defensible assess`: the main job."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope


def assess(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    require: Annotated[str | None, typer.Option(help="Exit 1 below this verdict.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report page here.")] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say which question the evidence answers, and what is open."""
    from defensible import assessment, documents, dossier, evidence, regulation

    today = datetime.now(tz=UTC).astimezone().date()
    loaded = dossier.load(folder)
    classification = regulation.classify(loaded.intended_use, loaded.device.markets)
    results = evidence.run(loaded)
    result = assessment.assess(loaded, classification, results, today=today)
    if html is not None:
        documents.write(html, documents.html(result, on=today))
    emit(
        envelope("assess", documents.as_json(result, on=today))
        if form is Form.JSON
        else documents.text(result)
    )
    if (
        require is not None
        and result.verdict < assessment.Verdict[require.upper().replace("-", "_")]
    ):
        raise typer.Exit(1)
