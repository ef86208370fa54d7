"""Several reading conditions, endpoints in sequence, and endpoints that are tested together."""

import json
from typing import Any

import numpy as np
import pytest

from defensible.documents import people, reader_rows, reader_tables
from defensible.dossier import DossierError
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Answer
from defensible.evidence.sealed import plain, result_of
from defensible.statistics import multiplicity
from defensible.statistics.mrmc_inference import t_upper
from tests.evidence.test_reader_marks import BY_NAME, marked, public
from tests.evidence.test_readers import REFERENCE, as_csv, dossier, needs_reference, records


@needs_reference
def test_four_conditions_of_dobbins_are_those_of_rjafroc(tmp_path):
    (expected,) = (
        one["results"]["RRRC"]
        for one in records("froc_dobbins1", "froc-rjafroc")
        if one["method"].startswith("Obuchowski")
        and "FOM wAFROC, random readers and random cases" in one["method"]
    )

    result = marked(
        tmp_path,
        public("froc_dobbins1"),
        BY_NAME,
        conditions={"unaided": "1", "aided": "2", "others": ["3", "4"]},
        endpoints=[
            {"metric": "wafroc_difference", "goal": {"above": -0.05}},
            {"metric": "wafroc_difference", "goal": {"above": 0}, "condition": "4", "against": "3"},
        ],
    )

    (test,) = result.readers.equality
    row = expected["FTests"][0]
    assert test.statistic == pytest.approx(row["FStat"], rel=1e-8)
    assert test.p == pytest.approx(row["p"], rel=1e-8)
    found = {(one.condition, one.against): one.difference for one in result.readers.comparisons}
    assert len(expected["ciDiffTrt"]) == len(found) == 6
    order = [("2", "1"), ("3", "1"), ("4", "1"), ("3", "2"), ("4", "2"), ("4", "3")]
    for pair, line in zip(order, expected["ciDiffTrt"], strict=True):
        assert found[pair].value == pytest.approx(-line["Estimate"], abs=1e-12)
        assert found[pair].se == pytest.approx(line["StdErr"], rel=1e-8)
        assert found[pair].p == pytest.approx(line["PrGTt"], rel=1e-8)
        assert found[pair].low == pytest.approx(-line["CIUpper"], rel=1e-8)
    assert result.criteria[0].measurement.estimate == found["2", "1"]
    assert result.criteria[1].measurement.estimate == found["4", "3"]
    assert [one.condition for one in result.readers.endpoints] == ["2", "4"]


@needs_reference
@pytest.mark.parametrize("name", ["penedo", "dobbins2"])
def test_the_auc_in_several_conditions_is_that_of_mrmcaov(name, tmp_path):
    table = (REFERENCE / "data" / f"{name}.csv").read_text()
    modalities = sorted({line.split(",")[2] for line in table.splitlines()[1:]})
    record = next(
        one
        for one in records(name, "or-mrmcaov")
        if "random readers" in one["method"] and "DeLong" in one["method"]
    )

    result = dossier(
        tmp_path,
        table,
        conditions={
            "unaided": modalities[0],
            "aided": modalities[1],
            "others": modalities[2:],
        },
        multiplicity="holm",
    )

    (test,) = (one for one in result.readers.equality if one.metric == "auc_difference")
    row = record["results"]["test_equality"][0]
    assert (test.df, test.denominator_df) == (row["df1"], pytest.approx(row["df2"], rel=1e-8))
    assert test.statistic == pytest.approx(row["F"], rel=1e-8)
    assert test.p == pytest.approx(row["p-value"], rel=1e-8)
    pairs = [one for one in result.readers.comparisons if one.metric == "auc_difference"]
    for one, row in zip(pairs, record["results"]["test_diffs"], strict=True):
        assert row["Comparison"] == f"{one.against} - {one.condition}"
        assert one.difference.value == pytest.approx(-row["Estimate"], abs=1e-12)
        assert one.difference.se == pytest.approx(row["StdErr"], rel=1e-8)
        assert one.difference.df == pytest.approx(row["df"], rel=1e-8)
        assert one.difference.p == pytest.approx(row["p-value"], rel=1e-8)
    raw = [one.difference.p for one in pairs]
    assert len(pairs) == len(modalities) * (len(modalities) - 1) / 2
    holm = multiplicity.holm(raw, alpha=0.05).adjusted
    assert [one.p_adjusted for one in pairs] == pytest.approx(holm)


