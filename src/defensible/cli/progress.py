"""A bar on stderr while long work runs; on a terminal only, so that logs stay short."""

import sys
import time

_EVERY_S = 0.2
_WIDTH = 24


class Bar:
    """One line that is written over; it shows counts and never what is counted."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._shows = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, done: int, found: int, *, complete: bool) -> None:
        """Show `done` of `found`; `complete` once all are done, which ends the line."""
        if not self._shows:
            return
        now = time.monotonic()
        if now < self._next and not complete:
            return
        self._next = now + _EVERY_S
        filled = _WIDTH * done // found if found else _WIDTH
        bar = "#" * filled + "-" * (_WIDTH - filled)
        line = f"\r[{bar}] {done:,} of {found:,} {self._noun} found so far"
        sys.stderr.write((line if not complete else line.removesuffix(" found so far")) + "\x1b[K")
        if complete:
            sys.stderr.write("\n")
        sys.stderr.flush()
