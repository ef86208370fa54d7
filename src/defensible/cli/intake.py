"""`defensible intake`: a case table from the headers of DICOM files."""

import os
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.evidence.dicom.report import Outcome

_MOST_WORKERS = 64
_MOST_LISTED = 6
_WIDTH = 80


def intake(
    paths: Annotated[
        list[Path], typer.Argument(help="Folders, ZIP files, DICOMDIRs or single files.")
    ],
    out: Annotated[Path, typer.Option(help="Table to write: .parquet or .csv.")],
    level: Annotated[str, typer.Option(help="A row is an image, a series or a study.")] = "image",
    key: Annotated[
        Path | None, typer.Option(help="Key under which identifiers are hashed.")
    ] = None,
    new_key: Annotated[
        Path | None, typer.Option(help="Make such a key first, in this new file.")
    ] = None,
    join: Annotated[
        list[Path] | None, typer.Option(help="Table to join: predictions, reference.")
    ] = None,
    on: Annotated[
        list[str] | None,
        typer.Option(
            help="What the table is joined on: image_uid, series_uid, study_uid or patient_id; "
            "study_uid=COLUMN where its column has another name. Once for each --join."
        ),
    ] = None,
    age_bands: Annotated[
        str | None, typer.Option(help="Where bands of age begin, in years: 18,40,65.")
    ] = None,
    manufacturers: Annotated[
        Path | None, typer.Option(help="YAML of further spellings of manufacturers.")
    ] = None,
    hash_paths: Annotated[
        bool, typer.Option("--hash-paths", help="Hash the paths in the report, too.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="Report to write; beside the table if not said.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=_MOST_WORKERS, help="Processes to read with.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="For people or programs.")] = Form.TEXT,
) -> None:
    """Make a case table from DICOM headers, without who the patients are."""
    from defensible.cli.progress import Bar
    from defensible.evidence.dicom import joined, spelling
    from defensible.evidence.dicom.attributes import Terms
    from defensible.evidence.dicom.intake import Request
    from defensible.evidence.dicom.intake import intake as read
    from defensible.evidence.dicom.table import Level

    known = [one.value for one in Level]
    if level not in known:
        raise typer.BadParameter(
            f"there is no '{level}'. There are: {', '.join(known)}", param_hint="--level"
        )
    row = Level(level)
    joins = joined.asked(join or [], on or [], row)
    edges = _edges(age_bands)
    spellings = spelling.known(manufacturers)
    request = Request(
        paths=paths,
        out=out,
        report=report or out.with_suffix(".report.json"),
        level=row,
        terms=Terms(
            key=_key(key, new_key, out), edges=edges, spellings=spellings, hash_paths=hash_paths
        ),
        joins=joins,
        workers=workers or _cores(),
    )
    outcome = read(request, Bar("files"))
    if form is Form.JSON:
        from dataclasses import asdict

        emit(envelope("intake", asdict(outcome)))
    else:
        emit(_text(outcome, out))


def _cores() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    n = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
    return min(n, _MOST_WORKERS)


def _key(key: Path | None, new_key: Path | None, out: Path) -> bytes:
    from defensible.evidence.dicom import keys

    if (key is None) == (new_key is None):
        raise typer.BadParameter(
            "one of them is needed: --new-key the first time, --key after that",
            param_hint="--key or --new-key",
        )
    if new_key is not None:
        keys.apart(new_key, out)
        return keys.made(new_key)
    assert key is not None  # noqa: S101 - one of them is there
    keys.apart(key, out)
    return keys.read(key)


def _edges(said: str | None) -> tuple[int, ...]:
    from defensible.dossier import DossierError, Problem
    from defensible.evidence.dicom import ages

    if said is None:
        return ages.DEFAULT_EDGES
    parts = [one.strip() for one in said.split(",")]
    edges = [int(one) for one in parts if one.isascii() and one.isdigit() and len(one) < 4]
    ascending = all(low < high for low, high in pairwise(edges))
    if len(edges) == len(parts) and ascending and edges[0] >= 1 and edges[-1] <= ages.OLDEST:
        return tuple(edges)
    what = f"'{said[:40]}' are no edges of age bands: whole years from 1, ascending"
    problem = Problem(
        file="command line",
        line=1,
        column=1,
        code="E038",
        what=what,
        mend="write 18,40,65 for the bands <18, 18-39, 40-64 and 65+",
    )
    raise DossierError((problem,))


def _text(outcome: "Outcome", out: Path) -> str:
    plural = {"image": "images", "series": "series", "study": "studies"}[outcome.level]
    lines = [
        f"{outcome.n_rows:,} {plural} in {out}",
        f"  read          {outcome.n_files:,} files, {outcome.n_images:,} images",
    ]
    if outcome.n_resumed:
        lines.append(f"  resumed       {outcome.n_resumed:,} had been read before")
    lines += _listed("no row for", outcome.refused)
    lines += _listed("odd, kept", outcome.odd)
    lines += _listed("unknown maker", outcome.unknown_manufacturers)
    if outcome.n_patients_at_sites:
        lines.append(
            f"  look at       {outcome.n_patients_at_sites:,} patients at more than one site: "
            "one person, or two with one number?"
        )
    for one in outcome.joins:
        lines.append(
            f"  joined        {one.table} on {one.on}: {outcome.n_rows - one.n_unmatched:,} of "
            f"{outcome.n_rows:,} rows have a match"
        )
        lines.append(f"                {one.n_unused:,} of its {one.n_rows:,} rows are not used")
        if one.left_behind:
            lines.append(f"                left behind: {', '.join(one.left_behind)}")
    empty = [name for name, n in outcome.known.items() if not n]
    if empty:
        lines.append(f"  not known     in any image: {', '.join(empty)}")
    lines.append(f"\nNext: read {outcome.report}, then name the table as data of a study.")
    return "\n".join(part for line in lines for part in _wrapped(line))


def _listed(label: str, counted: dict[str, int]) -> list[str]:
    """The most frequent entries, a line each, the label on the first."""
    shown = list(counted.items())[:_MOST_LISTED]
    lines = [f"{n:,} {what}" for what, n in shown]
    if len(counted) > len(shown):
        lines.append(f"and {len(counted) - len(shown)} more kinds, in the report")
    return [f"  {label if not index else '':13} {one}" for index, one in enumerate(lines)]


def _wrapped(line: str) -> list[str]:
    from textwrap import wrap

    if len(line) <= _WIDTH or not line.startswith("  "):
        return line.split("\n")
    return wrap(line, _WIDTH, subsequent_indent=" " * 16, break_on_hyphens=False)
