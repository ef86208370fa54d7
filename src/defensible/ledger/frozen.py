"""What was frozen, kept word for word, and what differs from it today.

Frozen are the intended use, each claim, each study's protocol, and the list of trusted keys. The
first look at data is on the same chain, so that order is shown and not said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from defensible.dossier.claims import Claim
from defensible.dossier.device import Device
from defensible.dossier.dossier import Dossier
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.kinds import KINDS
from defensible.dossier.plan import Plan
from defensible.dossier.risks import Risks
from defensible.ledger import storage
from defensible.ledger.canonical import canonical, content, sha256
from defensible.ledger.chain import Book, Chain
from defensible.ledger.changes import changes
from defensible.ledger.event import FreezeEvent, Frozen
from defensible.ledger.problem import RESTORE, SealError, broken

Json = Any
INTENDED_USE = "intended use"
KEYS = "trusted keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One part that is not what was frozen, and in which words it differs."""

    part: str
    words: tuple[str, ...]


def claim(identifier: str) -> str:
    """The name of a claim among the parts."""
    return f"claim {identifier}"


def study(identifier: str) -> str:
    """The name of a protocol among the parts."""
    return f"study {identifier}"


def parts(dossier: Dossier) -> dict[str, Json]:
    """Everything that a freeze seals, by name, as plain values."""
    return {
        INTENDED_USE: content(dossier.intended_use),
        **{claim(one.id): content(one) for one in dossier.claims},
        **{study(one.id): content(one) for one in dossier.studies},
        KEYS: [content(one) for one in dossier.device.trusted_keys],
    }


def everything(dossier: Dossier) -> dict[str, Json]:
    """Everything that is declared, by name, as plain values: what an approval is about."""
    others = {"device": dossier.device, "risks": dossier.risks, "plan": dossier.plan}
    return {
        **parts(dossier),
        **{name: content(one) for name, one in others.items() if one is not None},
        **{f"labeling {one.path}": {"text": one.text} for one in dossier.labeling},
    }


def kept(root: Path, values: Mapping[str, Json]) -> dict[str, str]:
    """The digest of each part, its content on file before this returns."""
    digests = {}
    for name, value in values.items():
        data = canonical(value)
        digests[name] = sha256(data)
        storage.put(root, storage.declared(digests[name]), data)
    return digests


def recalled(root: Path, digest: str) -> Json:
    """What was kept under a digest.

    Raises
    ------
    SealError
        It is gone, or no longer what was sealed.
    """
    name = storage.declared(digest)
    data = storage.read(root, name)
    if data is None:
        raise SealError((broken(name, "L004", "this sealed file is not there", RESTORE),))
    if sha256(data) != digest:
        what = "this file is not what was sealed: its digest is another"
        raise SealError((broken(name, "L005", what, RESTORE),))
    try:
        value = json.loads(data)
        whole = canonical(value) == data
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        what = "this file was never written by this program: it is not in canonical JSON"
        raise SealError((broken(name, "L005", what, RESTORE),))
    return value


def freezes(chain: Chain) -> list[FreezeEvent]:
    """Every freeze of a chain, in order."""
    return [one for one in chain.events if isinstance(one, FreezeEvent)]


def freeze(book: Book, root: Path, dossier: Dossier) -> FreezeEvent | None:
    """Seal intended use, claims, plans and keys as they stand; None where nothing has changed."""
    values = parts(dossier)
    before = freezes(book.chain)
    if before and not since(before[-1].payload.parts, root, values):
        return None
    event = book.append(Frozen(parts=kept(root, values)))
    assert isinstance(event, FreezeEvent)  # noqa: S101 - the kind of its payload
    return event


def since(frozen: Mapping[str, str], root: Path, values: Mapping[str, Json]) -> tuple[Change, ...]:
    """What differs from parts under seal, part by part, in the order of the dossier."""
    found = []
    words: tuple[str, ...]
    for name in dict.fromkeys([*values, *frozen]):
        if name not in frozen:
            words = () if values[name] == [] else ("added",)
        elif name not in values:
            words = ("removed",)
        else:
            words = differs(root, name, frozen[name], values[name])
        if words:
            found.append(Change(part=name, words=words))
    return tuple(found)


def intended_use(event: FreezeEvent, root: Path) -> IntendedUse | None:
    """The intended use as it was frozen; None where this version cannot read it."""
    digest = event.payload.parts.get(INTENDED_USE)
    try:
        value = None if digest is None else recalled(root, digest)
        return IntendedUse.model_validate(value)
    except ValidationError:
        return None


def differs(root: Path, name: str, digest: str, value: Json) -> tuple[str, ...]:
    """In which words a part differs from what was kept of it under a digest."""
    if sha256(canonical(value)) == digest:
        return ()
    return changes(_as_now(name, recalled(root, digest)), value)


def _as_now(name: str, value: Json) -> Json:
    """A declaration of an earlier version with the fields that it did not know, undeclared.

    One that this version cannot read stays as it is, and then differs in those words.
    """
    model = _model(name, value)
    try:
        return value if model is None else content(model.model_validate(value))
    except ValidationError:
        return value


def _model(name: str, value: Json) -> type[BaseModel] | None:
    """What a part is read into; a study by its kind."""
    if name.startswith("study "):
        kind = value.get("kind") if isinstance(value, dict) else None
        return KINDS.get(str(kind))
    return _MODELS.get(name.partition(" ")[0] if name != INTENDED_USE else name)


_MODELS: dict[str, type[BaseModel]] = {
    INTENDED_USE: IntendedUse,
    "claim": Claim,
    "device": Device,
    "risks": Risks,
    "plan": Plan,
}
