"""Reader studies in which readings are missing: every figure is given, on what was read."""

from typing import Any

import numpy as np
import pytest

from defensible.dossier.claims import MetricName
from defensible.evidence.finding import StudyResult
from defensible.statistics import (
    froc,
    froc_table,
    mrmc_inference,
    patient_covariance,
    reader_table,
    u_statistics,
    unequal_readings,
)
from tests.evidence.test_reader_marks import BY_NAME, drawn, marked, public
from tests.evidence.test_readers import FULL, as_csv, dossier, needs_reference, simulated

DIFFERENCES = ["auc", "wafroc", "sensitivity", "specificity"]


def gappy(share: float = 0.2, seed: int = 6) -> list[dict[str, Any]]:
    """The simulated study without some of its readings."""
    rng = np.random.default_rng(seed)
    return [one for one in simulated() if rng.random() >= share]


def as_table(rows: list[dict[str, Any]]) -> reader_table.ReaderTable:
    return reader_table.from_long(
        reader=[one["reader"] for one in rows],
        case=[one["case"] for one in rows],
        modality=[str(one["modality"]) for one in rows],
        truth=[one["truth"] for one in rows],
        rating=[float(one["rating"]) for one in rows],
    )


def without(parts: dict[str, str], gone: set[str]) -> dict[str, str]:
    """Tables without the readings whose row begins so, nor their marks."""
    kept = dict(parts)
    for name in ("readings", "marks"):
        head, *rows = parts[name].splitlines()
        rest = [one for one in rows if ",".join(one.split(",")[:3]) not in gone]
        kept[name] = "\n".join([head, *rest, ""])
    return kept


def keys(parts: dict[str, str]) -> list[str]:
    return sorted(",".join(one.split(",")[:3]) for one in parts["readings"].splitlines()[1:])


def test_the_auc_rests_on_centred_u_statistics(tmp_path):
    rows = gappy()

    result = dossier(tmp_path, as_csv(rows))

    found = result.criteria[0].measurement.estimate
    expected = u_statistics.centred(as_table(rows)).differences[0].estimate
    assert (found.value, found.se) == pytest.approx((-expected.value, expected.se), rel=1e-12)
    assert found.df == pytest.approx(expected.df, rel=1e-12)
    assert dict(result.readers.methods)["auc_difference"].startswith("U-statistics (centred)")


@pytest.mark.parametrize("fixed", ["", "readers", "cases"])
def test_the_auc_respects_patients_whatever_is_missing(fixed, tmp_path):
    rows = gappy()
    plan = {"level": 0.95, **({fixed: "fixed"} if fixed else {})}

    result = dossier(tmp_path, as_csv(rows), columns={"patient": "patient"}, analysis=plan)

    table = as_table(rows)
    of = {one["case"]: one["patient"] for one in rows}
    errors = patient_covariance.obuchowski(table, [of[case] for case in table.cases])
    by = {"": "random_readers", "readers": "fixed_readers", "cases": "fixed_cases"}[fixed]
    expected = mrmc_inference.difference(
        getattr(unequal_readings, by)(errors), new="2", reference="1"
    )
    found = result.criteria[0].measurement.estimate
    assert (found.value, found.se) == pytest.approx((expected.value, expected.se), rel=1e-12)
    assert found.n_clusters == 40
    assert not any("no AUC" in one for one in result.cautions)


@pytest.mark.parametrize("patient", [None, "patient"])
@pytest.mark.parametrize("analysis", [{}, {"readers": "fixed"}, {"cases": "fixed"}])
def test_every_figure_and_every_test_between_levels_is_given(patient, analysis, tmp_path):
    changes = {**FULL, "columns": {**FULL["columns"], "patient": patient}}

    result = dossier(tmp_path, as_csv(gappy()), analysis={"level": 0.95, **analysis}, **changes)

    told = {
        one.metric.value: one
        for one in result.measurements
        if one.stratum.levels == () and one.metric.value.endswith("_difference")
    }
    for name in ("auc", "sensitivity", "specificity"):
        assert told[f"{name}_difference"].estimate.se > 0
    assert result.measurement(MetricName.READING_TIME_CHANGE).estimate is not None
    assert [one.why for one in result.readers.interactions if one.difference is None] == []
    assert all(0 < one.p <= 1 for one in result.readers.joint_interactions)
    assert len(result.readers.joint_interactions) == 6  # three figures, site and experience


