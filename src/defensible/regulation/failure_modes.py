"""The catalogue of what goes wrong with devices that learned: which modes apply here, and why.

A mode whose condition no declared field can answer may apply: it is given as such, and has to be
addressed or justified like one that does.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.risks import ControlKind
from defensible.regulation.classification import ConditionTrace, Match
from defensible.regulation.match import holds
from defensible.regulation.pack import Cite, When, Words
from defensible.regulation.reading import FAILURE_MODES, plain

ModeId = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$")]
EvidenceKind = Literal[
    "standalone", "readers", "stress", "usability", "literature", "bench", "monitoring"
]


SECURITY = "cyber"
"""The class of modes that an attacker can bring about."""


class _Fact(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Fact):
    """What would show that a mode is controlled."""

    kinds: Annotated[tuple[EvidenceKind, ...], Field(min_length=1)]
    study: Words
    measure: Words


class FailureMode(_Fact):
    """One way in which such a device fails, and how it is kept from doing harm."""

    id: ModeId
    class_: Annotated[Words, Field(alias="class")]
    title: Words
    cause: Words
    situation: Words
    harm: Words
    severity: Annotated[int, Field(ge=1, le=5)]
    """Worst usual harm, from 1 (negligible) to 5 (catastrophic)."""
    when: When | None = None
    """For which devices; for all without one."""
    provided: Words | None = None
    """What must hold besides, which no field can tell."""
    why: Words
    confusion_matrix: bool
    """Whether one pooled table at a fixed operating point would show it."""
    controls: dict[ControlKind, Words]
    """Controls in the standard's order of priority."""
    evidence: Evidence
    cite: Cite

    @model_validator(mode="after")
    def _in_the_order_of_the_standard(self) -> Self:
        if tuple(self.controls) != tuple(ControlKind):
            raise ValueError(f"{self.id}: name a control of each kind, safest kind first")
        return self


class FailureModePack(_Fact):
    """The catalogue."""

    form: Annotated[Literal[1], Field(alias="schema")]
    version: Words
    as_of: date
    modes: Annotated[tuple[FailureMode, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        twice = [name for name, n in Counter(one.id for one in self.modes).items() if n > 1]
        if twice:
            raise ValueError(f"{', '.join(twice)} is used twice")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyingMode:
    """A mode that applies to a device, or may.

    Attributes
    ----------
    applies : Match
        Met, or unknown where a field is not declared or no field could tell.
    ask : tuple of str
        What would settle whether it applies.
    conditions : tuple of ConditionTrace
        Fields on which the answer rests; none where it applies to every device.
    """

    mode: FailureMode
    applies: Match
    ask: tuple[str, ...]
    conditions: tuple[ConditionTrace, ...] = ()


@cache
def catalogue() -> FailureModePack:
    """The catalogue of the package, validated."""
    return FailureModePack.model_validate(plain(FAILURE_MODES))


def security() -> frozenset[str]:
    """The modes that an attacker can bring about."""
    return frozenset(one.id for one in catalogue().modes if one.class_ == SECURITY)


def applying(use: IntendedUse) -> tuple[ApplyingMode, ...]:
    """The modes that apply to a device or may, worst first.

    Those that apply come before those that may; then the graver harm; then what no confusion
    matrix could show, since nobody meets it by looking at accuracy.
    """
    answers = [_answer(one, use) for one in catalogue().modes]
    there = [one for one in answers if one.applies is not Match.NOT_MET]
    return tuple(
        sorted(
            there,
            key=lambda one: (
                one.applies is not Match.MET,
                -one.mode.severity,
                one.mode.confusion_matrix,
            ),
        )
    )


def _answer(mode: FailureMode, use: IntendedUse) -> ApplyingMode:
    match, conditions = holds(use, mode.when) if mode.when else (Match.MET, ())
    ask = tuple(dict.fromkeys(one.field for one in conditions if one.match is Match.UNKNOWN))
    if match is not Match.NOT_MET and mode.provided is not None:
        match, ask = Match.UNKNOWN, (*ask, f"whether {mode.provided}")
    return ApplyingMode(mode=mode, applies=match, ask=ask, conditions=conditions)
