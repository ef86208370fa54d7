"""Marks with a location: what readers or a device marked, and the lesions that there were."""

from typing import Annotated, Literal

from pydantic import Field

from defensible.dossier.declared import Declared, Number, Sha256, Text


class MarkColumns(Declared):
    """Which column of the marks holds what; one row is one mark."""

    reader: str
    """Pseudonym of the reader, as the readings have it."""
    case: str
    """Identifier of the case."""
    modality: str
    """Reading condition."""
    rating: str
    """The reader's confidence in this mark, higher is more suspicious."""
    lesion: str | None = None
    """Which lesion of the case the mark has found; empty where it found none."""
    x: str | None = None
    """Place of the mark, where marks are matched to lesions by place."""
    y: str | None = None
    """Place of the mark."""
    z: str | None = None
    """Place of the mark, in volumes."""


class LesionColumns(Declared):
    """Which column of the lesions holds what; one row is one lesion."""

    case: str
    """Identifier of the case."""
    lesion: str | None = None
    """Name of the lesion, one of its case."""
    weight: str | None = None
    """Clinical weight; those of a case sum to 1. Equal in a case, where there is no column."""
    x: str | None = None
    """Place of the lesion, in the unit of the marks."""
    y: str | None = None
    """Place of the lesion."""
    z: str | None = None
    """Place of the lesion, in volumes."""
    radius: str | None = None
    """How far from its place a mark still finds this lesion."""


class Lesions(Declared):
    """Where the lesions are that the reference standard found."""

    source: Text
    """Table (CSV, Parquet, or one of them zipped): path relative to the dossier, or a URL."""
    sha256: Sha256 | None = None
    """Digest of the bytes, so that a changed table is seen."""
    columns: LesionColumns
    """Which column holds what."""


class MarksTable(Declared):
    """Where the marks are, and how a mark finds a lesion."""

    source: Text
    """Table (CSV, Parquet, or one of them zipped): path relative to the dossier, or a URL."""
    sha256: Sha256 | None = None
    """Digest of the bytes, so that a changed table is seen."""
    lesions: Lesions
    """The lesions that there are to find."""
    radius: Annotated[Number, Field(gt=0)] | None = None
    """How far from a lesion a mark still finds it, one for all, in the unit of the places."""
    repeats: Literal["highest", "false"] = "highest"
    """Of several marks on one lesion the highest counts: are the others nothing, or false marks?"""


class Marks(MarksTable):
    """The marks of readers; a reading without a mark stands in the readings alone."""

    columns: MarkColumns
    """Which column holds what."""
