"""What one file says of another: unique identifiers, references that lead somewhere, paths."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from defensible.dossier.claims import Claim
from defensible.dossier.device import Device, RegulatorDecision
from defensible.dossier.dossier import KeyPath, Place
from defensible.dossier.explain import nearest
from defensible.dossier.files import inside
from defensible.dossier.problem import Problem
from defensible.dossier.risks import Risks, Verification
from defensible.dossier.studies import StandaloneStudy

At = Callable[[str, KeyPath], Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What could be validated, with the file that holds each study."""

    root: Path
    device: Device | None
    claims: tuple[Claim, ...] | None
    studies: tuple[tuple[str, StandaloneStudy], ...]
    studies_whole: bool
    """Whether every study file could be read, so that an unknown study is really absent."""
    risks: Risks | None
    at: At


def identified(parts: Parts) -> tuple[dict[str, Place], list[Problem]]:
    """Where each identifier is declared, and the second declarations."""
    places: dict[str, Place] = {}
    problems: list[Problem] = []
    for identifier, file, path in _declared(parts):
        place = parts.at(file, path)
        if identifier in places:
            problems.append(
                _problem(
                    place,
                    "D014",
                    f"the identifier {identifier} is already used at {places[identifier]}",
                    "give one of the two another identifier",
                )
            )
        places.setdefault(identifier, place)
    return places, problems


def _declared(parts: Parts) -> Iterator[tuple[str, str, KeyPath]]:
    for index, item in enumerate(parts.device.software_items if parts.device else ()):
        yield item.id, "device.yaml", ("software_items", index, "id")
    for index, claim in enumerate(parts.claims or ()):
        yield claim.id, "claims.yaml", ("claims", index, "id")
    for file, study in parts.studies:
        yield study.id, file, ("id",)
    risks = parts.risks or Risks()
    for index, hazard in enumerate(risks.hazards):
        yield hazard.id, "risks.yaml", ("hazards", index, "id")
    for index, risk in enumerate(risks.risks):
        yield risk.id, "risks.yaml", ("risks", index, "id")
    for index, control in enumerate(risks.controls):
        yield control.id, "risks.yaml", ("controls", index, "id")


def dangling(parts: Parts) -> list[Problem]:
    """References that lead nowhere, each with what exists there."""
    return [
        _problem(
            parts.at(file, path),
            "D016",
            f"{kind} {name} is not in {where}",
            nearest(name, known) if known else f"there is no {kind} yet: write it first",
        )
        for name, kind, known, where, file, path in _references(parts)
        if name not in known
    ]


Reference = tuple[str, str, list[str], str, str, KeyPath]


def _references(parts: Parts) -> Iterator[Reference]:
    claims = [claim.id for claim in parts.claims or ()]
    studies = [study.id for _, study in parts.studies]
    if parts.studies_whole:
        for index, claim in enumerate(parts.claims or ()):
            for number, study in enumerate(claim.studies):
                path = ("claims", index, "studies", number)
                yield study, "study", studies, "studies/", "claims.yaml", path
    if parts.claims is not None:
        for file, one in parts.studies:
            for number, name in enumerate(one.claims):
                yield name, "claim", claims, "claims.yaml", file, ("claims", number)
    yield from _in_risks(parts, studies)


def _in_risks(parts: Parts, studies: list[str]) -> Iterator[Reference]:
    file, risks = "risks.yaml", parts.risks or Risks()
    hazards = [hazard.id for hazard in risks.hazards]
    controls = [control.id for control in risks.controls]
    for index, risk in enumerate(risks.risks):
        yield risk.hazard, "hazard", hazards, file, file, ("risks", index, "hazard")
        for number, name in enumerate(risk.controls):
            path: KeyPath = ("risks", index, "controls", number)
            yield name, "control", controls, file, file, path
        yield from _scale(parts, index)
    for _, path, verification in _verifications(risks):
        if verification.study is not None and parts.studies_whole:
            yield verification.study, "study", studies, "studies/", file, (*path, "study")


def _scale(parts: Parts, index: int) -> Iterator[Reference]:
    """Steps that estimates name must be on the policy's scales."""
    risks = parts.risks
    if risks is None or risks.policy is None:
        return
    severity = [step.name for step in risks.policy.severity]
    probability = [step.name for step in risks.policy.probability]
    file, risk = "risks.yaml", risks.risks[index]
    for name, estimate in (("initial", risk.initial), ("residual", risk.residual)):
        if estimate is None:
            continue
        path: KeyPath = ("risks", index, name)
        where = "the policy's scale"
        yield estimate.severity, "severity", severity, where, file, (*path, "severity")
        yield estimate.probability, "probability", probability, where, file, (*path, "probability")


def _verifications(risks: Risks) -> Iterator[tuple[str, KeyPath, Verification]]:
    for index, control in enumerate(risks.controls):
        if control.implementation is not None:
            yield control.id, ("controls", index, "implementation"), control.implementation
        if control.effectiveness is not None:
            yield control.id, ("controls", index, "effectiveness"), control.effectiveness


def paths(parts: Parts) -> list[Problem]:
    """Named files that lead out of the dossier or are not there."""
    problems = []
    for relative, file, path in _paths(parts):
        place = parts.at(file, path)
        target = inside(parts.root, relative)
        if target is None:
            what, mend = f"the path '{relative[:80]}' leads out of the dossier", "move it inside"
            problems.append(_problem(place, "D015", what, mend))
        elif not target.is_file():
            what = f"there is no file '{relative[:80]}'"
            problems.append(_problem(place, "D002", what, "correct the path, or add the file"))
    return problems


def _paths(parts: Parts) -> Iterator[tuple[str, str, KeyPath]]:
    device = parts.device
    if device is not None:
        if device.model is not None:
            yield device.model.path, "device.yaml", ("model", "path")
        for index, labeling in enumerate(device.labeling):
            yield labeling.path, "device.yaml", ("labeling", index, "path")
        for index, decision in enumerate(device.decisions):
            if isinstance(decision, RegulatorDecision):
                yield decision.letter, "device.yaml", ("decisions", index, "letter")
    for _, path, verification in _verifications(parts.risks or Risks()):
        for name in ("labeling", "report"):
            relative = getattr(verification, name)
            if relative is not None:
                yield relative, "risks.yaml", (*path, name)


def sources(parts: Parts) -> list[Problem]:
    """Local tables that lead out of the dossier; whether they exist is asked when they are read."""
    problems = []
    for file, study in parts.studies:
        named: list[tuple[str, KeyPath]] = [(study.data.source, ("data", "source"))]
        named += [
            (join.source, ("data", "join", index, "source"))
            for index, join in enumerate(study.data.join)
        ]
        if study.development is not None:
            named.append((study.development.source, ("development", "source")))
        problems += [
            _problem(
                parts.at(file, path),
                "D015",
                f"the path '{source[:80]}' leads out of the dossier",
                "move the table inside, or name it by URL",
            )
            for source, path in named
            if "://" not in source and inside(parts.root, source) is None
        ]
    return problems


def _problem(place: Place, code: str, what: str, mend: str) -> Problem:
    return Problem(
        file=place.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )
