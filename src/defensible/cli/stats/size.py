"""`defensible stats size ...`: how many cases, readers, subjects or sites a study needs."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats.methods import figures
from defensible.cli.stats.options import Level, Output, Power
from defensible.cli.stats.size_answer import say
from defensible.cli.stats.size_seen import CasesPerPatient, DropOut, Tie, clustered, of_classes

if TYPE_CHECKING:
    from defensible.statistics.sizing import Size
    from defensible.statistics.sizing_interval import LimitsOf

Expected = Annotated[float, typer.Option(help="What is expected to be true.")]
Goal = Annotated[float, typer.Option(help="What the interval must clear.")]
_EXACT = "exact binomial test; power recomputed at the answer"

app = typer.Typer(
    name="size",
    rich_markup_mode=None,
    no_args_is_help=True,
    help="How many cases, readers, subjects or sites a study needs.",
)


@app.command()
def proportion(
    expected: Expected,
    goal: Goal,
    prevalence: Annotated[
        float | None,
        typer.Option(help="Share of those seen in whom it is counted, to count these."),
    ] = None,
    drop_out: DropOut = 0.0,
    cases_per_patient: CasesPerPatient = 1.0,
    correlation: Tie = 0.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for one proportion to clear a goal.

    By the exact test; beside it by Wilson's and other intervals, as `defensible plan` sizes them.
    """
    from defensible.statistics import proportions, sizing_interval
    from defensible.statistics import sizing_proportion as topic

    def by(limits: "LimitsOf") -> "Size":
        return sizing_interval.lasting(
            limits, expected=expected, goal=goal, power=power, level=level
        )

    with figures():
        first = topic.exact(expected=expected, goal=goal, power=power, level=level)
        lasting = topic.exact_lasting(expected=expected, goal=goal, power=power, level=level)
        rough = topic.approximate(expected=expected, goal=goal, power=power, level=level)
        others: dict[str, Size | str] = {
            "lasting": lasting,
            "wilson": by(proportions.wilson_limits),
            "agresti-coull": by(proportions.agresti_coull_limits),
            "jeffreys": by(proportions.jeffreys_limits),
            "approximate": rough,
        }
        by_patient = clustered(first, cases_per_patient, correlation)
        seen = of_classes(by_patient or first, drop_out, prevalence)
    title = f"One proportion: {expected:g} expected, the interval must clear {goal:g}"
    others |= {} if by_patient is None else {"clustered": by_patient}
    say(form, "proportion", title, first, _EXACT, others, seen)


