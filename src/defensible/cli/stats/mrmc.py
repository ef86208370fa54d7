"""`defensible stats mrmc`: several readers, several modalities, the same cases."""

from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer, mrmc_answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import known, values
from defensible.cli.stats.mrmc_methods import COVARIANCES, FIGURES, METHODS, Asked, analysis
from defensible.cli.stats.options import File, Level, Output, Renamed, Seed

if TYPE_CHECKING:
    from defensible.statistics.reader_table import ReaderTable

_OF_DECISIONS = ("sensitivity", "specificity")
_HALF = 0.5
"""Between a negative decision, 0, and a positive one, 1."""


def mrmc(
    file: File,
    method: Annotated[
        str, typer.Option(help=f"One of {', '.join(METHODS)}.")
    ] = "obuchowski-rockette",
    covariance: Annotated[
        str | None,
        typer.Option(
            help=f"One of {', '.join(COVARIANCES)}; unnamed: delong for the AUC, else jackknife."
        ),
    ] = None,
    readers: Annotated[str, typer.Option(help="random or fixed.")] = "random",
    cases: Annotated[str, typer.Option(help="random or fixed.")] = "random",
    figure: Annotated[str, typer.Option(help=f"One of {', '.join(FIGURES)}.")] = "auc",
    at: Annotated[
        float | None, typer.Option(help="Threshold, or the fixed rate, of the figure of merit.")
    ] = None,
    new: Annotated[str | None, typer.Option(help="Modality to be tested.")] = None,
    reference: Annotated[str | None, typer.Option(help="Modality it is held against.")] = None,
    margin: Annotated[
        float | None, typer.Option(help="Non-inferiority margin, above 0.", min=0.0)
    ] = None,
    column: Renamed = None,
    seed: Seed = None,
    replicates: Annotated[int, typer.Option(help="Bootstrap replicates.", min=100)] = 2000,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Several readers, several modalities, the same cases.

    Columns reader, case, modality, truth, rating (or decision); one row a reading.
    """
    name = known(METHODS, method, "--method")
    known(FIGURES, figure, "--figure")
    table = opened(file, column, ("reader", "case", "modality", "truth", "rating", "decision"))
    decided = _decided(table, figure, at)
    asked = Asked(
        method=name,
        covariance=covariance,
        readers=readers,
        cases=cases,
        figure=figure,
        at=_HALF if decided and figure in _OF_DECISIONS and at is None else at,
        seed=seed,
        replicates=replicates,
        level=level,
    )
    with values(table.file):
        found = analysis(_readings(table, decided=decided), asked)
    tests = mrmc_answer.margin_tests(found, new, reference, margin)
    title = f"{found.figure} in {table.file}"
    if decided:
        area = figure == "auc"
        said = "AUC (mean of sensitivity and specificity)" if area else figure.replace("-", " ")
        title = f"{said} of decisions in {table.file}"
    answer.say(
        form,
        "mrmc",
        {
            **mrmc_answer.as_json(found, METHODS[name], tests),
            "of": "decision" if decided else "rating",
        },
        mrmc_answer.as_text(found, title, METHODS[name], tests),
    )


def _decided(table: Named, figure: str, at: float | None) -> bool:
    """Whether the figure is taken of decisions: there is no rating, or no threshold for one."""
    no_threshold = figure in _OF_DECISIONS and at is None
    return table.has("decision") and (no_threshold or not table.has("rating"))


def _readings(table: Named, *, decided: bool) -> "ReaderTable":
    from defensible.statistics import reader_table

    texts = ("reader", "case", "modality")
    if not decided:
        read = table.read(texts=texts, truths=("truth",), numbers=("rating",))
        return reader_table.from_long(**read)
    read = table.read(texts=texts, truths=("truth", "decision"))
    return reader_table.from_long(**read | {"rating": read.pop("decision").astype("float64")})
