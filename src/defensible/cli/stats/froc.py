"""`defensible stats froc`: marks on images, by several readers in several modalities."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from defensible.cli.envelope import Form
from defensible.cli.stats import answer, mrmc_answer
from defensible.cli.stats.columns import opened
from defensible.cli.stats.methods import known, values
from defensible.cli.stats.mrmc_methods import METHODS, Asked, inferred
from defensible.cli.stats.options import Level, Output, Seed, seeded

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from defensible.statistics.error_covariance import ErrorCovariance
    from defensible.statistics.froc_table import FrocTable
    from defensible.statistics.mrmc_inference import MrmcResult

_SOURCE = (
    "Chakraborty, Berbaum. Medical Physics 2004;31:2313-2330; "
    "Chakraborty, Zhai. Medical Physics 2016;43:2548-2557"
)
_METHODS = ("obuchowski-rockette", "dbm", "u-statistic-centred")
READINGS = "readings.csv"
FIGURES = (
    "wAFROC",
    "AFROC",
    "wAFROC1",
    "AFROC1",
    "HrAuc",
    "FROC",
    "HrSe",
    "HrSp",
    "MaxLLF",
    "MaxNLF",
    "MaxNLFAllCases",
)


def froc(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder with cases.csv, lesions.csv, marks.csv; readings.csv if some are missing."
        ),
    ],
    figure: Annotated[str, typer.Option(help=f"One of {', '.join(FIGURES)}.")] = "wAFROC",
    method: Annotated[str, typer.Option(help=f"One of {', '.join(_METHODS)}.")] = _METHODS[0],
    covariance: Annotated[str, typer.Option(help="jackknife or bootstrap.")] = "jackknife",
    readers: Annotated[str, typer.Option(help="random or fixed.")] = "random",
    cases: Annotated[str, typer.Option(help="random or fixed.")] = "random",
    new: Annotated[str | None, typer.Option(help="Modality to be tested.")] = None,
    reference: Annotated[str | None, typer.Option(help="Modality it is held against.")] = None,
    margin: Annotated[
        float | None, typer.Option(help="Non-inferiority margin, above 0.", min=0.0)
    ] = None,
    seed: Seed = None,
    replicates: Annotated[int, typer.Option(help="Bootstrap replicates.", min=100)] = 2000,
    level: Level = 0.95,
    form: Output = Form.TEXT,
) -> None:
    """Marks on images, by several readers.

    Cases, their lesions, and one row a mark: NL, or LL with its lesion. Where not every reader
    read every case in every modality, readings.csv has one row a reading, marked or not.
    """
    from defensible.statistics import froc as topic

    asked = Asked(
        method=known(dict.fromkeys(_METHODS), method, "--method"),
        covariance=covariance,
        readers=readers,
        cases=cases,
        figure="froc",
        at=None,
        seed=seed,
        replicates=replicates,
        level=level,
    )
    of = topic.FIGURES[known(dict.fromkeys(FIGURES), figure, "--figure")]
    table = _table(folder)
    with values(str(folder / "marks.csv")):
        found = _analysis(table, of, asked)
    source = f"{_SOURCE}; {METHODS[asked.method]}"
    tests = mrmc_answer.margin_tests(found, new, reference, margin)
    result = {
        **mrmc_answer.as_json(found, source, tests),
        "n_lesions": int(table.lesion_case.size),
        "n_readings": int(table.read.sum()),
        "n_repeated_marks": table.n_repeated,
    }
    lines = mrmc_answer.as_text(found, f"{found.figure} in {folder}", source, tests)
    lines[1:1] = answer.fields(("readings", _readings_said(table, folder)))
    answer.say(form, "froc", result, lines)


def _readings_said(table: "FrocTable", folder: Path) -> str:
    """How many there are, and how that is known."""
    if not (folder / READINGS).exists():
        return f"{table.read.sum():,}: every reader every case, since there is no {READINGS}"
    missing = table.read.size - int(table.read.sum())
    return f"{table.read.sum():,} in {READINGS}; {missing:,} missing"


def _analysis(table: "FrocTable", of: Any, asked: Asked) -> "MrmcResult[Any]":
    from defensible.statistics import froc as topic
    from defensible.statistics import u_statistics

    if asked.method != _METHODS[2]:
        return inferred(
            asked,
            covariance=lambda kind: _covariance(table, of, kind, asked),
            jackknife=lambda: topic.leave_one_out(table, of),
            delong=False,
            crossed=table.crossed,
        )
    if of is not topic.WAFROC:
        raise typer.BadParameter(f"{asked.method} has the wAFROC", param_hint="--figure")
    if (asked.readers, asked.cases) != ("random", "random"):
        raise typer.BadParameter(
            "the U-statistics take readers and cases as random", param_hint="--method"
        )
    return u_statistics.centred(table, level=asked.level)


def _covariance(table: "FrocTable", of: Any, kind: str, asked: Asked) -> "ErrorCovariance":
    from defensible.statistics import error_covariance
    from defensible.statistics import froc as topic

    if kind == "jackknife":
        return error_covariance.jackknife_by_cell(topic.leave_one_out(table, of))
    seed = seeded(asked.seed, "the bootstrap")
    return error_covariance.bootstrap(
        topic.bootstrap(table, of, seed=seed, replicates=asked.replicates)
    )


def _table(folder: Path) -> "FrocTable":
    """The files as one table; a mark on a lesion names the lesion of its case."""
    import numpy as np

    from defensible.evidence import lone_table
    from defensible.statistics import froc_table

    cases = opened(folder / "cases.csv", None, ("case",)).read(texts=("case",))
    lesion_file = opened(folder / "lesions.csv", None, ("case", "lesion", "weight"))
    weighted = ("weight",) if lesion_file.has("weight") else ()
    lesions = lesion_file.read(texts=("case", "lesion"), numbers=weighted)
    mark_file = opened(folder / "marks.csv", None, ("reader",))
    marks = mark_file.read(
        texts=("reader", "case", "modality", "mark"), with_gaps=("lesion",), numbers=("rating",)
    )
    named = zip(lesions["case"], lesions["lesion"], strict=True)
    at = {pair: place for place, pair in enumerate(named)}
    hit = marks["mark"] == "LL"
    odd = ~hit & (marks["mark"] != "NL")
    if odd.any():
        raise lone_table.refused(
            mark_file.file, f"mark must be NL or LL; row {int(np.argmax(odd)) + 1:,} has another"
        )
    pairs = zip(marks["case"], marks["lesion"], hit, strict=True)
    found = np.array([at.get((case, lesion), -2) if on else -1 for case, lesion, on in pairs])
    if (found == -2).any():
        row = int(np.argmax(found == -2)) + 1
        raise lone_table.refused(
            mark_file.file, f"row {row:,} marks a lesion that lesions.csv does not have"
        )
    with values(mark_file.file):
        return froc_table.from_marks(
            cases=cases["case"],
            lesion_case=lesions["case"],
            lesion_weight=lesions["weight"] if weighted else None,
            found=found,
            reader=marks["reader"],
            case=marks["case"],
            modality=marks["modality"],
            rating=marks["rating"],
            readings=_readings(folder),
        )


def _readings(folder: Path) -> "tuple[NDArray[Any], NDArray[Any], NDArray[Any]] | None":
    """Reader, case and modality of every reading; None where no table says."""
    if not (folder / READINGS).exists():
        return None
    table = opened(folder / READINGS, None, ("reader", "case", "modality"))
    read = table.read(texts=("reader", "case", "modality"))
    return read["reader"], read["case"], read["modality"]