def test_three_conditions_with_gaps_give_every_pair_and_the_test_of_all(tmp_path):
    rng = np.random.default_rng(3)
    rows = simulated()
    rows += [
        {**one, "modality": 3, "rating": int(np.clip(one["rating"] + rng.integers(-1, 2), 0, 5))}
        for one in rows
        if one["modality"] == 2
    ]
    rows = [one for one in rows if rng.random() >= 0.1 * one["modality"]]

    result = dossier(
        tmp_path,
        as_csv(rows),
        columns={"patient": "patient"},
        conditions={"unaided": "1", "aided": "2", "others": ["3"]},
    )

    (test,) = (one for one in result.readers.equality if one.metric == "auc_difference")
    assert 0 < test.p < 1
    pairs = [one for one in result.readers.comparisons if one.metric == "auc_difference"]
    assert len({one.difference.se for one in pairs}) == 3


def test_a_case_without_marks_is_read_and_a_case_not_read_is_not(tmp_path):
    parts = drawn()
    marks = [one for one in parts["marks"].splitlines() if not one.startswith("R1,K3,2,")]
    unmarked = {**parts, "marks": "\n".join([*marks, ""])}

    missed = marked(tmp_path / "missed", unmarked, BY_NAME)
    unread = marked(tmp_path / "unread", without(parts, {"R1,K3,2"}), BY_NAME)

    own = [
        next(one for one in each.readers.figures if (one.metric, one.reader) == ("wafroc", "R1"))
        for each in (missed, unread)
    ]
    assert own[0].aided.value < own[1].aided.value  # two missed lesions, or nothing at all
    assert own[0].unaided.value == own[1].unaided.value
    methods = [dict(one.readers.methods)["wafroc_difference"] for one in (missed, unread)]
    assert "jackknife" in methods[0]
    assert methods[1] == "U-statistics (centred), random readers and cases"


def of_marks(result: StudyResult) -> list[tuple[str, Any]]:
    """The level of each wAFROC difference and its standard error."""
    return [
        ("".join(level for _, level in one.stratum.levels), one.estimate.se)
        for one in result.measurements
        if one.metric is MetricName.WAFROC_DIFFERENCE and one.estimate is not None
    ]


@pytest.mark.parametrize("analysis", [{}, {"readers": "fixed"}, {"cases": "fixed"}])
@pytest.mark.parametrize("several", [False, True])
def test_the_wafroc_is_given_whatever_is_missing(several, analysis, tmp_path):
    parts = drawn(n_cases=40)
    rng = np.random.default_rng(5)
    parts = without(parts, {one for one in keys(parts) if rng.random() < 0.15})
    head, *rows = parts["readings"].splitlines()
    parts["readings"] = "\n".join(
        [f"{head},patient", *(f"{row},P{int(row.split(',')[1][1:]) // 2}" for row in rows), ""]
    )

    result = marked(
        tmp_path,
        parts,
        BY_NAME,
        patient="patient" if several else None,
        analysis={"level": 0.95, **analysis},
        dimensions=[{"name": "site", "column": "site"}],
    )

    found = of_marks(result)
    assert [name for name, _ in found] == ["", "North", "South"]
    assert all(se > 0 for _, se in found)
    assert result.criteria[0].measurement.estimate.n_clusters == (20 if several else None)
    assert [one.why for one in result.readers.interactions] == [None, None]
    assert [one.why for one in result.readers.joint_interactions] == [None]


def split(parts: dict[str, str], n_groups: int) -> set[str]:
    """Readings outside a design of groups of readers, each with its share of the cases."""
    readers, cases = (sorted({one.split(",")[at] for one in keys(parts)}) for at in (0, 1))
    group = {case: at % n_groups for at, case in enumerate(cases)}
    own = {reader: at % n_groups for at, reader in enumerate(readers)}
    return {one for one in keys(parts) if own[one.split(",")[0]] != group[one.split(",")[1]]}


