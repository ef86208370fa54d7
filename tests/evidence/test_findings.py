"""Measurements with their intervals, held against goals; and what cannot be measured says why."""

import numpy as np
import pytest

from defensible.dossier.claims import Goal, MetricName
from defensible.evidence.finding import OVERALL, Answer, Measurement
from defensible.evidence.goals import answer
from defensible.statistics import clustered, proportions, roc
from defensible.statistics.estimate import Estimate
from tests.evidence.dossiers import REMOVED, SITE, TABLE, at, problems, result

TRUTH = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
SCORES = np.array([0.9, 0.8, 0.4, 0.7, 0.6, 0.3, 0.2, 0.1])


def claim(*endpoints: dict, **more) -> list[dict]:
    return [{"id": "C1", "text": "Flags it.", "endpoints": list(endpoints), **more}]


SENSITIVITY = {"metric": "sensitivity", "goal": {"above": 0.2}}


@pytest.mark.parametrize(
    ("method", "interval"),
    [
        ("wilson", proportions.wilson),
        ("clopper-pearson", proportions.clopper_pearson),
        ("agresti-coull", proportions.agresti_coull),
        ("jeffreys", proportions.jeffreys),
    ],
)
def test_each_interval_is_the_one_that_the_plan_names(tmp_path, method, interval):
    one = result(tmp_path, {"analysis.proportions": method, "analysis.level": 0.9})

    assert at(one, "sensitivity").estimate == interval(3, 4, level=0.9)
    assert at(one, "specificity").estimate == interval(3, 4, level=0.9)
    assert at(one, "ppv").estimate == interval(3, 4, level=0.9)
    assert at(one, "npv").estimate == interval(3, 4, level=0.9)
    assert at(one, "accuracy").estimate == interval(6, 8, level=0.9)


@pytest.mark.parametrize(
    ("method", "interval"), [("delong", roc.auc), ("delong-logit", roc.auc_logit)]
)
def test_the_area_is_that_of_the_statistics_room(tmp_path, method, interval):
    one = result(tmp_path, {"analysis.auc": method})
    given, expected = at(one, "auc").estimate, interval(TRUTH, SCORES)

    assert given.method == expected.method
    assert (given.value, given.low, given.high) == pytest.approx(
        (expected.value, expected.low, expected.high), abs=1e-12
    )


def test_clustered_intervals_are_those_of_the_patients(tmp_path):
    table = TABLE.replace("case,", "case,patient,").replace("K", "K#")
    for number, patient in enumerate("AABBCCDD", start=1):
        table = table.replace(f"K#{number},", f"K{number},{patient},")
    changes = {
        "data.columns.patient": "patient",
        "independent_cases": REMOVED,
        "analysis.proportions": "clustered",
        "analysis.auc": "clustered",
    }
    patients = np.array([0, 0, 1, 1, 2, 2, 3, 3])

    one = result(tmp_path, changes, table=table)

    given = at(one, "sensitivity").estimate
    expected = clustered.proportion(SCORES[:4] >= 0.5, patients[:4])
    assert (given.value, given.low, given.high, given.n_clusters) == pytest.approx(
        (expected.value, expected.low, expected.high, expected.n_clusters), abs=1e-12
    )
    area, expected = at(one, "auc").estimate, clustered.auc(TRUTH, SCORES, patients)
    assert (area.value, area.low, area.high, area.se) == pytest.approx(
        (expected.value, expected.low, expected.high, expected.se), abs=1e-12
    )
    assert one.ledger.n_patients == 4
    assert any("4 patients of 4 have more than one case" in caution for caution in one.cautions)


def test_patients_with_several_cases_need_clustered_intervals(tmp_path):
    table = TABLE.replace("North", "P1").replace(",0.1,0,", ",0.1,0,P2")
    changes = {"data.columns.patient": "site", "independent_cases": REMOVED}

    found = problems(tmp_path, changes, table=table)

    seen = "E018 2 patients have more than one case (8 cases of 3 patients)"
    assert found[0].endswith(
        f"{seen}; wilson needs independent cases\n"
        "  write `proportions: clustered`, which respects them"
    )
    assert found[1].endswith(
        f"{seen}; delong needs independent cases\n  write `auc: clustered`, which respects them"
    )


