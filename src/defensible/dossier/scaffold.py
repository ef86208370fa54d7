"""A first dossier: whole enough to be checked, empty enough that nothing counts as content.

What is not known yet stays undeclared (null); the words beside it are comments, which no rule
reads. The files are written into a sibling folder and renamed, so there is never half a dossier.
"""

import json
import secrets
import shutil
from importlib import resources
from pathlib import Path

from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.scalars import unstorable
from defensible.dossier.schema import modeline, schemas, write
from defensible.dossier.vocabulary import Function

_KINDS = {
    "device.yaml": "device",
    "intended-use.yaml": "intended-use",
    "claims.yaml": "claims",
    "risks.yaml": "risks",
    "plan.yaml": "plan",
    "studies/standalone.yaml.example": "study",
}
_OF_MARKS = {"studies/localization.yaml.example": "study-localization"}
"""Of a device that finds places in an image."""
_FINDS_PLACES = (Function.DETECTION, Function.DETECTION_AND_DIAGNOSIS)
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
        The name cannot be stored, or the folder holds something already or cannot be written.
    """
    refused = unstorable("--name", name)
    if refused is not None or not name.strip():
        what = refused.what if refused else "the name is empty"
        raise DossierError((_problem("--name", what, "give the device another name"),))
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            mend = "name a new folder; `defensible check` looks at one that is there"
            what = "this folder is not empty; nothing was written"
            raise DossierError((_problem(str(root), what, mend),))
        kinds = _KINDS | (_OF_MARKS if function in _FINDS_PLACES else {})
        words = {"{{function}}": function.value, "{{name}}": _quoted(name)}
        _write(root.resolve(), kinds, words)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        what, mend = f"this folder cannot be written: {why}", "check its permissions"
        raise DossierError((_problem(str(root), what, mend),)) from None
    return (*kinds, *_PLAIN)


def _write(root: Path, kinds: dict[str, str], words: dict[str, str]) -> None:
    """Everything into a sibling folder, and then into place."""
    root.parent.mkdir(parents=True, exist_ok=True)
    part = root.parent / f".{root.name[:64]}-{secrets.token_hex(4)}"
    part.mkdir()
    try:
        for file, kind in kinds.items():
            _one(part / file, modeline(kind, up=file.count("/")) + _template(file, words))
        for file in _PLAIN:
            _one(part / file, _template(file, words))
        (part / "data").mkdir()
        write(part / ".schema", schemas())
        _into_place(part, root)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _into_place(part: Path, root: Path) -> None:
    """`part` as `root`; an empty folder that is there stays itself, since someone may be in it."""
    if not root.exists():
        part.rename(root)
        return
    names = [one.name for one in part.iterdir()]
    try:
        for name in names:
            (part / name).rename(root / name)
    except OSError:
        for name in names:
            if (root / name).exists():
                (root / name).rename(part / name)
        raise


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
    return json.dumps(" ".join(text.split()), ensure_ascii=False)


def _problem(file: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=1, column=1, code="D017", what=what, mend=mend)
