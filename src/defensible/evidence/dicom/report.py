"""The report beside the table: every file that gave no row, every row that is odd, and counts.

No text of any file is in it, save spellings of manufacturers that are not known. Paths are, unless
they were asked to be hashed: whoever mends the files needs them.
"""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from defensible.evidence.dicom.joined import Joined
from defensible.evidence.dicom.table import Images, known_cells
from defensible.evidence.dicom.whole_file import whole

if TYPE_CHECKING:
    import polars as pl

SCHEMA: Final = "defensible-intake/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What an intake did, in counts.

    Attributes
    ----------
    out, report : str
        The table and the report.
    key : str
        A name of the key, the same in every report of it.
    level : str
        What a row is.
    n_files, n_resumed : int
        Files and members that there are, and those that an interrupted run had read.
    n_images, n_rows : int
        Images that could be read and are no duplicates; rows of the table.
    refused : dict of str to int
        Reasons why files gave no row.
    odd : dict of str to int
        What was odd in images that did.
    known : dict of str to int
        For each column the rows that have a value.
    unknown_manufacturers : dict of str to int
        Spellings that no table of names holds, with how many images have them.
    n_patients_at_sites : int
        Patients, by their hash, who are at more than one site: perhaps two people with one number.
    joins : tuple of Joined
        What came of the joins.
    """

    out: str
    report: str
    key: str
    level: str
    n_files: int
    n_resumed: int
    n_images: int
    n_rows: int
    refused: dict[str, int]
    odd: dict[str, int]
    known: dict[str, int]
    unknown_manufacturers: dict[str, int]
    n_patients_at_sites: int
    joins: tuple[Joined, ...]

    @property
    def n_refused(self) -> int:
        """Files that gave no row."""
        return sum(self.refused.values())


def counts(images: Images, names: set[str]) -> dict[str, Any]:
    """The counts that come from the images alone.

    Parameters
    ----------
    names : set of str
        Manufacturers by their one name.
    """
    rows = images.rows
    makers = Counter(one for one in rows["manufacturer"] if one is not None and one not in names)
    notes = Counter(note for said in images.odd["notes"] for note in said.split("; "))
    return {
        "n_images": rows.height,
        "refused": dict(Counter(images.refused["reason"]).most_common()),
        "odd": dict(notes.most_common()),
        "known": known_cells(rows, rows.columns),
        "unknown_manufacturers": dict(makers.most_common()),
        "n_patients_at_sites": _at_several_sites(rows),
    }


def _at_several_sites(rows: "pl.DataFrame") -> int:
    import polars as pl

    both = rows.select("patient_id", "site").drop_nulls()
    sites = both.group_by("patient_id").agg(pl.col("site").n_unique())
    return int((sites["site"] > 1).sum())


def write(outcome: Outcome, images: Images, path: Path) -> None:
    """The report as JSON, whole or not at all."""
    said: dict[str, Any] = {"schema": SCHEMA, **asdict(outcome)}
    said["files_without_row"] = images.refused.to_dicts()
    said["odd_files"] = [
        {"path": one["path"], "notes": one["notes"].split("; ")} for one in images.odd.to_dicts()
    ]
    with whole(path) as file:
        file.write((json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode())
