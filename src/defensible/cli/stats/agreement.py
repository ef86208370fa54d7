"""`defensible stats agreement`: raters against each other, by category or by measurement."""

from typing import Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import Method, chosen, values
from defensible.cli.stats.options import File, Level, Output

_COHEN = "Fleiss, Cohen, Everitt. Psychological Bulletin 1969;72:323-327"
_GWET = "Gwet. Handbook of Inter-Rater Reliability, 4th edition, 2014"
_KRIPPENDORFF = "Krippendorff. Content Analysis, 2nd edition, 2004, chapter 11"
_SHROUT = (
    "Shrout, Fleiss. Psychological Bulletin 1979;86:420-428; "
    "McGraw, Wong. Psychological Methods 1996;1:30-46"
)
_LIMITS = "Bland, Altman. Statistical Methods in Medical Research 1999;8:135-160"
_CARKEET = f"{_LIMITS}; Carkeet. Optometry and Vision Science 2015;92:e71-e80"

PAIRS = {
    "cohen": Method(topic="kappa", name="cohen", source=_COHEN),
    "kappa-linear": Method(topic="kappa", name="linear", source=_COHEN),
    "kappa-quadratic": Method(topic="kappa", name="quadratic", source=_COHEN),
    "concordance": Method(
        topic="method_comparison", name="concordance", source="Lin. Biometrics 1989;45:255-268"
    ),
}
CATEGORIES = {
    "percent": Method(topic="agreement", name="percent_agreement", source=_GWET),
    "fleiss": Method(topic="agreement", name="fleiss", source=_GWET),
    "conger": Method(topic="agreement", name="conger", source=_GWET),
    "gwet-ac1": Method(topic="agreement", name="gwet_ac1", source=_GWET),
    "brennan-prediger": Method(topic="agreement", name="brennan_prediger", source=_GWET),
    "light": Method(topic="agreement", name="light", source=_GWET),
}
ALPHA = {
    f"krippendorff-{distance}": Method(topic="agreement", name=distance, source=_KRIPPENDORFF)
    for distance in ("nominal", "ordinal", "interval")
}
MEASURED = {
    f"icc-{name.replace('_', '-')}": Method(topic="icc", name=name, source=_SHROUT)
    for name in (
        "one_way_single",
        "one_way_average",
        "agreement_single",
        "agreement_average",
        "consistency_single",
        "consistency_average",
    )
}
DIFFERENCES = {
    "bland-altman": Method(topic="bland_altman", name="limits_of_agreement", source=_CARKEET),
    "bland-altman-1999": Method(
        topic="bland_altman", name="limits_of_agreement_1999", source=_LIMITS
    ),
    "bland-altman-1986": Method(
        topic="bland_altman",
        name="limits_of_agreement_1986",
        source="Bland, Altman. Lancet 1986;1:307-310",
    ),
}
LINES = {
    "deming": Method(
        topic="method_comparison",
        name="deming",
        source="Linnet. Clinical Chemistry 1990;36:2158-2167",
    ),
    "passing-bablok": Method(
        topic="method_comparison",
        name="passing_bablok",
        source="Passing, Bablok. J Clin Chem Clin Biochem 1983;21:709-720",
    ),
}
METHODS = {**PAIRS, **CATEGORIES, **ALPHA, **MEASURED, **DIFFERENCES, **LINES}
_NAMES = ("subject", "case", "patient", "id")


def agreement(
    file: File,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")],
    raters: Annotated[
        str | None,
        typer.Option(help=f"Columns, a,b,c; unnamed: all but {', '.join(_NAMES)}."),
    ] = None,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Raters, or methods of measurement, against each other.

    A row a subject, a column a rater.
    """
    of = chosen(METHODS, method)
    two = of in {**PAIRS, **DIFFERENCES, **LINES}.values()
    table = opened(file, None, ("subject",))
    names = _raters(table, raters, two=two)
    result, lines = _answer(table, of, names, level, two=two)
    head = [
        f"{', '.join(names)} in {table.file}",
        *lines,
        *answer.fields(("source", of.source)),
    ]
    answer.say(form, "agreement", {"raters": names, **result, "source": of.source}, head)


def _raters(table: Named, raters: str | None, *, two: bool) -> list[str]:
    """The columns that hold ratings."""
    if raters is None:
        names = [one for one in table.table.header if one.lower() not in _NAMES]
    else:
        names = [one.strip() for one in raters.split(",") if one.strip()]
    if len(names) < 2 or (two and len(names) != 2):
        wanted = "two columns" if two else "two columns or more"
        raise typer.BadParameter(
            f"this method takes {wanted}; {len(names)} found", param_hint="--raters"
        )
    return names


def _answer(
    table: Named, of: Method, names: list[str], level: float, *, two: bool
) -> tuple[dict[str, Any], list[str]]:
    import numpy as np

    nominal = of in {*CATEGORIES.values(), PAIRS["cohen"], ALPHA["krippendorff-nominal"]}
    read = table.read(texts=names) if nominal else table.read(numbers=names)
    ratings = np.column_stack([read[name] for name in names])
    if nominal:
        coded = np.unique(ratings, return_inverse=True)[1]
        ratings = coded.reshape(ratings.shape).astype(np.float64)
    with values(table.file):
        if of in ALPHA.values():
            from defensible.statistics.agreement import krippendorff

            found = krippendorff(ratings, of.function, level=level)
        elif two:
            found = of.function(ratings[:, 0], ratings[:, 1], level=level)
        else:
            found = of.function(ratings, level=level)
    if of in DIFFERENCES.values():
        return _limits(found)
    if of in LINES.values():
        return _line(found)
    return answer.estimate(found), [
        *answer.of(found),
        *answer.fields(("method", found.method)),
    ]


def _limits(found: Any) -> tuple[dict[str, Any], list[str]]:
    parts = {"bias": found.bias, "lower": found.lower, "upper": found.upper}
    if found.slope is not None:
        parts["slope"] = found.slope
    result: dict[str, Any] = {
        "method": found.bias.method,
        "n": found.n,
        "sd": found.sd,
        "coverage": found.coverage,
        **{name: answer.estimate(one) for name, one in parts.items()},
    }
    labels = {
        "bias": "bias (first - second)",
        "lower": "lower limit",
        "upper": "upper limit",
        "slope": "slope on the mean",
    }
    return result, [
        *answer.fields(("method", found.lower.method), ("rests on", f"n {found.n:,}")),
        "",
        *answer.estimates([(labels[name], one) for name, one in parts.items()]),
        "",
    ]


def _line(found: Any) -> tuple[dict[str, Any], list[str]]:
    parts = {"slope": found.slope, "intercept": found.intercept}
    result = {
        "method": found.slope.method,
        "n": found.n,
        **{name: answer.estimate(one) for name, one in parts.items()},
    }
    return result, [
        *answer.fields(("method", found.slope.method), ("rests on", f"n {found.n:,}")),
        "",
        *answer.estimates(list(parts.items()), p=False),
        "",
    ]
