"""`defensible stats automation-bias`: what the device does to its readers."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import figures, known, values
from defensible.cli.stats.options import File, Level, Output, Renamed, Seed

if TYPE_CHECKING:
    from defensible.statistics.automation_bias import BreakEven, Paired, Use
    from defensible.statistics.estimate import Estimate

PARTS = ("reader", "case", "modality", "truth", "decision", "rating", "device", "patient")
METHODS = {
    "linearized": "two-way clusters",
    "u-statistic": "U-statistics on each subset of the readings",
    "bootstrap": "readers and patients drawn anew",
}
SOURCES = {
    "u-statistic": "Gallas et al. Commun Stat Theory Methods 2009;38:2586-2603",
    "linearized": "Cameron, Gelbach, Miller. J Business & Economic Statistics 2011;29:238-249",
    "bootstrap": "Owen. Annals of Applied Statistics 2007;1:386-411",
}
WORDS = {
    "commission": "commission: turns positive on false positives",
    "omission": "omission: turns negative on misses",
    "follows_when_right": "corrected where the device is right",
    "overrides_when_wrong": "stands firm where the device is wrong",
    "reliance": "reliance: agrees with the device beyond unaided",
    "appropriate_reliance": "appropriate reliance: follows right, resists wrong",
    "net_benefit": "net benefit a patient, in true positives",
    "break_even": "break-even error rate of the device",
}


def automation_bias(
    file: File,
    unaided: Annotated[str, typer.Option(help="The modality without the device.")] = "unaided",
    aided: Annotated[str, typer.Option(help="The modality with the device.")] = "aided",
    at: Annotated[
        float | None, typer.Option(help="Rating from which a reading is positive.")
    ] = None,
    prevalence: Annotated[
        float | None, typer.Option(help="Of the condition in use; unnamed: in the table.")
    ] = None,
    sensitivity: Annotated[
        float | None, typer.Option(help="Of the device in use; unnamed: in the table.")
    ] = None,
    specificity: Annotated[
        float | None, typer.Option(help="Of the device in use; unnamed: in the table.")
    ] = None,
    weight: Annotated[
        float, typer.Option(help="Harm of a false positive, a true positive being worth 1.")
    ] = 1.0,
    method: Annotated[str, typer.Option(help=f"One of {', '.join(METHODS)}.")] = "linearized",
    column: Renamed = None,
    seed: Seed = None,
    replicates: Annotated[int, typer.Option(help="Bootstrap replicates.", min=100)] = 2000,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """What the device's output does to readers, above all where it is wrong.

    Columns reader, case, modality, truth, decision (or rating, with --at), device; patient where
    patients have several cases. One row a reading.
    """
    name = known(METHODS, method, "--method")
    if name == "bootstrap" and seed is None:
        raise typer.BadParameter("the bootstrap needs one, such as --seed 1", param_hint="--seed")
    table = opened(file, column, PARTS)
    read = _read(table, at)
    with values(table.file):
        pairs = _paired(read, unaided, aided)
    with figures():
        use = _use(pairs, prevalence, sensitivity, specificity, weight)
    found, even = _measured(pairs, use, name, seed, replicates, level)
    told = {"prevalence": prevalence, "sensitivity": sensitivity, "specificity": specificity}
    of_table = tuple(part for part, value in told.items() if value is None)
    _say(form, table.file, pairs, (found, even), name, use, of_table)


def _read(table: Named, at: float | None) -> "dict[str, Any]":
    """The columns; a rating becomes a decision at the threshold that is named."""
    texts = ["reader", "case", "modality", *(["patient"] if table.has("patient") else [])]
    if table.has("decision"):
        return table.read(texts=texts, truths=("truth", "decision", "device"))
    if at is None:
        raise typer.BadParameter(
            "there is no column decision; name the rating from which a reading is positive",
            param_hint="--at",
        )
    read = table.read(texts=texts, truths=("truth", "device"), numbers=("rating",))
    rating = read.pop("rating")
    return {**read, "decision": rating >= at}


def _paired(read: "dict[str, Any]", unaided: str, aided: str) -> "Paired":
    from defensible.statistics import reading_pairs

    return reading_pairs.from_long(**read, unaided=unaided, aided=aided)


def _use(
    of: "Paired",
    prevalence: float | None,
    sensitivity: float | None,
    specificity: float | None,
    weight: float,
) -> "Use | None":
    """The population of use; what is not named is the table's. None where that has one class."""
    from defensible.statistics import automation_bias as bias

    if not 0 < of.truth.sum() < of.truth.size:
        return None
    seen = (of.truth.mean(), of.device[of.truth].mean(), 1 - of.device[~of.truth].mean())
    told = (prevalence, sensitivity, specificity)
    share, true_positive, true_negative = (
        float(own) if one is None else one for one, own in zip(told, seen, strict=True)
    )
    return bias.Use(
        prevalence=share, sensitivity=true_positive, specificity=true_negative, weight=weight
    )


