"""`defensible obligations`: what the device owes, and how each of it stands."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.assess import takes_colour, today, working
from defensible.cli.envelope import Form, emit, envelope


def obligations(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    market: Annotated[
        list[str] | None, typer.Option(help="Only this market, across or gxp; can be given again.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Only this kind, such as evidence; can be repeated.")
    ] = None,
    unmet: Annotated[bool, typer.Option("--open", help="Only what is open or partly met.")] = False,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say what the device owes in its markets, and how each of it stands."""
    from defensible import assessment, documents, dossier, evidence, regulation

    kinds = _kinds(kind or [])
    loaded = dossier.load(folder)
    classification = regulation.classify(
        loaded.intended_use, loaded.device.markets, facts=regulation.facts_of(loaded.risks)
    )
    with working("running the studies"):
        record = evidence.record(loaded)
        results = evidence.results(loaded, record)
    found = assessment.assess(loaded, classification, results, today=today(), record=record)
    known = dict.fromkeys(one.obligation.market for one in found.obligations)
    markets = _markets(market or [], tuple(known))
    owed = assessment.selected(found.obligations, markets=markets, kinds=kinds, unmet=unmet)
    if form is Form.JSON:
        emit(envelope("obligations", documents.obligations_as_json(owed)))
    else:
        emit(documents.obligations_text(owed, found, colour=takes_colour()))


def _kinds(asked: list[str]) -> frozenset[str]:
    from defensible.cli.stats.methods import known
    from defensible.regulation import ObligationKind

    names = {one.value: one for one in ObligationKind}
    return frozenset(known(names, one, "--kind") for one in asked)


def _markets(asked: list[str], there: tuple[str, ...]) -> frozenset[str]:
    from defensible.cli.stats.methods import known

    return frozenset(known(dict.fromkeys(there), one, "--market") for one in asked)
