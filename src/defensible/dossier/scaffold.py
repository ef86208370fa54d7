"""A first dossier: whole enough to be checked, empty enough that nothing counts as content.

What is not known yet stays undeclared (null); the words beside it are comments, which no rule
reads. The files are written into a sibling folder and renamed, so there is never half a dossier.
"""

import shutil
import tempfile
from importlib import resources
from pathlib import Path

from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.schema import modeline, write
from defensible.dossier.vocabulary import Function

_KINDS = {
    "device.yaml": "device",
    "intended-use.yaml": "intended-use",
    "claims.yaml": "claims",
    "risks.yaml": "risks",
    "plan.yaml": "plan",
    "studies/standalone.yaml.example": "study",
}
_PLAIN = ("labeling/instructions-for-use.md",)


def scaffold(root: Path, *, function: Function, name: str) -> tuple[str, ...]:
    """Write a first dossier into `root`, and return the files in the order in which to fill them.

    Parameters
    ----------
    root : Path
        A folder that is not there yet, or is empty.
    function : Function
        What the software does for its user.
    name : str
        Name of the device.

    Raises
    ------
    DossierError
        The folder holds something already, or cannot be written.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        mend = "name a new folder; `defensible check` looks at one that is there"
        raise DossierError((_problem(root, "this folder is not empty; nothing was written", mend),))
    try:
        _write(root, {"{{function}}": function.value, "{{name}}": _quoted(name)})
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise DossierError(
            (_problem(root, f"this folder cannot be written: {why}", "check its permissions"),)
        ) from None
    return (*_KINDS, *_PLAIN)


def _write(root: Path, words: dict[str, str]) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=f".{root.name}-", dir=root.parent))
    try:
        for file, kind in _KINDS.items():
            up = file.count("/")
            _one(part / file, modeline(kind, up=up) + _template(file, words))
        for file in _PLAIN:
            _one(part / file, _template(file, words))
        (part / "data").mkdir()
        write(part / ".schema")
        part.chmod(0o755)
        if root.exists():
            root.rmdir()
        part.rename(root)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _one(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _template(file: str, words: dict[str, str]) -> str:
    text = resources.files("defensible.dossier").joinpath("first", file).read_text("utf-8")
    for mark, value in words.items():
        text = text.replace(mark, value)
    return text


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON strings are YAML."""
    import json

    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _problem(root: Path, what: str, mend: str) -> Problem:
    return Problem(file=str(root), line=1, column=1, code="D017", what=what, mend=mend)
