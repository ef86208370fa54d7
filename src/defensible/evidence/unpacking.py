"""What is inside a zip or gz file: one table, and not a bomb.

Sizes that an archive states are not believed; what comes out is counted while it comes out.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TypeAlias

from defensible.evidence.faults import Notes, names, shown
from defensible.evidence.location import MOST_BYTES

MOST_RATIO = 200
"""Unpacked over packed bytes, past which an archive is called a bomb…"""
UNSUSPICIOUS = 64 * 2**20
"""…unless no more than this comes out."""
_CHUNK = 2**20
ENDINGS = (".csv", ".parquet")
Readable: TypeAlias = IO[bytes] | gzip.GzipFile


def unpacked(
    source: str, packed: bytes, faults: Notes, keys: tuple[str | int, ...]
) -> tuple[str, bytes] | None:
    """Name and bytes of the table in `packed`; None, and a problem, where there is not one."""
    name = source.split("?", maxsplit=1)[0].lower()
    try:
        if name.endswith(".zip"):
            return _from_zip(source, packed, faults, keys)
        if name.endswith(".gz"):
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
                inside = _limited(source, file, len(packed), faults, keys)
            return None if inside is None else (name.removesuffix(".gz"), inside)
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        # RuntimeError is how zipfile says that a password is needed
        what = f"{shown(source)} does not unpack"
        faults.add("E005", keys, what, "pack the table again, without a password")
        return None
    return name, packed


def _from_zip(
    source: str, packed: bytes, faults: Notes, keys: tuple[str | int, ...]
) -> tuple[str, bytes] | None:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        tables = [one for one in archive.infolist() if _is_table(one.filename)]
        if len(tables) != 1:
            held = names(sorted(one.filename for one in tables)) or "none"
            what = f"{shown(source)} holds {len(tables)} tables ({held})"
            faults.add("E005", keys, what, "pack one CSV or Parquet file alone")
            return None
        with archive.open(tables[0]) as file:
            inside = _limited(source, file, len(packed), faults, keys)
    return None if inside is None else (tables[0].filename.lower(), inside)


def _is_table(name: str) -> bool:
    return name.lower().endswith(ENDINGS) and not name.startswith("__MACOSX/")


def _limited(
    source: str, file: Readable, size: int, faults: Notes, keys: tuple[str | int, ...]
) -> bytes | None:
    most = min(MOST_BYTES, max(UNSUSPICIOUS, MOST_RATIO * size))
    chunks: list[bytes] = []
    total = 0
    for chunk in _chunks(file):
        total += len(chunk)
        if total > most:
            what = f"{shown(source)} unpacks to more than {most // 2**20:,} MiB"
            mend = "store a table of that size as Parquet, not packed"
            faults.add("E004", keys, what, mend)
            return None
        chunks.append(chunk)
    return b"".join(chunks)


def _chunks(file: Readable) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
