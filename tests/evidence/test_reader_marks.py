"""Marks with a location in a reader study: the wAFROC of RJafroc, and tables that do not fit."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from defensible.dossier import DossierError
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Stratum
from defensible.evidence.sealed import plain, result_of
from tests.evidence.test_readers import REFERENCE, dossier, needs_reference, records

BY_NAME: dict[str, Any] = {
    "source": "data/marks.csv",
    "columns": {
        "reader": "reader",
        "case": "case",
        "modality": "modality",
        "rating": "rating",
        "lesion": "lesion",
    },
    "lesions": {
        "source": "data/lesions.csv",
        "columns": {"case": "case", "lesion": "lesion", "weight": "weight"},
    },
}
BY_PLACE: dict[str, Any] = {
    "source": "data/marks.csv",
    "columns": {
        "reader": "reader",
        "case": "case",
        "modality": "modality",
        "rating": "rating",
        "x": "x",
        "y": "y",
    },
    "lesions": {
        "source": "data/lesions.csv",
        "columns": {"case": "case", "x": "x", "y": "y"},
    },
    "radius": 10,
}


def marked(root: Path, parts: dict[str, str], marks: dict[str, Any], **changes: Any):
    """The result of a study of marks; its tables stand beside the readings."""
    (root / "data").mkdir(parents=True)
    for name in ("marks", "lesions"):
        (root / f"data/{name}.csv").write_text(parts[name])
    return dossier(
        root,
        parts["readings"],
        columns={"rating": None, "patient": changes.pop("patient", None)},
        marks=marks,
        **{
            "endpoints": [{"metric": "wafroc_difference", "goal": {"above": -0.05}}],
            "positive": None,
            **changes,
        },
    )


def public(name: str) -> dict[str, str]:
    """The tables of a public study, with a row for each reading, marked or not."""
    folder = REFERENCE / "data" / name

    def rows(part: str) -> list[dict[str, str]]:
        with (folder / f"{part}.csv").open() as file:
            return list(csv.DictReader(file))

    marks, cases = rows("marks"), rows("cases")
    readers, modalities = ({one[key] for one in marks} for key in ("reader", "modality"))
    read = [
        f"{reader},{case['case']},{modality},{case['truth']}"
        for reader in readers
        for modality in modalities
        for case in cases
    ]
    return {
        "marks": (folder / "marks.csv").read_text(),
        "lesions": (folder / "lesions.csv").read_text(),
        "readings": "\n".join(["reader,case,modality,truth", *read, ""]),
    }


DESIGNS = {
    "random readers and random cases": ({}, "RRRC"),
    "random readers, fixed cases": ({"cases": "fixed"}, "RRFC"),
}


@needs_reference
@pytest.mark.parametrize("name", ["froc_tony", "froc_thompson"])
@pytest.mark.parametrize("design", DESIGNS)
def test_the_wafroc_difference_of_a_dossier_is_that_of_rjafroc(name, design, tmp_path):
    plan, key = DESIGNS[design]
    (expected,) = (
        one["results"][key]
        for one in records(name, "froc-rjafroc")
        if one["method"].startswith("Obuchowski") and f"FOM wAFROC, {design}" in one["method"]
    )

    result = marked(tmp_path, public(name), BY_NAME, analysis={"level": 0.95, **plan})

    found, row = result.criteria[0].measurement.estimate, expected["ciDiffTrt"][0]
    assert found.value == pytest.approx(-row["Estimate"], abs=1e-12)
    assert found.se == pytest.approx(row["StdErr"], rel=1e-8)
    assert found.p == pytest.approx(row["PrGTt"], rel=1e-8)
    assert -found.high == pytest.approx(row["CILower"], rel=1e-8)
    assert -found.low == pytest.approx(row["CIUpper"], rel=1e-8)
    (mean,) = (
        one for one in result.readers.figures if one.metric == "wafroc" and one.reader is None
    )
    for one, line in zip((mean.unaided, mean.aided), expected["ciAvgRdrEachTrt"], strict=True):
        assert one.value == pytest.approx(line["Estimate"], abs=1e-12)
        assert one.se == pytest.approx(line["StdErr"], rel=1e-8)


@needs_reference
def test_readers_own_wafroc_is_that_of_rjafroc(tmp_path):
    (matrix,) = (
        one["results"]["matrix"]
        for one in records("froc_tony", "froc-rjafroc")
        if one["method"] == "Figures of merit per modality and reader, wAFROC"
    )

    result = marked(tmp_path, public("froc_tony"), BY_NAME)

    own = [one for one in result.readers.figures if one.metric == "wafroc" and one.reader]
    assert [one.reader for one in own] == ["1", "2", "3", "4", "5"]
    assert [one.unaided.value for one in own] == pytest.approx(matrix[0], abs=1e-12)
    assert [one.aided.value for one in own] == pytest.approx(matrix[1], abs=1e-12)
    gaps = np.subtract(matrix[1], matrix[0])
    assert [one.difference.value for one in own] == pytest.approx(gaps, abs=1e-12)


def drawn(*, seed: int = 3, n_readers: int = 4, n_cases: int = 24) -> dict[str, str]:
    """Marks at places: near a lesion, twice on some, and false ones far off."""
    rng = np.random.default_rng(seed)
    readings, lesions = ["reader,case,modality,truth,site"], ["case,lesion,x,y,weight"]
    marks = ["reader,case,modality,rating,x,y,lesion"]
    sick = range(n_cases // 2)
    at = {case: [(30 + 40 * k, 20.0) for k in range(1 + case % 2)] for case in sick}
    for case, places in at.items():
        lesions += [f"K{case},L{k},{x},{y},{1 / len(places)}" for k, (x, y) in enumerate(places)]
    for reader in range(n_readers):
        for modality in (1, 2):
            for case in range(n_cases):
                site = "North" if case % 3 else "South"
                readings.append(f"R{reader},K{case},{modality},{int(case in sick)},{site}")
                key = f"R{reader},K{case},{modality}"
                for k, (x, y) in enumerate(at.get(case, [])):
                    if rng.random() < 0.5 + 0.2 * modality:
                        marks.append(f"{key},{rng.integers(2, 6)},{x + 3},{y - 2},L{k}")
                        if case % 5 == 0:
                            marks.append(f"{key},{rng.integers(1, 3)},{x - 4},{y},L{k}")
                if rng.random() < 0.4:
                    marks.append(f"{key},{rng.integers(1, 5)},200,200,")
    return {
        name: "\n".join([*rows, ""])
        for name, rows in (("readings", readings), ("lesions", lesions), ("marks", marks))
    }


@pytest.mark.parametrize("repeats", ["highest", "false"])
def test_marks_matched_by_place_are_those_matched_by_name(repeats, tmp_path):
    by_place = marked(tmp_path / "place", drawn(), {**BY_PLACE, "repeats": repeats})
    by_name = marked(tmp_path / "name", drawn(), {**BY_NAME, "repeats": repeats})

    one, other = (each.criteria[0].measurement.estimate for each in (by_place, by_name))
    assert (one.value, one.low, one.high) == (other.value, other.low, other.high)
    assert one.low < one.value < one.high


def test_a_second_mark_on_a_lesion_is_nothing_or_false_as_the_plan_says(tmp_path):
    nothing = marked(tmp_path / "nothing", drawn(), {**BY_NAME, "repeats": "highest"})
    false = marked(tmp_path / "false", drawn(), {**BY_NAME, "repeats": "false"})

    # repeats lie on cases with lesions, which the wAFROC does not look at for false marks
    assert false.criteria[0].measurement.estimate == nothing.criteria[0].measurement.estimate


def test_the_wafroc_is_given_by_stratum_and_tested_between_them(tmp_path):
    result = marked(tmp_path, drawn(), BY_NAME, dimensions=[{"name": "site", "column": "site"}])

    north = result.measurement(MetricName.WAFROC_DIFFERENCE, Stratum(levels=(("site", "North"),)))
    assert north.n_cases == 16
    assert north.estimate is not None
    gap, other = (
        one.difference for one in result.readers.interactions if one.metric == "wafroc_difference"
    )
    assert gap.value == pytest.approx(-other.value, abs=1e-12)
    assert gap.p is not None


def test_marks_elsewhere_are_counted_and_not_used(tmp_path):
    parts = drawn()
    parts["marks"] += "R0,K0,3,4,0,0,\nR0,K999,1,4,0,0,\n"
    parts["lesions"] += "K999,L0,30,20,1\n"

    result = marked(tmp_path, parts, BY_NAME)

    assert [(one.reason, one.n, one.treated) for one in result.ledger.tallies] == [
        ("lesions of cases that nobody read", 1, "not used"),
        ("marks in another condition", 1, "not used"),
        ("marks on cases that nobody read", 1, "not used"),
    ]
    assert [one.source for one in result.ledger.sources] == [
        "data/readings.csv",
        "data/lesions.csv",
        "data/marks.csv",
    ]


def test_a_study_of_marks_comes_back_from_its_seal_as_it_was(tmp_path):
    result = marked(tmp_path, drawn(), BY_PLACE)

    assert result_of(json.loads(json.dumps(plain(result)))) == result


BROKEN = {
    "no way to match": (
        {},
        {"columns": {k: v for k, v in BY_NAME["columns"].items() if k != "lesion"}},
        "E070 nothing says which lesion a mark has found",
    ),
    "two ways to match": ({}, {"radius": 10}, "which one decides?"),
    "weights": (
        {"lesions": ("K0,L0,30,20.0,1.0", "K0,L0,30,20.0,0.5")},
        {},
        "E071 the weights of the lesions of 1 case do not sum to 1, the first K0 (0.5)",
    ),
    "a lesion in a healthy case": (
        {"lesions": ("K0,L0,30,20.0,1.0", "K0,L0,30,20.0,1.0\nK23,L0,1,1,1")},
        {},
        "E071 1 case with a lesion and negative by the reference standard: K23",
    ),
    "a lesion that is not there": (
        {"marks": (",L1\n", ",L7\n")},
        {},
        "on a lesion that its case does not have",
    ),
    "a mark without a reading": (
        {"readings": ("R0,K0,1,1,South\n", "")},
        {},
        "without a reading of that reader, case and condition",
    ),
    "a rating that is none": (
        {"marks": ("R0,K0,2,", "R0,K0,2,high")},
        {},
        "without a rating",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_tables_that_do_not_fit_are_told_with_their_row(name, tmp_path):
    changes, plan, expected = BROKEN[name]
    parts = drawn()
    for part, (old, new) in changes.items():
        assert old in parts[part]
        parts[part] = parts[part].replace(old, new)

    with pytest.raises(DossierError) as caught:
        marked(tmp_path, parts, {**BY_NAME, **plan})

    assert expected in str(caught.value)


def test_the_wafroc_where_patients_have_several_cases_leaves_patients_out(tmp_path):
    parts = drawn()
    head, *rows = parts["readings"].splitlines()
    parts["readings"] = "\n".join(
        [f"{head},patient", *(f"{row},P{int(row.split(',')[1][1:]) // 2}" for row in rows), ""]
    )

    plain_ = marked(tmp_path / "plain", parts, BY_NAME)
    result = marked(tmp_path / "patients", parts, BY_NAME, patient="patient")

    found, alone = (each.criteria[0].measurement.estimate for each in (result, plain_))
    assert found.value == alone.value
    assert (found.n_clusters, alone.n_clusters) == (12, None)
    assert found.se != alone.se
    assert "jackknife over patients" in dict(result.readers.methods)["wafroc_difference"]
