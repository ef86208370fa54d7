"""Manufacturers under one name each, from the spellings that headers hold.

The spellings are data (`manufacturers.yaml`), and users add their own. Case, full stops, commas,
underscores and spaces make no difference; anything else does, and a spelling that is not known
stays as it is and is reported.
"""

from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from defensible.dossier.problem import DossierError, Problem

_MOST_BYTES = 2**20
_MEND = "write one name a line, with its spellings: `Philips: [Philips Medical Systems]`"


@lru_cache(maxsize=8192)
def folded(spelling: str) -> str:
    """A spelling without case, punctuation and doubled spaces."""
    plain = spelling.casefold().translate(_DROPPED)
    return " ".join(plain.split())


_DROPPED = str.maketrans({".": None, ",": " ", "_": " ", "-": " ", "'": None})


def known(own: Path | None = None) -> dict[str, str]:
    """Folded spelling to name: those that come with the program, and over them the user's own.

    Raises
    ------
    DossierError
        The user's file is no mapping of names to lists of spellings.
    OSError
        It cannot be read.
    """
    packed = files("defensible.evidence.dicom").joinpath("manufacturers.yaml")
    found = _table(packed.read_text(encoding="utf-8"), "manufacturers.yaml")
    if own is None:
        return found
    if own.stat().st_size > _MOST_BYTES:
        raise _problem(str(own), "it is larger than 1 MiB")
    try:
        text = own.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise _problem(str(own), "it is not UTF-8") from None
    return {**found, **_table(text, str(own))}


@cache
def makers() -> dict[str, tuple[str, ...]]:
    """Each name with the spellings that come with the program."""
    packed = files("defensible.evidence.dicom").joinpath("manufacturers.yaml")
    listed = _listed(packed.read_text(encoding="utf-8"), "manufacturers.yaml")
    return {name: (name, *spellings) for name, spellings in listed.items()}


def _listed(text: str, file: str) -> dict[str, list[str]]:
    """Names with their spellings, as a file lists them."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        read: Any = YAML(typ="safe", pure=True).load(text)
    except YAMLError:
        raise _problem(file, "it is not YAML") from None
    if not isinstance(read, dict) or not read:
        raise _problem(file, "it holds no names with their spellings")
    for name, spellings in read.items():
        listed = isinstance(spellings, list) and all(isinstance(one, str) for one in spellings)
        if not isinstance(name, str) or not listed:
            raise _problem(file, f"the entry {str(name)[:40]!r} is no name with its spellings")
    return read


def _table(text: str, file: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, spellings in _listed(text, file).items():
        for one in (name, *spellings):
            other = found.setdefault(folded(one), name)
            if other != name:
                raise _problem(file, f"'{one[:40]}' is a spelling of both {other} and {name}")
    return found


def _problem(file: str, what: str) -> DossierError:
    return DossierError((Problem(file=file, line=1, column=1, code="E039", what=what, mend=_MEND),))
