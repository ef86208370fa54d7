"""DICOMDIR: the index of a medium, and whether the files that it names are there."""

from pathlib import Path
from typing import Final

from defensible.evidence.dicom.elements import META_CLASS, TEXT
from defensible.evidence.dicom.parse import Header, uid_of
from defensible.evidence.dicom.source import Source
from defensible.evidence.dicom.stepping import Table, inside
from defensible.evidence.dicom.syntax import Encoding
from defensible.evidence.dicom.window import Window

_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_RECORDS: Final = 0x00041220
_FILE: Final = 0x00041500
_TABLE: Final[Table] = {_RECORDS: {_FILE: TEXT}}
MOST_FILES: Final = 1_000_000


def is_index(header: Header) -> bool:
    """Whether the object is the index of a medium."""
    return uid_of(header.meta.get(META_CLASS, b"")) == _DIRECTORY


def named(source: Source, begin: int, encoding: Encoding) -> list[tuple[str, ...]]:
    """The files that the index names, each as the parts of its path, once each.

    Parts that would lead out of the medium are no names, and the file counts as named wrongly:
    an empty tuple stands for it.
    """
    found: dict[tuple[str, ...], None] = {}
    for one in inside(Window(source), begin, encoding, _TABLE, _RECORDS):
        parts = tuple(
            part.strip(" \0") for part in one.value.decode("ascii", errors="replace").split("\\")
        )
        leads_out = any(part in {"", ".", ".."} or set(part) & set("/\\\0:") for part in parts)
        found[() if leads_out else parts] = None
        if len(found) >= MOST_FILES:
            break
    return list(found)


def on_disk(folder: Path, parts: tuple[str, ...]) -> Path | None:
    """The file on disk, also where its name is in small letters there."""
    for spelling in (parts, tuple(part.lower() for part in parts)):
        path = folder.joinpath(*spelling)
        if path.is_file():
            return path
    return None
