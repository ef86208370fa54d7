"""`defensible stats size froc`: a reader study of marks without a pilot, by the search model."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.methods import figures
from defensible.cli.stats.options import Level, Output, Power
from defensible.cli.stats.size_marks import Lesions, Tie
from defensible.cli.stats.size_readers import frontier

if TYPE_CHECKING:
    from defensible.statistics.arrays import Floats
    from defensible.statistics.search_model import Search
    from defensible.statistics.sizing_froc import Conjecture

SOURCE = (
    "search model and effect sizes: Chakraborty. Observer Performance Methods, CRC Press 2017; "
    "ranges of readers: Obuchowski. AJR 2000;175:603-608; correlations: Rockette et al. "
    "Investigative Radiology 1999;34:169-175; power: Hillis, Obuchowski, Berbaum. Academic "
    "Radiology 2011;18:129-142"
)


def froc(
    false_marks: Annotated[float, typer.Option(help="False marks of a case without lesions.")],
    found: Annotated[float, typer.Option(help="Share of lesions that are marked at all.")],
    lesions: Lesions,
    correlation: Tie,
    unaided: Annotated[
        float | None, typer.Option(help="Mean wAFROC of readers without the device.")
    ] = None,
    unaided_auc: Annotated[
        float | None, typer.Option(help="Their mean AUC, where no wAFROC is known.")
    ] = None,
    difference: Annotated[
        float | None, typer.Option(help="Expected of the wAFROC, aided less unaided.")
    ] = None,
    auc_difference: Annotated[
        float | None, typer.Option(help="Expected of the AUC, to be converted.")
    ] = None,
    aided_false_marks: Annotated[
        float | None, typer.Option(help="False marks with the device; without, as many.")
    ] = None,
    aided_found: Annotated[
        float | None, typer.Option(help="Share of lesions marked with it; without, as many.")
    ] = None,
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
    """Readers and cases of a reader study of marks, without a pilot.

    Every reader reads every case in both conditions; as many healthy cases as diseased.
    """
    from defensible.statistics import search_model, sizing_froc, sizing_readers

    if (unaided is None) == (unaided_auc is None):
        raise typer.BadParameter("write one of --unaided and --unaided-auc")
    if (difference is None) == (auc_difference is None):
        raise typer.BadParameter("write one of --difference and --auc-difference")
    with figures():
        of = sizing_froc.conjecture(
            *_models(
                search_model.lesion_counts(lesions),
                {"false_marks": false_marks, "found": found},
                {
                    "false_marks": false_marks if aided_false_marks is None else aided_false_marks,
                    "found": found if aided_found is None else aided_found,
                },
                (unaided, unaided_auc),
                (difference, auc_difference),
            ),
            lesions=lesions,
            correlation=correlation,
        )
        if of.difference <= goal:
            raise ValueError(
                f"difference must lie above the goal of {goal:g}; {of.difference:.4g} found"
            )
        points = sizing_readers.frontier(
            lambda n: of.pilot(n, variability),
            expected=of.difference,
            goal=goal,
            power_wanted=power,
            level=level,
        )
    result: dict[str, Any] = {
        **_model(of, lesions, correlation),
        "goal": goal,
        "wanted": power,
        "level": level,
        "variability": variability,
        "range_within": sizing_readers.RANGES[variability][0],
        "range_between": sizing_readers.RANGES[variability][1],
        "frontier": [
            {
                "readers": one.n_readers,
                "cases": None if one.n_cases is None else 2 * one.n_cases,
                "power": one.power,
            }
            for one in points
        ],
        "source": SOURCE,
    }
    answer.say(form, "size froc", result, _lines(result))


def _models(
    counts: "Floats",
    without: dict[str, float],
    with_it: dict[str, float],
    unaided: tuple[float | None, float | None],
    change: tuple[float | None, float | None],
) -> "tuple[Search, Search]":
    """The search models without the device and with it, from wAFROCs or AUCs."""
    from defensible.statistics import search_model

    if unaided[1] is not None:
        before = search_model.of_auc(unaided[1], counts, **without)
    else:
        before = search_model.of_wafroc(unaided[0] or 0.0, **without)
    if change[1] is not None:
        area = search_model.auc(before, counts) + change[1]
        return before, search_model.of_auc(area, counts, **with_it)
    figure = search_model.wafroc(before) + (change[0] or 0.0)
    return before, search_model.of_wafroc(figure, **with_it)


def _model(of: "Conjecture", lesions: float, correlation: float) -> dict[str, Any]:
    """What the search model makes of the figures that were given."""
    from defensible.statistics import search_model

    counts = search_model.lesion_counts(lesions)
    models = {"unaided": of.unaided, "aided": of.aided}
    return {
        **{
            name: {
                "wafroc": search_model.wafroc(one),
                "auc": search_model.auc(one, counts),
                "mu": one.mu,
                "false_marks": one.false_marks,
                "found": one.found,
            }
            for name, one in models.items()
        },
        "difference": of.difference,
        "per_auc": of.per_auc,
        "lesions": lesions,
        "correlation": correlation,
        "unit_variance": of.unit_variance,
    }


def _lines(result: dict[str, Any]) -> list[str]:
    models = {
        name: (
            f"wAFROC {one['wafroc']:.4g}, AUC {one['auc']:.4g}: {one['false_marks']:g} false marks "
            f"a case, {one['found']:g} of lesions marked and rated {one['mu']:.3g} above them"
        )
        for name, one in (("unaided", result["unaided"]), ("aided", result["aided"]))
    }
    ranges = (
        f"{result['range_between']:g} between, {result['range_within']:g} within, of AUCs, and "
        f"{result['per_auc']:.3g} times as wide of wAFROCs"
    )
    head = [
        f"A reader study to show a change of {result['difference']:.4g} in the mean wAFROC",
        *answer.fields(
            *models.items(),
            ("goal", f"above {result['goal']:g}, with power {result['wanted']:g}"),
            (
                "lesions",
                f"{result['lesions']:g} a diseased case, correlated by {result['correlation']:g}",
            ),
            ("cases", "as many healthy cases as diseased"),
            ("readers", f"{result['variability']} differences: range {ranges}"),
            ("source", SOURCE),
        ),
        "",
    ]
    return [*head, *frontier(result["frontier"])]
