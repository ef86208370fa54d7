"""The options that several calculators share."""

from pathlib import Path
from typing import Annotated

import typer

from defensible.cli.envelope import Form

Level = Annotated[
    float, typer.Option(help="Confidence level of the two-sided interval.", min=0.5, max=0.9999)
]
Output = Annotated[Form, typer.Option("--format", help="For people or programs.")]
File = Annotated[Path, typer.Argument(help="Table: CSV or Parquet, also in zip or gz.")]
Renamed = Annotated[
    list[str] | None,
    typer.Option("--column", help="What the table calls a column: truth=disease. Repeatable."),
]
Seed = Annotated[int | None, typer.Option(help="Seed, asked for where the method draws.")]
Power = Annotated[float, typer.Option(help="Chance to show what is to be shown.")]


def seeded(seed: int | None, what: str) -> int:
    """The seed, or a usage error: a random answer is only worth what can be repeated."""
    if seed is None:
        raise typer.BadParameter(f"{what} draws at random: name a seed", param_hint="--seed")
    return seed
