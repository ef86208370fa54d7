"""The ledger: an append-only chain of events, one canonical JSON object a line.

1. A line ends in a line feed; what follows the last one is not a line yet.
2. A line is canonical JSON of one event, and nothing else.
3. Lines are numbered from 1; each holds the SHA-256 of the line before it.
4. A line is written in one piece under a lock, and synced; if that fails, it is taken back.
5. A half-written end is cut off by the next writer only where it is provably incomplete: it begins
   as a line does and is no JSON yet. A whole line that lacks its line feed gets one. Anything else
   was not written by a writer of ours, and is left for a person to look at.
6. Order is the order of the chain; clocks only say when, and may err.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from defensible.dossier.files import regular
from defensible.dossier.problem import Problem
from defensible.ledger import storage
from defensible.ledger.canonical import canonical, sha256
from defensible.ledger.event import (
    EVENT,
    FORM,
    KINDS,
    NOTHING_BEFORE,
    Event,
    Payload,
    Who,
)
from defensible.ledger.lock import locked
from defensible.ledger.problem import RESTORE, SealError, broken
from defensible.ledger.signing import Key
from defensible.ledger.storage import LEDGER, sync_folder

LINE_KIND = "application/vnd.defensible.ledger+json"
_BEGINS = b'{"form":"' + FORM.encode() + b'","kind":"'
_MOST_BYTES = 256 * 2**20
_MOST_BRACKETS = 10_000
"""More in one line are no event, and could nest deeper than a parser goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scribe:
    """Who writes, by which clock, and with which key if any."""

    clock: Callable[[], datetime]
    who: Who
    key: Key | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The events of a ledger as far as they can be read, and what is wrong with it.

    Attributes
    ----------
    events : tuple of Event
        In order; all of them, where there are no problems.
    digests : tuple of str
        SHA-256 of the line of each event.
    tail : bytes
        What follows the last line feed: a line that was not written to its end.
    problems : tuple of Problem
        Lines that cannot be read or do not follow the one before.
    """

    events: tuple[Event, ...] = ()
    digests: tuple[str, ...] = ()
    tail: bytes = b""
    problems: tuple[Problem, ...] = ()

    @property
    def head(self) -> str:
        """Digest that the next line will name."""
        return self.digests[-1] if self.digests else NOTHING_BEFORE


def read(root: Path) -> Chain:
    """The ledger of the dossier in `root`, with everything that is wrong with it."""
    path = root / LEDGER
    if not os.path.lexists(path):
        return Chain()
    if not regular(path) or path.stat().st_size > _MOST_BYTES:
        what = f"this is no plain file of at most {_MOST_BYTES // 2**20} MiB, and so no ledger"
        return Chain(problems=(broken(LEDGER, "L001", what, RESTORE),))
    return of_bytes(path.read_bytes())


def held(root: Path) -> Chain:
    """The ledger of a dossier, which holds; a line still being written is left out.

    Raises
    ------
    SealError
        A line cannot be read, or does not follow the one before it.
    """
    chain = read(root)
    if chain.problems:
        raise SealError(chain.problems)
    return chain


def of_bytes(data: bytes) -> Chain:
    """The chain that these bytes hold."""
    *lines, tail = data.split(b"\n")
    events: list[Event] = []
    digests: list[str] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        event = _event(line)
        if event is None:
            what = f"line {number} is no event in canonical JSON"
            problems.append(broken(LEDGER, "L001", what, RESTORE, line=number))
            break
        before = digests[-1] if digests else NOTHING_BEFORE
        if event.sequence != number or event.previous != before:
            problems.append(_does_not_follow(event, number, before))
            break
        events.append(event)
        digests.append(sha256(line))
    return Chain(events=tuple(events), digests=tuple(digests), tail=tail, problems=tuple(problems))


def unsigned(event: Event) -> bytes:
    """What the signature of an event signs: its line without the signature."""
    value = event.model_dump(mode="json")
    del value["signature"]
    return canonical(value)


class Book:
    """The ledger while its lock is held: events can be appended."""

    def __init__(self, handle: int, chain: Chain, scribe: Scribe) -> None:
        self._handle, self._scribe = handle, scribe
        self.chain = chain

    def append(self, payload: Payload) -> Event:
        """One more event, durable when this returns.

        Raises
        ------
        OSError
            It cannot be written; nothing of it stays.
        """
        event = _signed(_next(self.chain, payload, self._scribe), self._scribe.key)
        line = canonical(event.model_dump(mode="json"))
        _write(self._handle, line + b"\n")
        self.chain = Chain(
            events=(*self.chain.events, event), digests=(*self.chain.digests, sha256(line))
        )
        return event


@contextmanager
def writing(root: Path, scribe: Scribe) -> Iterator[Book]:
    """The ledger of a dossier, locked, mended at its end, and open for new events.

    Raises
    ------
    DossierError
        Another process holds the lock.
    SealError
        The chain does not hold: nothing is written after a line that was tampered with.
    OSError
        The file cannot be opened or written.
    """
    path = storage.within(root, LEDGER)
    if os.path.lexists(path) and not regular(path):
        raise SealError(read(root).problems)
    if not path.exists():
        storage.put(root, storage.ATTRIBUTES, b"* -text\n")
        storage.put(root, storage.IGNORED, b".part-*\n")
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    handle = os.open(path, flags, 0o644)
    try:
        with locked(handle):
            sync_folder(path.parent)
            chain = read(root)
            if chain.problems:
                raise SealError(chain.problems)
            yield Book(handle, _mended(handle, chain), scribe)
    finally:
        os.close(handle)


def incomplete(tail: bytes) -> bool:
    """Whether an end without line feed is provably the beginning of a line of ours."""
    begins = tail.startswith(_BEGINS) or _BEGINS.startswith(tail)
    return begins and not _is_json(tail)


def _mended(handle: int, chain: Chain) -> Chain:
    """The chain with its end as rule 5 has it."""
    if not chain.tail:
        return chain
    if incomplete(chain.tail):
        os.ftruncate(handle, os.fstat(handle).st_size - len(chain.tail))
        os.fsync(handle)
        return Chain(events=chain.events, digests=chain.digests)
    event = _event(chain.tail)
    number = len(chain.events) + 1
    if event is not None and (event.sequence, event.previous) == (number, chain.head):
        _write(handle, b"\n")
        return Chain(events=(*chain.events, event), digests=(*chain.digests, sha256(chain.tail)))
    what = f"what follows line {number - 1} was not written by this program"
    raise SealError((broken(LEDGER, "L003", what, RESTORE, line=number),))


def _write(handle: int, data: bytes) -> None:
    """All of the data at the end of the file, or nothing of it."""
    size = os.fstat(handle).st_size
    try:
        rest = data
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except OSError:
        with suppress(OSError):
            os.ftruncate(handle, size)
        raise


def _next(chain: Chain, payload: Payload, scribe: Scribe) -> Event:
    moment = scribe.clock().astimezone(UTC)
    return KINDS[type(payload)].model_validate(
        {
            "form": FORM,
            "sequence": len(chain.events) + 1,
            "previous": chain.head,
            "time": f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z",
            "who": scribe.who,
            "payload": payload,
        }
    )


def _signed(event: Event, key: Key | None) -> Event:
    if key is None:
        return event
    signature = key.sign(LINE_KIND, unsigned(event))
    return event.model_copy(update={"signature": signature})


def _event(line: bytes) -> Event | None:
    """The event of one line; None where the line is anything else, or the same said otherwise."""
    value = _json(line)
    try:
        event = EVENT.validate_python(value)
        same = canonical(event.model_dump(mode="json")) == line
    except (ValueError, RecursionError):  # also what pydantic and the canonical form refuse
        return None
    return event if same else None


def _json(line: bytes) -> Any:
    """The value of a line; None where it is no JSON, or nested deeper than any event is."""
    if line.count(b"{") + line.count(b"[") > _MOST_BRACKETS:
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _does_not_follow(event: Event, number: int, before: str) -> Problem:
    if event.sequence != number:
        what = f"line {number} is event {event.sequence}: lines were removed, added or re-ordered"
    else:
        what = (
            f"event {number} follows a line of digest {event.previous[:12]}, "
            f"and the line before it has {before[:12]}: one of them was changed"
        )
    return broken(LEDGER, "L002", what, RESTORE, line=number)
