"""Files that the dossier names: they stay inside it, and they are there."""

from collections.abc import Iterator
from pathlib import Path

from defensible.dossier.dossier import KeyPath
from defensible.dossier.files import inside, regular
from defensible.dossier.problem import Problem
from defensible.dossier.references import EACH, STUDIES, Files, places
from defensible.dossier.wording import cut
from defensible.dossier.yaml_source import Source

_NAMED = (
    ("device.yaml", ("model", "path")),
    ("device.yaml", ("labeling", EACH, "path")),
    ("device.yaml", ("decisions", EACH, "letter")),
    ("risks.yaml", ("controls", EACH, "implementation", "labeling")),
    ("risks.yaml", ("controls", EACH, "implementation", "report")),
    ("risks.yaml", ("controls", EACH, "effectiveness", "labeling")),
    ("risks.yaml", ("controls", EACH, "effectiveness", "report")),
)
"""Files that must be there when the dossier is read."""

_TABLES = (
    ("data", "source"),
    ("data", "join", EACH, "source"),
    ("development", "source"),
)
"""Tables of a study: whether they are there is asked when it is run."""


def named(root: Path, files: Files) -> list[Problem]:
    """Each named file that leads out of the dossier, or is not there."""
    problems = []
    for file, pattern in _NAMED:
        for source, path, relative in _each(files, file, pattern):
            target = inside(root, relative)
            if target is None:
                problems.append(_leads_out(source, path, relative))
            elif not regular(target):
                what = f"there is no file '{cut(relative)}'"
                problems.append(
                    _at(source, path, "D002", what, "correct the path, or add the file")
                )
    return problems


def tables(root: Path, files: Files) -> list[Problem]:
    """Each table that is named by a path, and not by a URL, and leads out of the dossier."""
    return [
        _leads_out(source, path, relative)
        for pattern in _TABLES
        for source, path, relative in _each(files, STUDIES, pattern)
        if "://" not in relative and inside(root, relative) is None
    ]


def _each(
    files: Files, file: str, pattern: tuple[str, ...]
) -> Iterator[tuple[Source, KeyPath, str]]:
    for source in files.at(file):
        for path, relative in places(source.data, pattern):
            if isinstance(relative, str) and relative:
                yield source, path, relative


def _leads_out(source: Source, path: KeyPath, relative: str) -> Problem:
    what = f"the path '{cut(relative)}' leads out of the dossier"
    mend = "name a file inside it, relative to the folder of device.yaml"
    return _at(source, path, "D015", what, mend)


def _at(source: Source, path: KeyPath, code: str, what: str, mend: str) -> Problem:
    place = source.value_place(path)
    return Problem(
        file=place.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )
