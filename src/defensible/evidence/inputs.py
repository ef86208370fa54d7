"""What a study's result rests on, by digest: plan, claims, intended use, model, tables.

The digests of contents decide; names and dates of files do not.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.evidence.claims import served
from defensible.evidence.faults import Faults
from defensible.evidence.location import contents, spoken
from defensible.ledger import frozen
from defensible.ledger.canonical import canonical, content, sha256

MODEL = "model"
DATA = "data"
"""Where a protocol names the tables of its cases; development cases are seen before any plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableInput:
    """A table as it is now; no digest where it cannot be read."""

    role: str
    """Where the protocol names it: `data`, `data.join.1`, `development`."""
    source: str
    sha256: str | None
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Everything that a study's result rests on.

    Attributes
    ----------
    declared : mapping
        Intended use, protocol, claims served and model by name, as plain values.
    plan : str
        Digest of the protocol and the claims that it serves: what an analysis follows.
    """

    declared: Mapping[str, Any]
    plan: str
    tables: tuple[TableInput, ...]

    @property
    def tested(self) -> tuple[TableInput, ...]:
        """The tables that hold the cases of the study."""
        return tuple(one for one in self.tables if one.role.split(".")[0] == DATA)


def inputs(dossier: Dossier, study: Study) -> Inputs:
    """What `study` rests on, as it is now; each table is read once for its digest."""
    claims = {frozen.claim(one.id): content(one) for one in served(dossier, study)}
    protocol = content(study)
    declared = {
        frozen.INTENDED_USE: content(dossier.intended_use),
        frozen.study(study.id): protocol,
        **claims,
        MODEL: _model(dossier),
    }
    plan = sha256(canonical(_said({"study": protocol, "claims": list(claims.values())})))
    return Inputs(declared=declared, plan=plan, tables=_tables(dossier, protocol))


def _said(value: Any) -> Any:
    """A declaration without what it does not declare: fields of later versions change no plan."""
    if isinstance(value, dict):
        return {key: _said(one) for key, one in value.items() if one not in (None, [], {})}
    return [_said(one) for one in value] if isinstance(value, list) else value


def _tables(dossier: Dossier, protocol: Any) -> tuple[TableInput, ...]:
    nowhere = Faults(dossier=dossier, file="")
    found = []
    for role, source in sources(protocol).items():
        data = contents(source, nowhere, ())
        digest = None if data is None else sha256(data)
        found.append(
            TableInput(
                role=role,
                source=spoken(source),
                sha256=digest,
                n_bytes=0 if data is None else len(data),
            )
        )
    return tuple(found)


def sources(value: Any, role: str = "") -> dict[str, str]:
    """Every table that a protocol names, by where it names it: whatever has a `source`."""
    if isinstance(value, list):
        named = {f"{role}.{at}": one for at, one in enumerate(value, start=1)}
    elif isinstance(value, dict):
        named = {f"{role}.{key}".strip("."): one for key, one in value.items()}
    else:
        return {}
    found = {}
    if isinstance(value, dict) and isinstance(value.get("source"), str):
        found[role] = value["source"]
    for key, one in named.items():
        found |= sources(one, key)
    return found


def _model(dossier: Dossier) -> dict[str, str | None]:
    """The model as it is declared and as it lies on file."""
    declared = dossier.device.model
    if declared is None:
        return {"declared": None, "on_file": None}
    return {"declared": declared.sha256, "on_file": _sha256(dossier.root / declared.path)}


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
