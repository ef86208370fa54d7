"""`defensible stats size mean, within-margin, kappa, icc, bland-altman`: sizes of agreement."""

from typing import Annotated

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats.methods import figures
from defensible.cli.stats.options import Level, Output, Power
from defensible.cli.stats.size_answer import say

Expected = Annotated[float, typer.Option(help="What is expected to be true.")]
Goal = Annotated[float, typer.Option(help="What the interval must clear.")]


def mean(
    expected: Annotated[float, typer.Option(help="Mean expected to be true (Dice, error).")],
    goal: Annotated[float, typer.Option(help="What the interval of the mean must clear.")],
    sd: Annotated[float, typer.Option(help="Standard deviation of a patient's figure.")],
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Patients for a mean (Dice, relative error) to clear a goal."""
    from defensible.statistics import sizing_mean as topic

    with figures():
        size = topic.one(expected=expected, goal=goal, sd=sd, power=power, level=level)
    source = "non-central t, exact for normal figures"
    title = f"A mean: {expected:g} expected with SD {sd:g}, the interval must clear {goal:g}"
    say(form, "mean", title, size, source)


def within_margin(
    expected: Annotated[float, typer.Option(help="Share of patients expected inside the margin.")],
    goal: Annotated[float, typer.Option(help="What the interval of the share must clear.")],
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Patients for the share within a margin, as an agreement study takes it."""
    from defensible.statistics import sizing_mean as topic

    with figures():
        size = topic.share(expected=expected, goal=goal, power=power, level=level)
    source = "exact over the binomial number inside; the share's interval is that of a mean by t"
    title = f"A share within a margin: {expected:g} expected, the interval must clear {goal:g}"
    say(form, "within-margin", title, size, source)


def kappa(
    expected: Expected,
    goal: Goal,
    prevalence: Annotated[float, typer.Option(help="Share of subjects in the first category.")],
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Subjects for the kappa of two raters to clear a goal."""
    from defensible.statistics import sizing_agreement as topic

    told = {"expected": expected, "goal": goal, "prevalence": prevalence}
    told |= {"power": power, "level": level}
    with figures():
        size = topic.kappa_of_two_raters(**told)
        others = {"by interval": topic.kappa_by_interval(**told)}
    source = (
        "test: Donner, Eliasziw. Statistics in Medicine 1992;11:1511-1519; beside it Cohen's "
        "interval, variance of Bloch, Kraemer. Biometrics 1989;45:269-287"
    )
    say(form, "kappa", f"Kappa: {expected:g} expected, against {goal:g}", size, source, others)


def icc(
    expected: Expected,
    goal: Goal,
    raters: Annotated[int, typer.Option(help="Raters of each subject.")] = 2,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Subjects for an intraclass correlation to clear a goal."""
    from defensible.statistics import sizing_agreement as topic

    with figures():
        size = topic.icc(expected=expected, goal=goal, n_raters=raters, power=power, level=level)
    source = "Walter, Eliasziw, Donner. Statistics in Medicine 1998;17:101-110"
    say(form, "icc", f"ICC: {expected:g} expected, against {goal:g}", size, source)


def bland_altman(
    bias: Annotated[float, typer.Option(help="Mean difference expected.")],
    sd: Annotated[float, typer.Option(help="Standard deviation of a difference.")],
    margin: Annotated[float, typer.Option(help="What the limits' intervals must stay within.")],
    coverage: Annotated[float, typer.Option(help="Share that the limits enclose.")] = 0.95,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Subjects for limits of agreement to stay within a margin."""
    from defensible.statistics import sizing_agreement as topic

    with figures():
        size = topic.limits_of_agreement(
            bias=bias, sd=sd, margin=margin, coverage=coverage, power=power, level=level
        )
    source = "Lu et al. International Journal of Biostatistics 2016;12 (here with exact intervals)"
    title = f"Limits of agreement within {margin:g}: bias {bias:g}, SD {sd:g}"
    say(form, "bland-altman", title, size, source)
