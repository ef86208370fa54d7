"""`defensible stats size mrmc`: readers and cases of a reader study, from a pilot's components."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import opened
from defensible.cli.stats.methods import figures, known, values
from defensible.cli.stats.options import Level, Output, Power, Renamed

if TYPE_CHECKING:
    from defensible.statistics.sizing_mrmc import Pilot

SOURCE = "Hillis, Obuchowski, Berbaum. Academic Radiology 2011;18:129-142"
DESIGNS = {
    "crossed": "every reader reads every case in both modalities",
    "cases-in-modality": "other cases in each modality",
    "cases-in-reader": "each reader has cases of his own",
    "readers-in-modality": "other readers in each modality",
}
_FUNCTIONS = {
    "crossed": "crossed",
    "cases-in-modality": "cases_nested_in_modality",
    "cases-in-reader": "cases_nested_in_reader",
    "readers-in-modality": "readers_nested_in_modality",
}
_FRONTIER = (3, 4, 5, 6, 8, 10, 12, 15, 20, 30)


def mrmc(
    pilot: Annotated[Path, typer.Argument(help="Table of a pilot with two modalities.")],
    difference: Annotated[float, typer.Option(help="Difference in mean AUC to be shown.")],
    readers: Annotated[
        int | None, typer.Option(help="Readers of the design to be judged.", min=2)
    ] = None,
    cases: Annotated[int | None, typer.Option(help="Its cases.", min=4)] = None,
    design: Annotated[str, typer.Option(help=f"One of {', '.join(DESIGNS)}.")] = "crossed",
    margin: Annotated[
        float | None,
        typer.Option(help="Non-inferiority margin; difference is then what is true.", min=0.0),
    ] = None,
    column: Renamed = None,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Readers and cases of a reader study, from a pilot.

    Cases for each number of readers (crossed), or the power of one design.
    """
    components = _pilot(pilot, column)
    if (readers is None) != (cases is None):
        raise typer.BadParameter("name --readers and --cases together, or neither")
    if readers is not None and cases is not None:
        result = _power(components, difference, readers, cases, design, margin, level)
    elif design != "crossed" or margin is not None:
        raise typer.BadParameter("a design or margin is judged with --readers and --cases")
    else:
        result = _frontier(components, difference, power, level)
    parts = answer.plain(components.components)
    result |= {"pilot": {"n_cases": components.n_cases, "variance_components": parts}}
    answer.say(form, "size mrmc", {**result, "source": SOURCE}, _lines(result, difference))


def _pilot(file: Path, column: list[str] | None) -> "Pilot":
    """Obuchowski and Rockette's components of the pilot's AUCs, DeLong covariances."""
    from defensible.statistics import error_covariance, obuchowski_rockette, reader_table
    from defensible.statistics.sizing_mrmc import Pilot

    table = opened(file, column, ("reader", "case", "modality", "truth", "rating"))
    read = table.read(texts=("reader", "case", "modality"), truths=("truth",), numbers=("rating",))
    with values(table.file):
        ratings = reader_table.from_long(**read)
        found = obuchowski_rockette.random_readers(error_covariance.delong(ratings))
        return Pilot(components=found.variance_components, n_cases=ratings.n_cases)


def _power(
    pilot: "Pilot",
    difference: float,
    readers: int,
    cases: int,
    design: str,
    margin: float | None,
    level: float,
) -> dict[str, Any]:
    from defensible.statistics import sizing_mrmc, sizing_mrmc_designs

    name = known(DESIGNS, design, "--design")
    asked: dict[str, Any] = {
        "difference": difference,
        "n_readers": readers,
        "n_cases": cases,
        "level": level,
    }
    with figures():
        if margin is not None:
            if name != "crossed":
                raise typer.BadParameter("non-inferiority is for the crossed design")
            found = sizing_mrmc.non_inferiority(pilot, margin=margin, **asked)
        else:
            found = getattr(sizing_mrmc_designs, _FUNCTIONS[name])(pilot, **asked)
    return {
        "design": name,
        "margin": margin,
        "readers": readers,
        "cases": cases,
        "level": level,
        "power": found.power,
        "noncentrality": found.noncentrality,
        "df": found.df,
    }


def _frontier(pilot: "Pilot", difference: float, power: float, level: float) -> dict[str, Any]:
    """For each number of readers, the cases that reach the power; null where none do."""
    from defensible.statistics import sizing, sizing_mrmc

    with figures():
        sizing.power_wanted(power)
    rows: list[dict[str, Any]] = []
    for n_readers in _FRONTIER:
        try:
            size = sizing_mrmc.cases_for_readers(
                pilot, difference=difference, n_readers=n_readers, power=power, level=level
            )
        except ValueError as error:
            rows.append({"readers": n_readers, "cases": None, "power": None, "why": str(error)})
            continue
        rows.append({"readers": n_readers, "cases": size.n, "power": size.power, "why": None})
    return {"design": "crossed", "wanted": power, "level": level, "frontier": rows}


def _lines(result: dict[str, Any], difference: float) -> list[str]:
    pilot = result["pilot"]
    parts = ", ".join(
        f"{name} {answer.number(one)}" for name, one in pilot["variance_components"].items()
    )
    head = [
        f"A reader study to show a difference of {difference:g} in the mean AUC",
        *answer.fields(
            ("design", DESIGNS[result["design"]]),
            ("pilot", f"{pilot['n_cases']:,} cases; {parts}"),
            ("source", SOURCE),
        ),
        "",
    ]
    if "frontier" not in result:
        against = "" if result["margin"] is None else f", margin {result['margin']:g}"
        size = f"{result['readers']} readers, {result['cases']:,} cases{against}"
        return [*head, f"  {size}: power {result['power']:.4f}"]
    rows = [["readers", "cases", "power"]]
    for one in result["frontier"]:
        known_power = "-" if one["power"] is None else f"{one['power']:.4f}"
        found = "not reached" if one["cases"] is None else f"{one['cases']:,}"
        rows.append([str(one["readers"]), found, known_power])
    return [*head, *answer.compact(rows, right=frozenset({0, 1, 2}))]
