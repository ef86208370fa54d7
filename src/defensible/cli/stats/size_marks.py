"""`defensible stats size lesions, false-marks, wafroc`: a device that marks lesions."""

from typing import TYPE_CHECKING, Annotated

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats.methods import figures
from defensible.cli.stats.options import Level, Output, Power
from defensible.cli.stats.size_answer import say
from defensible.cli.stats.size_seen import DropOut, of_classes

if TYPE_CHECKING:
    from defensible.statistics.sizing import Size

Lesions = Annotated[
    float, typer.Option(help="Mean number of lesions of a patient or case that has any.")
]
Tie = Annotated[float, typer.Option(help="Correlation of the lesions of a patient, 0 to 1.")]
Prevalence = Annotated[
    float | None, typer.Option(help="Share with a lesion among those seen, to count these.")
]


def lesions(
    expected: Annotated[float, typer.Option(help="Share of lesions expected to be found.")],
    goal: Annotated[float, typer.Option(help="What the interval of the share must clear.")],
    lesions: Lesions,
    correlation: Tie,
    prevalence: Prevalence = None,
    drop_out: DropOut = 0.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Patients with lesions for the share of lesions found to clear a goal."""
    from defensible.statistics import sizing_marks as topic

    with figures():
        size = topic.lesions_found(
            expected=expected,
            goal=goal,
            lesions=lesions,
            correlation=correlation,
            power=power,
            level=level,
        )
        seen = of_classes(size, drop_out, prevalence)
    source = (
        "Wilson's interval; design effect of Rao, Scott. Biometrics 1992;48:577-585, a patient "
        "having one lesion and a Poisson number of further ones"
    )
    title = f"Lesions found: {expected:g} expected, the interval must clear {goal:g}"
    say(form, "lesions", title, size, source, seen=seen)


def false_marks(
    expected: Annotated[float, typer.Option(help="False marks a case expected to be true.")],
    goal: Annotated[float, typer.Option(help="What the interval of their mean must clear.")],
    dispersion: Annotated[
        float, typer.Option(help="Variance of a case's number by its mean; 1 is Poisson.")
    ] = 1.0,
    drop_out: DropOut = 0.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for the mean number of false marks to clear a goal."""
    from defensible.statistics import sizing_marks as topic

    told = {"expected": expected, "goal": goal, "power": power, "level": level}
    with figures():
        size = topic.false_marks(**told, dispersion=dispersion)
        others: dict[str, Size | str] = {}
        if dispersion == 1:
            others["exact Poisson"] = topic.exact_marks(**told)
        seen = of_classes(size, drop_out, None)
    source = (
        "limits by t on the log scale, over the exact number of marks; exact Poisson: Garwood. "
        "Biometrika 1936;28:437-442"
    )
    title = f"False marks a case: {expected:g} expected, the interval must clear {goal:g}"
    say(form, "false-marks", title, size, source, others, seen=seen)


def wafroc(
    expected: Annotated[float, typer.Option(help="wAFROC expected to be true.")],
    goal: Annotated[float, typer.Option(help="What its interval must clear.")],
    false_marks: Annotated[float, typer.Option(help="False marks of a case without lesions.")],
    found: Annotated[float, typer.Option(help="Share of lesions that are marked at all.")],
    lesions: Lesions,
    correlation: Tie,
    ratio: Annotated[float, typer.Option(help="Healthy cases for each diseased one.")] = 1.0,
    prevalence: Prevalence = None,
    drop_out: DropOut = 0.0,
    power: Power = 0.8,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Cases for one wAFROC to clear a goal, by the search model."""
    from defensible.statistics import sizing_wafroc as topic

    with figures():
        size = topic.one(
            expected=expected,
            goal=goal,
            marks=false_marks,
            found=found,
            lesions=lesions,
            correlation=correlation,
            ratio=ratio,
            power=power,
            level=level,
        )
        seen = of_classes(size, drop_out, prevalence)
    source = (
        "limits on the logit scale, as of a localization study; search model: Chakraborty. Physics "
        "in Medicine and Biology 2006;51:3449-3482"
    )
    title = f"wAFROC of a device: {expected:g} expected, the interval must clear {goal:g}"
    say(form, "wafroc", title, size, source, seen=seen)
