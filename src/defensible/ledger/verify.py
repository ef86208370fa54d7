"""Whether the seals of a dossier hold, in the numbered steps of docs/methods/ledger.md.

1. The chain: every line is one event in canonical JSON, numbered, and names the line before it.
2. The files: everything that a line names by digest is there, byte for byte.
3. The statements: each says what its line says, and no sealed result is without a line.
4. The signatures: each that there is was made by a key that counts.
5. The order of times: a clock that went backwards is reported; order is the chain's.
6. The time-stamps: each is of the line that it is kept for.
7. The frozen content: what is declared today against what was frozen, in words.

Step 8, running the studies again, needs more than this room: see `evidence/rerun.py`.
A step fails with problems. What is no breach, and a reader should know, is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from defensible.dossier.dossier import Dossier
from defensible.dossier.problem import Problem
from defensible.ledger import chain as chains
from defensible.ledger import frozen, signing, storage, timestamps
from defensible.ledger.canonical import sha256
from defensible.ledger.chain import LINE_KIND, Chain, unsigned
from defensible.ledger.event import ApproveEvent, Event, FreezeEvent, RunEvent, Signature
from defensible.ledger.problem import RESTORE, broken
from defensible.ledger.statement import PAYLOAD, Envelope, opened, predicate
from defensible.ledger.storage import LEDGER


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """The keys that count, by public key in base64, with the name of each.

    `all_signed` is True where the reader named the keys himself: then everything must be signed.
    """

    keys: dict[str, str]
    all_signed: bool

    def of(self, keyid: str) -> tuple[str, str] | None:
        """The public key of this identifier and its name, where it counts."""
        return next(
            ((key, name) for key, name in self.keys.items() if signing.key_id(key) == keyid), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step: it holds where it has no problems; what it says is for a person to read."""

    number: int
    title: str
    said: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    done: bool = True


@dataclass(slots=True)
class _Findings:
    said: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def step(self, number: int, title: str, *, done: bool = True) -> Step:
        return Step(
            number=number,
            title=title,
            said=tuple(self.said),
            problems=tuple(self.problems),
            done=done,
        )


def declared_trust(dossier: Dossier) -> Trust:
    """The keys that `device.yaml` lists."""
    keys = {one.ed25519: one.name for one in dossier.device.trusted_keys}
    return Trust(keys=keys, all_signed=False)


def verify(dossier: Dossier, trust: Trust, authority: bytes | None) -> tuple[Step, ...]:
    """Steps 1 to 7, in order; each later step looks at the lines that step 1 could read.

    Parameters
    ----------
    trust : Trust
        The keys whose signatures count.
    authority : bytes or None
        Certificate (PEM) of the time-stamp authority that the reader trusts.
    """
    root = dossier.root
    chain = chains.read(root)
    envelopes = _envelopes(root, chain)
    return (
        _chain(root, chain),
        _files(root, chain, envelopes),
        _statements(root, chain, envelopes),
        _signatures(chain, envelopes, trust),
        _times(chain),
        _timestamps(root, chain, authority),
        _content(dossier, chain),
    )


def _chain(root: Path, chain: Chain) -> Step:
    found = _Findings()
    found.problems += chain.problems
    if not chain.events and not chain.problems and not chain.tail:
        there = "no line" if (root / LEDGER).exists() else "no ledger"
        what, mend = f"there is {there}: nothing is sealed", "`defensible freeze` begins one"
        found.problems.append(broken(LEDGER, "L016", what, mend))
    if chain.tail:
        _tail(chain, found)
    kinds = [one.kind for one in chain.events]
    n = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    if kinds:
        found.said.append(f"{len(kinds)} {'line' if len(kinds) == 1 else 'lines'}: {n}")
        found.said.append(f"last line sha256 {chain.head[:12]}")
    return found.step(1, "the chain")


def _tail(chain: Chain, found: _Findings) -> None:
    line = len(chain.events) + 1
    if chains.incomplete(chain.tail):
        found.said.append(f"line {line} was not written to its end; the next writer takes it back")
    else:
        what = f"what follows line {line - 1} was not written by this program"
        found.problems.append(broken(LEDGER, "L003", what, RESTORE, line=line))


