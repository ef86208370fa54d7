"""The secret under which identifiers are hashed: made once, kept away from what is shared."""

import os
import secrets
from pathlib import Path
from typing import Final

from defensible.dossier.problem import DossierError, Problem

_BYTES: Final = 32
_MOST: Final = 4096


def made(path: Path) -> bytes:
    """A new key, written to a file that only its owner can read.

    Raises
    ------
    DossierError
        The file is there: a key that is lost cannot be made again.
    OSError
        It cannot be written.
    """
    key = secrets.token_bytes(_BYTES)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        what = "this key is there already, and tables may have been made with it"
        raise _problem("E033", path, what, f"reuse it: --key {path}") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key


def read(path: Path) -> bytes:
    """The key in a file.

    Raises
    ------
    DossierError
        The file holds no key.
    OSError
        It cannot be read.
    """
    with path.open("rb") as file:
        held = file.read(_MOST).strip()
    try:
        key = bytes.fromhex(held.decode("ascii"))
    except ValueError:
        key = b""
    if len(key) < _BYTES:
        what = f"this is no key: a key is {2 * _BYTES} or more hexadecimal digits on one line"
        raise _problem("E031", path, what, "make one: --new-key FILE") from None
    return key


def apart(key: Path, out: Path) -> None:
    """Refuse a key that lies where the table or a dossier lies, and would be shared with it.

    Raises
    ------
    DossierError
        It lies in or below the folder of the table, or in a dossier.
    """
    folder = key.resolve().parent
    beside = out.resolve().parent
    dossiers = [one for one in (folder, *folder.parents) if (one / "device.yaml").is_file()]
    if folder == beside or beside in folder.parents:
        what = "the key lies with the table, and whoever gets the one gets the other"
    elif dossiers:
        what = "the key lies in a dossier, which is shared"
    else:
        return
    raise _problem("E032", key, what, "keep it in a folder of its own, outside both")


def _problem(code: str, path: Path, what: str, mend: str) -> DossierError:
    return DossierError(
        (Problem(file=str(path), line=1, column=1, code=code, what=what, mend=mend),)
    )