@pytest.mark.parametrize(
    ("sampling", "said"),
    [
        ("enriched", "this one is enriched"),
        ("convenience", "convenience"),
        (None, "does not declare one"),
    ],
)
def test_predictive_values_need_a_sample_as_in_use(tmp_path, sampling, said):
    change = REMOVED if sampling is None else sampling

    one = result(tmp_path, {"sampling": change})

    for metric in ("ppv", "npv", "accuracy"):
        assert at(one, metric).estimate is None
        assert said in at(one, metric).why
    assert at(one, "sensitivity").estimate is not None


def test_a_stratum_without_a_case_of_the_denominator_says_so_and_is_unseen(tmp_path):
    table = TABLE.replace("K8,0.1,0,", "K8,0.1,0,West")

    one = result(
        tmp_path, {"dimensions": [SITE], "claims": ["C1"]}, table=table, claims=claim(SENSITIVITY)
    )

    west = at(one, "sensitivity", ("site", "West"))
    assert (west.estimate, west.why) == (None, "no diseased case")
    assert at(one, "auc", ("site", "West")).why == "no diseased case"
    (finding,) = [f for f in one.findings if f.measurement == west]
    assert (finding.answer, finding.further) == (Answer.UNSEEN, None)


def test_an_area_of_one_has_an_interval_and_not_none(tmp_path):
    table = TABLE.replace("0.4", "0.65")

    one = result(tmp_path, table=table)

    area = at(one, "auc").estimate
    expected = roc.auc_newcombe(TRUTH, np.where(SCORES == 0.4, 0.65, SCORES))
    assert (area.value, area.low, area.high) == (1, expected.low, expected.high)
    assert area.low < 0.7
    assert area.method == "Newcombe, since DeLong's variance is 0"


@pytest.mark.parametrize(
    ("limits", "goal", "expected"),
    [
        ((0.81, 0.9), Goal(above=0.8), Answer.SUPPORTED),
        ((0.8, 0.9), Goal(above=0.8), Answer.INCONCLUSIVE),
        ((0.7, 0.79), Goal(above=0.8), Answer.FAILED),
        ((0.7, 0.8), Goal(above=0.8), Answer.INCONCLUSIVE),
        ((0.7, 0.9), Goal(above=0.8), Answer.INCONCLUSIVE),
        ((0.01, 0.05), Goal(below=0.1), Answer.SUPPORTED),
        ((0.11, 0.2), Goal(below=0.1), Answer.FAILED),
        ((0.95, 0.95), Goal(above=0.8), Answer.INCONCLUSIVE),
    ],
)
def test_the_whole_interval_decides_and_one_without_width_never_does(limits, goal, expected):
    low, high = limits
    estimate = Estimate(value=(low + high) / 2, low=low, high=high, level=0.95, method="x", n=9)
    measurement = Measurement(
        metric=MetricName.SENSITIVITY,
        stratum=OVERALL,
        estimate=estimate,
        n_cases=9,
        n_diseased=9,
        n_healthy=0,
    )

    assert answer(measurement, goal) is expected


@pytest.mark.parametrize("said_by", ["study", "claim", "both"])
def test_a_claim_is_served_whichever_file_says_so(tmp_path, said_by):
    changes = {"claims": ["C1"]} if said_by != "claim" else {}
    more = {"studies": ["S1"]} if said_by != "study" else {}

    one = result(tmp_path, {**changes, "dimensions": [SITE]}, claims=claim(SENSITIVITY, **more))

    assert [str(finding.measurement.stratum) for finding in one.findings] == [
        "overall",
        "site North",
        "site South",
        "site not known",
    ]
    assert one.findings[0].answer is Answer.SUPPORTED  # 3 of 4: Wilson from 0.30


