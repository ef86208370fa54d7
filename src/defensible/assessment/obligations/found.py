"""What a check answers."""

from dataclasses import dataclass

from defensible.assessment.result import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Status, why, and what would close it."""

    status: Status
    reason: str
    close: str | None = None


def met(reason: str) -> Found:
    """The obligation is met."""
    return Found(status=Status.MET, reason=reason)


def partly(reason: str, close: str) -> Found:
    """Something of it is there."""
    return Found(status=Status.PARTLY, reason=reason, close=close)


def missing(reason: str, close: str) -> Found:
    """Nothing of it is there."""
    return Found(status=Status.OPEN, reason=reason, close=close)


def lacking(absent: list[str], asked: tuple[str, ...], reason: str, close: str) -> Found:
    """Some of what was asked is absent, or all of it."""
    return (missing if len(absent) == len(asked) else partly)(reason, close)


def not_applicable(reason: str) -> Found:
    """It asks about something that this device does not have."""
    return Found(status=Status.NOT_APPLICABLE, reason=reason)
