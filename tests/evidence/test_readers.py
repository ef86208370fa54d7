"""Reader studies as dossiers: figures of other programs, checks of the design, automation bias."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from defensible.documents import automation
from defensible.documents.people import said
from defensible.dossier import DossierError, load
from defensible.dossier.claims import MetricName
from defensible.evidence import run
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import Answer, Presence, Stratum, StudyResult
from defensible.evidence.sealed import plain, result_of
from defensible.statistics import (
    automation_bias,
    joint_interaction,
    obuchowski_rockette,
    patient_covariance,
    reader_agreement,
    reading_pairs,
    strata_differences,
    two_way,
    two_way_bootstrap,
    two_way_spread,
)
from defensible.statistics.reader_table import from_dense
from defensible.statistics.two_way_spread import Ratio

REFERENCE = Path(__file__).parents[3] / "shared" / "reference"
needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference values (../shared/reference) are not here"
)


def dossier(root: Path, table: str, *, claims: Any = (), **changes: Any) -> StudyResult:
    """The result of the one reader study of a dossier in `root`."""
    study: dict[str, Any] = {
        "id": "S1",
        "kind": "readers",
        "question": "Do readers find more with the marks?",
        "data": {
            "source": "data/readings.csv",
            "columns": {
                "reader": "reader",
                "case": "case",
                "modality": "modality",
                "reference": "truth",
                "rating": "rating",
            },
        },
        "conditions": {"unaided": "1", "aided": "2"},
        "reference_standard": {"description": "Surgery.", "positive": {"is": [1]}},
        "positive": {"at_least": 3},
        "endpoints": [{"metric": "auc_difference", "goal": {"above": -0.05}}],
        "analysis": {"level": 0.95},
    }
    columns, marks = changes.pop("columns", {}), changes.pop("marks", None)
    study |= changes
    study["data"]["columns"] |= columns
    study["data"] |= {"marks": marks} if marks else {}
    (root / "studies").mkdir(parents=True)
    (root / "data").mkdir(exist_ok=True)
    (root / "data/readings.csv").write_text(table)
    for name, content in (
        ("device.yaml", {"name": "Flag", "version": "1"}),
        ("intended-use.yaml", {"function": "detection"}),
        ("claims.yaml", {"claims": list(claims)}),
        ("studies/s1.yaml", study),
    ):
        with (root / name).open("w") as file:
            YAML().dump(content, file)
    return run(load(root))[0]


def simulated(*, seed: int = 1, n_readers: int = 6, n_cases: int = 80) -> list[dict[str, Any]]:
    """Readings of readers who follow the device now and then; plain decisions as ratings."""
    rng = np.random.default_rng(seed)
    rows = []
    truth = np.arange(n_cases) < n_cases // 2
    device = np.where(rng.random(n_cases) < 0.8, truth, ~truth)
    for reader in range(n_readers):
        seen = truth * 1.2 + rng.normal(size=n_cases)
        for aided in (False, True):
            with_device = seen + aided * 0.8 * (device - 0.5) + 0.3 * rng.normal(size=n_cases)
            rows += [
                {
                    "reader": f"R{reader}",
                    "case": f"K{case}",
                    "modality": 1 + aided,
                    "truth": int(truth[case]),
                    "rating": int(np.clip(np.round(with_device[case] + 2), 0, 5)),
                    "device": int(device[case]),
                    "years": 2 + 4 * reader,
                    "site": "North" if case % 2 else "South",
                    "seconds": round(40 + 20 * aided + 5 * rng.random(), 2),
                    "day": 40 * (aided ^ (case % 4 < 2)),
                    "patient": f"P{case // 2}",
                }
                for case in range(n_cases)
            ]
    return rows


def as_csv(rows: list[dict[str, Any]]) -> str:
    return "\n".join([",".join(rows[0]), *(",".join(map(str, one.values())) for one in rows), ""])


FULL: dict[str, Any] = {
    "columns": {"device": "device", "time_s": "seconds", "day": "day", "experience": "years"},
    "device_positive": {"is": [1]},
    "experience_bands": [10],
    "washout_days": 28,
    "dimensions": [{"name": "site", "column": "site"}],
    "use": {
        "prevalence": 0.1,
        "sensitivity": 0.8,
        "specificity": 0.8,
        "harm_of_false_positive": 0.1,
    },
}


def records(name: str, file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        (REFERENCE / "values" / name / f"{file}.json").read_text()
    )["records"]
    return found


@needs_reference
def test_the_difference_of_van_dyke_is_that_of_mrmcaov(tmp_path):
    table = (REFERENCE / "data" / "vandyke.csv").read_text()
    (expected,) = (
        one["results"]
        for one in records("vandyke", "noninferiority")
        if "random readers and random cases, covariance=DeLong" in one["method"]
        and one["results"]["margin"] == 0.05
    )

    result = dossier(tmp_path, table)

    found = result.criteria[0].measurement.estimate
    assert found.value == pytest.approx(expected["new_minus_reference"], abs=1e-12)
    assert found.low == pytest.approx(expected["lower_95two_sided"], abs=1e-10)
    assert found.high == pytest.approx(expected["upper_95two_sided"], abs=1e-10)
    assert found.df == pytest.approx(expected["df"], rel=1e-9)
    assert result.criteria[0].met


@needs_reference
@pytest.mark.parametrize("name", ["viper_screening_low", "viper_challenge_high"])
def test_the_split_plot_study_viper_is_near_that_of_imrmc(name, tmp_path):
    path = REFERENCE / "data" / f"{name}.csv"
    with path.open() as file:
        conditions = sorted({row["modality"] for row in csv.DictReader(file)})
    record = next(one for one in records(name, "ustat-imrmc") if "AUC" in one["method"])
    (expected,) = (one for one in record["results"]["Ustat"] if one["modalityB"] != "NO_MOD")

    result = dossier(
        tmp_path,
        path.read_text(),
        conditions={"unaided": conditions[0], "aided": conditions[1]},
        positive={"is": [1]},
        columns={"decision": "recall"},
    )

    found = result.criteria[0].measurement.estimate
    assert abs(found.value) == pytest.approx(abs(expected["AUCAminusAUCB"]), abs=1e-12)
    # moments about the mean; iMRMC's own to 1e-8: tests/statistics/test_mrmc_reference.py
    assert found.se**2 == pytest.approx(expected["varAUCAminusAUCB"], rel=0.04)
    checks = {one.kind: one for one in result.confounders}
    assert "unpaired" in {one.name for one in checks["balance of readings"].figures} or (
        checks["balance of readings"].presence is Presence.ABSENT
    )


@needs_reference
def test_kundels_second_condition_is_compared_and_the_third_left_out(tmp_path):
    table = (REFERENCE / "data" / "kundel.csv").read_text()

    result = dossier(tmp_path, table, conditions={"unaided": "cr-hard", "aided": "cr-soft"})

    assert [(one.reason, one.n) for one in result.ledger.tallies] == [
        ("read in another condition", 4 * 95)
    ]
    assert result.readers.n_cases == 95


def test_automation_bias_is_counted_as_by_hand(tmp_path):
    rows = simulated()
    result = dossier(
        tmp_path,
        as_csv(rows),
        endpoints=[{"metric": "commission", "goal": {"below": 0.5}}],
        **FULL,
    )

    of = {(one["reader"], one["case"], one["modality"]): one for one in rows}
    led = [
        (of[one["reader"], one["case"], 2]["rating"] >= 3)
        for one in rows
        if one["modality"] == 1 and not one["truth"] and one["device"] and one["rating"] < 3
    ]
    found = result.measurement(MetricName.COMMISSION).estimate
    assert (found.count, found.n) == (sum(led), len(led))
    assert found.low < found.value < found.high
    assert result.measurement(MetricName.NET_BENEFIT).estimate is not None
    assert result.readers.n_device_wrong == len(
        {one["case"] for one in rows if one["truth"] != one["device"]}
    )


def test_experience_and_site_part_the_readers_and_the_cases(tmp_path):
    result = dossier(tmp_path, as_csv(simulated()), **FULL)

    for stratum in (("reader_experience", "<10"), ("site", "North")):
        one = result.measurement(MetricName.AUC_DIFFERENCE, Stratum(levels=(stratum,)))
        assert one.estimate is not None
    levels = {(one.dimension, one.level) for one in result.readers.interactions}
    assert levels == {
        ("site", "North"),
        ("site", "South"),
        ("reader_experience", "<10"),
        ("reader_experience", "10+"),
    }
    north, south = (
        one.difference
        for one in result.readers.interactions
        if one.metric == "auc_difference" and one.dimension == "site"
    )
    assert north.value == pytest.approx(-south.value, abs=1e-12)
    assert north.p == pytest.approx(south.p, abs=1e-12)


def test_reading_time_is_the_ratio_of_means_less_one(tmp_path):
    rows = simulated()
    result = dossier(
        tmp_path,
        as_csv(rows),
        endpoints=[{"metric": "reading_time_change", "goal": {"below": 0.6}}],
        **FULL,
    )

    means = [np.mean([one["seconds"] for one in rows if one["modality"] == m]) for m in (1, 2)]
    assert result.criteria[0].measurement.estimate.value == pytest.approx(means[1] / means[0] - 1)
    assert [one.aided for one in result.readers.times] == [False, True]


def test_patients_with_several_cases_widen_the_interval_of_decisions(tmp_path):
    rows = simulated()
    endpoint = [{"metric": "sensitivity_difference", "goal": {"above": 0}}]

    result = dossier(
        tmp_path,
        as_csv(rows),
        endpoints=endpoint,
        **{**FULL, "columns": {**FULL["columns"], "patient": "patient"}},
    )

    found = result.criteria[0].measurement.estimate
    assert "two-way" in found.method
    assert found.n_clusters == 20  # patients with the condition
    assert any("patients, not cases, as independent." in one for one in result.cautions)


def test_the_auc_where_patients_have_several_cases_rests_on_obuchowskis_covariance(tmp_path):
    rows = simulated()

    result = dossier(tmp_path, as_csv(rows), columns={"patient": "patient"})

    found = result.criteria[0].measurement.estimate
    ratings = np.zeros((2, 6, 80))
    for one in rows:
        ratings[one["modality"] - 1, int(one["reader"][1:]), int(one["case"][1:])] = one["rating"]
    truth = np.arange(80) < 40
    errors = patient_covariance.obuchowski(from_dense(truth, ratings), np.arange(80) // 2)
    expected = obuchowski_rockette.random_readers(errors).differences[0].estimate
    assert (found.value, found.low, found.high) == pytest.approx(
        (-expected.value, -expected.high, -expected.low), abs=1e-12
    )
    assert found.n_clusters == 40
    assert "Obuchowski's clustered covariance" in dict(result.readers.methods)["auc_difference"]


def test_a_claim_on_readers_has_its_finding(tmp_path):
    claim = {
        "id": "C1",
        "text": "Improves reading.",
        "endpoints": [{"metric": "auc_difference", "goal": {"above": 0.0}}],
        "studies": ["S1"],
    }

    result = dossier(tmp_path, as_csv(simulated()), claims=[claim])

    (found,) = result.findings
    cleared = found.measurement.estimate.low > 0
    assert found.answer is (Answer.SUPPORTED if cleared else Answer.INCONCLUSIVE)
    assert (found.p < 0.025) == cleared


def test_a_study_that_says_all_has_all_its_checks_answered(tmp_path):
    rows = [
        {**one, "order": 1 + 80 * (one["day"] > 0), "session": one["day"]} for one in simulated()
    ]

    result = dossier(
        tmp_path,
        as_csv(rows),
        **{
            **FULL,
            "columns": {**FULL["columns"], "order": "order", "session": "session"},
            "truthers": ["R1"],
        },
    )

    found = {one.kind: one.presence for one in result.confounders}
    assert Presence.NOT_SHOWN not in found.values()
    assert found["readers who set the reference"] is Presence.PRESENT
    assert found["wash-out"] is Presence.ABSENT


def test_copied_ratings_short_washout_and_one_order_are_seen(tmp_path):
    rows = simulated()
    first = {(one["case"], one["modality"]): one["rating"] for one in rows if one["reader"] == "R0"}
    for one in rows:
        one["day"] = 10 * one["modality"]
        if one["reader"] == "R1":
            one["rating"] = first[one["case"], one["modality"]]

    result = dossier(tmp_path, as_csv(rows), **FULL)

    found = {one.kind: one for one in result.confounders}
    assert found["identical ratings"].said == (
        "The very same ratings on all cases: R0 and R1 (unaided), R0 and R1 (aided)."
    )
    assert "480 of 480 pairs of readings lie less than the planned 28 days" in (
        found["wash-out"].said
    )
    assert found["order and memory"].presence is Presence.PRESENT


def test_a_reader_study_comes_back_from_its_seal_as_it_was(tmp_path):
    result = dossier(tmp_path, as_csv(simulated()), **FULL)

    assert result_of(plain(result)) == result


def test_missing_ratings_are_an_error_or_counted(tmp_path):
    rows = simulated()
    rows[3]["rating"] = ""

    result = dossier(tmp_path, as_csv(rows), analysis={"level": 0.95, "missing": "exclude"})

    assert [(one.reason, one.n) for one in result.ledger.tallies] == [("no rating", 1)]
    assert result.ledger.n_analysed == len(rows) - 1
    assert "U-statistics" in result.criteria[0].measurement.estimate.method


def test_a_proportion_cannot_be_held_against_a_bound_below_zero(tmp_path):
    endpoint = [{"metric": "commission", "goal": {"below": -0.1}}]

    with pytest.raises(DossierError, match=r"D021 the goal for commission is -0\.1"):
        dossier(tmp_path, as_csv(simulated()), endpoints=endpoint)


def test_fixed_readers_have_a_normal_interval_and_the_report_says_so(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    table = as_csv(simulated())

    free = dossier(tmp_path / "a", table)
    fixed = dossier(tmp_path / "b", table, analysis={"level": 0.95, "readers": "fixed"})

    random, alone = (one.criteria[0].measurement.estimate for one in (free, fixed))
    assert alone.value == pytest.approx(random.value, abs=1e-12)
    assert (random.df is None, alone.df is None) == (False, True)
    assert "The readers are fixed: results hold for these readers alone." in fixed.cautions


def test_the_change_of_a_ratio_has_the_spread_of_its_derivative():
    """The weights of the linearized ratio against a plain numerical derivative."""
    rng = np.random.default_rng(3)
    before, after = rng.uniform(30, 60, (4, 20)), rng.uniform(40, 90, (4, 20))
    at = np.ones_like(before, dtype=bool)
    u, a = before.mean(), after.mean()

    found = two_way.combined(
        [Ratio(number=before, of=at, weight=-a / u**2), Ratio(number=after, of=at, weight=1 / u)],
        np.arange(20),
        value=a / u - 1,
    )

    jackknifed = [np.delete(after, i, 1).mean() / np.delete(before, i, 1).mean() for i in range(20)]
    cases_alone = (19 / 20) * ((np.array(jackknifed) - np.mean(jackknifed)) ** 2).sum()
    assert found.se**2 > 0.3 * cases_alone


def test_a_column_that_names_no_readers_is_told_before_memory_runs_out(tmp_path):
    rows = [
        f"R{number},K{number},{1 + number % 2},{number % 2},{number % 5}" for number in range(600)
    ]

    with pytest.raises(DossierError, match="there are 600 readers and 600 cases"):
        dossier(tmp_path, "\n".join(["reader,case,modality,truth,rating", *rows, ""]))


def test_cases_of_development_among_those_that_were_read_are_counted(tmp_path):
    (tmp_path / "development.csv").write_text("id\nK3\nK900\n")

    result = dossier(
        tmp_path,
        as_csv(simulated()),
        development={"source": "development.csv", "case": "id"},
    )

    held = result.held_out
    assert (held.n_shared, held.n_development, held.n_study) == (1, 2, 80)


def test_development_by_patient_needs_the_patients_column(tmp_path):
    (tmp_path / "development.csv").write_text("id\nP3\n")

    with pytest.raises(DossierError, match="E026 development is compared by patient"):
        dossier(
            tmp_path,
            as_csv(simulated()),
            development={"source": "development.csv", "case": "id", "compare": "patient"},
        )


def test_agreement_is_fleiss_kappa_of_the_decisions(tmp_path):
    rows = simulated()

    result = dossier(tmp_path, as_csv(rows))

    (found,) = (one for one in result.readers.figures if one.metric == "agreement")
    for modality, estimate in ((1, found.unaided), (2, found.aided)):
        positive = {}
        for one in rows:
            if one["modality"] == modality:
                positive.setdefault(one["case"], []).append(one["rating"] >= 3)
        k = np.array([sum(said) for said in positive.values()])
        n = 6
        observed = np.mean((k * (k - 1) + (n - k) * (n - k - 1)) / (n * (n - 1)))
        rate = k.sum() / (n * k.size)
        chance = rate**2 + (1 - rate) ** 2
        assert estimate.value == pytest.approx((observed - chance) / (1 - chance), abs=1e-12)


BIAS = [{"metric": "commission", "goal": {"below": 0.5}}]


@pytest.mark.parametrize(
    ("plan", "method", "told"),
    [
        ({}, "two-way linearized (readers, patients), Wilson, t", "linearized (readers, patients)"),
        (
            {"automation_bias": "u-statistic"},
            "two-way U-statistics (readers, patients), Wilson, t",
            "U-statistics on each subset (readers, patients)",
        ),
        (
            {"automation_bias": "bootstrap", "seed": 5, "replicates": 400},
            "MRMC bootstrap (readers, patients), percentile",
            "MRMC bootstrap (readers, patients), 400 replicates, seed 5",
        ),
        (
            {"readers": "fixed"},
            "linearized (patients), readers fixed, Wilson, t",
            "linearized (patients; readers fixed)",
        ),
        (
            {"cases": "fixed", "automation_bias": "u-statistic"},
            "U-statistics (readers), cases fixed, Wilson, t",
            "U-statistics on each subset (readers; cases fixed)",
        ),
        (
            {"readers": "fixed", "automation_bias": "bootstrap", "seed": 1, "replicates": 300},
            "MRMC bootstrap (patients; readers fixed), percentile",
            "MRMC bootstrap (patients; readers fixed), 300 replicates, seed 1",
        ),
    ],
)
def test_automation_bias_has_the_intervals_that_the_plan_names(tmp_path, plan, method, told):
    changes = {**FULL, "analysis": {"level": 0.95, **plan}}

    result = dossier(tmp_path, as_csv(simulated()), endpoints=BIAS, **changes)

    found = result.criteria[0].measurement.estimate
    assert found.method == method
    assert found.low < found.value < found.high
    assert dict(result.readers.methods)["automation_bias"] == told
    (aided,) = by_condition(result)
    assert f"Intervals: {told}." in automation.said(result, aided)
    assert result.readers.conditional[0].aided.method == method


def test_the_bootstrap_of_a_dossier_is_that_of_the_bare_table(tmp_path):
    """One seed, one interval: in a plan and on the command line."""
    rows = simulated()
    plan = {"level": 0.95, "automation_bias": "bootstrap", "seed": 5, "replicates": 400}
    table = tmp_path / "bare.csv"
    bare = [
        {
            **{key: one[key] for key in ("reader", "case", "truth", "device")},
            "modality": "aided" if one["modality"] == 2 else "unaided",
            "decision": int(one["rating"] >= 3),
        }
        for one in rows
    ]
    table.write_text(as_csv(bare))

    result = dossier(tmp_path, as_csv(rows), endpoints=BIAS, **{**FULL, "analysis": plan})

    with table.open() as file:
        read = list(csv.DictReader(file))
    pairs = reading_pairs.from_long(
        reader=np.array([one["reader"] for one in read]),
        case=np.array([one["case"] for one in read]),
        modality=np.array([one["modality"] for one in read]),
        truth=np.array([one["truth"] == "1" for one in read]),
        decision=np.array([one["decision"] == "1" for one in read]),
        device=np.array([one["device"] == "1" for one in read]),
    )
    by = two_way_bootstrap.Bootstrap(
        n_replicates=400,
        seed=5,
        draw=two_way_bootstrap.both,
        spread_of=two_way_spread.linearized,
        drawn="readers, patients",
    )
    expected = automation_bias.measures(pairs, None, by=by)["commission"]
    found = result.criteria[0].measurement.estimate
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


@pytest.mark.parametrize(
    ("fixed", "method", "axis", "n"),
    [
        ("readers", "linearized (patients), readers fixed, t", 1, 80),
        ("cases", "linearized (readers), cases fixed, t", 2, 6),
    ],
)
def test_reading_time_takes_as_fixed_what_the_plan_fixes(tmp_path, fixed, method, axis, n):
    rows = simulated()
    endpoint = [{"metric": "reading_time_change", "goal": {"below": 0.6}}]
    plan = {"level": 0.95, fixed: "fixed"}

    result = dossier(tmp_path, as_csv(rows), endpoints=endpoint, **{**FULL, "analysis": plan})

    found = result.criteria[0].measurement.estimate
    seconds = np.array([one["seconds"] for one in rows]).reshape(6, 2, 80).swapaxes(0, 1)
    before, after = seconds.mean(axis=(1, 2))
    cell = (seconds[1] - after) / before - (seconds[0] - before) * after / before**2
    sums = cell.sum(axis=axis - 1) / cell.size
    assert found.method == method
    assert found.se**2 == pytest.approx((sums**2).sum() * n / (n - 1), rel=1e-9)


AGREEMENT = [
    {"metric": "reader_kappa", "goal": {"above": 0.2}},
    {"metric": "reader_kappa_difference", "goal": {"above": -0.1}},
    {"metric": "reader_weighted_kappa_difference", "goal": {"above": 0}},
    {"metric": "reader_icc", "goal": {"above": 0.5}},
]


def test_agreement_between_readers_is_an_endpoint_where_the_plan_names_it(tmp_path):
    rows = simulated()

    result = dossier(tmp_path, as_csv(rows), endpoints=AGREEMENT, **FULL)

    rating = np.array([one["rating"] for one in rows], dtype=float).reshape(6, 2, 80)
    values = rating.swapaxes(0, 1)
    whole = {"read": np.ones(values.shape, dtype=bool), "patient": np.arange(80)}
    of_ratings = reader_agreement.Rated(values=values, **whole)
    of_decisions = reader_agreement.Rated(values=(values >= 3).astype(float), **whole)
    kappa = reader_agreement.both_random(of_decisions, reader_agreement.FLEISS)
    expected = [
        kappa.aided,
        kappa.difference,
        reader_agreement.both_random(of_ratings, reader_agreement.WEIGHTED_KAPPA).difference,
        reader_agreement.both_random(of_ratings, reader_agreement.ICC).aided,
    ]
    for found, wanted in zip(result.criteria, expected, strict=True):
        estimate = found.measurement.estimate
        assert (estimate.low, estimate.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
        assert estimate.method == wanted.method
    few = result.measurement(
        MetricName.READER_KAPPA, Stratum(levels=(("reader_experience", "<10"),))
    )
    assert "three or more; 2 found" in few.why
    assert "Plan: reader kappa above 0.20" in " ".join(said(result))


def test_agreement_of_ratings_needs_ratings(tmp_path):
    rows = [{**one, "call": int(one["rating"] >= 3)} for one in simulated()]

    with pytest.raises(DossierError) as caught:
        dossier(
            tmp_path,
            as_csv(rows),
            columns={"rating": None, "decision": "call"},
            positive={"is": [1]},
            endpoints=[{"metric": "reader_icc", "goal": {"above": 0.5}}],
        )

    assert "E062 reader_icc is an endpoint" in str(caught.value)
    assert "write data.columns.rating" in str(caught.value)


def test_a_claim_on_agreement_between_readers_has_its_finding(tmp_path):
    claim = {
        "id": "C1",
        "text": "Readers agree more.",
        "endpoints": [{"metric": "reader_kappa_difference", "goal": {"above": -0.5}}],
        "studies": ["S1"],
    }

    result = dossier(tmp_path, as_csv(simulated()), claims=[claim])

    (found,) = result.findings
    assert found.answer is Answer.SUPPORTED
    assert found.p < 0.025


THREE = [{"name": "site", "column": "site"}]


def with_three_sites() -> list[dict[str, Any]]:
    rows = simulated(n_cases=120)
    for one in rows:
        one["site"] = ("East", "North", "South")[int(one["case"][1:]) % 3]
    return rows


def test_all_levels_of_a_dimension_are_tested_at_once(tmp_path):
    rows = with_three_sites()

    result = dossier(tmp_path, as_csv(rows), **{**FULL, "experience_bands": [8, 16]})

    joint = {(one.metric, one.dimension): one for one in result.readers.joint_interactions}
    site = joint["auc_difference", "site"]
    assert site.levels == ("East", "North", "South")
    assert (site.df, site.why) == (2, None)
    experience = joint["auc_difference", "reader_experience"]
    assert (experience.df, experience.denominator_df) == (2, 3)
    assert "AUC difference, the same at all 3 levels of site: F" in " ".join(said(result))


def test_with_readers_fixed_the_joint_test_is_a_chi_square(tmp_path):
    plan = {"level": 0.95, "readers": "fixed"}

    result = dossier(tmp_path, as_csv(with_three_sites()), **{**FULL, "analysis": plan})

    found = [one for one in result.readers.joint_interactions if one.dimension == "site"]
    assert {one.denominator_df for one in found} == {None}
    assert all(0 <= one.p <= 1 for one in found)
    north = next(one for one in result.readers.interactions if one.level == "North")
    assert north.difference.method == "normal, readers fixed"


def test_interactions_hold_where_patients_have_several_cases_in_several_levels(tmp_path):
    columns = {**FULL["columns"], "patient": "patient"}

    result = dossier(tmp_path, as_csv(with_three_sites()), **{**FULL, "columns": columns})

    joint = {(one.metric, one.dimension): one for one in result.readers.joint_interactions}
    rows = with_three_sites()
    n = len(rows) // 12
    truth, patient = np.arange(n) < n // 2, np.arange(n) // 2
    site = np.array([one["site"] for one in rows[:n]])
    ratings = np.array([one["rating"] for one in rows], float).reshape(6, 2, n)
    parts = [
        patient_covariance.of_auc(
            from_dense(truth[at], ratings.transpose(1, 0, 2)[:, :, at]), patient[at]
        )
        for at in (site == name for name in ("East", "North", "South"))
    ]
    expected = joint_interaction.of_cases(strata_differences.of_patients(parts))
    assert joint["auc_difference", "site"].p == pytest.approx(expected.p, rel=1e-9)
    assert {one.why for one in result.readers.joint_interactions} == {None}
    assert all(one.difference is not None for one in result.readers.interactions)


def test_a_level_with_too_few_cases_is_named_and_left_out_of_the_joint_test(tmp_path):
    rows = with_three_sites()
    for one in rows:
        if one["case"] == "K1":
            one["site"] = "West"

    result = dossier(tmp_path, as_csv(rows), **FULL)

    site = next(
        one
        for one in result.readers.joint_interactions
        if (one.metric, one.dimension) == ("auc_difference", "site")
    )
    assert site.levels == ("East", "North", "South")
    assert site.why == "without West, where there are too few"
