"""Files of the dossier, read as untrusted: regular, inside the folder, bounded, UTF-8."""

import os
import stat
from pathlib import Path

MAX_YAML_BYTES = 524_288


class UnreadableError(Exception):
    """Why a file cannot be read, as code, what and mend of a problem."""

    def __init__(self, code: str, what: str, mend: str) -> None:
        self.code, self.what, self.mend = code, what, mend
        super().__init__(what)


def inside(root: Path, relative: str) -> Path | None:
    """The path if it stays inside the dossier, links followed; else None."""
    if not relative or "\\" in relative or "\0" in relative or Path(relative).is_absolute():
        return None
    try:
        path, top = (root / relative).resolve(), root.resolve()
    except (OSError, RuntimeError):  # links that lead in a circle lead nowhere inside
        return None
    return path if path.is_relative_to(top) else None


def there(root: Path, relative: str) -> bool:
    """Whether a name is in use, by whatever it is, also where it cannot be followed."""
    return os.path.lexists(root / relative)


def regular(path: Path) -> bool:
    """Whether it is a plain file that can be looked at; no pipe, no device, no folder."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def text(root: Path, relative: str, *, most: int) -> str:
    """The text of a file.

    Raises
    ------
    UnreadableError
        Its bytes cannot be had, or are not UTF-8.
    """
    return decoded(content(root, relative, most=most))


def content(root: Path, relative: str, *, most: int) -> bytes:
    """The bytes of a file.

    Raises
    ------
    UnreadableError
        It leads out of the dossier, is not there, is no plain file, or is longer than `most` bytes.
    """
    path = inside(root, relative)
    if path is None:
        raise UnreadableError("D015", "this path leads out of the dossier", "move the file inside")
    try:
        if path.exists() and not regular(path):
            raise UnreadableError("D001", "this is not a plain file", "put a text file there")
        with path.open("rb") as file:
            data = file.read(most + 1)
    except FileNotFoundError:
        raise UnreadableError("D002", "there is no such file", "write it") from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        what = f"this cannot be read: {why}"
        raise UnreadableError("D001", what, "check the file and its permissions") from None
    if len(data) > most:
        what = f"this is larger than {most // 1024} KiB"
        raise UnreadableError("D004", what, "shorten it, or split it")
    return data


def decoded(data: bytes) -> str:
    """Bytes as text.

    Raises
    ------
    UnreadableError
        They are not UTF-8.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        what = f"this is not UTF-8 text: see line {line}"
        raise UnreadableError("D003", what, "save the file as UTF-8") from None
