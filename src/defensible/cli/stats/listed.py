"""The calculators, by name: the only list there is."""

import importlib

import typer

CALCULATORS = {
    "proportion": "defensible.cli.stats.proportion",
    "auc": "defensible.cli.stats.auc",
}
"""Calculator and the module whose function of the same name it is."""

app = typer.Typer(
    name="stats",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Statistics from figures or a bare table, outside any dossier.",
)

for _name, _module in CALCULATORS.items():
    app.command(_name)(getattr(importlib.import_module(_module), _name))