def test_further_cases_settle_it_at_the_rate_seen(tmp_path):
    goal = {"metric": "sensitivity", "goal": {"above": 0.6}}

    one = result(tmp_path, {"claims": ["C1"]}, claims=claim(goal))

    (finding,) = one.findings
    assert finding.answer is Answer.INCONCLUSIVE
    n = 4 + finding.further
    assert proportions.wilson(round(0.75 * n), n).low > 0.6
    assert proportions.wilson(round(0.75 * (n - 8)), n - 8).low < 0.6


def test_at_a_rate_equal_to_the_goal_it_would_never_settle(tmp_path):
    goal = {"metric": "sensitivity", "goal": {"above": 0.75}}

    one = result(tmp_path, {"claims": ["C1"]}, claims=claim(goal))

    assert (one.findings[0].answer, one.findings[0].further) == (Answer.INCONCLUSIVE, None)


def test_a_criterion_is_met_by_its_estimate_or_by_its_whole_interval(tmp_path):
    criteria = [
        {"metric": "sensitivity", "goal": {"above": 0.7}, "by": "estimate"},
        {"metric": "sensitivity", "goal": {"above": 0.7}, "by": "interval"},
        {"metric": "ppv", "goal": {"above": 0.1}, "by": "estimate"},
    ]

    one = result(tmp_path, {"acceptance": criteria, "sampling": "enriched"})

    assert [criterion.met for criterion in one.criteria] == [True, False, False]


def test_a_metric_that_the_study_cannot_give_is_a_problem_for_claims_and_criteria(tmp_path):
    changes = {
        "claims": ["C1"],
        "analysis.auc": REMOVED,
        "acceptance": [{"metric": "auc", "goal": {"above": 0.8}, "by": "estimate"}],
    }
    area = {"metric": "auc", "goal": {"above": 0.8}}

    found = problems(tmp_path, changes, claims=claim(area))

    assert [one.split(": ")[1].split(" names")[0] for one in found] == [
        "E020 claim C1",
        "E020 its acceptance",
    ]


def test_errors_are_counted_in_every_stratum(tmp_path):
    one = result(tmp_path, {"dimensions": [SITE]})

    assert [
        (e.false_negatives, e.n_diseased, e.false_positives, e.n_healthy) for e in one.errors
    ] == [
        (1, 4, 1, 4),
        (1, 2, 1, 2),
        (0, 2, 0, 1),
        (0, 0, 0, 1),
    ]


def test_the_curve_has_its_corners_and_the_operating_point(tmp_path):
    one = result(tmp_path)

    assert one.curve.false_positive_rate == (0, 0, 0.25, 0.25, 1)
    assert one.curve.sensitivity == (0, 0.75, 0.75, 1, 1)
    assert one.curve.operating_point == (0.25, 0.75)


def test_a_long_curve_is_thinned_and_keeps_its_area(tmp_path):
    rng = np.random.default_rng(7)
    truth = rng.random(20_000) < 0.3
    scores = rng.normal(truth * 1.2, 1)
    lines = [f"K{i},{s},{int(t)}" for i, (s, t) in enumerate(zip(scores, truth, strict=True))]

    one = result(tmp_path, {"output": {}}, table="case,score,truth\n" + "\n".join(lines) + "\n")

    x, y = np.array(one.curve.false_positive_rate), np.array(one.curve.sensitivity)
    assert x.size <= 400
    assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, 1)
    assert (np.diff(x) >= 0).all()
    assert (np.diff(y) >= 0).all()
    assert np.trapezoid(y, x) == pytest.approx(at(one, "auc").estimate.value, abs=1e-3)


def test_a_patient_column_is_believed_over_a_declared_independence(tmp_path):
    table = TABLE.replace("South", "North")
    table = table.replace(",0.1,0,", ",0.1,0,West")
    changes = {
        "data.columns.patient": "site",
        "analysis.proportions": "clustered",
        "analysis.auc": "clustered",
    }

    (found,) = problems(tmp_path, changes, table=table)

    assert "E018 1 patient has more than one case (8 cases of 2 patients)" in found
    assert "take `independent_cases: true` away" in found
