"""Identifiers as keyed hashes, so that two parties can compare theirs and share none.

HMAC-SHA256 of the identifier's text, in hexadecimal. Without a key a hash of a short number is
found by trying all numbers; whoever holds the key can still do that, so it goes to those alone who
compare.
"""

import hashlib
import hmac
from pathlib import Path
from typing import TYPE_CHECKING

from defensible.dossier.problem import DossierError, Problem
from defensible.evidence import lone_table

if TYPE_CHECKING:
    import polars as pl

KEY_FILE = "DEFENSIBLE_KEY_FILE"
"""Environment variable that names the key file; a key is never part of a dossier."""
SHORTEST_KEY = 32
"""Bytes of a key file, without blanks at its ends."""


def key(path: Path) -> bytes | None:
    """The key in a file; None where there is none, or one that is too short."""
    try:
        found = path.read_bytes().strip()
    except OSError:
        return None
    return found if len(found) >= SHORTEST_KEY else None


def hashed(identifiers: "pl.Series", by: bytes) -> "pl.Series":
    """Identifiers as keyed hashes, one by one: no array operation hashes."""
    import polars as pl

    found = [
        None if one is None else hmac.digest(by, one.encode(), "sha256").hex()
        for one in identifiers.to_list()
    ]
    return pl.Series(identifiers.name, found, dtype=pl.String)


def hashes_of(table: Path, column: str, key_file: Path) -> tuple[tuple[str, ...], str]:
    """The hashes of a column, each once and sorted, and the digest of the key.

    Raises
    ------
    DossierError
        The table, the column or the key is not there, or a cell is empty.
    OSError
        The table cannot be read.
    """
    by = key(key_file)
    if by is None:
        what = f"there is no key of {SHORTEST_KEY} bytes or more"
        problem = Problem(
            file=str(key_file), line=1, column=1, code="E046", what=what, mend="write --new-key"
        )
        raise DossierError((problem,))
    lone = lone_table.opened(table)
    read = lone_table.columns(lone, texts=(column,))
    distinct = {str(one) for one in read.texts[column]}
    found = sorted(hmac.digest(by, one.encode(), "sha256").hex() for one in distinct)
    return tuple(found), hashlib.sha256(by).hexdigest()
