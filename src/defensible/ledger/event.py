"""Events of the ledger, one class a kind; what a line may hold, and nothing else."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter

FORM: Literal["defensible/ledger/1"] = "defensible/ledger/1"
NOTHING_BEFORE = "0" * 64

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")]
"""A moment in UTC to the microsecond; texts in this form sort as their moments do."""
StudyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,63}$")]
"""As a dossier has it; it is part of a path, and can lead nowhere else."""
Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Sealed(BaseModel):
    """A frozen value in a sealed file; a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Who(Sealed):
    """Who called the program, as far as that was said."""

    name: Short | None = None
    role: Short | None = None


class Signature(Sealed):
    """An Ed25519 signature, and a hint at the key."""

    keyid: Digest
    sig: str


class Line(Sealed):
    """What every event has."""

    form: Literal["defensible/ledger/1"]
    sequence: Annotated[int, Field(ge=1)]
    previous: Digest
    """SHA-256 of the line before, without its end; 64 zeros in the first."""
    time: Instant
    who: Who
    signature: Signature | None = None


class Frozen(Sealed):
    """Name of each part that was frozen, and its digest; the parts are kept in `declared/`."""

    parts: dict[str, Digest]


class Table(Sealed):
    """A table by its bytes."""

    source: str
    sha256: Digest


class Opened(Sealed):
    """The first look at a table, and the plan under which it was taken."""

    study: StudyId
    table: Table
    plan: Digest


class Run(Sealed):
    """One run of a study."""

    study: StudyId
    plan: Digest
    """Digest of the protocol and the claims that it serves, which is what an analysis follows."""
    tables: tuple[Table, ...]
    statement: Digest
    """SHA-256 of the in-toto statement."""
    envelope: Digest
    """SHA-256 of the file that holds it."""
    tool: str
    """Version of this program."""


class Approved(Sealed):
    """A person's signature under what is on file."""

    meaning: Short
    """What the signature means: review, approval, responsibility or authorship."""
    parts: dict[str, Digest]
    """Digests of everything declared."""
    statements: tuple[Digest, ...]
    """Digests of the sealed results that stood."""


class Decided(Sealed):
    """A decision on file, bound to the bytes of its letter."""

    decision: dict[str, Any]
    """As `device.yaml` declares it."""
    letter: Digest | None


class FreezeEvent(Line):
    """Intended use, claims and plans were sealed."""

    kind: Literal["freeze"] = "freeze"
    payload: Frozen


class OpenEvent(Line):
    """A table was looked at for the first time."""

    kind: Literal["open"] = "open"
    payload: Opened


class RunEvent(Line):
    """A study was run and its result sealed."""

    kind: Literal["run"] = "run"
    payload: Run


class ApproveEvent(Line):
    """A person signed."""

    kind: Literal["approve"] = "approve"
    payload: Approved


class DecisionEvent(Line):
    """A decision was put on record."""

    kind: Literal["decision"] = "decision"
    payload: Decided


Event = FreezeEvent | OpenEvent | RunEvent | ApproveEvent | DecisionEvent
Payload = Frozen | Opened | Run | Approved | Decided

KINDS: dict[type[Payload], type[Event]] = {
    Frozen: FreezeEvent,
    Opened: OpenEvent,
    Run: RunEvent,
    Approved: ApproveEvent,
    Decided: DecisionEvent,
}
EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])
