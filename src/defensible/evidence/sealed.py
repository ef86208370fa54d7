"""A study's result under seal: written as a statement, and read back to the same values.

Only a `StudyResult` is ever sealed: counts, estimates and findings by stratum, nothing of one
patient. What is read back is written again, and must give the same bytes; so a result that another
version sealed in another form is seen, and not taken for this one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from defensible import __version__
from defensible.dossier.problem import Problem
from defensible.evidence.finding import StudyResult
from defensible.evidence.inputs import MODEL, Inputs
from defensible.ledger import storage
from defensible.ledger.canonical import canonical, sha256
from defensible.ledger.event import RunEvent
from defensible.ledger.problem import RESTORE, SealError, broken
from defensible.ledger.statement import Envelope, opened, predicate, statement

FORM = 1
"""Version of the predicate's own keys; the result inside is held to its form by its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedTable:
    """A table as it was when the study ran."""

    role: str
    source: str
    sha256: str
    n_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A sealed result.

    Attributes
    ----------
    event : RunEvent
        The line of the ledger that names it.
    declared : mapping
        Digest of each declaration that it rests on.
    n_rows : mapping
        Rows of each table that was read, by its source.
    result : StudyResult or None
        None where it was sealed in a form that this version does not read.
    """

    event: RunEvent
    declared: Mapping[str, str]
    tables: tuple[SealedTable, ...]
    n_rows: Mapping[str, int]
    result: StudyResult | None


def stated(result: StudyResult, inputs: Inputs, declared: Mapping[str, str]) -> bytes:
    """The statement about one result.

    Raises
    ------
    TypeError
        It is anything but a study's result: nothing else may enter a seal.
    """
    if type(result) is not StudyResult:
        raise TypeError(f"only a StudyResult is sealed, and this is a {type(result).__name__}")
    tables = [
        {"role": one.role, "source": one.source, "sha256": one.sha256, "bytes": one.n_bytes}
        for one in inputs.tables
    ]
    subjects = {str(one["source"]): str(one["sha256"]) for one in tables}
    subjects |= declared
    on_file = inputs.declared[MODEL]["on_file"]
    if on_file is not None:
        subjects["model file"] = on_file
    return statement(
        subjects,
        {
            "form": FORM,
            "study": result.study,
            "tool": {"name": "defensible", "version": __version__},
            "plan": inputs.plan,
            "declared": dict(declared),
            "tables": tables,
            "result": plain(result),
        },
    )


def plain(result: StudyResult) -> Any:
    """A result as plain values; an open end of an interval is the text `Infinity`."""
    found = json.loads(_adapter().dump_json((result,), by_alias=True))[0]
    # kinds that leave seals of earlier ones as they are
    for later in ("readers", "usability", "localization", "against_readers"):
        if found[later] is None:
            del found[later]
    for part, later in ((found, "others"), (found.get("readers", {}), "wafroc_curves")):
        if part.get(later) == []:
            del part[later]
    for one in (*found["findings"], *found["pairs"]):
        for later in ("condition", "against"):
            if one[later] is None:
                del one[later]
    if found["ledger"]["unit"] == "case":
        del found["ledger"]["unit"]
    return found


def result_of(value: Any) -> StudyResult | None:
    """The result that these values are; None where they are not wholly a result of this version."""
    try:
        data = canonical(value)
        (found,) = _adapter().validate_json(b"[%b]" % data)
        same = canonical(plain(found)) == data
    except (ValueError, RecursionError):  # also what pydantic and the canonical form refuse
        return None
    return found if same else None


def envelope(root: Path, event: RunEvent) -> Envelope:
    """The envelope that a run sealed, by the digests that the ledger has.

    Raises
    ------
    SealError
        It is gone, or no longer what was sealed.
    """
    name = storage.result(event.payload.study, event.payload.envelope)
    data = storage.read(root, name)
    if data is None:
        raise SealError((broken(name, "L004", "this sealed file is not there", RESTORE),))
    found = opened(data)
    if sha256(data) != event.payload.envelope or found is None:
        raise SealError((_tampered(name),))
    if sha256(found.payload) != event.payload.statement:
        raise SealError((_tampered(name),))
    return found


def read(root: Path, event: RunEvent) -> Sealed:
    """The result that a run sealed.

    Raises
    ------
    SealError
        Its file is gone, or no longer what was sealed.
    """
    stated_ = predicate(envelope(root, event).payload)
    try:
        assert stated_ is not None  # noqa: S101 - caught below, as any other breach of the form
        known = stated_["form"] == FORM
        tables = tuple(
            SealedTable(
                role=one["role"], source=one["source"], sha256=one["sha256"], n_bytes=one["bytes"]
            )
            for one in stated_["tables"]
        )
        rows = {one["source"]: one["n_rows"] for one in stated_["result"]["ledger"]["sources"]}
        return Sealed(
            event=event,
            declared=stated_["declared"],
            tables=tables,
            n_rows=rows,
            result=result_of(stated_["result"]) if known else None,
        )
    except (AssertionError, KeyError, TypeError, AttributeError):
        return Sealed(event=event, declared={}, tables=(), n_rows={}, result=None)


def _tampered(name: str) -> Problem:
    what = "this file is not what was sealed: its digest is another"
    return broken(name, "L005", what, RESTORE)


@cache
def _adapter() -> TypeAdapter[tuple[StudyResult]]:
    """Reads and writes a result; of a tuple, so that the form of infinity can be set."""
    return TypeAdapter(tuple[StudyResult], config=ConfigDict(ser_json_inf_nan="strings"))
