"""The one place where exceptions become exit codes and messages.

0 done, 1 not defended, 2 the input is wrong, 3 a seal does not hold, 70 a fault of ours,
130 stopped from the keyboard, 141 whoever reads the answer went away.
"""

import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TextIO

from defensible.cli.app import application, version
from defensible.cli.envelope import NobodyReadsError, emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Problem

INPUT_IS_WRONG = 2
SEAL_DOES_NOT_HOLD = 3
OUR_FAULT = 70
STOPPED = 130
NOBODY_READS = 141


def main() -> None:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _take_any_character(stream)
    sys.exit(run(sys.argv[1:] or ["--help"]))


def run(arguments: list[str]) -> int:
    """The exit code of one call; nothing but messages leaves this function."""
    from typer.exceptions import Abort, Exit, TyperException

    try:
        app = application(*arguments[:1])
        outcome = app(args=arguments, prog_name="defensible", standalone_mode=False)
        sys.stdout.flush()
    except (Abort, KeyboardInterrupt):
        outcome = STOPPED
    except Exit as leave:
        outcome = leave.exit_code
    except TyperException as error:
        return _usage(arguments, error)
    except (NobodyReadsError, BrokenPipeError):
        # what Python still holds for stdout goes nowhere, without a second error at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOBODY_READS
    except Exception as error:  # noqa: BLE001 - the edge: nothing may leave as a traceback
        return _failed(arguments, error)
    if outcome == STOPPED:
        sys.stderr.write("stopped\n")
    return outcome if isinstance(outcome, int) else 0


def _take_any_character(stream: TextIO) -> None:
    """Let a terminal that has not every character show the code of the others."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:  # in UTF-8 it is half a character in the name of a file
        reconfigure(errors="backslashreplace")


def _usage(arguments: list[str], error: Any) -> int:
    """A call that the command line does not know."""
    context = getattr(error, "ctx", None)
    called = context.command_path if context else "defensible"
    what, mend = error.format_message(), f"see `{called} --help`"
    if not _wants_json(arguments):
        sys.stderr.write(f"{called}: {what}\n  {mend}\n")
        return INPUT_IS_WRONG
    return _report(arguments, [_problem("command line", "D000", what, mend)])


def _failed(arguments: list[str], error: Exception) -> int:
    """What a person can mend, as problems; the rest is ours."""
    problems = getattr(error, "problems", None)
    if type(error).__name__ == "DossierError" and problems is not None:
        return _report(arguments, list(problems))
    if type(error).__name__ == "SealError" and problems is not None:
        _report(arguments, list(problems))
        return SEAL_DOES_NOT_HOLD
    if isinstance(error, OSError):
        why = (error.strerror or "unknown reason").lower()
        name = str(error.filename) if error.filename is not None else "output"
        what, mend = f"this cannot be read or written: {why}", "check the path, rights and space"
        return _report(arguments, [_problem(name, "D001", what, mend)])
    if os.environ.get("DEFENSIBLE_DEBUG") == "1":
        raise error
    sys.stderr.write(
        f"defensible {version()}: this is our fault, not yours ({type(error).__name__}).\n"
        "DEFENSIBLE_DEBUG=1 shows where it happened; please tell us.\n"
    )
    return OUR_FAULT


def _problem(file: str, code: str, what: str, mend: str) -> "Problem":
    from defensible.dossier import Problem

    return Problem(file=file, line=1, column=1, code=code, what=what, mend=mend)


def _report(arguments: list[str], problems: list["Problem"]) -> int:
    """All problems: as JSON on stdout where JSON was asked for, else as text on stderr."""
    if _wants_json(arguments):
        emit(envelope(_command(arguments), None, problems))
    else:
        n_files = len({one.file for one in problems})
        total = f"{_counted(len(problems), 'problem')} in {_counted(n_files, 'file')}"
        sys.stderr.write("\n".join([*map(_text, problems), total]) + "\n")
    return INPUT_IS_WRONG


def _command(arguments: list[str]) -> str:
    """The command as an answer names it: `assess`, `stats auc`, `stats size kappa`.

    `plan size kappa` is `stats size kappa` under another name, as its answer says.
    """
    words = [one for one in arguments if not one.startswith("-")]
    if words[:2] == ["plan", "size"]:
        words[0] = "stats"
    if words[:1] != ["stats"]:
        return " ".join(words[:1])
    return " ".join(words[: 3 if words[1:2] == ["size"] else 2])


def _text(problem: "Problem") -> str:
    """A problem with its place on one line, for editors, and its mend in 80 columns."""
    from textwrap import wrap

    where = str(problem).split("\n", 1)[0]
    return "\n  ".join(
        [where, *wrap(problem.mend, 78, break_on_hyphens=False, break_long_words=False)]
    )


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _wants_json(arguments: list[str]) -> bool:
    asked = ("--format", "json") in pairwise(arguments)
    return asked or "--format=json" in arguments
