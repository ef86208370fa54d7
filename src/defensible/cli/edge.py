"""The one place where exceptions become exit codes and messages.

0 done, 1 not defended, 2 the input is wrong, 3 a seal does not hold, 70 a fault of ours.
"""

import os
import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from defensible.cli.app import app, version
from defensible.cli.envelope import emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Problem

INPUT_IS_WRONG = 2
OUR_FAULT = 70


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:] or ["--help"]))


def run(arguments: list[str]) -> int:
    """The exit code of one call; nothing but messages leaves this function."""
    from typer.exceptions import Abort, Exit, TyperException

    try:
        outcome = app(args=arguments, prog_name="defensible", standalone_mode=False)
        sys.stdout.flush()
    except Abort:
        sys.stderr.write("stopped; nothing was written\n")
        return 130
    except Exit as leave:
        return leave.exit_code
    except TyperException as error:
        return _usage(arguments, error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: nothing may leave as a traceback
        return _failed(arguments, error)
    return outcome if isinstance(outcome, int) else 0


def _usage(arguments: list[str], error: Any) -> int:
    """A call that the command line does not know."""
    from defensible.dossier import Problem

    context = getattr(error, "ctx", None)
    called = context.command_path if context else "defensible"
    what, mend = error.format_message(), f"see `{called} --help`"
    if not _wants_json(arguments):
        sys.stderr.write(f"{called}: {what}\n  {mend}\n")
        return INPUT_IS_WRONG
    one = Problem(file="command line", line=1, column=1, code="D000", what=what, mend=mend)
    return _report(arguments, _command(arguments), [one])


def _failed(arguments: list[str], error: Exception) -> int:
    from defensible.dossier import DossierError, Problem

    if isinstance(error, DossierError):
        return _report(arguments, _command(arguments), list(error.problems))
    if isinstance(error, OSError) and error.filename is not None:
        what = f"this cannot be used: {(error.strerror or 'unknown reason').lower()}"
        one = Problem(
            file=str(error.filename),
            line=1,
            column=1,
            code="D001",
            what=what,
            mend="check the path",
        )
        return _report(arguments, _command(arguments), [one])
    if os.environ.get("DEFENSIBLE_DEBUG") == "1":
        raise error
    sys.stderr.write(
        f"defensible {version()}: this is our fault, not yours ({type(error).__name__}).\n"
        "Nothing was written. DEFENSIBLE_DEBUG=1 shows where; please tell us.\n"
    )
    return OUR_FAULT


def _command(arguments: list[str]) -> str:
    return next((one for one in arguments if not one.startswith("-")), "")


def _report(arguments: list[str], command: str, problems: list["Problem"]) -> int:
    """All problems: as JSON on stdout where JSON was asked for, else as text on stderr."""
    if _wants_json(arguments):
        emit(envelope(command, None, problems))
    else:
        files = len({one.file for one in problems})
        lines = [str(one) for one in problems]
        total = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'} in "
        total += f"{files} {'file' if files == 1 else 'files'}"
        sys.stderr.write("\n".join([*lines, total]) + "\n")
    return INPUT_IS_WRONG


def _wants_json(arguments: list[str]) -> bool:
    asked = ("--format", "json") in pairwise(arguments)
    return asked or "--format=json" in arguments
