"""The piece of an object that is in memory."""

from dataclasses import dataclass

from defensible.evidence.dicom.source import FIRST, Source


@dataclass(slots=True)
class Window:
    """Bytes `base` to `base + len(data)` of a source."""

    source: Source
    base: int = 0
    data: bytes = b""

    def load(self, at: int, n: int = FIRST) -> bytes:
        """The window moved to `at`, with `n` bytes in it unless the object ends before."""
        self.data = self.source.at(at, max(n, FIRST))
        self.base = at
        return self.data

    def around(self, at: int, n: int) -> tuple[bytes, int]:
        """The window with `n` bytes from `at` in it, and where in it they begin."""
        here = at - self.base
        if here + n > len(self.data):
            return self.load(at, n), 0
        return self.data, here

    def ends_before(self, end: int) -> bool:
        """Whether the object is known to end before `end`."""
        size = self.source.size
        return size is not None and end > size
