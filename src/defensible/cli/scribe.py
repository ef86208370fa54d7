"""Who writes into the ledger, by options, environment, or the configuration of git."""

import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from defensible.ledger import Scribe
    from defensible.ledger.event import Event

Name = Annotated[
    str | None,
    typer.Option("--name", envvar="DEFENSIBLE_NAME", help="Who does this; else as git has it."),
]
Role = Annotated[
    str | None, typer.Option("--role", envvar="DEFENSIBLE_ROLE", help="Role of who does this.")
]
KeyFile = Annotated[
    Path | None,
    typer.Option("--key", envvar="DEFENSIBLE_KEY", help="Private key that signs."),
]
TimestampUrl = Annotated[
    str | None,
    typer.Option(
        "--timestamp-url",
        envvar="DEFENSIBLE_TIMESTAMP_URL",
        help="Address of a time-stamp authority (RFC 3161).",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How this call signs and dates what it seals."""

    name: str | None
    role: str | None
    key: Path | None
    timestamp_url: str | None

    def scribe(self, folder: Path) -> "Scribe":
        """The scribe of this call."""
        from defensible.ledger import Scribe, Who
        from defensible.ledger.signing import load

        name = self.name or _of_git(folder)
        return Scribe(
            clock=lambda: datetime.now(tz=UTC),
            who=Who(name=_short(name), role=_short(self.role)),
            key=None if self.key is None else load(self.key),
        )

    def stamped(self, folder: Path, events: list["Event"]) -> None:
        """Ask for a time-stamp of the last of these events; a failure is said, and is no loss."""
        if self.timestamp_url is None or not events:
            return
        from defensible.ledger.canonical import canonical, sha256
        from defensible.ledger.timestamps import stamp

        line = canonical(events[-1].model_dump(mode="json"))
        why = stamp(folder, line, sha256(line), self.timestamp_url)
        if why is not None:
            sys.stderr.write(f"caution: no time-stamp: {why}; what was sealed stands\n")


def _short(text: str | None) -> str | None:
    """A name as a line may hold it."""
    plain = " ".join((text or "").split())
    return "".join(one for one in plain if one.isprintable())[:300] or None


def _of_git(folder: Path) -> str | None:
    """The name by which git signs commits here."""
    import subprocess

    command = ["git", "-C", str(folder), "config", "user.name"]
    try:
        done = subprocess.run(  # noqa: S603 - fixed words and a folder, no shell
            command, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return None
    return done.stdout.strip() or None
