"""The requirements of ISO 14971:2019 that a file can be held against, in our own words.

A requirement is added here and nowhere else. Where one clause asks several things, a word in
brackets says which; the standard has no such word.
"""

from collections.abc import Callable
from dataclasses import dataclass

from defensible.risk import analysis, control, estimates, process, trace
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
        clause="4.1",
        asks="A process for risk management covers the whole life of the device.",
        missed=process.planned("process", "by which process"),
        what="no process",
        mend="name the document under `plan: process`",
        where="plan",
    ),
    Requirement(
        clause="4.2",
        asks="A policy says which risks are acceptable.",
        missed=analysis.policy,
        what="no policy for risk acceptability",
        mend="declare scales and matrix under `policy`",
        where="policy",
    ),
    Requirement(
        clause="4.2 (approval)",
        asks="Top management has approved the policy, not too long ago.",
        missed=process.approved,
        what="nobody has approved the policy",
        mend="record role, date, and a date to look again under `policy: approved`",
        where="policy",
    ),
    Requirement(
        clause="4.3",
        asks="Everyone with a part in it is competent for this device, on record.",
        missed=process.competent,
        what="roles without a record of competence",
        mend="name it under `plan: roles: competence`",
        where="plan",
    ),
    Requirement(
        clause="4.4 a",
        asks="The plan says for which device and phases of its life it is.",
        missed=process.planned("scope", "for what it is"),
        what="no scope",
        mend="write it under `plan: scope`",
        where="plan",
    ),
    Requirement(
        clause="4.4 b",
        asks="The plan says who does what.",
        missed=process.planned("roles", "who does what"),
        what="no roles",
        mend="name them under `plan: roles`",
        where="plan",
    ),
    Requirement(
        clause="4.4 c",
        asks="The plan says when the activities are reviewed.",
        missed=process.planned("reviews", "when activities are reviewed"),
        what="no reviews",
        mend="write it under `plan: reviews`",
        where="plan",
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
        clause="4.4 d (unknown)",
        asks="The plan says how a risk is judged whose probability cannot be estimated.",
        missed=process.planned("unknown_probability", "how unknown probability is judged"),
        what="unknown probability",
        mend="write it under `plan: unknown_probability`",
        where="plan",
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
        clause="4.4 f",
        asks="The plan says how controls are verified.",
        missed=process.planned("verification", "how controls are verified"),
        what="verification",
        mend="write it under `plan: verification`",
        where="plan",
    ),
    Requirement(
        clause="4.4 g",
        asks="The plan says how information from production and use is collected.",
        missed=process.planned("information", "how information is collected"),
        what="information",
        mend="write it under `plan: information`",
        where="plan",
    ),
    Requirement(
        clause="4.5",
        asks="Every hazard can be traced to estimates, controls and their evidence.",
        missed=trace.linked,
        what="risks with an empty link",
        mend="name what is missing, from the hazard to the evidence",
    ),
    Requirement(
        clause="5.1",
        asks="The analysis says which device, by whom, when, and what was looked at.",
        missed=process.recorded,
        what="no record of the analysis",
        mend="record it under `analysis`, with the version of device.yaml",
        where="analysis",
    ),
    Requirement(
        clause="5.2",
        asks="Reasonably foreseeable misuse is named, and leads to analysed risks.",
        missed=process.misused,
        what="misuse that leads to no risk",
        mend="list it under `misuse`, each with its risks",
        where="misuse",
    ),
    Requirement(
        clause="5.3",
        asks="Characteristics that affect safety are named, with the risks that they bear on.",
        missed=process.characterised,
        what="characteristics that bear on no risk",
        mend="list them under `characteristics`, each with its risks",
        where="characteristics",
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
        clause="5.4 (failure modes)",
        asks="Each way in which devices that learned fail is addressed, or does not apply.",
        missed=analysis.modes,
        what="failure modes that nobody has dealt with",
        mend="name each under `modes` of a risk, or say under `not_applicable` why it cannot be; "
        "`defensible risk --gaps` lists them",
    ),
    Requirement(
        clause="5.5",
        asks="Every risk is estimated before control.",
        missed=analysis.estimated,
        what="risks without an estimate before control",
        mend="estimate them; unknown is not low",
    ),
    Requirement(
        clause="5.5 (measured)",
        asks="No estimate is more favourable than what it is bound to.",
        missed=estimates.measured,
        what="estimates more favourable than measured",
        mend="declare the step that was measured, or lower the rate and measure again",
    ),
    Requirement(
        clause="5.5 (current)",
        asks="Every estimate bound to evidence rests on a sealed result that stands.",
        missed=estimates.current,
        what="estimates that rest on results which do not stand",
        mend="freeze the plan with `defensible freeze`, then seal the result with `defensible run`",
    ),
    Requirement(
        clause="5.5 (security)",
        asks="What an attacker can bring about is judged by exploitability, not by frequency.",
        missed=estimates.exploitable,
        what="risks of an attack that are judged by frequency",
        mend="say under `exploitability` of each estimate how hard the attack is, and by which "
        "scale (AAMI TIR57)",
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
    Requirement(
        clause="7.5 (circle)",
        asks="No control is the control of the hazards that it brings.",
        missed=trace.circular,
        what="controls that lead back to themselves",
        mend="control the new hazard by something else",
        where="controls",
    ),
    Requirement(
        clause="7.6",
        asks="Every hazardous situation is carried through to verified controls and what is left.",
        missed=trace.carried_through,
        what="risks not carried through",
        mend="verify their controls, and estimate what is left",
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
    Requirement(
        clause="8 (disclosure)",
        asks="Users are told of the residual risks that the policy leaves open.",
        missed=control.disclosed,
        what="residual risks that no labeling tells of",
        mend="name the passage under `disclosed`",
    ),
)
"""What is held last, when it is known how many of the others are open."""

AFTERWARDS: tuple[Requirement, ...] = (
    Requirement(
        clause="9",
        asks="A review before release finds the plan done and overall risk acceptable.",
        missed=process.released,
        what="no review before release",
        mend="record it under `release`, last of all",
        where="release",
    ),
    Requirement(
        clause="10.1",
        asks="Somebody collects and reviews information from production and use.",
        missed=process.collected,
        what="nobody collects information",
        mend="name the role under `post_production: owner`",
        where="post_production",
    ),
    Requirement(
        clause="10.2",
        asks="The sources of that information are named.",
        missed=process.sourced,
        what="no sources",
        mend="list them under `post_production: sources`",
        where="post_production",
    ),
    Requirement(
        clause="10.3",
        asks="That information is reviewed in time, by four questions, and acted on (10.4).",
        missed=process.looked_at,
        what="not reviewed in time",
        mend="record the review under `post_production: reviews`",
        where="post_production",
    ),
)
"""What comes with release and after it; the judgement of overall residual risk comes before."""
