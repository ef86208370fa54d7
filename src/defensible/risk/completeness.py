"""The requirements of ISO 14971:2019 that a file can be held against, one function each.

A requirement is added to `CHECKS` and nowhere else. Each function gives the identifiers that miss
it, so that an empty answer is the only way to hold it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import (
    Acceptability,
    Control,
    ControlKind,
    Policy,
    Reduces,
    Risk,
    Risks,
)
from defensible.evidence.finding import StudyResult
from defensible.risk.matrix import cell, holes, lower
from defensible.risk.verification import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """The risk management file with what its evidence links lead to."""

    risks: Risks
    dossier: Dossier
    results: tuple[StudyResult, ...]
    today: date

    @property
    def policy(self) -> Policy | None:
        """The policy, if one is declared."""
        return self.risks.policy

    def controls_of(self, risk: Risk) -> tuple[Control, ...]:
        """The controls that a risk names."""
        return tuple(one for one in self.risks.controls if one.id in risk.controls)

    def needs_control(self, risk: Risk) -> bool:
        """Whether the policy asks for control; an estimate without a cell asks for it too."""
        return cell(self.policy, risk.initial) is not Acceptability.ACCEPTABLE


Missed = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A clause, what it asks, who misses it, and how to mend it."""

    clause: str
    asks: str
    missed: Callable[[File], Missed]
    what: str
    """What is said of those that miss it."""
    mend: str
    where: str = "risks"


WHOLE: tuple[Missed, ...] = (("policy",), ("overall_criteria",), ("hazards",), ("overall",))
"""What misses a requirement as a whole part of the file, not as one identifier."""


def _policy(file: File) -> Missed:
    return () if file.policy is not None else ("policy",)


def _matrix(file: File) -> Missed:
    return holes(file.policy) if file.policy is not None else ("policy",)


def _overall_criteria(file: File) -> Missed:
    return () if file.policy and file.policy.overall_criteria else ("overall_criteria",)


def _some(file: File) -> Missed:
    return () if file.risks.hazards and file.risks.risks else ("hazards",)


def _hazards(file: File) -> Missed:
    analysed = {risk.hazard for risk in file.risks.risks}
    return tuple(one.id for one in file.risks.hazards if one.id not in analysed)


def _estimated(file: File) -> Missed:
    return tuple(one.id for one in file.risks.risks if cell(file.policy, one.initial) is None)


def _controlled(file: File) -> Missed:
    return tuple(one.id for one in file.risks.risks if file.needs_control(one) and not one.controls)


def _beyond_information(file: File) -> Missed:
    """Risks that words alone are meant to control."""
    return tuple(
        one.id
        for one in file.risks.risks
        if file.needs_control(one)
        and one.controls
        and all(each.kind is ControlKind.INFORMATION for each in file.controls_of(one))
    )


def _implemented(file: File) -> Missed:
    return tuple(
        one.id
        for one in file.risks.controls
        if not shown(one.implementation, file.dossier, file.results).holds
    )


def _effective(file: File) -> Missed:
    return tuple(
        one.id
        for one in file.risks.controls
        if not shown(one.effectiveness, file.dossier, file.results).holds
    )


def _used(file: File) -> Missed:
    used = {name for one in file.risks.risks for name in one.controls}
    return tuple(one.id for one in file.risks.controls if one.id not in used)


def _residual(file: File) -> Missed:
    return tuple(one.id for one in file.risks.risks if cell(file.policy, one.residual) is None)


def _earned(file: File) -> Missed:
    """Residual estimates lower than their controls can make them."""
    return tuple(one.id for one in file.risks.risks if _wishful(file, one))


def _wishful(file: File, risk: Risk) -> bool:
    if file.policy is None or risk.initial is None or risk.residual is None:
        return False
    reduced = {kind for control in file.controls_of(risk) for kind in control.reduces}
    severity = tuple(step.name for step in file.policy.severity)
    probability = tuple(step.name for step in file.policy.probability)
    return (
        lower(severity, risk.initial.severity, risk.residual.severity)
        and Reduces.SEVERITY not in reduced
    ) or (
        lower(probability, risk.initial.probability, risk.residual.probability)
        and Reduces.PROBABILITY not in reduced
    )


def _acceptable(file: File) -> Missed:
    unacceptable = Acceptability.UNACCEPTABLE
    return tuple(
        one.id for one in file.risks.risks if cell(file.policy, one.residual) is unacceptable
    )


