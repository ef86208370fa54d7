"""A file that is there whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Put the text in the file: beside it first, then under its name in one step.

    Raises
    ------
    OSError
        The folder is absent or cannot be written; the file that was there before is untouched.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Put the bytes in the file: beside it first, then under its name in one step.

    Raises
    ------
    OSError
        The folder is absent or cannot be written; the file that was there before is untouched.
    """
    try:
        _write(path, content)
    except OSError as error:
        error.filename = str(path)  # the reader knows this name, not that of the part
        error.filename2 = None
        raise


def _write(path: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".defensible-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(_mode(path))
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _mode(path: Path) -> int:
    """The permissions of the file that is replaced; a new file is readable as others are."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
