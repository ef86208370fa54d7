"""Intake from end to end: check what was asked, read, join, write the table and its report."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from defensible.dossier.problem import DossierError, Problem
from defensible.evidence.dicom import identity, joined, report, table
from defensible.evidence.dicom.attributes import COLUMNS, Terms
from defensible.evidence.dicom.gathering import Progress, gather
from defensible.evidence.dicom.joined import Join
from defensible.evidence.dicom.journal import Journal
from defensible.evidence.dicom.report import Outcome
from defensible.evidence.dicom.table import LEVEL_KEYS, Level

ENDINGS: Final = (".parquet", ".csv")
_COUNTS: Final = {"n_images", "n_series", "varies"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked of an intake.

    Attributes
    ----------
    paths : sequence of Path
        Folders, ZIP files, DICOMDIRs, single files.
    out, report : Path
        The table (.parquet or .csv) and the report to write.
    level : Level
        What a row of the table is.
    terms : Terms
        Key, bands of age, spellings.
    joins : tuple of Join
        Tables to join.
    workers : int
        Processes to read with.
    """

    paths: Sequence[Path]
    out: Path
    report: Path
    level: Level
    terms: Terms
    joins: tuple[Join, ...] = ()
    workers: int = 1


def intake(request: Request, progress: Progress) -> Outcome:
    """Read everything, and write the table and the report.

    Raises
    ------
    DossierError
        What was asked does not fit, or no image could be read.
    OSError
        The table or the report cannot be written.
    """
    _fits(request)
    if request.joins:
        joined.checked(request.joins, {*COLUMNS, *_COUNTS, *joined.KEYS})
    with Journal(request.out, request.terms) as journal:
        gathered = gather(
            request.paths,
            request.terms,
            journal,
            progress,
            workers=request.workers,
            own=(request.out, request.report),
        )
        images = table.images(journal.path, gathered.n_lines_before, gathered.before)
        rows, accounts = images.rows, []
        rows = table.at_level(rows, request.level)
        for join in request.joins:
            rows, account = joined.with_columns(rows, join, request.terms.key)
            accounts.append(account)
        outcome = Outcome(
            out=request.out.name,
            report=request.report.name,
            key=identity.key_name(request.terms.key),
            level=request.level.value,
            n_files=gathered.n_found,
            n_resumed=len(gathered.before),
            n_rows=rows.height,
            joins=tuple(accounts),
            **report.counts(images, set(request.terms.spellings.values())),
        )
        report.write(outcome, images, request.report)
        if not images.rows.height:
            journal.done()
            what = f"none of {gathered.n_found:,} files is an image that can be read"
            mend = f"see the reasons in {request.report}"
            raise _problem("E041", str(request.paths[0]), what, mend)
        table.write(rows, request.out)
        journal.done()
    return outcome


def _fits(request: Request) -> None:
    """Refuse what could only fail later, or harm what is there."""
    out = request.out
    problems: list[Problem] = []
    if out.suffix.lower() not in ENDINGS:
        what = f"a table is written as {' or '.join(ENDINGS)}, by its name"
        problems += _problem("E034", str(out), what, f"write {out.stem}.parquet").problems
    for path in request.paths:
        if not path.exists():
            what, mend = "there is no such folder or file", "name a folder, ZIP file or DICOMDIR"
            problems += _problem("E035", str(path), what, mend).problems
    if request.report.resolve() == out.resolve():
        what = "the report would be written over the table"
        problems += _problem("E034", str(request.report), what, "give it another name").problems
    if problems:
        raise DossierError(tuple(problems))


def level_key(level: Level) -> str:
    """The column that names a row."""
    return LEVEL_KEYS[level]


def _problem(code: str, file: str, what: str, mend: str) -> DossierError:
    return DossierError((Problem(file=file, line=1, column=1, code=code, what=what, mend=mend),))
