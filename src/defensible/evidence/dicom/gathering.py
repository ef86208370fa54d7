"""Every file read once, in parallel, into the journal; what was read before is not read again."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import chain, islice
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

from defensible.evidence.dicom import archive, table, work
from defensible.evidence.dicom.attributes import Terms
from defensible.evidence.dicom.journal import Journal
from defensible.evidence.dicom.listing import (
    Batch,
    Files,
    Found,
    Members,
    Refused,
    batches,
    of_member,
    walked,
)
from defensible.evidence.dicom.reading import UnreadableError

Known: TypeAlias = dict[str, tuple[Any, Any]]
"""Paths in the journal with the size and the time of the file then."""
_HERE: Final = 16
"""Most batches that are not worth starting processes for."""
_WAITING: Final = 4
"""Batches that wait for each process, so that memory does not grow with the number of files."""


class Progress(Protocol):
    """Whoever wants to know how far a run is."""

    def __call__(self, done: int, found: int, *, complete: bool) -> None:
        """Take note that `done` of the files `found` so far are read; `complete` at the end."""


@dataclass(slots=True)
class Gathered:
    """What a run did.

    Attributes
    ----------
    n_found, n_read : int
        Files and members that there are, and that this run read or refused.
    before : set of str
        Paths, as lines hold them, that an earlier, interrupted run had read.
    n_lines_before : int
        Lines that the journal held at the start.
    """

    n_found: int = 0
    n_read: int = 0
    n_lines_before: int = 0
    before: set[str] = field(default_factory=set)


def gather(
    paths: Sequence[Path],
    terms: Terms,
    journal: Journal,
    progress: Progress,
    *,
    workers: int,
    own: Sequence[Path] = (),
) -> Gathered:
    """Read everything below the paths into the journal.

    Parameters
    ----------
    progress : callable
        Called often; it must be quick.
    workers : int
        Processes to read with, this one among them.
    own : sequence of Path
        Files that intake itself writes, which are no input wherever they lie.
    """
    known: Known = {}
    found = Gathered()
    for line in journal.lines():
        found.n_lines_before += 1
        if "size" in line and line.get("reason") != work.INDEX:
            known[str(line.get("path"))] = (line["size"], line.get("changed"))
    gathering = _Gathering(
        terms=terms,
        journal=journal,
        progress=progress,
        found=found,
        own={one.name: one.resolve() for one in (*own, journal.path)},
    )
    todo = gathering.unread(batches(gathering.listed(walked(paths), known)), known)
    first = list(islice(todo, _HERE + 1))
    if workers == 1 or len(first) <= _HERE:
        for batch in chain(first, todo):
            found.n_found += _n(batch)
            gathering.take(work.read(batch, terms), batch)
    else:
        pool = ProcessPoolExecutor(workers - 1, _start(), work.begin, (terms,))
        try:
            gathering.drive(pool, chain(first, todo), (workers - 1) * _WAITING)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    progress(found.n_read + len(found.before), found.n_found, complete=True)
    return found


@dataclass(slots=True, kw_only=True)
class _Gathering:
    terms: Terms
    journal: Journal
    progress: Progress
    found: Gathered
    own: dict[str, Path]

    def listed(self, entries: Iterator[Found | Refused], known: Known) -> Iterator[Found]:
        """What is still to be read; what is not opened goes straight to the journal."""
        for one in entries:
            if isinstance(one, Refused):
                self.found.n_found += 1
                self.found.n_read += 1
                self.journal.add(work.refused(one.shown, one.reason, self.terms))
            elif self._is_own(one.path):
                continue
            elif not known or not self._skipped(known, one.path, (one.shown,)):
                yield one

    def _is_own(self, path: str) -> bool:
        own = self.own.get(path.rpartition(os.sep)[2])
        return own is not None and Path(path).resolve() == own

    def unread(self, todo: Iterator[Batch], known: Known) -> Iterator[Batch]:
        """Batches without those members of archives that the journal holds."""
        for batch in todo:
            if not (known and isinstance(batch, Members)):
                yield batch
                continue
            try:
                members = archive.opened(batch.archive.path).members
            except UnreadableError:
                yield batch
                continue
            shown = tuple(
                of_member(batch.archive, one.filename) for one in members[batch.first : batch.last]
            )
            if not self._skipped(known, batch.archive.path, shown):
                yield batch

    def _skipped(self, known: Known, path: str, shown: tuple[str, ...]) -> bool:
        """Whether the journal holds all that is shown, as the file at `path` now is."""
        paths = [work.path_of(one, self.terms) for one in shown]
        if not paths or any(one not in known for one in paths):
            return False
        try:
            said = Path(path).stat()
        except OSError:
            return False
        if any(known[one] != (said.st_size, said.st_mtime_ns) for one in paths):
            return False
        self.found.before.update(paths)
        self.found.n_found += len(paths)
        return True

    def take(self, lines: bytes, batch: Batch) -> None:
        """Note the lines of a batch that was read."""
        self.journal.add(lines)
        self.found.n_read += _n(batch)
        self.progress(
            self.found.n_read + len(self.found.before), self.found.n_found, complete=False
        )

    def drive(self, pool: Executor, todo: Iterator[Batch], most: int) -> None:
        """Keep `most` batches with the pool, and read here while it is busy.

        Processes take a while to start; until then, and after, this one does its part.
        """
        waiting: dict[Future[bytes], Batch] = {}
        for batch in todo:
            self.found.n_found += _n(batch)
            if len(waiting) < most:
                waiting[pool.submit(work.read_here, batch)] = batch
                continue
            table.prepared()  # while the others read
            self._take_done(waiting)
            self.take(work.read(batch, self.terms), batch)
        for one in reversed(list(waiting)):
            if one.cancel():
                batch = waiting.pop(one)
                self.take(work.read(batch, self.terms), batch)
            self._take_done(waiting)
        for one, batch in waiting.items():
            self.take(one.result(), batch)

    def _take_done(self, waiting: dict[Future[bytes], Batch]) -> None:
        for one in [one for one in waiting if one.done() and not one.cancelled()]:
            self.take(one.result(), waiting.pop(one))


def _start() -> BaseContext:
    """How processes start: as copies of this one where it has no other thread, else from nothing.

    A copy is at work at once; one from nothing imports all of the program first. Only where the
    system lists threads is it known that there is no other, whose locks a copy would hold for ever.
    """
    threads = Path("/proc/self/task")
    alone = threads.is_dir() and len(list(threads.iterdir())) == 1
    return get_context("fork" if alone else "spawn")


def _n(batch: Batch) -> int:
    return len(batch.files) if isinstance(batch, Files) else batch.last - batch.first