@needs_reference
def test_kundels_third_condition_has_other_cases_and_is_compared_all_the_same(tmp_path):
    table = (REFERENCE / "data" / "kundel.csv").read_text()

    result = dossier(
        tmp_path,
        table,
        conditions={"unaided": "cr-hard", "aided": "cr-soft", "others": ["screen-film"]},
    )

    pairs = {
        (one.condition, one.against): one.difference
        for one in result.readers.comparisons
        if one.metric == "auc_difference"
    }
    (expected,) = (
        row
        for row in next(one for one in records("kundel", "ustat-imrmc") if "AUC" in one["method"])[
            "results"
        ]["Ustat"]
        if {row["modalityA"], row["modalityB"]} == {"mcr-hard", "mscreen-film"}
    )
    found = pairs["screen-film", "cr-hard"]
    assert abs(found.value) == pytest.approx(abs(expected["AUCAminusAUCB"]), abs=1e-12)
    assert found.se**2 == pytest.approx(expected["varAUCAminusAUCB"], rel=1e-8)
    assert result.measurement(MetricName.AUC_DIFFERENCE).n_cases == 95
    assert result.readers.n_cases == 190


def readings(gains: dict[str, float], *, seed: int = 2, n_readers: int = 6, n_cases: int = 120):
    """Ratings whose signal each condition raises by its gain."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = []
    truth = np.arange(n_cases) < n_cases // 2
    for reader in range(n_readers):
        seen = rng.normal(size=n_cases)
        for condition, gain in gains.items():
            rating = seen + truth * (1 + gain) + 0.5 * rng.normal(size=n_cases)
            rows += [
                {
                    "reader": f"R{reader}",
                    "case": f"K{case}",
                    "modality": condition,
                    "truth": int(truth[case]),
                    "rating": round(float(rating[case]), 3),
                }
                for case in range(n_cases)
            ]
    return as_csv(rows)


GAINS = {"alone": 0.0, "marks": 0.5, "score": -0.05, "map": 0.0}
CONDITIONS = {"unaided": "alone", "aided": "marks", "others": ["score", "map"]}


def planned(tmp_path, endpoints, **changes):
    return dossier(
        tmp_path,
        readings(GAINS),
        positive={"at_least": 0.5},
        conditions=CONDITIONS,
        endpoints=endpoints,
        **changes,
    )


def step(condition: str, margin: float, *, then: bool = True) -> dict[str, Any]:
    found = {"metric": "auc_difference", "goal": {"above": -margin}, "condition": condition}
    return {**found, "then": {"above": 0}} if then else found


def test_superiority_is_tested_once_non_inferiority_is_shown_and_costs_nothing(tmp_path):
    result = planned(tmp_path, [step("marks", 0.05), step("score", 0.05), step("map", 0.0001)])

    marks, score, map_ = result.readers.endpoints
    gaps = [one.measurement.estimate for one in result.criteria]
    assert [gap.low > -margin for gap, margin in zip(gaps, (0.05, 0.05, 0.0001), strict=True)] == [
        one.met for one in result.criteria
    ]
    assert (marks.then.tested, marks.then.shown) == (True, gaps[0].low > 0) == (True, True)
    assert (score.then.tested, score.then.shown) == (True, gaps[1].low > 0) == (True, False)
    assert (map_.then.tested, map_.then.shown) == (False, False)
    assert marks.p_adjusted is None


def test_the_words_claim_superiority_only_where_it_is_shown(tmp_path):
    result = planned(tmp_path, [step("marks", 0.05), step("score", 0.05), step("map", 0.0001)])

    said = [one for one in people.said(result) if one.startswith("Plan")]
    assert said[0].startswith(
        "Plan: AUC difference above -0.05 (not inferior, margin 0.050): shown"
    )
    assert said[0].endswith("; then above 0.00 (superior): shown.")
    assert "AUC difference, score less alone, above -0.05" in said[1]
    assert said[1].endswith("; then above 0.00 (superior): not shown, and so not claimed.")
    assert "above -0.0001 (not inferior" in said[2]
    assert said[2].endswith("not tested, since the step before it is not shown.")


def one_sided(estimate, bound: float) -> float:
    return t_upper((estimate.value - bound) / estimate.se, estimate.df)


def test_a_fixed_sequence_stops_where_a_step_is_not_shown(tmp_path):
    result = planned(
        tmp_path,
        [step("score", 0.05), step("marks", 0.05)],
        multiplicity="fixed-sequence",
    )

    score, marks = result.readers.endpoints
    gaps = [one.measurement.estimate for one in result.criteria]
    p = [one_sided(gap, bound) for gap in gaps for bound in (-0.05, 0.0)]
    worst = np.maximum.accumulate(p)
    found = [score.p_adjusted, score.then.p_adjusted, marks.p_adjusted, marks.then.p_adjusted]
    assert found == pytest.approx(worst, rel=1e-9)
    assert [one.met for one in result.criteria] == [True, False]  # superiority of score stops it
    assert gaps[1].low > 0


def test_by_bonferroni_each_endpoint_keeps_its_share_and_its_stricter_step_inherits_it(tmp_path):
    result = planned(
        tmp_path, [step("marks", 0.05), step("score", 0.05)], multiplicity="bonferroni"
    )

    for one, beside in zip(result.criteria, result.readers.endpoints, strict=True):
        gap = one.measurement.estimate
        assert beside.p_adjusted == pytest.approx(min(1, 2 * one_sided(gap, -0.05)), rel=1e-9)
        assert beside.then.p_adjusted == pytest.approx(min(1, 2 * one_sided(gap, 0)), rel=1e-9)


def test_by_holm_what_an_endpoint_has_wholly_shown_passes_on(tmp_path):
    result = planned(
        tmp_path, [step("marks", 0.05), step("score", 0.05, then=False)], multiplicity="holm"
    )

    marks, score = result.readers.endpoints
    one, other = (each.measurement.estimate for each in result.criteria)
    first, then, last = one_sided(one, -0.05), one_sided(one, 0), one_sided(other, -0.05)
    assert 2 * first < 2 * then < 2 * last  # so marks is wholly shown first
    assert marks.p_adjusted == pytest.approx(2 * first, rel=1e-9)
    assert marks.then.p_adjusted == pytest.approx(2 * then, rel=1e-9)
    assert score.p_adjusted == pytest.approx(max(last, 2 * then), rel=1e-9)


def test_a_claim_does_not_rest_on_what_the_plan_tests_together_in_vain(tmp_path):
    claim = {
        "id": "C1",
        "text": "Raises the AUC.",
        "endpoints": [{"metric": "auc_difference", "goal": {"above": 0}}],
        "studies": ["S1"],
    }
    endpoints = [
        {"metric": "auc_difference", "goal": {"above": 0}, "condition": "map"},
        {"metric": "auc_difference", "goal": {"above": 0}},
    ]
    alone = planned(tmp_path / "alone", endpoints, claims=[claim])
    together = planned(
        tmp_path / "together", endpoints, claims=[claim], multiplicity="fixed-sequence"
    )

    assert alone.findings[0].answer is Answer.SUPPORTED
    assert together.findings[0].answer is Answer.INCONCLUSIVE


def test_the_pair_of_a_study_with_two_conditions_is_as_it_was(tmp_path):
    result = dossier(tmp_path, readings({"1": 0, "2": 0.5}), positive={"at_least": 0.5})

    assert result.readers.conditions == ("1", "2")
    assert (result.readers.equality, result.readers.comparisons) == ((), ())


def test_a_study_of_four_conditions_comes_back_from_its_seal_as_it_was(tmp_path):
    result = planned(tmp_path, [step("marks", 0.05)], multiplicity="holm")

    assert result_of(json.loads(json.dumps(plain(result)))) == result


WRONG = {
    "a condition that is not there": (
        [{"metric": "auc_difference", "goal": {"above": 0}, "condition": "heat"}],
        "D016 an endpoint names the condition 'heat', which the study has not",
    ),
    "a condition against itself": (
        [{"metric": "auc_difference", "goal": {"above": 0}, "condition": "alone"}],
        "D040 an endpoint holds the condition 'alone' against itself",
    ),
    "a second step that is no stricter": (
        [{"metric": "auc_difference", "goal": {"above": 0}, "then": {"above": -0.05}}],
        "D027 `then` is not stricter than the goal before it",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_plan_that_means_nothing_is_refused(name, tmp_path):
    endpoints, expected = WRONG[name]

    with pytest.raises(DossierError) as caught:
        planned(tmp_path, endpoints)

    assert expected in str(caught.value)


def test_a_further_condition_that_nobody_read_is_named(tmp_path):
    with pytest.raises(DossierError, match="E063 no row is read in the condition 'heat'"):
        dossier(
            tmp_path,
            readings(GAINS),
            conditions={**CONDITIONS, "others": ["score", "heat"]},
        )


def test_the_pairs_are_drawn_and_the_test_of_equality_is_said(tmp_path):
    result = planned(tmp_path, [step("marks", 0.05)], multiplicity="holm")

    titles = [one.title for one in reader_rows.pictures(result)]
    assert "AUC difference of S1, pairs of conditions" in titles
    said = people.said(result)
    (test,) = (one for one in said if one.startswith("Test that the AUC is equal"))
    assert "in all 4 conditions: F " in test
    (auc, *_) = reader_tables.pairs(result)
    assert auc.heads == ("AUC difference", "value", "interval", "p", "adjusted")
    assert [one.name for one in auc.rows][:2] == ["marks less alone", "score less alone"]
    assert len(auc.rows) == 6
