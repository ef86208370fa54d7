"""Each condition of a reader study gives all that the aided one gives, with the same figures."""

import csv
import json
from typing import Any

import numpy as np
import pytest

from defensible.dossier import DossierError
from defensible.dossier.claims import MetricName
from defensible.evidence.automation import METRICS
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import OVERALL, OfCondition, Presence, Stratum
from defensible.evidence.sealed import plain, result_of
from tests.evidence.test_reader_marks import BY_NAME, marked, public
from tests.evidence.test_readers import (
    FULL,
    REFERENCE,
    as_csv,
    dossier,
    needs_reference,
    records,
    simulated,
)

CONDITIONS = {"unaided": "1", "aided": "2", "others": ["3", "film"], "without_device": ["film"]}


def several(**changes: Any) -> str:
    """Four conditions: the two of `simulated`, another aided one, and one without the device."""
    rows = simulated(**changes)
    for seed, name in ((5, "3"), (6, "film")):
        again = [one for one in simulated(seed=seed, **changes) if one["modality"] == 2]
        alike = {(one["reader"], one["case"]): one for one in rows if one["modality"] == 2}
        for one in again:
            same = alike[one["reader"], one["case"]]
            one |= {"modality": name, "device": same["device"], "seconds": same["seconds"] + 5}
        rows += again
    return as_csv(rows)


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    return dossier(tmp_path_factory.mktemp("four"), several(), conditions=CONDITIONS, **FULL)


@pytest.fixture(scope="module")
def third_alone(tmp_path_factory):
    """The same readings, the third condition as the aided one of a study of two."""
    root = tmp_path_factory.mktemp("two")
    return dossier(root, several(), conditions={"unaided": "1", "aided": "3"}, **FULL)


def by(condition: OfCondition) -> dict[tuple[MetricName, Stratum], Any]:
    return {(one.metric, one.stratum): one for one in condition.measurements}


def test_automation_bias_and_times_of_a_further_condition_are_those_of_a_study_of_it(
    four, third_alone
):
    further, _ = four.others
    (alone,) = by_condition(third_alone)

    wanted = (*METRICS, MetricName.READING_TIME_CHANGE)
    mine = {key: one for key, one in by(further).items() if key[0] in wanted}
    assert mine == {key: one for key, one in by(alone).items() if key[0] in wanted}
    assert len(mine) == 8 * 5  # overall, two sites, two bands of experience
    assert mine[MetricName.COMMISSION, OVERALL].estimate.n > 20
    assert further.conditional == alone.conditional
    assert (further.break_even, further.break_even_why) == (
        alone.break_even,
        alone.break_even_why,
    )


def test_curves_agreement_and_interactions_are_those_of_a_study_of_it(four, third_alone):
    further, _ = four.others
    (alone,) = by_condition(third_alone)

    assert further.curves == alone.curves
    assert len(further.curves) == 7
    assert further.times == alone.times
    assert further.interactions == alone.interactions
    assert len(further.interactions) == 4 * 3
    assert further.joint_interactions == alone.joint_interactions
    agreement = [one for one in further.figures if one.metric == "agreement"]
    assert agreement == [one for one in alone.figures if one.metric == "agreement"]


def test_the_difference_of_a_further_condition_has_the_errors_of_all(four):
    pairs = {
        (one.metric, one.condition): one.difference
        for one in four.readers.comparisons
        if one.against == "1"
    }

    for one in by_condition(four):
        for metric in ("auc_difference", "sensitivity_difference", "specificity_difference"):
            found = by(one)[MetricName(metric), OVERALL].estimate
            assert found == pairs[metric, one.condition]


def test_where_the_output_is_not_seen_no_reliance_on_it_is_measured(four):
    further, film = four.others

    assert (further.shows_device, film.shows_device) == (True, False)
    assert {one.metric for one in film.measurements}.isdisjoint(METRICS)
    assert film.conditional == ()
    assert film.break_even is None
    assert film.break_even_why == "the device's output is not seen in this condition"
    assert by(film)[MetricName.AUC_DIFFERENCE, OVERALL].estimate is not None


def test_each_level_of_a_further_condition_is_measured(four):
    further, _ = four.others

    strata = {one.stratum for one in further.measurements}
    assert {str(one) for one in strata} == {
        "overall",
        "site North",
        "site South",
        "reader_experience <10",
        "reader_experience 10+",
    }
    north = Stratum(levels=(("site", "North"),))
    assert by(further)[MetricName.AUC_DIFFERENCE, north].n_cases == 40


def test_the_aided_condition_and_its_parts_are_as_they_were(four):
    aided, *_ = by_condition(four)

    assert aided.condition == "2"
    assert aided.measurements == four.measurements
    assert [one.aided for one in four.readers.curves] == [False] * 7 + [True] * 7
    assert aided.curves == four.readers.curves[7:]


def test_a_study_comes_back_from_its_seal_with_all_conditions(four, third_alone):
    assert result_of(json.loads(json.dumps(plain(four)))) == four
    sealed = plain(third_alone)
    assert "others" not in sealed
    assert "wafroc_curves" not in sealed["readers"]


def references(name: str, random: str) -> dict[str, Any]:
    (found,) = (
        one["results"]
        for one in records(name, "or-mrmcaov")
        if one["method"].endswith(f"covariance=DeLong, {random}")
    )
    return found


