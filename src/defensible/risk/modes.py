"""The catalogue of failure modes held against the file: what is addressed, and what is not.

A mode is addressed by a risk that names it, or set aside by a person who says why, by role and
date. One that may apply is looked at like one that does: nobody knows yet that it does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from defensible.dossier.dossier import Dossier, KeyPath
from defensible.dossier.problem import Problem
from defensible.dossier.risks import ControlKind, Risks
from defensible.dossier.wording import cut, nearest
from defensible.regulation.failure_modes import ApplyingMode, FailureMode, applying, catalogue

FILE = "risks.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeAnswer:
    """A mode that applies or may, and what the file does about it.

    Attributes
    ----------
    risks : tuple of str
        Risks that address it.
    set_aside : str or None
        Why it does not apply, in the words of the person who said so.
    """

    mode: ApplyingMode
    risks: tuple[str, ...]
    set_aside: str | None

    @property
    def open(self) -> bool:
        """Whether nobody has dealt with it."""
        return not self.risks and self.set_aside is None


def answers(dossier: Dossier) -> tuple[ModeAnswer, ...]:
    """Every mode that applies to the device or may, worst first."""
    risks = dossier.risks or Risks()
    aside = {one.mode: one.why for one in risks.not_applicable}
    return tuple(
        ModeAnswer(
            mode=one,
            risks=tuple(risk.id for risk in risks.risks if one.mode.id in risk.modes),
            set_aside=aside.get(one.mode.id),
        )
        for one in applying(dossier.intended_use)
    )


def unknown(dossier: Dossier) -> tuple[Problem, ...]:
    """Names of modes that are not in the catalogue, each with the nearest that is."""
    return tuple(_unknown(dossier))


def _unknown(dossier: Dossier) -> Iterator[Problem]:
    if dossier.risks is None:
        return
    named: list[tuple[KeyPath, str]] = [
        (("risks", at, "modes", within), name)
        for at, risk in enumerate(dossier.risks.risks)
        for within, name in enumerate(risk.modes)
    ]
    named += [
        (("not_applicable", at, "mode"), one.mode)
        for at, one in enumerate(dossier.risks.not_applicable)
    ]
    if not named:
        return
    known = [one.id for one in catalogue().modes]
    for path, name in named:
        if name not in known:
            place = dossier.place(FILE, *path)
            yield Problem(
                file=place.file,
                line=place.line,
                column=place.column,
                code="K001",
                what=f"the catalogue has no failure mode '{cut(name)}'",
                mend=nearest(name, known) or "see `defensible risk --gaps` for those that apply",
            )


def suggestion(mode: FailureMode, risks: Risks) -> str:
    """A draft of the entries that would address a mode, to edit: no estimate is made for anyone.

    Hazard, risk and controls are named so that they meet nothing that is already there.
    """
    taken = {one.id for part in (risks.hazards, risks.risks, risks.controls) for one in part}
    hazard, risk = _free(f"H-{mode.id}", taken), _free(f"R-{mode.id}", taken)
    short = {
        ControlKind.DESIGN: "design",
        ControlKind.PROTECTION: "protection",
        ControlKind.INFORMATION: "information",
    }
    controls = [(_free(f"K-{mode.id}-{short[kind]}", taken), kind) for kind in mode.controls]
    names = ", ".join(name for name, _ in controls)
    kinds = ", ".join(mode.evidence.kinds)
    return "\n".join(
        (
            f"# {mode.title}. {mode.why}",
            f"# Evidence that would control it ({kinds}): {mode.evidence.study};",
            f"# measured by {mode.evidence.measure}.",
            "# Edit every line. Estimates are yours to make: `initial`, `residual`.",
            "hazards:",
            f"  - {{id: {hazard}, text: {_quoted(mode.title)}}}",
            "risks:",
            f"  - id: {risk}",
            f"    hazard: {hazard}",
            f"    modes: [{mode.id}]",
            f"    sequence_of_events: {_quoted(mode.cause)}",
            f"    hazardous_situation: {_quoted(mode.situation)}",
            f"    harm: {_quoted(mode.harm)}",
            f"    controls: [{names}]",
            "controls:",
            *(
                line
                for name, kind in controls
                for line in (
                    f"  - id: {name}",
                    f"    text: {_quoted(mode.controls[kind])}",
                    f"    kind: {kind.value}",
                    "    reduces: [probability]",
                )
            ),
        )
    )


def _free(name: str, taken: set[str]) -> str:
    """The name, or with the first number that makes it new."""
    number = 2
    free = name[:64]
    while free in taken:
        free = f"{name[:60]}-{number}"
        number += 1
    return free


def _quoted(text: str) -> str:
    """A YAML string in single quotes."""
    return "'" + text.replace("'", "''") + "'"
