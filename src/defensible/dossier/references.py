"""What one place of a dossier says of another: unique identifiers, references that lead somewhere.

Read from the plain data of the files and not from the models, so that a misspelt key in one file
does not hide a dangling reference in another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defensible.dossier.dossier import KeyPath, Place
from defensible.dossier.problem import Problem
from defensible.dossier.wording import cut, nearest
from defensible.dossier.yaml_source import Source

STUDIES = "studies/"
EACH = "*"
"""In a path: each item of a list, or each key of a mapping."""

_DECLARED = (
    ("software item", "device.yaml", ("software_items", EACH, "id")),
    ("claim", "claims.yaml", ("claims", EACH, "id")),
    ("study", STUDIES, ("id",)),
    ("hazard", "risks.yaml", ("hazards", EACH, "id")),
    ("risk", "risks.yaml", ("risks", EACH, "id")),
    ("control", "risks.yaml", ("controls", EACH, "id")),
    ("task", STUDIES, ("tasks", EACH, "id")),
)
"""What has an identifier, the file that holds it, and where in it."""

_REFERRED = (
    ("study", "claims.yaml", ("claims", EACH, "studies", EACH)),
    ("claim", STUDIES, ("claims", EACH)),
    ("claim", "plan.yaml", ("comparisons", EACH, "claim")),
    ("hazard", STUDIES, ("tasks", EACH, "hazards", EACH)),
    ("risk", STUDIES, ("tasks", EACH, "risks", EACH)),
    ("hazard", "risks.yaml", ("risks", EACH, "hazard")),
    ("control", "risks.yaml", ("risks", EACH, "controls", EACH)),
    ("hazard", "risks.yaml", ("controls", EACH, "new_hazards", EACH)),
    ("study", "risks.yaml", ("risks", EACH, "benefit", "study")),
    ("study", "risks.yaml", ("controls", EACH, "implementation", "study")),
    ("study", "risks.yaml", ("controls", EACH, "effectiveness", "study")),
    *(
        ("study", "risks.yaml", ("risks", EACH, when, factor, "from"))
        for when in ("initial", "residual")
        for factor in ("p1", "not_rescued", "p2")
    ),
    ("risk", "risks.yaml", ("misuse", EACH, "risks", EACH)),
    ("risk", "risks.yaml", ("characteristics", EACH, "risks", EACH)),
)
"""What is referred to, the file that does, and where in it."""

_STEPS = (
    ("severity", ("risks", EACH, "initial", "severity")),
    ("severity", ("risks", EACH, "residual", "severity")),
    ("probability", ("risks", EACH, "initial", "probability")),
    ("probability", ("risks", EACH, "residual", "probability")),
)


_NAMED_ONCE = (
    ("dimension", STUDIES, ("dimensions", EACH, "name")),
    ("step", "risks.yaml", ("policy", "severity", EACH, "name")),
    ("step", "risks.yaml", ("policy", "probability", EACH, "name")),
    ("labeling file", "device.yaml", ("labeling", EACH, "path")),
)
"""What has a name that stands once in its list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files as read, by name; None for one that is there but could not be read."""

    sources: Mapping[str, Source | None]
    misspelt: frozenset[str] = frozenset()
    """Files with a key that is not known: what they declare may stand under it."""

    def at(self, file: str) -> Iterator[Source]:
        """The readable sources of a file, or of every study."""
        for name, source in self.sources.items():
            mine = name.startswith(STUDIES) if file == STUDIES else name == file
            if mine and source is not None:
                yield source

    def whole(self, kind: str) -> bool:
        """Whether everything of this kind that is declared is known by its identifier."""
        file, pattern = next((file, pattern) for one, file, pattern in _DECLARED if one == kind)
        mine = {name: one for name, one in self.sources.items() if name.startswith(file)}
        if any(one is None or name in self.misspelt for name, one in mine.items()):
            return False
        things = [thing for one in self.at(file) for _, thing in places(one.data, pattern[:-1])]
        return all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in things)


def places(
    data: Any, pattern: tuple[str, ...], path: KeyPath = ()
) -> Iterator[tuple[KeyPath, Any]]:
    """Each key path of `data` that `pattern` names, with what stands there."""
    if not pattern:
        yield path, data
        return
    first, rest = pattern[0], pattern[1:]
    if first == EACH:
        below: Any = data.items() if isinstance(data, dict) else ()
        below = enumerate(data) if isinstance(data, list) else below
        for key, value in below:
            yield from places(value, rest, (*path, key))
    elif isinstance(data, dict) and first in data:
        yield from places(data[first], rest, (*path, first))


def identified(files: Files) -> tuple[dict[str, Place], list[Problem]]:
    """Where each identifier is declared, and every further declaration as a problem."""
    declared: dict[str, Place] = {}
    problems: list[Problem] = []
    for _, place, name in _declarations(files):
        if name in declared:
            what = f"the identifier {cut(name)} is already used at {declared[name]}"
            mend = "give one of the two another identifier"
            problems.append(_problem(place, "D014", what, mend))
        declared.setdefault(name, place)
    return declared, problems


def _declarations(files: Files) -> Iterator[tuple[str, Place, str]]:
    for kind, file, pattern in _DECLARED:
        for source in files.at(file):
            for path, name in places(source.data, pattern):
                if isinstance(name, str):
                    yield kind, source.value_place(path), name


def named_twice(files: Files) -> list[Problem]:
    """Names that stand more than once in a list where each stands for one thing."""
    problems = []
    for kind, file, pattern in _NAMED_ONCE:
        for source in files.at(file):
            seen: set[str] = set()
            for path, name in places(source.data, pattern):
                if isinstance(name, str) and name in seen:
                    what = f"the {kind} '{cut(name)}' stands here twice"
                    mend = "keep one of the two, or give it another name"
                    problems.append(_problem(source.value_place(path), "D026", what, mend))
                seen.add(str(name))
    return problems


def dangling(files: Files) -> list[Problem]:
    """References that lead nowhere, each with what there is."""
    known: dict[str, list[str]] = {}
    for kind, _, name in _declarations(files):
        known.setdefault(kind, []).append(name)
    home = {kind: _home(files, file) for kind, file, _ in _DECLARED}
    problems = []
    for kind, file, pattern in _REFERRED:
        if not files.whole(kind):
            continue  # what could not be read may be what is meant
        for source in files.at(file):
            for path, name in places(source.data, pattern):
                if isinstance(name, str) and name not in known.get(kind, []):
                    what = f"there is no {kind} {cut(name)} in {home[kind]}"
                    mend = nearest(name, known.get(kind, [])) or f"write the {kind} first"
                    problems.append(_problem(source.value_place(path), "D016", what, mend))
    return problems + [one for source in files.at("risks.yaml") for one in _off_scale(source)]


def _home(files: Files, file: str) -> str:
    """What a file is called here: the risk file may be a folder."""
    called = {one.file for one in files.at(file)}
    return called.pop() if len(called) == 1 and file != STUDIES else file


def _off_scale(source: Source) -> Iterator[Problem]:
    """Steps that estimates and matrix name must be on the scales of the policy."""
    scales = {
        scale: [
            one
            for _, one in places(source.data, ("policy", scale, EACH, "name"))
            if isinstance(one, str)
        ]
        for scale in ("severity", "probability")
    }
    named = [
        (scale, path, one)
        for scale, pattern in _STEPS
        for path, one in places(source.data, pattern)
    ]
    named += [
        ("severity", path, path[-1]) for path, _ in places(source.data, ("policy", "matrix", EACH))
    ]
    named += [
        ("probability", path, path[-1])
        for path, _ in places(source.data, ("policy", "matrix", EACH, EACH))
    ]
    for scale, path, name in named:
        if isinstance(name, str) and scales[scale] and name not in scales[scale]:
            place = source.place(path) if path[0] == "policy" else source.value_place(path)
            what = f"the {scale} scale has no step '{cut(name)}'"
            yield _problem(place, "D016", what, nearest(name, scales[scale]))


def _problem(place: Place, code: str, what: str, mend: str) -> Problem:
    return Problem(
        file=place.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )
