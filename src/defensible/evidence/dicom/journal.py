"""What was read so far, on disk beside the table to be: the working table, and the way to resume.

- One line of JSON a file, appended a batch at a time. A line that was cut by a kill has no end and
  is not counted.
- The name holds a digest of key and terms: a journal made with others is of no use, and goes.
- Whoever writes it holds a lock on it, so two runs cannot write the same table.
"""

import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from defensible.dossier.problem import DossierError, Problem
from defensible.evidence.dicom.attributes import Terms

_FORM = 1
"""Raised when what a line means changes."""


class Journal:
    """The journal of one table, open for appending."""

    def __init__(self, out: Path, terms: Terms) -> None:
        """Open, or resume, and take the lock.

        Raises
        ------
        DossierError
            Another process is writing the same table.
        """
        self._out = out
        self.path = out.parent / f".{out.name}.{_digest(terms)}.intake"
        for other in out.parent.glob(f".{_literal(out.name)}.*.intake"):
            if other != self.path:
                with other.open("rb") as held:
                    _lock(held, out)
                other.unlink()
        self._file = self._open()
        try:
            _lock(self._file, out)
            self._cut_last_line()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> IO[bytes]:
        flags = os.O_RDWR | os.O_CREAT
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        return os.fdopen(os.open(self.path, flags, 0o600), "r+b")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def _cut_last_line(self) -> None:
        """Let go of a last line without an end, a block at a time from the back."""
        end = self._file.seek(0, os.SEEK_END)
        while end:
            start = max(0, end - 2**16)
            self._file.seek(start)
            at = self._file.read(end - start).rfind(b"\n")
            if at >= 0:
                end = start + at + 1
                break
            end = start
        self._file.truncate(end)
        self._file.seek(end)

    def lines(self) -> Iterator[dict[str, Any]]:
        """What is there, line by line; for the time before anything is added."""
        self._file.seek(0)
        for line in self._file:
            with contextlib.suppress(ValueError):
                read = json.loads(line)
                if isinstance(read, dict):
                    yield read
        self._file.seek(0, os.SEEK_END)

    def add(self, lines: bytes) -> None:
        """Append whole lines."""
        self._file.write(lines)
        self._file.flush()

    def done(self) -> None:
        """Remove the journal: its table is written."""
        self._file.close()
        self.path.unlink(missing_ok=True)


def _digest(terms: Terms) -> str:
    """Of everything that decides what a line says; keyed, so that it says nothing of the key."""
    said = json.dumps(
        [_FORM, terms.edges, sorted(terms.spellings.items()), terms.hash_paths], ensure_ascii=True
    )
    return hmac.digest(terms.key, b"journal\0" + said.encode(), hashlib.sha256).hex()[:16]


def _literal(name: str) -> str:
    """A name in which nothing stands for other characters."""
    return "".join(f"[{one}]" if one in "*?[" else one for one in name)


def _lock(file: IO[bytes], out: Path) -> None:
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise DossierError(
            (
                Problem(
                    file=str(out),
                    line=1,
                    column=1,
                    code="E040",
                    what="another intake is writing this table now",
                    mend="wait for it, or write to another file",
                ),
            )
        ) from None
