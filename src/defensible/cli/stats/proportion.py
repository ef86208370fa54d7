"""`defensible stats proportion`: a share with its interval, held against a goal if one is named."""

from typing import Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.methods import Method, chosen, figures
from defensible.cli.stats.options import Level, Output

_SEARCHED = 50_000  # further cases; more are no plan, and exact limits take long
_BROWN = "Brown, Cai, DasGupta. Statistical Science 2001;16:101-133"

METHODS = {
    "wilson": Method(topic="proportions", name="wilson", source="Wilson. JASA 1927;22:209-212"),
    "wilson-corrected": Method(
        topic="proportions",
        name="wilson_corrected",
        source="Newcombe. Statistics in Medicine 1998;17:857-872",
    ),
    "clopper-pearson": Method(
        topic="proportions",
        name="clopper_pearson",
        source="Clopper, Pearson. Biometrika 1934;26:404-413",
    ),
    "agresti-coull": Method(
        topic="proportions",
        name="agresti_coull",
        source="Agresti, Coull. American Statistician 1998;52:119-126",
    ),
    "jeffreys": Method(topic="proportions", name="jeffreys", source=_BROWN),
    "jeffreys-equal-tails": Method(topic="proportions", name="jeffreys_equal_tails", source=_BROWN),
    "wald": Method(topic="proportions", name="wald", source=_BROWN),
}


def proportion(
    count: Annotated[int, typer.Argument(help="Cases with the outcome.")],
    n: Annotated[int, typer.Argument(help="Cases.")],
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "wilson",
    level: Level = 0.95,
    above: Annotated[
        float | None, typer.Option(help="Performance goal that the interval must lie above.")
    ] = None,
    rate: Annotated[
        float | None, typer.Option(help="Rate at which further cases would come in.")
    ] = None,
    form: Output = Form.TEXT,
) -> None:
    """A proportion with its interval, held against a goal."""
    method_chosen = chosen(METHODS, method)
    with figures():
        found = method_chosen.function(count, n, level=level)
        against = None if above is None else _against(found, count, n, above, rate, method_chosen)
    result = {**answer.estimate(found), "source": method_chosen.source, "goal": against}
    lines = [
        f"{count:,} of {n:,}",
        *answer.of(found),
        *answer.fields(("method", found.method), ("source", method_chosen.source)),
        *(_said(against) if against else []),
    ]
    answer.say(form, "proportion", result, lines)


def _against(
    found: Any, count: int, n: int, goal: float, rate: float | None, method: Method
) -> dict[str, Any]:
    """The interval against a goal, and how many further cases would settle it."""
    from defensible.statistics import binomial_test, settled

    limits = Method(topic="proportions", name=f"{method.name}_limits", source="").function
    at = found.value if rate is None else rate
    further = settled.further_cases(
        count, n, goal=goal, rate=at, level=found.level, limits=limits, most=_SEARCHED
    )
    return {
        "above": goal,
        "answer": settled.above(found, goal).name.lower(),
        "p_exact": binomial_test.above(count, n, goal=goal).p,
        "further": {
            "rate": at,
            "n": further.n,
            "lasting": further.lasting,
            "answer": further.answer.name.lower(),
        },
    }


def _said(against: dict[str, Any]) -> list[str]:
    further = against["further"]
    settles = (
        f"{further['n']:,} further cases at a rate of {further['rate']:.3f} would settle it "
        f"({further['answer']})"
        if further["n"]
        else ""
    )
    if settles and further["lasting"]:
        settles += f"; from {further['lasting']:,} on it stays so"
    return answer.fields(
        (f"above {against['above']:g}", against["answer"]),
        ("exact test", f"p {answer.probability(against['p_exact'])} (one-sided binomial)"),
        ("to settle it", settles),
    )
