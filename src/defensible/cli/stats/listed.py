"""The calculators, by name: the only list there is."""

import importlib

import typer

from defensible.cli.stats import size_agreement, size_marks
from defensible.cli.stats.size import app as size
from defensible.cli.stats.size_froc import froc as size_froc
from defensible.cli.stats.size_mrmc import mrmc as size_mrmc
from defensible.cli.stats.size_readers import readers as size_readers

CALCULATORS = {
    "proportion": "defensible.cli.stats.proportion",
    "auc": "defensible.cli.stats.auc",
    "compare": "defensible.cli.stats.compare",
    "mrmc": "defensible.cli.stats.mrmc",
    "automation-bias": "defensible.cli.stats.automation_bias",
    "froc": "defensible.cli.stats.froc",
    "agreement": "defensible.cli.stats.agreement",
    "calibration": "defensible.cli.stats.calibration",
    "heterogeneity": "defensible.cli.stats.heterogeneity",
}
"""Calculator and the module whose function of the same name it is."""

app = typer.Typer(
    name="stats",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="Statistics from figures or a bare table, outside any dossier.",
)

for _name, _module in CALCULATORS.items():
    app.command(_name)(getattr(importlib.import_module(_module), _name.replace("-", "_")))
for _each in (
    size_agreement.mean,
    size_agreement.within_margin,
    size_agreement.kappa,
    size_agreement.icc,
    size_agreement.bland_altman,
    size_marks.lesions,
    size_marks.false_marks,
    size_marks.wafroc,
):
    size.command(_each.__name__.replace("_", "-"))(_each)
size.command("mrmc")(size_mrmc)
size.command("readers")(size_readers)
size.command("froc")(size_froc)
app.add_typer(size, name="size")