def _envelopes(root: Path, chain: Chain) -> dict[int, Envelope | None]:
    """The envelope of each run, by its line; None where it is not what was sealed."""
    found: dict[int, Envelope | None] = {}
    for event in _runs(chain):
        data = storage.read(root, storage.result(event.payload.study, event.payload.envelope))
        envelope = None if data is None else opened(data)
        holds = (
            data is not None
            and envelope is not None
            and sha256(data) == event.payload.envelope
            and sha256(envelope.payload) == event.payload.statement
        )
        found[event.sequence] = envelope if holds else None
    return found


def _files(root: Path, chain: Chain, envelopes: dict[int, Envelope | None]) -> Step:
    found = _Findings()
    names: dict[str, bool] = {}
    for event in chain.events:
        if isinstance(event, FreezeEvent | ApproveEvent):
            for digest in event.payload.parts.values():
                name = storage.declared(digest)
                names[name] = _is(root, name, digest)
        if isinstance(event, RunEvent):
            name = storage.result(event.payload.study, event.payload.envelope)
            envelope = envelopes[event.sequence]
            names[name] = envelope is not None
            for kept, digest in _rests_on(envelope):
                names[kept] = _is(root, kept, digest)
    for name, holds in names.items():
        if not holds:
            found.problems.append(_lost(root, name))
    if names:
        found.said.append(f"{len(names)} sealed {'file' if len(names) == 1 else 'files'}")
    return found.step(2, "the files")


def _rests_on(envelope: Envelope | None) -> Iterator[tuple[str, str]]:
    """The declarations that a statement names by digest, where they are kept."""
    said = None if envelope is None else predicate(envelope.payload)
    declared = said.get("declared") if said else None
    for digest in declared.values() if isinstance(declared, dict) else ():
        yield storage.declared(str(digest)), str(digest)


def _is(root: Path, name: str, digest: str) -> bool:
    data = storage.read(root, name)
    return data is not None and sha256(data) == digest


def _lost(root: Path, name: str) -> Problem:
    if storage.read(root, name) is None:
        return broken(name, "L004", "this sealed file is not there", RESTORE)
    what = "this file is not what was sealed: its digest is another"
    return broken(name, "L005", what, RESTORE)


def _statements(root: Path, chain: Chain, envelopes: dict[int, Envelope | None]) -> Step:
    found = _Findings()
    for event in _runs(chain):
        envelope = envelopes[event.sequence]
        said = predicate(envelope.payload) if envelope else None
        if envelope is not None and not _agrees(event, said):
            name = storage.result(event.payload.study, event.payload.envelope)
            what = f"this statement is not about what line {event.sequence} says"
            found.problems.append(broken(name, "L018", what, RESTORE))
    named = {storage.result(one.payload.study, one.payload.envelope) for one in _runs(chain)}
    for name in storage.results(root):
        if name not in named and not chain.problems:  # else it follows from the broken chain
            what = "no line of the ledger names this result: a line was removed, or a run stopped"
            mend = "bring back the line, or run the study again, or delete this file"
            found.problems.append(broken(name, "L009", what, mend))
    if named:
        found.said.append(f"{len(named)} sealed {'result' if len(named) == 1 else 'results'}")
    return found.step(3, "the statements")


def _agrees(event: RunEvent, said: dict[str, Any] | None) -> bool:
    if said is None:
        return False
    tables = said.get("tables")
    named = [one for one in tables if isinstance(one, dict)] if isinstance(tables, list) else []
    digests = {str(one.get("sha256")) for one in named}
    return (said.get("study"), said.get("plan")) == (event.payload.study, event.payload.plan) and {
        one.sha256 for one in event.payload.tables
    } <= digests


def _signatures(chain: Chain, envelopes: dict[int, Envelope | None], trust: Trust) -> Step:
    found = _Findings()
    if not signing.available():
        what = "signatures cannot be checked here: the extra for it is not installed"
        if trust.all_signed:
            mend = "pip install 'defensible[sign]'"
            found.problems.append(broken(LEDGER, "L010", what, mend))
        found.said.append(what)
        return found.step(4, "the signatures", done=False)
    by: dict[str, int] = {}
    n_unsigned = 0
    for where, line, signature, kind, data in _signed(chain, envelopes):
        if signature is None:
            n_unsigned += 1
            if trust.all_signed:
                what, mend = "this is not signed by a key that you trust", _WHOSE
                found.problems.append(broken(where, "L007", what, mend, line=line))
            continue
        key = trust.of(signature.keyid)
        if key is None:
            _stranger(where, line, signature, trust, found)
        elif signing.holds(signature, key[0], kind, data):
            by[key[1]] = by.get(key[1], 0) + 1
        else:
            what = f"the signature of '{key[1]}' does not hold: it is not of these bytes"
            found.problems.append(broken(where, "L006", what, RESTORE, line=line))
    found.said += [f"{n} signed by {name}" for name, n in by.items()]
    if n_unsigned:
        found.said.append(f"{n_unsigned} not signed: nothing shows who wrote them")
    return found.step(4, "the signatures")


