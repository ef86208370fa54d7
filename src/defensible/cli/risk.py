"""`defensible risk`: the risk file held against the standard and the catalogue of failure modes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Dossier


def risk(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Only the failure modes that nobody has dealt with.")
    ] = False,
    suggest: Annotated[
        str | None, typer.Option(help="Draft the entries that would address this failure mode.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say how the risk file stands: failure modes, matrix, controls, clauses."""
    from defensible import documents, dossier, risk

    loaded = dossier.load(folder)
    if problems := risk.unknown(loaded):
        raise dossier.DossierError(problems)
    if suggest is not None:
        _suggest(loaded, suggest, form)
        return
    found = risk.answers(loaded)
    shown = tuple(one for one in found if one.open) if gaps else found
    if form is Form.JSON:
        emit(envelope("risk", documents.modes_as_json(shown)))
    else:
        emit(documents.modes_text(shown, found))


def _suggest(loaded: "Dossier", name: str, form: Form) -> None:
    from defensible import risk
    from defensible.cli.stats.methods import known
    from defensible.dossier.risks import Risks
    from defensible.regulation.failure_modes import catalogue

    modes = {one.id: one for one in catalogue().modes}
    mode = modes[known(modes, name, "--suggest")]
    draft = risk.suggestion(mode, loaded.risks or Risks())
    emit(envelope("risk", {"mode": mode.id, "draft": draft}) if form is Form.JSON else draft)
