"""One JSON form for every answer and every error, and text for people."""

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defensible.dossier import Problem

SCHEMA = "defensible/1"


class Form(StrEnum):
    """For people or for programs."""

    TEXT = "text"
    JSON = "json"


def envelope(command: str, result: Any, problems: Sequence["Problem"] = ()) -> str:
    """`{schema, command, result, problems}` as JSON that any stdout can carry; NaN is refused."""
    value = {
        "schema": SCHEMA,
        "command": command,
        "result": result,
        "problems": [
            {
                "file": one.file,
                "line": one.line,
                "column": one.column,
                "code": one.code,
                "what": one.what,
                "mend": one.mend,
            }
            for one in problems
        ],
    }
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    return json.dumps(value, indent=2, ensure_ascii=plain, allow_nan=False)


class NobodyReadsError(Exception):
    """Whoever was to read the answer has gone; a name of its own, since typer takes pipes for 1."""


def emit(text: str) -> None:
    """An answer, to stdout.

    Raises
    ------
    NobodyReadsError
        The other end of the pipe is closed.
    """
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReadsError from None
