"""The requirements of ISO 14971:2019 that a file can be held against, in our own words.

A requirement is added here and nowhere else. Where one clause asks several things, a word in
brackets says which; the standard has no such word.
"""

from collections.abc import Callable
from dataclasses import dataclass

from defensible.risk import analysis, control
from defensible.risk.file import File, Miss


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A clause, what it asks, what misses it, and how to mend it."""

    clause: str
    asks: str
    missed: Callable[[File], tuple[Miss, ...]]
    what: str
    """What is said of the identifiers that miss it."""
    mend: str
    where: str = "risks"
    """The part of the file that it is about."""


CHECKS: tuple[Requirement, ...] = (
    Requirement(
        clause="4.2",
        asks="A policy says which risks are acceptable.",
        missed=analysis.policy,
        what="no policy for risk acceptability",
        mend="declare scales and matrix under `policy`",
        where="policy",
    ),
    Requirement(
        clause="4.4 d",
        asks="The matrix has an answer for every severity and probability.",
        missed=analysis.matrix,
        what="the matrix has no answer for",
        mend="complete the matrix",
        where="policy",
    ),
    Requirement(
        clause="4.4 e",
        asks="Criteria for overall residual risk are fixed beforehand.",
        missed=analysis.overall_criteria,
        what="no criteria for overall residual risk",
        mend="declare `overall_criteria` in the policy",
        where="policy",
    ),
    Requirement(
        clause="5.4",
        asks="Hazards and the hazardous situations they lead to are identified.",
        missed=analysis.some_analysis,
        what="no hazard is analysed",
        mend="list hazards, then risks from hazard to harm",
        where="hazards",
    ),
    Requirement(
        clause="5.4 (each hazard)",
        asks="Every hazard leads to at least one analysed risk.",
        missed=analysis.every_hazard,
        what="hazards without a risk",
        mend="analyse them, from sequence of events to harm",
        where="hazards",
    ),
    Requirement(
        clause="5.5",
        asks="Every risk is estimated before control.",
        missed=analysis.estimated,
        what="risks without an estimate before control",
        mend="estimate them; unknown is not low",
    ),
    Requirement(
        clause="6",
        asks="Every risk that the policy does not accept has a control.",
        missed=analysis.controlled,
        what="risks to reduce without a control",
        mend="name controls for them",
    ),
    Requirement(
        clause="7.1",
        asks="Design and protective measures come before information for safety.",
        missed=control.beyond_information,
        what="risks controlled by information alone",
        mend="add a design or protective measure, or say under `information_alone` why none is "
        "practicable",
    ),
    Requirement(
        clause="7.1 (use)",
        asks="Every control controls a risk.",
        missed=control.used,
        what="controls that no risk names",
        mend="link them to risks, or remove them",
        where="controls",
    ),
    Requirement(
        clause="7.2",
        asks="The implementation of every control is verified.",
        missed=control.implementation,
        what="controls whose implementation is not shown",
        mend="name evidence that holds under `implementation`",
        where="controls",
    ),
    Requirement(
        clause="7.2 (effectiveness)",
        asks="The effectiveness of every control is verified.",
        missed=control.effectiveness,
        what="controls whose effectiveness is not shown",
        mend="name evidence that holds under `effectiveness`",
        where="controls",
    ),
    Requirement(
        clause="7.3",
        asks="Every residual risk is estimated.",
        missed=control.residual,
        what="risks without an estimate after control",
        mend="estimate what is left",
    ),
    Requirement(
        clause="7.3 (reduction)",
        asks="A residual estimate is lower only where a control lowers that very thing.",
        missed=control.earned,
        what="residual estimates lower than their controls can make them",
        mend="add a control that lowers it, or raise the estimate",
    ),
    Requirement(
        clause="7.4",
        asks="No residual risk is unacceptable by the policy, unless a shown benefit outweighs it.",
        missed=control.outweighed,
        what="unacceptable residual risks",
        mend="control them further; where that is not practicable, name evidence of the benefit "
        "under `benefit`",
    ),
    Requirement(
        clause="7.4 (acceptance)",
        asks="A person accepted each residual risk that the policy leaves open, not too long ago.",
        missed=control.accepted,
        what="residual risks that no one has accepted, or whose review is due",
        mend="record role, date, and a date to look again under `acceptance`",
    ),
    Requirement(
        clause="7.5",
        asks="Every control says which hazards it brings, if any.",
        missed=control.side_effects,
        what="controls that do not say which hazards they bring",
        mend="name them under `new_hazards`; an empty list says that there are none",
        where="controls",
    ),
)
"""What can be held in any order."""

OVERALL: tuple[Requirement, ...] = (
    Requirement(
        clause="8",
        asks="Overall residual risk is judged, after everything that the judgement rests on.",
        missed=control.judged,
        what="overall residual risk is not judged",
        mend="judge it by the criteria under `overall`, last of all",
        where="overall",
    ),
    Requirement(
        clause="8 (acceptable)",
        asks="Overall residual risk is not judged unacceptable.",
        missed=control.judged_acceptable,
        what="overall residual risk is judged not acceptable",
        mend="reduce risks further, or change the intended use",
        where="overall",
    ),
)
"""What is held last, when it is known how many of the others are open."""