@needs_reference
@pytest.mark.parametrize("name", ["penedo", "dobbins2"])
def test_means_and_readers_of_every_condition_are_those_of_mrmcaov(name, tmp_path):
    with (REFERENCE / "data" / f"{name}.csv").open() as file:
        first, second, *others = sorted({row["modality"] for row in csv.DictReader(file)})
    result = dossier(
        tmp_path,
        (REFERENCE / "data" / f"{name}.csv").read_text(),
        conditions={"unaided": first, "aided": second, "others": others},
    )
    means = {
        row["test"]: row
        for row in references(name, "random readers and random cases")["test_means"]
    }
    own = references(name, "fixed readers, random cases")
    readers = {(str(row["modality"]), str(row["reader"])): row for row in own["reader_means"]}
    # Its standard errors of readers' differences stand beside other readers than their own.
    gaps = {(row["Reader"], row["Comparison"]): row for row in own["reader_test_diffs"]}

    assert [one.condition for one in by_condition(result)] == [second, *others]
    for one in by_condition(result):
        average, *each = (of for of in one.figures if of.metric == "auc")
        row = means[one.condition]
        assert average.reader is None
        assert average.aided.value == pytest.approx(row["Estimate"], abs=1e-12)
        assert average.aided.se == pytest.approx(row["StdErr"], rel=1e-8)
        assert average.aided.df == pytest.approx(row["df"], rel=1e-8)
        assert average.unaided.value == pytest.approx(means[first]["Estimate"], abs=1e-12)
        assert len(each) == len(result.readers.curves) / 2 - 1
        for of in each:
            row = readers[one.condition, of.reader]
            assert of.aided.value == pytest.approx(row["empirical_auc"], abs=1e-12)
            assert of.aided.se == pytest.approx(row["StdErr"], rel=1e-8)
            gap = gaps[of.reader, f"{first} - {one.condition}"]
            assert of.difference.value == pytest.approx(-gap["Estimate"], abs=1e-12)


@needs_reference
def test_each_readers_difference_in_marks_is_that_of_rjafroc(tmp_path):
    result = marked(
        tmp_path,
        public("froc_dobbins1"),
        BY_NAME,
        conditions={"unaided": "1", "aided": "2", "others": ["3", "4"]},
    )
    (found,) = (
        one["results"]["FRRC"]["ciDiffTrtEachRdr"]
        for one in records("froc_dobbins1", "froc-rjafroc")
        if one["method"].startswith("Obuchowski")
        and "FOM wAFROC, fixed readers, random cases" in one["method"]
    )
    rows = {one["row"]: one for one in found}

    for one in by_condition(result):
        for of in (each for each in one.figures if each.reader is not None):
            row = rows[f"rdr{of.reader}::trt1-trt{one.condition}"]
            assert of.difference.value == pytest.approx(-row["Estimate"], abs=1e-12)
            assert of.difference.se == pytest.approx(row["StdErr"], rel=1e-8)
            assert of.difference.low == pytest.approx(-row["CIUpper"], rel=1e-8)
            assert of.difference.p == pytest.approx(row["PrGTz"], rel=1e-8)


@needs_reference
def test_the_curves_of_marks_of_dobbins_have_the_areas_of_rjafroc(tmp_path):
    result = marked(
        tmp_path,
        public("froc_dobbins1"),
        BY_NAME,
        conditions={"unaided": "1", "aided": "2", "others": ["3", "4"]},
    )

    for one in by_condition(result):
        (mean,) = (of.aided for of in one.figures if of.reader is None)
        *own, average = one.wafroc_curves
        assert (len(own), average.reader) == (5, None)
        x, y = np.array(average.false_positive_rate), np.array(average.sensitivity)
        area = float(np.sum(np.diff(x) * (y[1:] + y[:-1]) / 2))
        assert area == pytest.approx(mean.value, abs=0.01)  # drawn at 51 rates
    assert len(result.readers.wafroc_curves) == 12


def refused(root, **changes: Any) -> str:
    with pytest.raises(DossierError) as caught:
        dossier(root, several(n_readers=2, n_cases=20), **{**FULL, **changes})
    return str(caught.value)


def test_reliance_on_an_output_that_is_not_seen_is_no_endpoint(tmp_path):
    said = refused(
        tmp_path,
        conditions=CONDITIONS,
        endpoints=[{"metric": "commission", "goal": {"below": 0.5}, "condition": "film"}],
    )

    assert "E062 commission is asked of 'film', where the output is not seen" in said


def test_without_device_names_further_conditions(tmp_path):
    said = refused(tmp_path, conditions={**CONDITIONS, "without_device": ["screen"]})

    assert "D016 without_device names 'screen', which is none of the others" in said
    assert "others there: 3, film" in said


def test_the_design_is_checked_in_every_condition(four, tmp_path):
    by_kind = {one.kind: one for one in four.confounders}
    balance = by_kind["balance of readings"]
    assert (balance.presence, balance.said) == (
        Presence.ABSENT,
        "Every reader read every case in every condition.",
    )
    gaps = "\n".join(
        line for line in several().splitlines() if not line.startswith(("R0,K1,film", "R0,K2,film"))
    )

    result = dossier(tmp_path, gaps, conditions=CONDITIONS, **FULL)

    balance = {one.kind: one for one in result.confounders}["balance of readings"]
    assert balance.presence is Presence.PRESENT
    assert "In 'film' in its place: 2 of 958 readings have none of the same reader" in balance.said
    assert [one.name for one in balance.figures] == ["unpaired, film"]
