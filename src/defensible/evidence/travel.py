"""What rests on a result that does not stand, each with the shortest chain of causes.

Study → its findings on a claim → the claim; study → control that it verifies → risk that the
control reduces; study → estimate whose probability it measured → its risk; study → risk whose
benefit it shows.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from defensible.dossier.dossier import Dossier
from defensible.dossier.risks import Risk, Risks
from defensible.evidence.claims import served
from defensible.evidence.freshness import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """Something that rests on a result, and the chain from it down to the cause."""

    name: str
    chain: tuple[str, ...]

    def __str__(self) -> str:
        """`risk R3 ← control K2 ← S1 ← claim C1 goal of sensitivity, above 0.80 → 0.85`."""
        return " ← ".join(self.chain)


def touched(dossier: Dossier, standing: Standing) -> tuple[Touched, ...]:
    """Everything that rests on a study whose result does not stand; nothing where it stands."""
    if not standing.why:
        return ()
    rests = _rests(dossier)
    start = standing.study
    below: dict[str, str] = {}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for above in rests.get(here, ()):
            if above not in below:
                below[above] = here
                queue.append(above)
    return tuple(
        Touched(name=name, chain=(*_down(name, start, below), standing.why[0])) for name in below
    )


def _down(name: str, start: str, below: dict[str, str]) -> list[str]:
    chain = [name]
    while chain[-1] != start:
        chain.append(below[chain[-1]])
    return chain


def _rests(dossier: Dossier) -> dict[str, list[str]]:
    """For each thing, what rests on it directly."""
    rests: dict[str, list[str]] = {}
    for study in dossier.studies:
        for claim in served(dossier, study):
            finding = f"findings on {claim.id}"
            rests.setdefault(study.id, []).append(f"{finding} of {study.id}")
            rests.setdefault(f"{finding} of {study.id}", []).append(f"claim {claim.id}")
    for below, above in _in_the_risk_file(dossier.risks) if dossier.risks is not None else ():
        rests.setdefault(below, []).append(above)
    return rests


def _in_the_risk_file(risks: Risks) -> Iterator[tuple[str, str]]:
    """Something, and what rests on it."""
    for control in risks.controls:
        for shown in (control.implementation, control.effectiveness):
            if shown is not None and shown.study is not None:
                yield shown.study, f"control {control.id}"
    for risk in risks.risks:
        for control_id in risk.controls:
            yield f"control {control_id}", f"risk {risk.id}"
        for name in _bound(risk):
            yield name, f"estimate of {risk.id}"
            yield f"estimate of {risk.id}", f"risk {risk.id}"
        if risk.benefit is not None and risk.benefit.study is not None:
            yield risk.benefit.study, f"risk {risk.id}"


def _bound(risk: Risk) -> dict[str, None]:
    """The studies that its probabilities are taken from."""
    estimates = [one for one in (risk.initial, risk.residual) if one is not None]
    factors = [each for one in estimates for each in (one.p1, one.not_rescued, one.p2)]
    return dict.fromkeys(one.from_ for one in factors if one is not None and one.from_ is not None)
