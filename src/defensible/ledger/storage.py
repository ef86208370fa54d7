"""Files under `evidence/`: written whole or not at all, durable before anything names them.

evidence/
  ledger.jsonl             the chain of events, one a line
  declared/DIGEST.json     what was frozen or run against, in canonical JSON
  studies/ID/DIGEST.json   one sealed result a file, in a DSSE envelope
  timestamps/DIGEST.tsr    time-stamps of lines of the ledger, where one was asked for
"""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from defensible.dossier.files import inside

FOLDER = "evidence"
LEDGER = f"{FOLDER}/ledger.jsonl"
ATTRIBUTES = f"{FOLDER}/.gitattributes"
"""Tells git that no line end here may be rewritten: a seal is of bytes."""
IGNORED = f"{FOLDER}/.gitignore"
"""Keeps parts of files that a killed process left behind out of git."""
MOST_BYTES = 64 * 2**20
"""Largest file that is read back; a sealed result has a few hundred KiB."""


def declared(sha256: str) -> str:
    """Where a declaration of this digest is kept."""
    return f"{FOLDER}/declared/{sha256}.json"


def result(study: str, sha256: str) -> str:
    """Where the envelope of a study's result is kept, by its digest."""
    return f"{FOLDER}/studies/{study}/{sha256}.json"


def timestamp(sha256: str) -> str:
    """Where the time-stamp of a ledger line is kept."""
    return f"{FOLDER}/timestamps/{sha256}.tsr"


def put(root: Path, name: str, data: bytes) -> None:
    """The bytes under `name`: beside it first, synced, then under its name in one step.

    Raises
    ------
    OSError
        It cannot be written; what was there before is untouched.
    """
    path = within(root, name)
    if read(root, name) == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(part).chmod(0o644)
        Path(part).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(part).unlink()
        raise
    sync_folder(path.parent)


def within(root: Path, name: str) -> Path:
    """Where a file goes.

    Raises
    ------
    OSError
        A symbolic link leads out of the dossier: nothing is written through one.
    """
    path = inside(root, name)
    if path is None:
        raise OSError(errno.ELOOP, "a symbolic link leads out of the dossier", str(root / name))
    return path


def read(root: Path, name: str) -> bytes | None:
    """The bytes under `name`; None where there is no such plain file, or a far too large one."""
    path = inside(root, name)
    try:
        if path is None or not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        return path.read_bytes()
    except OSError:
        return None


def results(root: Path) -> list[str]:
    """Every sealed result on file, by name."""
    folder = root / FOLDER / "studies"
    return sorted(str(one.relative_to(root).as_posix()) for one in folder.glob("*/*.json"))


def timestamps(root: Path) -> list[str]:
    """Every time-stamp on file, by name."""
    folder = root / FOLDER / "timestamps"
    return sorted(str(one.relative_to(root).as_posix()) for one in folder.glob("*.tsr"))


def sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system knows how."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