def _measured(
    of: "Paired", use: "Use | None", name: str, seed: int | None, replicates: int, level: float
) -> "tuple[dict[str, Estimate | None], BreakEven | None]":
    from defensible.statistics import automation_bias as bias
    from defensible.statistics import two_way_bootstrap, two_way_spread
    from defensible.statistics.two_way import Linear

    by: bias.Intervals = bias.LINEARIZED
    if name == "u-statistic":
        by = Linear(spread_of=two_way_spread.u_statistic)
    elif name == "bootstrap" and seed is not None:
        by = two_way_bootstrap.Bootstrap(
            n_replicates=replicates,
            seed=seed,
            draw=two_way_bootstrap.both,
            spread_of=two_way_spread.linearized,
            drawn="readers, patients",
        )
    even = None if use is None else bias.break_even(of, use, level=level, by=by)
    return bias.measures(of, use, level=level, by=by), even


def _say(
    form: Form,
    file: str,
    of: "Paired",
    measured: "tuple[dict[str, Estimate | None], BreakEven | None]",
    name: str,
    use: "Use | None",
    of_table: tuple[str, ...],
) -> None:
    found, even = measured
    n_readers, n_cases = of.read.shape
    wrong = int((~of.right).sum())
    result: dict[str, Any] = {
        "n_readers": n_readers,
        "n_cases": n_cases,
        "n_device_wrong": wrong,
        "method": METHODS[name],
        "source": SOURCES[name],
        "use": use,
        "use_of_table": of_table,
        "net_benefit": None,
        **{key: None if one is None else answer.estimate(one) for key, one in found.items()},
        "break_even": None
        if even is None
        else {
            "rate": None if even.rate is None else answer.estimate(even.rate),
            "at_no_error": even.at_no_error,
            "at_all_errors": even.at_all_errors,
        },
    }
    rows = [(WORDS[key], one) for key, one in found.items() if one is not None]
    if even is not None and even.rate is not None:
        rows.append((WORDS["break_even"], even.rate))
    absent = [key.replace("_", " ") for key, one in found.items() if one is None]
    lines = [
        f"{n_readers} readers, {n_cases:,} cases in {file}; the device is wrong on {wrong:,}",
        *answer.estimates(rows, p=False),
        *answer.fields(
            ("no reading", f"could show {', '.join(absent)}" if absent else ""),
            ("break-even", _never(even)),
            ("in use", _said(use, of_table)),
            ("method", f"{METHODS[name]}"),
            ("source", SOURCES[name]),
        ),
    ]
    answer.say(form, "automation-bias", result, lines)


def _said(use: "Use | None", of_table: tuple[str, ...]) -> str:
    """The population in which gain and harm are weighed, and whose figures these are."""
    if use is None:
        return "the table has one class, so gain and harm are not weighed"
    parts = [
        f"{part} {getattr(use, part):.4g}{' (of this table)' if part in of_table else ''}"
        for part in ("prevalence", "sensitivity", "specificity")
    ]
    mend = f"; name what holds in use (--{', --'.join(of_table)})" if of_table else ""
    return f"{', '.join(parts)}, harm of a false positive {use.weight:g}{mend}"


def _never(even: "BreakEven | None") -> str:
    """What is said where no error rate parts gain from harm."""
    if even is None or even.rate is not None:
        return ""
    better = even.at_no_error > 0
    return f"aided reading is {'better' if better else 'no better'} at every error rate"
