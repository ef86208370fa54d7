"""One writer at a time: a lock that the operating system holds and lets go with its process.

So no lock is ever stale: a writer that was killed holds nothing. Readers take no lock.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from defensible.dossier.problem import DossierError
from defensible.ledger.problem import broken
from defensible.ledger.storage import LEDGER

MOST_SECONDS = 30.0
_PAUSE_S = 0.02
_FAR = 2**40
"""Windows locks bytes, and readers may not be kept out: one far past the end is locked."""


@contextmanager
def locked(handle: int, *, most_s: float = MOST_SECONDS) -> Iterator[None]:
    """Hold the lock of an open file.

    Raises
    ------
    DossierError
        Another process held it all the time (L013).
    """
    end = time.monotonic() + most_s
    while not _taken(handle):
        if time.monotonic() >= end:
            what = f"another process has been writing for {most_s:g} seconds"
            mend = "wait for it to end, then call again; nothing was written"
            raise DossierError((broken(LEDGER, "L013", what, mend),))
        time.sleep(_PAUSE_S)
    try:
        yield
    finally:
        _let_go(handle)


if sys.platform == "win32":
    import msvcrt

    def _taken(handle: int) -> bool:
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
