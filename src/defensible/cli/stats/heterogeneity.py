"""`defensible stats heterogeneity`: how much sites differ, and what to expect at a further one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import Method, chosen, values
from defensible.cli.stats.options import File, Level, Output, Renamed

if TYPE_CHECKING:
    from defensible.statistics.estimate import Estimate
    from defensible.statistics.heterogeneity import RandomEffects

METHODS = {
    "reml": Method(
        topic="heterogeneity",
        name="random_effects_reml",
        source="Viechtbauer. Journal of Educational and Behavioral Statistics 2005;30:261-293",
    ),
    "dersimonian-laird": Method(
        topic="heterogeneity",
        name="random_effects_dersimonian_laird",
        source="DerSimonian, Laird. Controlled Clinical Trials 1986;7:177-188",
    ),
    "paule-mandel": Method(
        topic="heterogeneity",
        name="random_effects_paule_mandel",
        source="Paule, Mandel. Journal of Research of the NBS 1982;87:377-385",
    ),
}
_PRIOR = "van Leeuwen et al. Statistics in Medicine 2025;44:e70011 (prior between sites)"


def heterogeneity(
    file: File,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "reml",
    column: Renamed = None,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """How much sites differ, and what to expect at the next.

    Columns site, count, n for proportions; or site, effect, variance.
    """
    of = chosen(METHODS, method)
    table = opened(file, column, ("site", "count", "n", "effect", "variance"))
    shares = table.has("count") or not table.has("effect")
    result, lines = (_proportions if shares else _effects)(table, of, level)
    answer.say(form, "heterogeneity", {**result, "source": of.source}, lines)


def _proportions(table: Named, of: Method, level: float) -> tuple[dict[str, Any], list[str]]:
    """Proportions on the logit scale, shown as proportions."""
    from scipy.special import expit

    from defensible.statistics.new_site import new_site_proportion
    from defensible.statistics.site_logits import logit_proportions

    read = table.read(texts=("site",), numbers=("count", "n"))
    with values(table.file):
        effects, variances = logit_proportions(read["count"], read["n"])
        fit = of.function(effects, variances, level=level)
        further = new_site_proportion(read["count"], read["n"], level=level)
    result, named = _fitted(fit, shown=expit)
    result |= {
        "scale": "logit; estimates are proportions",
        "with_prior": {
            "new_site": answer.estimate(further.predicted),
            "average": answer.estimate(further.average),
            "tau": answer.estimate(further.tau),
        },
        "sites": [
            {"site": str(site), "count": int(count), "n": int(n)}
            for site, count, n in zip(read["site"], read["count"], read["n"], strict=True)
        ],
    }
    named |= {"average, with prior": further.average, "new site, with prior": further.predicted}
    title = f"{fit.n_sites} sites in {table.file}, on the logit scale, shown as proportions"
    return result, _lines(title, fit, named, f"{of.source}; {_PRIOR}")


def _effects(table: Named, of: Method, level: float) -> tuple[dict[str, Any], list[str]]:
    read = table.read(texts=("site",), numbers=("effect", "variance"))
    with values(table.file):
        fit = of.function(read["effect"], read["variance"], level=level)
    result, named = _fitted(fit, shown=float)
    title = f"{fit.n_sites} sites in {table.file}"
    return {**result, "scale": "as given"}, _lines(title, fit, named, of.source)


def _fitted(
    fit: "RandomEffects", *, shown: Callable[[float], Any]
) -> "tuple[dict[str, Any], dict[str, Estimate]]":
    """The stable keys of a fit, and its two estimates on the scale on which they are shown."""
    from dataclasses import replace

    from defensible.statistics import heterogeneity as topic

    average, further = (
        replace(
            one,
            value=float(shown(one.value)),
            low=float(shown(one.low)),
            high=float(shown(one.high)),
        )
        for one in (topic.hartung_knapp(fit), topic.prediction_higgins(fit))
    )
    result: dict[str, Any] = {
        "method": fit.method,
        "n_sites": fit.n_sites,
        "level": fit.level,
        "average": answer.estimate(average),
        "new_site": answer.estimate(further),
        "tau2": {"estimate": fit.tau2, "low": fit.tau2_low, "high": fit.tau2_high},
        "i2": {"estimate": fit.i2, "low": fit.i2_low, "high": fit.i2_high},
        "q": {"statistic": fit.q, "df": fit.q_df, "p": fit.q_p},
    }
    return result, {"average (HKSJ)": average, "new site (Higgins)": further}


def _lines(
    title: str, fit: "RandomEffects", named: "dict[str, Estimate]", source: str
) -> list[str]:
    notes = dict.fromkeys(words for one in named.values() for words in answer.said(one.cautions))
    tau2 = f"{answer.number(fit.tau2_low)} to {answer.number(fit.tau2_high)}"
    return [
        title,
        *answer.fields(
            ("between sites", f"tau2 {answer.number(fit.tau2)} ({tau2}), {fit.method}"),
            ("I2", f"{fit.i2:.3f} ({fit.i2_low:.3f} to {fit.i2_high:.3f})"),
            ("all alike?", f"Q {fit.q:.3f} on {fit.q_df} df, p {answer.probability(fit.q_p)}"),
        ),
        "",
        *answer.estimates(list(named.items()), p=False),
        "",
        *answer.fields(*(("note", words) for words in notes), ("source", source)),
    ]
