"""`defensible stats calibration`: whether probabilities mean what they say."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer
from defensible.cli.stats.columns import Named, opened
from defensible.cli.stats.methods import known, values
from defensible.cli.stats.options import File, Level, Output, Renamed, seeded

if TYPE_CHECKING:
    from defensible.statistics.estimate import Estimate

SOURCE = (
    "Cox. Biometrika 1958;45:562-565; Van Calster et al. BMC Medicine 2019;17:230; "
    "Spiegelhalter. Statistics in Medicine 1986;5:421-433"
)
BINS = {"equal-width": "equal_width", "equal-mass": "equal_mass"}


def calibration(
    file: File,
    column: Renamed = None,
    level: Level = 0.95,
    bins: Annotated[int, typer.Option(help="Bins of the ECE and the decomposition.")] = 10,
    binning: Annotated[str, typer.Option(help=f"One of {', '.join(BINS)}.")] = "equal-width",
    seed: Annotated[
        int | None, typer.Option(help="Seed of the ECE's bootstrap; without one it is left out.")
    ] = None,
    replicates: Annotated[int, typer.Option(help="Bootstrap replicates.", min=100)] = 2000,
    clip: Annotated[
        float | None, typer.Option(help="Move probabilities at least this far from 0 and 1.")
    ] = None,
    form: Output = Form.TEXT,
) -> None:
    """Whether probabilities mean what they say.

    Columns truth and probability; cluster where patients have several cases.
    """
    table = opened(file, column, ("truth", "probability", "cluster"))
    parts = ("cluster",) if table.has("cluster") else ()
    read = table.read(truths=("truth",), numbers=("probability",), texts=parts)
    kind = known(BINS, binning, "--binning")
    from defensible.statistics import calibration as topic

    truth, p = read["truth"], read["probability"]
    with values(table.file):
        p = p if clip is None else topic.clipped(p, by=clip)
        edges = topic.equal_width(bins) if kind == "equal-width" else topic.equal_mass(p, bins)
        parted = topic.brier_decomposition(truth, p, edges=edges)
        found = {
            "brier": topic.brier(truth, p, level=level),
            "slope": topic.slope(truth, p, level=level),
            "intercept": topic.intercept(truth, p, level=level),
            "in_the_large": topic.in_the_large(truth, p, level=level),
            "observed_over_expected": topic.observed_over_expected(truth, p, level=level),
        }
        if seed is not None:
            found["ece"] = _ece(table, read, p, edges, seed, replicates, level)
    result: dict[str, Any] = {
        "source": SOURCE,
        "n": int(truth.size),
        "n_diseased": int(truth.sum()),
        **{name: answer.estimate(one) for name, one in found.items()},
        "brier_decomposition": answer.plain(parted),
        "bins": {"kind": kind, "n": len(edges) + 1},
    }
    answer.say(form, "calibration", result, _lines(table, found, result))


def _ece(
    table: Named, read: Any, p: Any, edges: Any, seed: int, replicates: int, level: float
) -> "Estimate":
    from defensible.statistics import bootstrap
    from defensible.statistics import calibration as topic

    design = (
        bootstrap.clusters(read["cluster"])
        if table.has("cluster")
        else bootstrap.cases(read["truth"].size)
    )
    return topic.expected_calibration_error(
        read["truth"],
        p,
        edges=edges,
        design=design,
        seed=seeded(seed, "the bootstrap"),
        n_replicates=replicates,
        level=level,
    )


def _lines(table: Named, found: "dict[str, Estimate]", result: dict[str, Any]) -> list[str]:
    names = {
        "brier": "Brier score",
        "slope": "slope (right: 1)",
        "intercept": "intercept (right: 0)",
        "in_the_large": "in the large (right: 0)",
        "observed_over_expected": "observed / expected (right: 1)",
        "ece": "ECE",
    }
    part = result["brier_decomposition"]
    bins = result["bins"]
    parts = ", ".join(
        f"{name} {answer.number(part[name])}"
        for name in ("reliability", "resolution", "uncertainty", "within")
    )
    cautions = dict.fromkeys(words for one in found.values() for words in answer.said(one.cautions))
    title = f"Calibration of {table.column('probability')} in {table.file}"
    return [
        f"{title}: {result['n']:,} cases, {result['n_diseased']:,} diseased",
        "",
        *answer.estimates([(names[name], one) for name, one in found.items()]),
        "",
        *answer.fields(
            ("Brier parts", f"{parts} ({bins['n']} {bins['kind']} bins)"),
            ("ECE", "" if "ece" in found else "left out: name --seed for its bootstrap interval"),
            *(("note", words) for words in cautions),
            ("source", SOURCE),
        ),
    ]
