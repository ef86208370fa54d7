"""The commands, by name: the only list there is. A command's rooms load when it is called.

Where the command that is called is known, no other is loaded: each would add its share to the wait.
"""

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

COMMANDS = {
    "new": "defensible.cli.new",
    "check": "defensible.cli.check",
    "classify": "defensible.cli.classify",
    "freeze": "defensible.cli.freeze",
    "run": "defensible.cli.run",
    "assess": "defensible.cli.assess",
    "scope": "defensible.cli.scope",
    "obligations": "defensible.cli.obligations",
    "risk": "defensible.cli.risk",
    "blind": "defensible.cli.blind",
    "intake": "defensible.cli.intake",
    "approve": "defensible.cli.approve",
    "decision": "defensible.cli.decision",
    "verify": "defensible.cli.verify",
    "language": "defensible.cli.language",
    "schema": "defensible.cli.schema",
}
"""Command and the module whose function of the same name it is."""

GROUPS = {
    "plan": "defensible.cli.plan",
    "key": "defensible.cli.key",
    "stats": "defensible.cli.stats",
}
"""Group of commands and the module whose `app` it is."""


def version() -> str:
    """The installed version."""
    from defensible import __version__

    return __version__


class _Ordered(TyperGroup):
    """Commands in the order of the work."""

    def list_commands(self, ctx: Any) -> list[str]:
        known = super().list_commands(ctx)
        return [name for name in (*COMMANDS, *GROUPS) if name in known]


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"defensible {version()}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Which claims can you defend, on the evidence you have?"""


def application(called: str | None = None) -> typer.Typer:
    """The command line: with the command that is called, or with all where it is none of ours."""
    app = typer.Typer(
        name="defensible",
        cls=_Ordered,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help="Which claims can you defend, on the evidence you have?",
    )
    app.callback()(_options)
    for name in [called] if called in {*COMMANDS, *GROUPS} else [*COMMANDS, *GROUPS]:
        if name in GROUPS:
            app.add_typer(importlib.import_module(GROUPS[name]).app, name=name)
        else:
            module = importlib.import_module(COMMANDS[name])
            app.command(name)(getattr(module, name.replace("-", "_")))
    return app
