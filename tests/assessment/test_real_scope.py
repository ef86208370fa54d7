"""How far real evidence carries a claim: three centres, and 174 tiny hospitals in four regions."""

from datetime import date

import numpy as np
import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import Answer
from defensible.statistics import heterogeneity, one_sided
from defensible.statistics.new_site import new_site_auc
from tests.evidence.dossiers import write
from tests.evidence.test_real_tables import DATA, EICU, PICAI, tables

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real tables (../shared/data) are not here"
)


def claim(scope, *endpoints):
    goals = [{"metric": metric, "goal": {"above": above}} for metric, above in endpoints]
    return [{"id": "C1", "text": "Flags it.", "scope": scope, "endpoints": goals}]


def assessed(root, changes, claims):
    loaded = dossier.load(write(root, {**changes, "claims": ["C1"]}, table=None, claims=claims))
    found = regulation.classify(loaded.intended_use, loaded.device.markets)
    return assessment.assess(loaded, found, evidence.run(loaded), today=date(2026, 11, 25))


@pytest.fixture(scope="module")
def picai(tmp_path_factory):
    root = tables(tmp_path_factory.mktemp("picai"), "prostate-picai-3centre", "marksheet.csv")
    changes = {
        **PICAI,
        "data.columns": {**PICAI["data.columns"], "score": "psa"},
        "output": {"positive": {"at_least": 4}},
        "dimensions": [
            {"name": "site", "column": "center"},
            {"name": "age", "column": "patient_age", "bands": [60, 70]},
            {"name": "density", "column": "psad", "bands": [0.15]},
        ],
    }
    scope = {"site": "any", "age": "any", "density": "any"}
    return assessed(root, changes, claim(scope, ("sensitivity", 0.8), ("auc", 0.5)))


def test_where_density_is_missing_by_site_the_cells_are_empty_and_counted(picai):
    (scope,) = picai.scopes
    pcnn = [
        one
        for one in scope.pairs
        if ("site", "PCNN") in one.stratum.levels and one.dimension == "site x density"
    ]

    assert [(one.answer, one.n_cases) for one in pcnn] == [(Answer.UNSEEN, 1), (Answer.UNSEEN, 1)]
    (unknown,) = scope.not_known
    assert (unknown.dimension, unknown.n_cases) == ("density", 418)
    crossed = {
        one.stratum.levels: one.n_cases
        for one in picai.results[0].crossed
        if one.stratum.levels[-1] == ("density", "not known")
    }
    assert crossed[("site", "PCNN"), ("density", "not known")] == 339


def test_a_centre_is_supported_where_both_endpoints_are_among_27_cells(picai):
    (scope,) = picai.scopes
    sites = {one.level: one.answer for one in scope.cells if one.dimension == "site"}

    assert scope.family.n_tested == 27
    assert sites == {
        "PCNN": Answer.INCONCLUSIVE,
        "RUMC": Answer.SUPPORTED,
        "ZGT": Answer.SUPPORTED,
        "not yet seen": Answer.INCONCLUSIVE,
    }
    assert scope.widest == ()  # no band of density holds


def test_the_next_centre_is_predicted_by_the_prior_from_three_that_are_alike(picai):
    predicted = {one.metric: one for one in picai.results[0].new_site}
    sensitivity = predicted[MetricName.SENSITIVITY]

    assert sensitivity.q_p > 0.1
    assert "tau prior" in sensitivity.estimate.method
    assert sensitivity.estimate.low == pytest.approx(0.822, abs=5e-4)
    area = predicted[MetricName.AUC]
    found = [
        one.measurement
        for one in picai.results[0].findings
        if one.measurement.metric is MetricName.AUC
        and len(one.measurement.stratum.levels) == 1
        and one.measurement.stratum.levels[0][0] == "site"
    ]
    again = new_site_auc(
        [one.estimate.value for one in found],
        [one.estimate.se for one in found],
        n_diseased=[one.n_diseased for one in found],
        n_healthy=[one.n_healthy for one in found],
    )
    assert (area.estimate.low, area.estimate.high) == (again.predicted.low, again.predicted.high)


@pytest.fixture(scope="module")
def eicu(tmp_path_factory):
    names = ("apachePatientResult.csv.gz", "patient.csv.gz", "hospital.csv.gz")
    return tables(tmp_path_factory.mktemp("eicu"), "icu-eicu-demo", *names)


def test_hundreds_of_tiny_hospitals_support_nothing_one_by_one(eicu):
    scope_ = {"region": "any", "sex": ["Female", "Male"], "site": "any"}
    (scope,) = assessed(eicu, EICU, claim(scope_, ("auc", 0.75))).scopes

    sites = [one for one in scope.cells if one.dimension == "site"]
    assert len(sites) == 174 + 1
    assert not [one.level for one in sites if one.answer is Answer.SUPPORTED]
    assert {one.level for one in scope.cells if one.answer is Answer.SUPPORTED} >= {
        "Midwest", "Female", "Male"
    }  # fmt: skip


def test_by_region_the_widest_scopes_conflict_and_each_is_worded(eicu):
    changes = {
        **EICU,
        "dimensions": [
            {"name": "site", "column": "region"},
            {"name": "sex", "column": "gender"},
        ],
    }
    scope_ = {"sex": ["Female", "Male"], "site": "any"}
    made = assessed(eicu, changes, claim(scope_, ("auc", 0.75)))
    (scope,) = made.scopes

    assert [dict(one.levels) for one in scope.widest] == [
        {"sex": ("Male",), "site": ("Midwest", "South")},
        {"sex": ("Female", "Male"), "site": ("Midwest",)},
    ]
    assert scope.widest[1].sentence.startswith("… women and men, at Midwest; not established for")
    midwest = next(one for one in scope.cells if one.level == "Midwest")
    estimate = made.results[0].measurement(MetricName.AUC, midwest.stratum).estimate
    assert midwest.p == one_sided.normal(estimate.value, estimate.se, 0.75)


def test_by_region_the_average_is_hartung_knapps_and_i2_is_nothing(eicu):
    changes = {**EICU, "dimensions": [{"name": "site", "column": "region"}]}
    made = assessed(eicu, changes, claim({"site": "any"}, ("auc", 0.75)))
    area = next(one for one in made.results[0].new_site if one.metric is MetricName.AUC)
    found = [
        one.measurement.estimate
        for one in made.results[0].findings
        if one.measurement.stratum.levels and one.measurement.stratum.levels[0][1] != "not known"
    ]

    values = np.array([one.value for one in found])
    se = np.array([one.se for one in found]) / (values * (1 - values))
    fit = heterogeneity.random_effects_reml(np.log(values / (1 - values)), se**2)
    average = heterogeneity.hartung_knapp(fit)
    assert area.average.low == pytest.approx(1 / (1 + np.exp(-average.low)), abs=1e-12)
    assert area.i2 == pytest.approx(fit.i2, abs=1e-12)