@needs_reference
@pytest.mark.parametrize("design", ["missing at random", "split-plot"])
def test_a_public_study_keeps_its_answer_with_fewer_readings(design, tmp_path):
    parts = public("froc_tony")
    rng = np.random.default_rng(2)
    gone = (
        {one for one in keys(parts) if rng.random() < 0.2}
        if design == "missing at random"
        else split(parts, 2)
    )

    whole = marked(tmp_path / "whole", parts, BY_NAME)
    result = marked(tmp_path / "less", without(parts, gone), BY_NAME)

    (full, some) = (each.criteria[0].measurement.estimate for each in (whole, result))
    assert 0.8 * full.se < some.se < 3 * full.se
    assert abs(full.value - some.value) < 2 * some.se
    balance = {one.kind: one for one in result.confounders}["balance of readings"]
    assert {one.name for one in balance.figures} == (
        {"unpaired"} if design == "missing at random" else set()
    )


@needs_reference
def test_the_wafroc_of_a_public_study_with_patients_of_two_cases_and_gaps(tmp_path):
    parts = public("froc_tony")
    rng = np.random.default_rng(2)
    parts = without(parts, {one for one in keys(parts) if rng.random() < 0.2})
    head, *rows = parts["readings"].splitlines()
    cases = sorted({row.split(",")[1] for row in rows})
    of = {case: f"P{at // 2}" for at, case in enumerate(cases)}
    rows = [f"{row},{of[row.split(',')[1]]}" for row in rows]
    parts["readings"] = "\n".join([f"{head},patient", *rows, ""])

    result = marked(tmp_path, parts, BY_NAME, patient="patient")

    found = result.criteria[0].measurement.estimate
    assert found.n_clusters == len(set(of.values()))
    assert "jackknife over patients" in dict(result.readers.methods)["wafroc_difference"]
    assert found.low < found.value < found.high


@needs_reference
def test_the_marks_of_a_dossier_with_gaps_are_those_of_the_calculator(tmp_path):
    parts = public("froc_tony")
    rng = np.random.default_rng(2)
    parts = without(parts, {one for one in keys(parts) if rng.random() < 0.2})

    result = marked(tmp_path, parts, BY_NAME)

    readings, marks, lesions = (
        [one.split(",") for one in parts[name].splitlines()[1:]]
        for name in ("readings", "marks", "lesions")
    )
    head = {name: parts[name].splitlines()[0].split(",") for name in ("marks", "lesions")}
    at = {(one[0], one[1]): place for place, one in enumerate(lesions)}
    column = {name: [one[head["marks"].index(name)] for one in marks] for name in head["marks"]}
    assert head["lesions"][:2] == ["case", "lesion"]
    table = froc_table.from_marks(
        cases=sorted({one[1] for one in readings}),
        lesion_case=[one[0] for one in lesions],
        lesion_weight=[float(one[head["lesions"].index("weight")]) for one in lesions],
        reader=column["reader"],
        case=column["case"],
        modality=column["modality"],
        found=[at.get(pair, -1) for pair in zip(column["case"], column["lesion"], strict=True)],
        rating=[float(one) for one in column["rating"]],
        readings=tuple(np.array([one[axis] for one in readings]) for axis in range(3)),
    )
    expected = u_statistics.centred(table).differences[0].estimate
    found = result.criteria[0].measurement.estimate
    assert (found.value, found.se) == pytest.approx((-expected.value, expected.se), rel=1e-10)
    own = [one for one in result.readers.figures if one.metric == "wafroc" and one.reader]
    assert [one.unaided.value for one in own] == pytest.approx(
        froc.values(table, froc.WAFROC)[0], abs=1e-12
    )


def test_a_reader_with_too_few_cases_of_a_class_is_named(tmp_path):
    rows = [
        one
        for one in simulated()
        if one["reader"] != "R2" or one["truth"] == 0 or one["case"] == "K1"
    ]

    result = dossier(tmp_path, as_csv(rows), columns={"patient": "patient"})

    said = result.criteria[0].measurement.why
    assert "reader R2 read 1 in modality unaided" in said
