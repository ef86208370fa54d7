"""`defensible stats size readers`: a reader study without a pilot, by published differences."""

from typing import Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.methods import figures, known
from defensible.cli.stats.options import Level, Output, Power

SOURCE = (
    "ranges of readers: Obuchowski. AJR 2000;175:603-608; correlations: Rockette et al. "
    "Investigative Radiology 1999;34:169-175; power: Hillis, Obuchowski, Berbaum. Academic "
    "Radiology 2011;18:129-142"
)
FIGURES = {
    "auc": "as many healthy cases as diseased",
    "sensitivity": "diseased cases",
    "specificity": "healthy cases",
}


def readers(
    unaided: Annotated[float, typer.Option(help="Mean figure of readers without the device.")],
    difference: Annotated[float, typer.Option(help="Expected, aided less unaided.")],
    figure: Annotated[str, typer.Option(help=f"One of {', '.join(FIGURES)}.")] = "auc",
    goal: Annotated[
        float, typer.Option(help="What the interval must lie above; below 0 it is a margin.")
    ] = 0.0,
    variability: Annotated[
        str, typer.Option(help="How readers differ: small, moderate or large.")
    ] = "moderate",
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Readers and cases of a reader study without a pilot.

    Readers differ as published; every reader reads every case in both conditions.
    """
    from defensible.statistics import sizing, sizing_auc, sizing_readers

    name = known(FIGURES, figure, "--figure")
    with figures():
        if difference <= goal:
            raise ValueError(f"difference must lie above the goal of {goal:g}; {difference} found")
        middle = sizing.proportion("unaided and half the difference", unaided + difference / 2)
        unit = sizing_auc.obuchowski_variance(middle) if name == "auc" else middle * (1 - middle)
        points = sizing_readers.frontier(
            lambda n: sizing_readers.conjectured(
                variability=variability, n_readers=n, unit_variance=unit
            ),
            expected=difference,
            goal=goal,
            power_wanted=power,
            level=level,
        )
    times = 2 if name == "auc" else 1
    rows = [
        {
            "readers": one.n_readers,
            "cases": None if one.n_cases is None else times * one.n_cases,
            "power": one.power,
        }
        for one in points
    ]
    within, between = sizing_readers.RANGES[variability]
    result: dict[str, Any] = {
        "figure": name,
        "unaided": unaided,
        "difference": difference,
        "goal": goal,
        "wanted": power,
        "level": level,
        "variability": variability,
        "range_within": within,
        "range_between": between,
        "frontier": rows,
        "source": SOURCE,
    }
    answer.say(form, "size readers", result, _lines(result))


def _lines(result: dict[str, Any]) -> list[str]:
    name = "AUC" if result["figure"] == "auc" else result["figure"]
    ranges = f"{result['range_between']:g} between, {result['range_within']:g} within"
    head = [
        f"A reader study to show a change of {result['difference']:g} in the mean {name}",
        *answer.fields(
            ("unaided", f"{result['unaided']:g}"),
            ("goal", f"above {result['goal']:g}, with power {result['wanted']:g}"),
            ("cases", FIGURES[result["figure"]]),
            ("readers", f"{result['variability']} differences: range {ranges}"),
            ("source", SOURCE),
        ),
        "",
    ]
    return [*head, *frontier(result["frontier"])]


def frontier(rows: list[dict[str, Any]]) -> list[str]:
    """The cases that each number of readers takes, with the power."""
    table = [["readers", "cases", "power"]]
    for one in rows:
        found = "not reached" if one["cases"] is None else f"{one['cases']:,}"
        reached = "-" if one["power"] is None else f"{one['power']:.4f}"
        table.append([str(one["readers"]), found, reached])
    return answer.compact(table, right=frozenset({0, 1, 2}))
