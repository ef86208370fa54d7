"""`defensible scope`: how far the evidence carries each claim."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.assess import takes_colour, today, working
from defensible.cli.envelope import Form, emit, envelope


def scope(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    claim: Annotated[str | None, typer.Argument(help="One claim, such as C1; all of them.")] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say how far the evidence carries a claim, and the widest scope that it supports."""
    from defensible import assessment, documents, dossier, evidence, regulation

    loaded = dossier.load(folder)
    known = tuple(one.id for one in loaded.claims)
    wanted = known if claim is None else (_known(claim, known),)
    classification = regulation.classify(
        loaded.intended_use, loaded.device.markets, facts=regulation.facts_of(loaded.risks)
    )
    record = evidence.record(loaded)
    with working("running the studies"):
        results = evidence.results(loaded, record)
    found = assessment.assess(loaded, classification, results, today=today(), record=record)
    if form is Form.JSON:
        emit(envelope("scope", documents.scope_as_json(found, wanted)))
    else:
        emit(documents.scope_text(found, wanted, colour=takes_colour()))


def _known(claim: str, known: tuple[str, ...]) -> str:
    from defensible.dossier import nearest

    if claim in known:
        return claim
    raise typer.BadParameter(
        f"there is no claim '{claim[:40]}'; {nearest(claim, known) or 'no claim is declared'}",
        param_hint="CLAIM",
    )
