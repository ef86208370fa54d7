"""The one place where exceptions become exit codes and messages.

0 done, 1 not defended, 2 the input is wrong, 3 a seal does not hold, 70 a fault of ours.
"""

import os
import sys
from typing import TYPE_CHECKING, Any

from defensible.cli.app import app, version
from defensible.cli.envelope import emit, envelope

if TYPE_CHECKING:
    from defensible.dossier import Problem

INPUT_IS_WRONG = 2
OUR_FAULT = 70


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """The exit code of one call; nothing but messages leaves this function."""
    import click

    try:
        outcome = app(args=arguments, prog_name="defensible", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Abort:
        sys.stderr.write("stopped; nothing was written\n")
        return 130
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as error:
        return _usage(arguments, error)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the edge: nothing may leave as a traceback
        return _failed(arguments, error)
    return outcome if isinstance(outcome, int) else 0


def _usage(arguments: list[str], error: Any) -> int:
    """A call that the command line does not know, in our form."""
    context = error.ctx
    command = context.command_path.removeprefix("defensible").strip() if context else ""
    help_for = f"defensible {command} --help".replace("  ", " ")
    return _report(arguments, command, [_problem("D000", error.format_message(), help_for)])


def _problem(code: str, what: str, help_for: str) -> "Problem":
    from defensible.dossier import Problem

    return Problem(
        file="command line", line=1, column=1, code=code, what=what, mend=f"see `{help_for}`"
    )


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
    pairs = zip(arguments, [*arguments[1:], ""], strict=True)
    return any(pair == ("--format", "json") or pair[0] == "--format=json" for pair in pairs)
