"""PDF and DOCX read by another process, which may run out of memory or time alone.

Their libraries follow whatever a file says; what they raise cannot be foreseen. The other process
gets a file's bytes and gives back its text; if it fails, the file is at fault and is named.
"""

import json
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from defensible.dossier.files import UnreadableError

READERS = {"pdf": "pypdf", "docx": "docx"}
"""Form, which is also the module beside this one, and the library that it needs."""

MOST_SECONDS = 120
MOST_MEMORY = 2_147_483_648


def pieces(form: str, data: bytes) -> list[Any]:
    """What the reader of this form found in the bytes.

    Raises
    ------
    UnreadableError
        The library is not installed (R002), or the file cannot be read (R001).
    """
    name = form.upper()
    if find_spec(READERS[form]) is None:
        what = f"reading {name} needs the extra `labeling`, which is not installed"
        raise UnreadableError("R002", what, "pip install 'defensible[labeling]'")
    command = [sys.executable, "-P", "-W", "ignore", "-m", __name__, form]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            command, input=data, capture_output=True, check=False, timeout=MOST_SECONDS
        )
        found = json.loads(done.stdout) if done.returncode == 0 else "it is damaged"
    except subprocess.TimeoutExpired:
        found = f"reading it takes more than {MOST_SECONDS} seconds"
    if isinstance(found, str):
        what = f"this {name} cannot be read: {found}"
        raise UnreadableError("R001", what, "save it anew, or give the text as Markdown") from None
    return list(found)


def main(form: str) -> None:
    """Read one file from stdin, within bounds, and write what it holds as JSON."""
    reader = import_module(f"defensible.dossier.labeling.{form}")
    try:
        import resource
    except ImportError:  # no such bound on this system; those of the readers hold
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    found = json.dumps(reader.pieces(sys.stdin.buffer.read()))
    sys.stdout.write(found)


if __name__ == "__main__":
    main(sys.argv[1])
