"""The risk file in several files: `risks/*.yaml`, which say together what one `risks.yaml` says.

Each file is held against the model alone, so that what is wrong with it stands at its own line.
Lists are joined in the order of the files' names; a part that a risk file has once stands once.
"""

from collections.abc import Sequence
from typing import Any

from defensible.dossier.dossier import KeyPath, Place
from defensible.dossier.problem import Problem
from defensible.dossier.risks import Risks
from defensible.dossier.wording import cut
from defensible.dossier.yaml_source import Source

FILE = "risks.yaml"
FOLDER = "risks/"
MAX_FILES = 100


def both(files: Sequence[str]) -> list[Problem]:
    """What is wrong where there is a `risks.yaml`, and a folder that holds the risk file too."""
    if FILE not in files or len(files) == 1:
        return []
    what = f"there are risk files in {FOLDER} as well, {cut(files[-1])} among them"
    return [_problem(Place(file=FILE), "D052", what, f"move it into {FOLDER}, or remove one")]


def joined(sources: Sequence[Source]) -> tuple[Source, list[Problem]]:
    """All files as one, each thing at its own place, and every part that stands once too often.

    Parameters
    ----------
    sources : sequence of Source
        One or more that could be read, each a mapping.
    """
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    value_places: dict[KeyPath, Place] = {}
    problems = []
    for source in sources:
        shifts: dict[str, int] = {}
        for key, value in source.data.items():
            before = data.get(key)
            if before is None:
                data[key] = list(value) if isinstance(value, list) else value
                shifts[key] = 0
            elif isinstance(before, list) and isinstance(value, list):
                shifts[key] = len(before)
                before += value
            elif value is not None and not isinstance(before, list):
                problems.append(_twice(key, source.place((key,)), places[key,]))
        for known, mine in ((places, source.places), (value_places, source.value_places)):
            for path, place in mine.items():
                if not path or path[0] in shifts:
                    known.setdefault(_shifted(path, shifts), place)
    whole = Source(
        file=FOLDER,
        data=data,
        readable=True,
        places=places,
        value_places=value_places,
        written={},
        problems=(),
    )
    return whole, problems


def together(files: Sequence[Risks]) -> Risks:
    """The risk file that says what all files say."""
    said: dict[str, Any] = {}
    for one in files:
        for name in Risks.model_fields:
            value = getattr(one, name)
            if isinstance(value, tuple):
                said[name] = (*said.get(name, ()), *value)
            elif value is not None:
                said.setdefault(name, value)
    return Risks(**said)


def _shifted(path: KeyPath, shifts: dict[str, int]) -> KeyPath:
    """A path of one file as a path of all: an item of a list comes after those of files before."""
    if len(path) < 2 or not isinstance(path[1], int):
        return path
    return (path[0], path[1] + shifts[str(path[0])], *path[2:])


def _twice(key: str, place: Place, first: Place) -> Problem:
    what = f"`{cut(key)}` already stands at {first}; a risk file has it once"
    return _problem(place, "D053", what, "keep one of the two")


def _problem(place: Place, code: str, what: str, mend: str) -> Problem:
    return Problem(
        file=place.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )
