"""Published reader studies as dossiers, all their conditions, beside another program's figures."""

import csv
from typing import Any

import pytest

from tests.evidence.test_readers import REFERENCE, dossier, needs_reference, records

PLANS = {
    "random readers and random cases": {"level": 0.95},
    "fixed readers, random cases": {"level": 0.95, "readers": "fixed"},
    "random readers, fixed cases": {"level": 0.95, "cases": "fixed"},
}


def result(name, tmp_path, plan):
    path = REFERENCE / "data" / f"{name}.csv"
    with path.open() as file:
        conditions = sorted({row["modality"] for row in csv.DictReader(file)})
    first, second, *others = conditions
    named: dict[str, Any] = {"unaided": first, "aided": second}
    if others:
        named["others"] = others
    return dossier(
        tmp_path,
        path.read_text(),
        conditions=named,
        endpoints=[{"metric": "auc_difference", "goal": {"above": -0.05}}],
        analysis=plan,
    )


def expected(name, random):
    (found,) = (
        one["results"]
        for one in records(name, "or-mrmcaov")
        if one["method"].endswith(f"covariance=DeLong, {random}")
    )
    return found


def turned(row: dict[str, Any], pair: tuple[str, str]) -> float:
    """The difference as the pair has it; the program writes it in one of the two orders."""
    first, second = row["Comparison"].split(" - ")
    sign = 1 if (first, second) == pair else -1
    return float(sign * row["Estimate"])


@needs_reference
@pytest.mark.parametrize("random", list(PLANS))
@pytest.mark.parametrize("name", ["penedo", "dobbins2"])
def test_every_pair_of_conditions_is_that_of_mrmcaov(name, random, tmp_path):
    wanted = expected(name, random)
    rows = {frozenset(one["Comparison"].split(" - ")): one for one in wanted["test_diffs"]}

    found = result(name, tmp_path, PLANS[random])

    of_auc = [one for one in found.readers.comparisons if one.metric == "auc_difference"]
    assert len(of_auc) == len(rows)
    for one in of_auc:
        row = rows[frozenset((one.condition, one.against))]
        difference = turned(row, (one.condition, one.against))
        assert one.difference.value == pytest.approx(difference, abs=1e-10)
        assert one.difference.se == pytest.approx(row["StdErr"], rel=1e-8)
        assert one.difference.p == pytest.approx(row["p-value"], rel=1e-8)
    (equal,) = (one for one in found.readers.equality if one.metric == "auc_difference")
    assert equal.p == pytest.approx(wanted["test_equality"][0]["p-value"], rel=1e-8)


@needs_reference
@pytest.mark.parametrize("random", list(PLANS)[:2])
def test_van_dykes_two_conditions_are_those_of_mrmcaov(random, tmp_path):
    (row,) = expected("vandyke", random)["test_diffs"]

    found = result("vandyke", tmp_path, PLANS[random]).criteria[0].measurement.estimate

    assert found.value == pytest.approx(turned(row, ("2", "1")), abs=1e-10)
    assert found.se == pytest.approx(row["StdErr"], rel=1e-8)


@needs_reference
@pytest.mark.parametrize("name", ["penedo", "dobbins2", "vandyke"])
def test_each_reader_in_each_condition_is_that_of_mrmcaov(name, tmp_path):
    wanted = expected(name, "random readers and random cases")["per_reader"]

    figures = result(name, tmp_path, PLANS["random readers and random cases"]).readers.figures

    alone = {one.reader: one for one in figures if one.metric == "auc" and one.reader}
    shown = {"1": "unaided", "2": "aided"}
    of_two = [row for row in wanted if row["modality"] in shown]
    assert len(of_two) == 2 * len(alone)
    for row in of_two:
        one = getattr(alone[row["reader"]], shown[row["modality"]])
        assert one.value == pytest.approx(row["empirical_auc"], abs=1e-12)
