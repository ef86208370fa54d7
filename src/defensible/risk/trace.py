"""The trace hazard → sequence of events → hazardous situation → harm → control → evidence.

A link that is not named is empty; a link that is named and does not hold is open. A control that
brings a hazard whose risk leads back to that control closes a circle: nothing outside holds it.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from defensible.dossier.risks import Acceptability, Control, Hazard, Risk, Risks
from defensible.risk.file import File, Miss
from defensible.risk.matrix import cell
from defensible.risk.verification import Shown, demonstrated, implemented


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlTrace:
    """A control with what shows it."""

    control: Control
    implementation: Shown
    effectiveness: Shown

    @property
    def verified(self) -> bool:
        """Whether it is shown to be there and to work."""
        return self.implementation.holds and self.effectiveness.holds


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskTrace:
    """A risk from its hazard to the evidence of its controls."""

    risk: Risk
    hazard: Hazard | None
    before: Acceptability | None
    controls: tuple[ControlTrace, ...]
    after: Acceptability | None


def traces(file: File) -> tuple[RiskTrace, ...]:
    """Every risk, in the order of the file."""
    hazards = {one.id: one for one in file.risks.hazards}
    shown = {
        one.id: ControlTrace(
            control=one,
            implementation=implemented(one, file.dossier, file.results),
            effectiveness=demonstrated(one.effectiveness, file.dossier, file.results),
        )
        for one in file.risks.controls
    }
    return tuple(
        RiskTrace(
            risk=one,
            hazard=hazards.get(one.hazard),
            before=cell(file.policy, one.initial),
            controls=tuple(shown[name] for name in one.controls if name in shown),
            after=file.residual_cell(one),
        )
        for one in file.risks.risks
    )


def linked(file: File) -> tuple[Miss, ...]:
    """Risks with an empty link: no estimate, no control where one is asked for, no evidence."""
    found = []
    for one in file.risks.risks:
        empty = []
        if one.initial is None:
            empty.append("no estimate before control")
        if file.needs_control(one) and not one.controls:
            empty.append("no control")
        bare = [
            each.id
            for each in file.controls_of(one)
            if each.implementation is None or each.effectiveness is None
        ]
        if bare:
            empty.append(f"no evidence named for {', '.join(bare)}")
        if file.residual(one) is None:
            empty.append("no estimate after control")
        if empty:
            found.append(Miss(item=one.id, why="; ".join(empty)))
    return tuple(found)


def carried_through(file: File) -> tuple[Miss, ...]:
    """Risks with a link that does not hold to its end."""
    found = []
    for one in traces(file):
        unverified = [each.control.id for each in one.controls if not each.verified]
        if one.after is None:
            found.append(Miss(item=one.risk.id, why="what is left is not estimated"))
        elif unverified:
            found.append(Miss(item=one.risk.id, why=f"{', '.join(unverified)} not verified"))
    return tuple(found)


def circular(file: File) -> tuple[Miss, ...]:
    """Controls whose new hazards are controlled, in the end, by themselves."""
    return tuple(Miss(item=path[0], why=f"{' → '.join(path)}") for path in circles(file.risks))


def circles(risks: Risks) -> tuple[tuple[str, ...], ...]:
    """Each circle of controls once: a control, those of its new hazards' risks, and so on back."""
    of_hazard: dict[str, dict[str, None]] = {}
    for risk in risks.risks:
        of_hazard.setdefault(risk.hazard, {}).update(dict.fromkeys(risk.controls))
    brings = {one.id: one.new_hazards or () for one in risks.controls}
    found: dict[frozenset[str], tuple[str, ...]] = {}
    for start in brings:
        path = _back(start, brings, of_hazard)
        if path is not None:
            found.setdefault(frozenset(path), path)
    return tuple(found.values())


def _back(
    start: str,
    brings: Mapping[str, tuple[str, ...]],
    of_hazard: Mapping[str, Mapping[str, None]],
) -> tuple[str, ...] | None:
    """The shortest way from a control back to itself; each hazard is followed once."""
    came_from: dict[str, str] = {}
    followed: set[str] = set()
    queue = deque([start])
    while queue:
        control = queue.popleft()
        for hazard in brings.get(control, ()):
            if hazard in followed:
                continue
            followed.add(hazard)
            for name in of_hazard.get(hazard, ()):
                if name == start:
                    return (*_way(control, came_from), start)
                if name not in came_from:
                    came_from[name] = control
                    queue.append(name)
    return None


def _way(control: str, came_from: Mapping[str, str]) -> tuple[str, ...]:
    """The controls from the first to this one."""
    way = [control]
    while (before := came_from.get(way[-1])) is not None:
        way.append(before)
    return tuple(reversed(way))
