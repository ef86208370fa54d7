"""`defensible risk`: the risk file held against the standard and the catalogue of failure modes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.assess import takes_colour, today, working
from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Dossier, DossierError
    from defensible.risk import RiskView


def risk(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Only the failure modes that nobody has dealt with.")
    ] = False,
    suggest: Annotated[
        str | None, typer.Option(help="Draft the entries that would address this failure mode.")
    ] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Only the trace from each hazard to its evidence.")
    ] = False,
    export: Annotated[
        Path | None, typer.Option(help="Write the risks as a table (.csv or .xlsx).")
    ] = None,
    tree: Annotated[
        bool, typer.Option("--tree", help="With --export: the fault tree (FTA), not the FMEA.")
    ] = False,
    table: Annotated[
        Path | None, typer.Option("--import", help="Draft risks.yaml from such a table.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Say how the risk file stands: failure modes, matrix, controls, clauses."""
    from defensible import documents, dossier, risk

    if table is not None:
        _emit_draft("draft", _draft(table), form)
        return
    loaded = dossier.load(folder)
    if problems := risk.unknown(loaded):
        raise dossier.DossierError(problems)
    if suggest is not None:
        _suggest(loaded, suggest, form)
        return
    if export is not None:
        _export(loaded, export, tree=tree)
        return
    if gaps:
        found = risk.answers(loaded)
        shown = tuple(one for one in found if one.open)
        if form is Form.JSON:
            emit(envelope("risk", documents.modes_as_json(shown)))
        else:
            emit(documents.modes_text(shown, found))
        return
    seen = _view(loaded)
    if form is Form.JSON:
        emit(envelope("risk", documents.risk_as_json(seen)))
    elif trace:
        emit(documents.trace_text(seen, colour=takes_colour()))
    else:
        emit(documents.risk_text(seen, colour=takes_colour()))


def _view(loaded: "Dossier") -> "RiskView":
    from defensible import evidence, risk

    record = evidence.record(loaded)
    with working("running the studies"):
        results = evidence.results(loaded, record)
    return risk.view(loaded, results, today=today(), record=record)


def _suggest(loaded: "Dossier", name: str, form: Form) -> None:
    from defensible import risk
    from defensible.cli.stats.methods import known
    from defensible.dossier.risks import Risks
    from defensible.regulation.failure_modes import catalogue

    modes = {one.id: one for one in catalogue().modes}
    mode = modes[known(modes, name, "--suggest")]
    draft = risk.suggestion(mode, loaded.risks or Risks())
    _emit_draft(mode.id, draft, form)


def _emit_draft(name: str, draft: str, form: Form) -> None:
    from defensible.screen import clean

    shown = "\n".join(clean(line) for line in draft.splitlines())
    emit(envelope("risk", {"mode": name, "draft": draft}) if form is Form.JSON else shown)


def _draft(path: Path) -> str:
    from defensible.documents import sheets
    from defensible.risk import fmea

    try:
        return fmea.draft(sheets.read(path))
    except sheets.SheetError as error:
        raise _table(path, error.what, error.mend) from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _table(path, f"the table cannot be read: {why}", "check its name") from None


def _export(loaded: "Dossier", path: Path, *, tree: bool) -> None:
    from defensible.documents import sheets
    from defensible.dossier.risks import Risks
    from defensible.risk import fmea

    risks = loaded.risks or Risks()
    rows, columns = (fmea.fta(risks), fmea.FTA) if tree else (fmea.fmea(risks), fmea.FMEA)
    try:
        sheets.write(path, rows, columns)
    except sheets.SheetError as error:
        raise _table(path, error.what, error.mend) from None
    emit(f"{len(rows)} rows are in {path}")


def _table(path: Path, what: str, mend: str) -> "DossierError":
    from defensible.dossier import DossierError, Problem

    problem = Problem(file=str(path), line=1, column=1, code="K002", what=what, mend=mend)
    return DossierError((problem,))
