"""Identifiers as keyed hashes, so that two parties can compare theirs and share none.

The hashes are those of `defensible intake` under the same key: a table of patients that was hashed
here can be held against one that intake made. Whoever holds the key can still try identifiers, so
it goes to those alone who compare.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from defensible.evidence import lone_table
from defensible.evidence.dicom import keys
from defensible.evidence.dicom.identity import hashed_once, key_name

if TYPE_CHECKING:
    import polars as pl

KEY_FILE = "DEFENSIBLE_KEY_FILE"
"""Environment variable that names the key file; a key is never part of a dossier."""
KINDS = ("patient", "study", "series", "image")
"""What an identifier can be of; the kind is part of what is hashed."""


def hashed(identifiers: "pl.Series", key: bytes, kind: str = "patient") -> "pl.Series":
    """Identifiers as keyed hashes, one by one: no array operation hashes."""
    import polars as pl

    found = [None if one is None else hashed_once(key, kind, one) for one in identifiers.to_list()]
    return pl.Series(identifiers.name, found, dtype=pl.String)


def hashes_of(
    table: Path, column: str, key_file: Path, kind: str = "patient"
) -> tuple[tuple[str, ...], str]:
    """The hashes of a column, each once and sorted, and the name of the key.

    Raises
    ------
    DossierError
        The table, the column or the key is not there, or a cell is empty.
    OSError
        A file cannot be read.
    """
    key = keys.read(key_file)
    lone = lone_table.opened(table)
    read = lone_table.columns(lone, texts=(column,))
    distinct = {str(one) for one in read.texts[column]}
    return tuple(sorted(hashed_once(key, kind, one) for one in distinct)), key_name(key)
