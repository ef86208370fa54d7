"""The case table from the journal: duplicates out, one row an image, series or study, written."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from defensible.evidence.dicom.attributes import COLUMNS
from defensible.evidence.dicom.whole_file import whole

if TYPE_CHECKING:
    import polars as pl

DUPLICATE: Final = "the same image (SOP instance) as another file"
DUPLICATE_DIFFERS: Final = "the same SOP instance as another file, with other attributes"
_BLOCK: Final = 2**22


class Level(StrEnum):
    """What a row of the table is."""

    IMAGE = "image"
    SERIES = "series"
    STUDY = "study"


LEVEL_KEYS: Final = {
    Level.IMAGE: "image_id",
    Level.SERIES: "series_id",
    Level.STUDY: "study_id",
}
_ABOVE: Final = {
    Level.SERIES: ("series_id", "study_id", "patient_id"),
    Level.STUDY: ("study_id", "patient_id"),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Images:
    """What the journal holds.

    Attributes
    ----------
    rows : DataFrame
        One row an image, in the order of paths, with the columns of `COLUMNS`.
    refused : DataFrame
        `path` and `reason` of what gave no row.
    odd : DataFrame
        `path` and `notes` of rows in which something was odd.
    """

    rows: "pl.DataFrame"
    refused: "pl.DataFrame"
    odd: "pl.DataFrame"


def prepared() -> None:
    """Load what makes the table."""
    import polars  # noqa: F401, ICN001


def images(journal: Path, n_before: int, before: set[str]) -> Images:
    """The rows of the journal, and what gave none.

    Parameters
    ----------
    n_before : int
        Lines of earlier runs, of which only the paths in `before` still count.
    """
    import polars as pl

    lines = _lines(journal).with_row_index("line")
    if n_before:
        kept = pl.Series(sorted(before), dtype=pl.String)
        lines = lines.filter((pl.col("line") >= n_before) | pl.col("path").is_in(kept.implode()))
        lines = lines.sort("line").unique(["path", "reason"], keep="last", maintain_order=True)
    lines = lines.sort("path", "line")
    refused = [lines.filter(pl.col("reason").is_not_null()).select("path", "reason")]
    read = lines.filter(pl.col("reason").is_null())
    del lines  # as large as what is read
    attributes = [name for name in COLUMNS if name != "image_id"]
    twice = pl.col("image_id").is_not_null() & ~pl.col("image_id").is_first_distinct()
    looks = pl.struct(attributes).hash()
    alike = looks == looks.first().over("image_id")
    why = pl.when(twice & alike).then(pl.lit(DUPLICATE)).when(twice).then(pl.lit(DUPLICATE_DIFFERS))
    read = read.with_columns(why.alias("reason"))
    refused.append(read.filter(pl.col("reason").is_not_null()).select("path", "reason"))
    read = read.filter(pl.col("reason").is_null())
    return Images(
        rows=read.select(list(COLUMNS)),
        refused=pl.concat(refused).sort("path", "reason"),
        odd=read.filter(pl.col("notes").is_not_null()).select("path", "notes"),
    )


def _lines(journal: Path) -> "pl.DataFrame":
    """Every line, a block at a time, so that the text is never in memory as a whole."""
    import polars as pl

    kinds = {"text": pl.String, "number": pl.Float64, "whole": pl.Int64}
    schema = {
        **dict.fromkeys(("path", "reason", "notes"), pl.String),
        **{name: kinds[kind] for name, kind in COLUMNS.items()},
    }
    frames = [pl.DataFrame(schema=schema)]
    with journal.open("rb") as file:
        while block := file.readlines(_BLOCK):
            frames.append(pl.read_ndjson(b"".join(block), schema=schema))
    return pl.concat(frames)


def at_level(rows: "pl.DataFrame", level: Level) -> "pl.DataFrame":
    """One row a series or study: what its images agree on; `varies` names what they do not.

    Images without an identifier of that level are rows of their own.
    """
    import polars as pl

    if level is Level.IMAGE:
        return rows
    key, above = LEVEL_KEYS[level], _ABOVE[level]
    counts = [pl.len().alias("n_images")]
    if level is Level.STUDY:
        counts.append(pl.col("series_id").drop_nulls().n_unique().alias("n_series"))
    others = [name for name in rows.columns if name not in {*LEVEL_KEYS.values()} or name in above]
    others = [name for name in others if name != key]
    agreed = [
        pl.when(pl.col(name).drop_nulls().n_unique() == 1)
        .then(pl.col(name).drop_nulls().first())
        .otherwise(None)
        .alias(name)
        for name in others
    ]
    varies = [
        pl.when(pl.col(name).drop_nulls().n_unique() > 1)
        .then(pl.lit(name))
        .otherwise(None)
        .alias(f"\0{name}")
        for name in others
    ]
    alone = pl.when(pl.col(key).is_null()).then(pl.int_range(pl.len())).otherwise(None)
    grouped = (
        rows.with_columns(alone.alias("\0alone"))
        .group_by(key, "\0alone", maintain_order=True)
        .agg(*counts, *agreed, *varies)
    )
    marks = [f"\0{name}" for name in others]
    named = pl.concat_str(marks, separator="; ", ignore_nulls=True)
    return grouped.with_columns(
        pl.when(named == "").then(None).otherwise(named).alias("varies")
    ).select(key, *others, *(one.meta.output_name() for one in counts), "varies")


def write(frame: "pl.DataFrame", out: Path) -> None:
    """The table as Parquet or CSV by its name, whole or not at all.

    In CSV a text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    import polars as pl

    with whole(out) as file:
        if out.suffix.lower() == ".parquet":
            frame.write_parquet(file)
            return
        texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
        frame.with_columns(_no_formula(name) for name in texts).write_csv(file)


def _no_formula(name: str) -> "pl.Expr":
    import polars as pl

    cell = pl.col(name)
    starts = cell.str.contains(r"^[=+\-@\t\r]")
    number = cell.str.contains(r"^[+\-]?(\d+\.?\d*|\.\d+)([eE][+\-]?\d+)?$")
    quoted = pl.concat_str(pl.lit("'"), cell)
    return pl.when(starts & ~number).then(quoted).otherwise(cell).alias(name)


def plain_name(name: str) -> bool:
    """Whether a column's name is fit for a spreadsheet, too."""
    return bool(name) and name[0] not in "=+-@\t\r" and name.isprintable()


def known_cells(rows: "pl.DataFrame", columns: Sequence[str]) -> dict[str, int]:
    """For each column how many rows have a value in it."""
    return {name: int(rows.height - rows[name].null_count()) for name in columns}