_WHOSE = "ask who sealed it, and whose key it should have been"


def _stranger(where: str, line: int, signature: Signature, trust: Trust, found: _Findings) -> None:
    """A signature by a key that does not count: a breach where any key does."""
    what = f"this is signed by a key that nobody listed ({signature.keyid[:12]})"
    if trust.keys:
        found.problems.append(broken(where, "L007", what, _WHOSE, line=line))
    else:
        found.said.append(f"line {line} of {where}: {what}; device.yaml lists no trusted_keys")


def _signed(
    chain: Chain, envelopes: dict[int, Envelope | None]
) -> Iterator[tuple[str, int, Signature | None, str, bytes]]:
    """Everything that can be signed: file, line, signature, kind, bytes."""
    for event in chain.events:
        yield LEDGER, event.sequence, event.signature, LINE_KIND, unsigned(event)
    for event in _runs(chain):
        envelope = envelopes[event.sequence]
        if envelope is None:
            continue
        name = storage.result(event.payload.study, event.payload.envelope)
        for signature in envelope.signatures or (None,):
            yield name, 1, signature, PAYLOAD, envelope.payload


def _times(chain: Chain) -> Step:
    found = _Findings()
    last: Event | None = None
    for event in chain.events:
        if last is not None and event.time < last.time:
            found.said.append(
                f"L008 the clock went backwards: line {event.sequence} is of {event.time}, "
                f"line {last.sequence} before it of {last.time}"
            )
        if last is None or event.time > last.time:
            last = event
    if chain.events:
        found.said.append(f"from {chain.events[0].time} to {chain.events[-1].time}")
    return found.step(5, "the order of times")


def _timestamps(root: Path, chain: Chain, authority: bytes | None) -> Step:
    found = _Findings()
    kept = {
        number: data
        for number, digest in enumerate(chain.digests, start=1)
        if (data := storage.read(root, storage.timestamp(digest))) is not None
    }
    known = {storage.timestamp(one) for one in chain.digests}
    for name in storage.timestamps(root):
        if name not in known and not chain.problems:
            what = "this time-stamp is of no line of the ledger: a line was removed or changed"
            found.problems.append(broken(name, "L011", what, RESTORE))
    if not kept:
        found.said.append("none: times are those of the clocks that wrote them")
        return found.step(6, "the time-stamps")
    if not timestamps.available():
        found.said.append("they cannot be read here: pip install 'defensible[timestamps]'")
        return found.step(6, "the time-stamps", done=False)
    for number, data in kept.items():
        name = storage.timestamp(chain.digests[number - 1])
        stamp = timestamps.read(data, chain.digests[number - 1], authority)
        if isinstance(stamp, str):
            what = f"this time-stamp of line {number} does not hold: {stamp}"
            found.problems.append(broken(name, "L011", what, RESTORE))
            continue
        by = stamp.by or "an authority that was not checked (--tsa-certificate)"
        found.said.append(
            f"lines 1 to {number} were there by {stamp.time:%Y-%m-%d %H:%M:%SZ}: {by}"
        )
    return found.step(6, "the time-stamps")


def _content(dossier: Dossier, chain: Chain) -> Step:
    found = _Findings()
    freezes = frozen.freezes(chain)
    if not freezes:
        found.said.append("nothing is frozen")
        return found.step(7, "the frozen content")
    last = freezes[-1]
    whole = all(
        _is(dossier.root, storage.declared(one), one) for one in last.payload.parts.values()
    )
    if not whole:
        found.said.append("it cannot be compared: see step 2")
        return found.step(7, "the frozen content", done=False)
    changed = frozen.since(last.payload.parts, dossier.root, frozen.parts(dossier))
    found.said += [f"changed since: {one.part} {words}" for one in changed for words in one.words]
    if not changed:
        found.said.append(f"declared today as it was frozen in line {last.sequence}")
    return found.step(7, "the frozen content")


def _runs(chain: Chain) -> Iterator[RunEvent]:
    return (one for one in chain.events if isinstance(one, RunEvent))
