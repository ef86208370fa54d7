"""One file of a disk, from its path to a header; whatever goes wrong is a reason in words."""

import errno
import os
import stat
import struct
import zlib
from typing import Final

from defensible.evidence.dicom import dicomdir
from defensible.evidence.dicom.parse import Header, NotDicomError, header
from defensible.evidence.dicom.source import FileSource, Source, TooMuchError

TOO_MUCH: Final = "a header without end"
FAULTS: Final = (ValueError, LookupError, OverflowError, struct.error, zlib.error)
"""What bytes that are no DICOM may lead to."""
CANNOT_PARSE: Final = "cannot be parsed"
_FLAGS: Final = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)
"""Not to wait for the other end of a pipe: it is looked at first."""
_WHY: Final = {
    errno.EACCES: "no permission to read",
    errno.EPERM: "no permission to read",
    errno.ENOENT: "gone, or a link to nothing",
    errno.ELOOP: "a symbolic link that leads back to itself",
    errno.ENXIO: "not a regular file",
    errno.EISDIR: "not a regular file",
}


class UnreadableError(Exception):
    """Why there is no header, in the words of the report; never text of the file."""


def opened(path: str) -> tuple[int, os.stat_result]:
    """A handle of a regular file that holds something, and what the disk says of it.

    Raises
    ------
    UnreadableError
        There is no such file, or it cannot be opened.
    """
    try:
        handle = os.open(path, _FLAGS)
    except OSError as error:
        raise UnreadableError(_WHY.get(error.errno or 0, "cannot be read")) from None
    said = os.fstat(handle)
    if stat.S_ISREG(said.st_mode) and said.st_size:
        return handle, said
    os.close(handle)
    raise UnreadableError("empty" if stat.S_ISREG(said.st_mode) else "not a regular file")


def headed(source: Source) -> Header:
    """The header of the object in `source`.

    Raises
    ------
    UnreadableError
        There is none.
    """
    try:
        return header(source)
    except NotDicomError as error:
        raise UnreadableError(str(error)) from None
    except TooMuchError:
        raise UnreadableError(TOO_MUCH) from None
    except OSError:
        raise UnreadableError("cannot be read") from None
    except zlib.error:
        raise UnreadableError("does not unpack") from None
    except FAULTS:
        raise UnreadableError(CANNOT_PARSE) from None


def index_of(path: str) -> list[tuple[str, ...]] | None:
    """The files that a DICOMDIR names; None where `path` is none."""
    try:
        handle, said = opened(path)
    except UnreadableError:
        return None
    try:
        source = FileSource(handle, said.st_size)
        found = headed(source)
        if not dicomdir.is_index(found):
            return None
        return dicomdir.named(source, found.begin, found.encoding)
    except (UnreadableError, TooMuchError, OSError, *FAULTS):
        return None
    finally:
        os.close(handle)