@app.command()
def independent(
    first: Annotated[float, typer.Option(help="Proportion expected in the first group.")],
    second: Annotated[float, typer.Option(help="Proportion expected in the second group.")],
    ratio: Annotated[float, typer.Option(help="Cases of the second for each of the first.")] = 1.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for two independent proportions to differ."""
    from defensible.statistics import sizing_proportion as topic

    with figures():
        size = topic.independent(first=first, second=second, ratio=ratio, power=power, level=level)
    source = "pooled normal test without continuity correction"
    say(form, "independent", f"Two groups: {first:g} and {second:g}", size, source)


@app.command()
def paired(
    better: Annotated[float, typer.Option(help="Share of cases that only the new test has right.")],
    worse: Annotated[float, typer.Option(help="Share that only the other has right.")],
    margin: Annotated[
        float | None, typer.Option(help="Non-inferiority margin; without one, superiority.")
    ] = None,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for two binary tests of the same cases.

    By McNemar's test, or against a margin.
    """
    from defensible.statistics import sizing_paired as topic

    title = f"Two tests of the same cases: {better:g} better, {worse:g} worse"
    with figures():
        if margin is not None:
            size = topic.non_inferiority(
                better=better, worse=worse, margin=margin, power=power, level=level
            )
            say(form, "paired", f"{title}, margin {margin:g}", size, "Nam. Biometrics 1997;53")
            return
        size = topic.exact_mcnemar(better=better, worse=worse, power=power, level=level)
        rough = topic.approximate_mcnemar(better=better, worse=worse, power=power, level=level)
    source = "exact McNemar test; Connor. Biometrics 1987;43:207-211 (approximate)"
    say(form, "paired", title, size, source, {"approximate": rough})


@app.command()
def auc(
    expected: Expected,
    goal: Annotated[float, typer.Option(help="AUC that the interval must clear.")] = 0.5,
    ratio: Annotated[float, typer.Option(help="Healthy cases for each diseased one.")] = 1.0,
    prevalence: Annotated[
        float | None, typer.Option(help="Share diseased among those seen, to count these.")
    ] = None,
    drop_out: DropOut = 0.0,
    cases_per_patient: CasesPerPatient = 1.0,
    correlation: Tie = 0.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for one AUC to clear a goal, by DeLong's interval.

    As `defensible plan` sizes it; by Obuchowski's and Hanley and McNeil's variances beside.
    """
    from defensible.statistics import sizing_auc, sizing_auc_delong

    def by(search: "Callable[..., Size]") -> "Size":
        return search(expected=expected, goal=goal, ratio=ratio, power=power, level=level)

    with figures():
        size = by(sizing_auc_delong.one)
        others: dict[str, Size | str] = {
            "obuchowski": by(sizing_auc.one_obuchowski),
            "hanley-mcneil": by(sizing_auc.one_hanley_mcneil),
        }
        by_patient = clustered(size, cases_per_patient, correlation)
        seen = of_classes(by_patient or size, drop_out, prevalence)
    source = (
        "interval of DeLong. Biometrics 1988;44:837-845, variance of normal scores; beside it "
        "Obuchowski. Statistical Methods in Medical Research 1998;7:371-392; Hanley, McNeil. "
        "Radiology 1982;143:29-36"
    )
    title = f"One AUC: {expected:g} expected, the interval must clear {goal:g}"
    others |= {} if by_patient is None else {"clustered": by_patient}
    say(form, "auc", title, size, source, others, seen)


@app.command("paired-auc")
def paired_auc(
    first: Annotated[float, typer.Option(help="AUC expected of the first score.")],
    second: Annotated[float, typer.Option(help="AUC expected of the second score.")],
    correlation: Annotated[float, typer.Option(help="Correlation of the two AUCs.")],
    margin: Annotated[
        float | None,
        typer.Option(help="Non-inferiority margin of the first; without, superiority."),
    ] = None,
    ratio: Annotated[float, typer.Option(help="Healthy cases for each diseased one.")] = 1.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for two AUCs of the same cases to differ, or the first to lose less than a margin.

    By DeLong's interval of the difference; by Obuchowski's variance beside, without a margin.
    """
    from defensible.statistics import sizing_auc, sizing_auc_delong

    title = f"Two AUCs of the same cases: {first:g}, {second:g}"
    asked = {"correlation": correlation, "ratio": ratio, "power": power, "level": level}
    source = "interval of DeLong. Biometrics 1988;44:837-845, variance of normal scores"
    with figures():
        if margin is not None:
            size = sizing_auc_delong.paired(
                expected=first, reference=second, margin=margin, **asked
            )
            say(form, "paired-auc", f"{title}, margin {margin:g}", size, source)
            return
        size = sizing_auc_delong.paired(
            expected=max(first, second), reference=min(first, second), **asked
        )
        other = sizing_auc.paired(first=first, second=second, **asked)
    source += "; beside it Obuchowski, McClish. Statistics in Medicine 1997;16:1529-1542"
    say(form, "paired-auc", title, size, source, {"obuchowski": other})


@app.command()
def participants(
    goal: Annotated[float, typer.Option(help="Bound on the rate of a use error.")],
    expected: Annotated[
        float | None, typer.Option(help="Rate expected; without one, that nobody errs.")
    ] = None,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Participants for a rate of use errors to stay below a bound."""
    from defensible.statistics import sizing_proportion, sizing_usability

    with figures():
        if expected is None:
            size = sizing_usability.without_error(goal=goal, level=level)
        else:
            size = sizing_proportion.exact_lasting(
                expected=expected, goal=goal, power=power, level=level
            )
    told = "nobody errs" if expected is None else f"{expected:g} expected"
    source = "exact binomial test; power recomputed at the answer"
    say(form, "participants", f"Use errors below {goal:g}: {told}", size, source)


@app.command()
def sites(
    expected: Expected,
    goal: Goal,
    tau: Annotated[float, typer.Option(help="Between-site SD on the logit scale.")],
    cases_per_site: Annotated[int, typer.Option(help="Cases of the class, at each site.")],
    width: Annotated[
        float | None, typer.Option(help="Widest prediction for a further site, limit to limit.")
    ] = None,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Sites for the average and a further one to clear a goal."""
    from defensible.statistics import sizing_new_site
    from defensible.statistics import sizing_sites as topic
    from defensible.statistics.new_site import BETWEEN_VALIDATIONS

    def for_(search: "Callable[..., Size]") -> "Size":
        return search(
            expected=expected,
            goal=goal,
            tau=tau,
            cases_per_site=cases_per_site,
            power=power,
            level=level,
        )

    with figures():
        average = for_(topic.for_average)
    further = _if_any(lambda: for_(topic.for_prediction))
    by_prior_alone = sizing_new_site.Analysis(prior=BETWEEN_VALIDATIONS)
    by_prior = _if_any(
        lambda: for_(partial(sizing_new_site.of_proportion, analysis=by_prior_alone))
    )
    source = (
        "normal between sites on the logit scale; t intervals, and the prior of `heterogeneity`"
    )
    title = f"Sites of {cases_per_site:,} cases: {expected:g} expected, against {goal:g}"
    others = {"further site": further, "by the prior": by_prior}
    if width is not None:
        others["narrow"] = _if_any(
            lambda: sizing_new_site.of_width(
                expected=expected,
                width=width,
                tau=tau,
                cases_per_site=cases_per_site,
                analysis=by_prior_alone,
                level=level,
            )
        )
    say(form, "sites", title, average, source, others)


def _if_any(search: "Callable[[], Size]") -> "Size | str":
    """The size, or why there is none: not every goal can be reached."""
    try:
        return search()
    except ValueError as error:
        return str(error)