def _accepted(file: File) -> Missed:
    """Residual risks that the policy leaves to a person's judgement, without a current one."""
    return tuple(
        one.id
        for one in file.risks.risks
        if cell(file.policy, one.residual) is Acceptability.REDUCE and not _current(file, one)
    )


def _current(file: File, risk: Risk) -> bool:
    accepted = risk.acceptance
    return accepted is not None and accepted.on <= file.today <= accepted.review_by


def _overall(file: File) -> Missed:
    overall = file.risks.overall
    return () if overall is not None and overall.on <= file.today else ("overall",)


CHECKS: tuple[Requirement, ...] = (
    Requirement(
        clause="4.2",
        asks="A policy says which risks are acceptable.",
        missed=_policy,
        what="no policy for risk acceptability",
        mend="declare scales and matrix under `policy`",
        where="policy",
    ),
    Requirement(
        clause="4.4",
        asks="The matrix has an answer for every severity and probability.",
        missed=_matrix,
        what="the matrix has no answer for",
        mend="complete the matrix",
        where="policy",
    ),
    Requirement(
        clause="4.4 f",
        asks="Criteria for overall residual risk are fixed beforehand.",
        missed=_overall_criteria,
        what="no criteria for overall residual risk",
        mend="declare `overall_criteria` in the policy",
        where="policy",
    ),
    Requirement(
        clause="5.4",
        asks="Hazards and the hazardous situations they lead to are identified.",
        missed=_some,
        what="no hazard is analysed",
        mend="list hazards, then risks from hazard to harm",
        where="hazards",
    ),
    Requirement(
        clause="5.4 b",
        asks="Every hazard leads to at least one analysed risk.",
        missed=_hazards,
        what="hazards without a risk",
        mend="analyse them, from sequence of events to harm",
        where="hazards",
    ),
    Requirement(
        clause="5.5",
        asks="Every risk is estimated before control.",
        missed=_estimated,
        what="risks without an estimate before control",
        mend="estimate them; unknown is not low",
    ),
    Requirement(
        clause="6",
        asks="Every risk that the policy does not accept has a control.",
        missed=_controlled,
        what="risks to reduce without a control",
        mend="name controls for them",
    ),
    Requirement(
        clause="7.1",
        asks="Design and protective measures come before information for safety.",
        missed=_beyond_information,
        what="risks controlled by information alone",
        mend="add a design or protective measure",
    ),
    Requirement(
        clause="7.1 b",
        asks="Every control controls a risk.",
        missed=_used,
        what="controls that no risk names",
        mend="link them to risks, or remove them",
        where="controls",
    ),
    Requirement(
        clause="7.2",
        asks="The implementation of every control is verified.",
        missed=_implemented,
        what="controls whose implementation is not shown",
        mend="name evidence that holds under `implementation`",
        where="controls",
    ),
    Requirement(
        clause="7.2 b",
        asks="The effectiveness of every control is verified.",
        missed=_effective,
        what="controls whose effectiveness is not shown",
        mend="name evidence that holds under `effectiveness`",
        where="controls",
    ),
    Requirement(
        clause="7.3",
        asks="Every residual risk is estimated.",
        missed=_residual,
        what="risks without an estimate after control",
        mend="estimate what is left",
    ),
    Requirement(
        clause="7.3 b",
        asks="A residual estimate is lower only where a control lowers that very thing.",
        missed=_earned,
        what="residual estimates lower than their controls can make them",
        mend="add a control that lowers it, or raise the estimate",
    ),
    Requirement(
        clause="7.4",
        asks="No residual risk is unacceptable by the policy.",
        missed=_acceptable,
        what="unacceptable residual risks",
        mend="control them further; where that is not practicable, weigh benefit against risk",
    ),
    Requirement(
        clause="7.4 b",
        asks="A person accepted each residual risk that the policy leaves open, not too long ago.",
        missed=_accepted,
        what="residual risks that no one has accepted, or whose review is due",
        mend="record role, date, and a date to look again under `acceptance`",
    ),
    Requirement(
        clause="8",
        asks="Overall residual risk is judged.",
        missed=_overall,
        what="overall residual risk is not judged",
        mend="judge it by the criteria under `overall`, last of all",
        where="overall",
    ),
)
