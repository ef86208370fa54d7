"""The commands, by name: the only list there is. A command's rooms load when it is called."""

import importlib
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from defensible.cli.key import app as key
from defensible.cli.stats import app as stats

COMMANDS = {
    "new": "defensible.cli.new",
    "check": "defensible.cli.check",
    "classify": "defensible.cli.classify",
    "freeze": "defensible.cli.freeze",
    "run": "defensible.cli.run",
    "assess": "defensible.cli.assess",
    "scope": "defensible.cli.scope",
    "blind": "defensible.cli.blind",
    "intake": "defensible.cli.intake",
    "approve": "defensible.cli.approve",
    "decision": "defensible.cli.decision",
    "verify": "defensible.cli.verify",
    "schema": "defensible.cli.schema",
}
"""Command and the module whose function of the same name it is."""


def version() -> str:
    """The installed version."""
    from defensible import __version__

    return __version__


class _Ordered(TyperGroup):
    """Commands in the order of the work."""

    def list_commands(self, ctx: Any) -> list[str]:
        known = super().list_commands(ctx)
        return [name for name in (*COMMANDS, "key", "stats") if name in known]


app = typer.Typer(
    name="defensible",
    cls=_Ordered,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Which claims can you defend, on the evidence you have?",
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"defensible {version()}")
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Say the version."),
    ] = False,
) -> None:
    """Which claims can you defend, on the evidence you have?"""


for _name, _module in COMMANDS.items():
    app.command(_name)(getattr(importlib.import_module(_module), _name))
app.add_typer(key, name="key")
app.add_typer(stats, name="stats")
