"""Objects in a ZIP file, read in place: nothing is unpacked to disk, no name is followed.

What an archive says of sizes is not believed. Members whose stated sizes overlap, or that give out
far more than they take, are how bombs are built, and are refused.
"""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path
from typing import Final

from defensible.evidence.dicom import dicomdir
from defensible.evidence.dicom.parse import Header
from defensible.evidence.dicom.reading import TOO_MUCH, UnreadableError, headed
from defensible.evidence.dicom.source import MOST_HEADER, Budget, StreamSource

MOST_RATIO: Final = 200
"""Bytes out over bytes in, past which a batch of members is called a bomb…"""
UNSUSPICIOUS: Final = 64 * 2**20
"""…unless no more than this comes out."""
MOST_MEMBERS: Final = 2_000_000
BOMB: Final = "unpacks to far more than it holds"
_BROKEN: Final = (
    OSError,
    EOFError,
    RuntimeError,  # how zipfile says that a password is needed
    NotImplementedError,
    ValueError,
    LookupError,
    zipfile.BadZipFile,
    zlib.error,
    LZMAError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An open ZIP file, and those of its members that are no folders."""

    file: zipfile.ZipFile
    members: tuple[zipfile.ZipInfo, ...]


@lru_cache(maxsize=2)
def _opened(path: str, size: int, changed: int) -> Archive:
    del size, changed  # part of the key: another file is another archive
    file = zipfile.ZipFile(path)
    return Archive(file, tuple(one for one in file.infolist() if not one.is_dir()))


def opened(path: str) -> Archive:
    """The archive at `path`, kept open between batches.

    Raises
    ------
    UnreadableError
        It is none, or one that is built to harm.
    """
    try:
        said = Path(path).stat()
        archive = _opened(path, said.st_size, said.st_mtime_ns)
    except _BROKEN:
        raise UnreadableError("a ZIP file that cannot be opened") from None
    taken = sum(one.compress_size for one in archive.members)
    if len(archive.members) > MOST_MEMBERS or taken > said.st_size:
        raise UnreadableError("a ZIP file whose members overlap")
    return archive


def n_members(path: str) -> int | None:
    """How many members there are to read; None where there are none, or no archive."""
    if not Path(path).is_file():
        return None
    try:
        return len(opened(path).members) or None
    except UnreadableError:
        return None


def headers(
    archive: Archive, first: int, last: int
) -> Iterator[tuple[zipfile.ZipInfo, Header | str]]:
    """The members from `first` to before `last`, each with its header or the reason why not."""
    members = archive.members[first:last]
    packed = sum(one.compress_size for one in members)
    left = max(UNSUSPICIOUS, MOST_RATIO * packed)
    for one in members:
        budget = Budget(min(MOST_HEADER, left))
        before = budget.left
        try:
            yield one, _header(archive, one, budget)
        except UnreadableError as error:
            spent_all = str(error) == TOO_MUCH and before < MOST_HEADER
            yield one, BOMB if spent_all else str(error)
        left = max(0, left - (before - budget.left))


def _header(archive: Archive, member: zipfile.ZipInfo, budget: Budget) -> Header:
    if member.flag_bits & 1:
        raise UnreadableError("needs a password")
    if member.filename.lower().endswith(".zip"):
        raise UnreadableError("a ZIP file in a ZIP file, not opened")
    if not member.file_size:
        raise UnreadableError("empty")
    try:
        with archive.file.open(member) as stream:
            return headed(StreamSource(stream, budget))
    except _BROKEN:
        raise UnreadableError("does not unpack") from None


def named_by(archive: Archive, member: zipfile.ZipInfo, found: Header) -> list[str]:
    """Members that the index `member` names and the archive lacks, as paths in the archive."""
    try:
        with archive.file.open(member) as stream:
            source = StreamSource(stream, Budget(MOST_HEADER))
            named = dicomdir.named(source, found.begin, found.encoding)
    except _BROKEN:
        return []
    folder = member.filename.rpartition("/")[0]
    held = {one.filename.lower() for one in archive.members}
    paths = ["/".join((*filter(None, (folder,)), *parts)) for parts in named if parts]
    return [path for path in paths if path.lower() not in held]
