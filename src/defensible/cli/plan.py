"""`defensible plan`: what remains, how long it takes, and how much evidence it needs.

`plan size ...` is `stats size ...` under another name; a folder of that name is `./size`.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from defensible.cli.assess import takes_colour, today, working
from defensible.cli.envelope import Form, emit, envelope
from defensible.cli.stats import size

_OF = "of"


class _DossierFirst(TyperGroup):
    """A group whose first word may also be the folder of a dossier."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args[:1] not in ([_OF], ["size"], ["--help"]):
            args = [_OF, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="plan",
    cls=_DossierFirst,
    rich_markup_mode=None,
    help="Say what remains of DIR, in which order, how long it takes and how much evidence.",
)
app.add_typer(size.app, name="size")


@app.command(_OF)
def plan(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    page: Annotated[
        Path | None, typer.Option("--html", help="Also write a page with Gantt and S-curve here.")
    ] = None,
    ics: Annotated[
        Path | None, typer.Option("--ics", help="Also write the tasks as iCalendar here.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Also write the tasks as CSV.")] = None,
) -> None:
    """Say what remains, in which order, how long it takes, and how much evidence it needs."""
    from defensible import assessment, documents, dossier, evidence, regulation
    from defensible.assessment import planning
    from defensible.documents import plan as said
    from defensible.documents import plan_page, plan_tables

    _ends_in(page, ("html", "htm"), "--html")
    _ends_in(ics, ("ics",), "--ics")
    _ends_in(csv, ("csv",), "--csv")
    on = today()
    loaded = dossier.load(folder)
    classification = regulation.classify(
        loaded.intended_use, loaded.device.markets, facts=regulation.facts_of(loaded.risks)
    )
    record = evidence.record(loaded)
    with working("running the studies"):
        results = evidence.results(loaded, record)
    assessed = assessment.assess(loaded, classification, results, today=on, record=record)
    found = planning.plan(assessed, today=on)

    if page is not None:
        documents.write(page, plan_page.plan_html(found, loaded, today=on))
    if ics is not None:
        documents.write(ics, plan_tables.plan_ics(found.schedule, loaded, now=datetime.now(tz=UTC)))
    if csv is not None:
        documents.write(csv, plan_tables.plan_csv(found.schedule))
    if form is Form.JSON:
        emit(envelope("plan", said.plan_as_json(found)))
    else:
        emit(said.plan_text(found, loaded, colour=takes_colour()))


def _ends_in(path: Path | None, endings: tuple[str, ...], option: str) -> None:
    """A file is written over nothing but its like: no slip of the hand replaces a dossier file."""
    if path is not None and path.suffix.lower().removeprefix(".") not in endings:
        raise typer.BadParameter(f"'{path}' does not end in .{endings[0]}", param_hint=option)
