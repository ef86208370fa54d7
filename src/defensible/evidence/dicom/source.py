"""Bytes of one object, a window at a time: from a file, a member of a ZIP, a deflated stream.

- The first window is 8 KB: a cold read of 64 KB costs more than twice as much.
- Nothing is allocated by a length that a file states: windows have sizes of ours.
- What streams give is counted against a budget: what an archive says of sizes is not believed.
"""

import os
import zlib
from dataclasses import dataclass, field
from typing import Protocol

FIRST = 8192
MOST_HEADER = 64 * 2**20
"""Most bytes of one object that are looked at before its pixels."""
_BLOCK = 2**16


class TooMuchError(Exception):
    """An object of which the header goes on for longer than any real one."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still come out of an archive."""

    left: int

    def spend(self, n: int) -> None:
        """Take `n` bytes off.

        Raises
        ------
        TooMuchError
            That is more than there are.
        """
        self.left -= n
        if self.left < 0:
            raise TooMuchError


class Source(Protocol):
    """Bytes by offset; offsets never go back beyond the window that was given last."""

    size: int | None

    def at(self, offset: int, n: int) -> bytes:
        """Up to `n` bytes from `offset`; fewer only where the object ends."""


def _seek_and_read(handle: int, n: int, offset: int) -> bytes:
    """What `os.pread` does, for systems that lack it."""
    os.lseek(handle, offset, os.SEEK_SET)
    return os.read(handle, n)


_read_at = getattr(os, "pread", _seek_and_read)


@dataclass(slots=True)
class FileSource:
    """An open file."""

    handle: int
    size: int | None
    looked: int = 0

    def at(self, offset: int, n: int) -> bytes:
        """Up to `n` bytes from `offset`; fewer only where the file ends."""
        self.looked += n
        if self.looked > MOST_HEADER:
            raise TooMuchError
        return _read_at(self.handle, n, offset)


class Bytes(Protocol):
    """What gives bytes one after the other."""

    def read(self, n: int, /) -> bytes:
        """Up to `n` bytes; none at the end."""


@dataclass(slots=True)
class StreamSource:
    """Bytes that can only be read forward; what is skipped is read and let go."""

    stream: Bytes
    budget: Budget
    size: int | None = None
    start: int = 0
    window: bytes = b""

    def at(self, offset: int, n: int) -> bytes:
        """Up to `n` bytes from `offset`; fewer only where the stream ends."""
        end = self.start + len(self.window)
        while end < offset:
            skipped = self._read(min(_BLOCK, offset - end))
            if not skipped:
                self.start, self.window, self.size = end, b"", end
                return b""
            end += len(skipped)
            self.start, self.window = end, b""
        pieces = [self.window[offset - self.start :]]
        held = len(pieces[0])
        while held < n and (piece := self._read(n - held)):
            pieces.append(piece)
            held += len(piece)
        self.start, self.window = offset, b"".join(pieces)
        return self.window[:n]

    def _read(self, n: int) -> bytes:
        piece = self.stream.read(n)
        self.budget.spend(len(piece))
        return piece


@dataclass(slots=True)
class Inflated:
    """What a deflated data set unpacks to, no more at a time than was asked for."""

    source: Source
    offset: int
    unpacking: "zlib._Decompress" = field(
        default_factory=lambda: zlib.decompressobj(-zlib.MAX_WBITS)
    )

    def read(self, n: int, /) -> bytes:
        """Up to `n` bytes; none at the end, or where what is packed breaks off."""
        while not self.unpacking.eof:
            packed = self.unpacking.unconsumed_tail
            if not packed:
                packed = self.source.at(self.offset, FIRST)
                self.offset += len(packed)
                if not packed:
                    return b""
            if piece := self.unpacking.decompress(packed, n):
                return piece
        return b""
