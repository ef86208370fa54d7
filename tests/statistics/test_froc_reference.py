"""Free-response analyses against RJafroc on public reader studies."""

import csv
import functools
import json
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    dorfman_berbaum_metz,
    error_covariance,
    froc,
    froc_table,
    obuchowski_rockette,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
pytestmark = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)
STUDIES = ["froc_tony", "froc_thompson", "froc_dobbins1"]


def rows(name, part):
    with (REFERENCE / "data" / name / f"{part}.csv").open() as file:
        return list(csv.DictReader(file))


@functools.cache
def study(name):
    cases, lesions, marks = rows(name, "cases"), rows(name, "lesions"), rows(name, "marks")
    index = {(row["case"], row["lesion"]): at for at, row in enumerate(lesions)}
    return froc_table.from_marks(
        cases=[int(row["case"]) for row in cases],
        lesion_case=[int(row["case"]) for row in lesions],
        lesion_weight=[float(row["weight"]) for row in lesions],
        reader=[int(row["reader"]) for row in marks],
        case=[int(row["case"]) for row in marks],
        modality=[int(row["modality"]) for row in marks],
        found=[index[row["case"], row["lesion"]] if row["mark"] == "LL" else -1 for row in marks],
        rating=[float(row["rating"]) for row in marks],
    )


@functools.cache
def records(name):
    path = REFERENCE / "values" / name / "froc-rjafroc.json"
    return json.loads(path.read_text())["records"]


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-13)


@functools.cache
def replicates(name, figure):
    return froc.leave_one_out(study(name), froc.FIGURES[figure])


@pytest.mark.parametrize("name", STUDIES)
def test_figures_of_merit_agree_with_rjafroc(name):
    compared = set()

    for record in records(name):
        if record["method"].startswith("Figures of merit"):
            figure = record["method"].split(", ")[1]
            if figure in froc.FIGURES:
                ours = replicates(name, figure).values
                assert ours.tolist() == [near(row) for row in record["results"]["matrix"]]
                compared.add(figure)

    assert compared == set(froc.FIGURES)


ANALYSES = {
    ("OR", "random readers and random cases"): obuchowski_rockette.random_readers,
    ("OR", "fixed readers, random cases"): obuchowski_rockette.fixed_readers_floored,
    ("OR", "random readers, fixed cases"): obuchowski_rockette.fixed_cases,
    ("DBM", "random readers and random cases"): dorfman_berbaum_metz.random_readers,
    ("DBM", "fixed readers, random cases"): dorfman_berbaum_metz.fixed_readers,
    ("DBM", "random readers, fixed cases"): dorfman_berbaum_metz.fixed_cases,
}


@pytest.mark.parametrize("name", STUDIES)
def test_both_classic_analyses_agree_with_rjafroc(name):
    for record in records(name):
        kind = {"Obuchowski": "OR", "Dorfman-Be": "DBM"}.get(record["method"][:10])
        if kind is None:
            continue
        figure = record["method"].split("FOM ")[1].split(",")[0]
        design = record["method"].split(figure + ", ")[1]
        given = replicates(name, figure)
        given = error_covariance.jackknife(given) if kind == "OR" else given
        result = ANALYSES[kind, design](given)
        part = next(
            record["results"][key] for key in ("RRRC", "FRRC", "RRFC") if key in record["results"]
        )
        test = part["FTests"][0]
        assert result.equality.statistic == near(
            test.get("FStat", test.get("Chisq", test.get("F")))
        )
        assert result.equality.p == near(test["p"])
        averaged = [item for item in result.differences if item.reader is None]
        for item, row in zip(averaged, part["ciDiffTrt"], strict=True):
            assert item.estimate.value == near(row["Estimate"])
            assert item.estimate.se == near(row["StdErr"])
            assert item.estimate.p == near(row.get("PrGTt", row.get("PrGTz")))
        for item, row in zip(result.modalities, part["ciAvgRdrEachTrt"], strict=True):
            assert item.estimate.value == near(row["Estimate"])
            assert item.estimate.se == near(row["StdErr"]), (record["method"], row)


@pytest.mark.parametrize("name", STUDIES)
def test_froc_operating_points_agree_with_rjafroc(name):
    table = study(name)
    record = next(
        record for record in records(name) if "operating points, FROC" in record["method"]
    )

    _, nlf, llf = froc.operating_points(table, table.modalities[0], table.readers[0])

    points = {(row["genAbscissa"], row["genOrdinate"]) for row in record["results"]}
    assert len(points) > 2
    for x, y in points:
        assert np.hypot(nlf - x, llf - y).min() < 1e-12
