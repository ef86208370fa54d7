"""`defensible assess`: the main job, in its five steps: load, classify, run, assess, render."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.assessment import Assessment, Verdict

NOT_DEFENDED = 1


def assess(
    folder: Annotated[Path, typer.Argument(help="Folder that holds device.yaml.")] = Path(),
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
    page: Annotated[
        Path | None, typer.Option("--html", help="Also write one self-contained page here.")
    ] = None,
    require: Annotated[
        str | None, typer.Option(help="Exit 1 below this verdict, such as submission-ready.")
    ] = None,
    brief: Annotated[bool, typer.Option("--summary", help="Print the first screen only.")] = False,
) -> None:
    """Say which question the evidence answers, and what is open."""
    from defensible import assessment, documents, dossier, evidence, regulation

    wanted = None if require is None else _verdict(require)
    _check_page(page)
    on = today()

    loaded = dossier.load(folder)
    classification = regulation.classify(
        loaded.intended_use, loaded.device.markets, facts=regulation.facts_of(loaded.risks)
    )
    record = evidence.record(loaded)
    with working("running the studies"):
        results = evidence.results(loaded, record)
    result = assessment.assess(loaded, classification, results, today=on, record=record)

    if page is not None:
        from defensible.assessment.planning import plan  # only a page has one

        documents.write(page, documents.html(result, on=on, planned=plan(result, today=on)))
    _say(result, form, on=on, brief=brief)
    if page is not None:
        sys.stderr.write(f"the page is in {page}\n")
    if wanted is not None and result.verdict < wanted:
        sys.stderr.write(
            f"not defended: the verdict is {result.verdict.slug}, below {wanted.slug}, "
            "which --require asks for\n"
        )
        raise typer.Exit(NOT_DEFENDED)


def _verdict(slug: str) -> "Verdict":
    """The verdict that has this slug."""
    from difflib import get_close_matches

    from defensible.assessment import Verdict

    by_slug = {one.slug: one for one in Verdict}
    if slug in by_slug:
        return by_slug[slug]
    near = get_close_matches(slug.lower().replace("_", "-"), by_slug, n=1, cutoff=0.5)
    hint = f"did you mean '{near[0]}'? " if near else ""
    raise typer.BadParameter(
        f"there is no verdict '{slug}'; {hint}Verdicts: {', '.join(by_slug)}",
        param_hint="--require",
    )


def _check_page(page: Path | None) -> None:
    """A page is written over nothing but a page: no slip of the hand replaces a dossier file."""
    if page is not None and page.suffix.lower() not in {".html", ".htm"}:
        raise typer.BadParameter(f"'{page}' does not end in .html", param_hint="--html")


@contextmanager
def working(on: str) -> Iterator[None]:
    """Say on a terminal what takes long, and take it back when it is done."""
    if not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(f"{on} ...")
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def today() -> date:
    """The day by the clock of this machine, where it stands."""
    return datetime.now(tz=UTC).astimezone().date()


def _say(result: "Assessment", form: Form, *, on: date, brief: bool) -> None:
    from defensible import documents

    if form is Form.JSON:
        emit(envelope("assess", documents.as_json(result, on=on)))
        return
    say = documents.summary if brief else documents.text
    emit(say(result, on=on, colour=takes_colour()))


def takes_colour() -> bool:
    """Whether a person reads stdout on a terminal and has not declined colour (no-color.org)."""
    declined = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not declined
