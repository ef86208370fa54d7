"""Three real tables that the program was not made for; figures are those of their own README.

PI-CAI: patients with two studies, a score that is missing by centre, two reference standards.
CBIS-DDSM: several rows a patient, a category outside the order. eICU: three tables, two rows a
stay, many tiny sites, ages with a text among them.
"""

import shutil
from pathlib import Path

import pytest

from defensible.dossier.claims import MetricName
from tests.evidence.dossiers import REMOVED, at, balanced, problems, result, tallies

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real tables (../shared/data) are not here"
)

PICAI = {
    "data.source": "data/marksheet.csv",
    "data.columns": {
        "case": "study_id",
        "patient": "patient_id",
        "score": "psad",
        "reference": "case_csPCa",
    },
    "independent_cases": REMOVED,
    "sampling": "convenience",
    "reference_standard": {
        "description": "Histology where there is any, else imaging and follow-up.",
        "positive": {"is": ["YES"]},
        "negative": {"is": ["NO"]},
    },
    "output": {"positive": {"at_least": 0.15}},
    "dimensions": [
        {"name": "site", "column": "center"},
        {"name": "reference", "column": "histopath_type"},
    ],
    "analysis": {
        "level": 0.95,
        "proportions": "clustered",
        "auc": "clustered",
        "handling": {"missing_score": "exclude"},
    },
}
CBIS = {
    "data.source": "data/mass_case_description_train_set.csv",
    "data.columns": {
        "case": "od_crop_path",
        "patient": "patient_id",
        "score": "assessment",
        "reference": "pathology",
    },
    "independent_cases": REMOVED,
    "sampling": "enriched",
    "reference_standard.positive": {"is": ["MALIGNANT"]},
    "output": {"positive": {"at_least": 4}, "indeterminate": [0], "range": [1, 5]},
    "dimensions": [{"name": "density", "column": "breast_density"}],
    "analysis": {
        "level": 0.95,
        "proportions": "clustered",
        "auc": "clustered",
        "handling": {"indeterminate": "exclude"},
    },
}
EICU = {
    "data.source": "data/apachePatientResult.csv.gz",
    "data.columns": {
        "case": "patientunitstayid",
        "patient": "uniquepid",
        "score": "predictedhospitalmortality",
        "reference": "actualhospitalmortality",
    },
    "data.include": {"apacheversion": ["IVa"]},
    "data.join": [
        {"source": "data/patient.csv.gz", "on": {"patientunitstayid": "patientunitstayid"}},
        {"source": "data/hospital.csv.gz", "on": {"hospitalid": "hospitalid"}},
    ],
    "independent_cases": REMOVED,
    "reference_standard": {
        "description": "Vital status at discharge from the hospital.",
        "positive": {"is": ["EXPIRED"]},
        "negative": {"is": ["ALIVE"]},
    },
    "output": {"positive": {"at_least": 0.1}, "indeterminate": [-1], "range": [0, 1]},
    "dimensions": [
        {"name": "region", "column": "region"},
        {"name": "sex", "column": "gender"},
        {"name": "age", "column": "age", "bands": [65, 80], "levels": {"80+": ["> 89"]}},
        {"name": "site", "column": "hospitalid"},
    ],
    "analysis": {
        "level": 0.95,
        "proportions": "clustered",
        "auc": "clustered",
        "handling": {"indeterminate": "exclude"},
    },
}


def tables(root: Path, folder: str, *names: str) -> Path:
    (root / "data").mkdir()
    for name in names:
        shutil.copyfile(DATA / folder / name, root / "data" / name)
    return root


@pytest.fixture
def picai(tmp_path):
    return tables(tmp_path, "prostate-picai-3centre", "marksheet.csv")


@pytest.fixture
def cbis(tmp_path):
    return tables(tmp_path, "mammography-cbis-ddsm", "mass_case_description_train_set.csv")


@pytest.fixture
def eicu(tmp_path):
    names = ("apachePatientResult.csv.gz", "patient.csv.gz", "hospital.csv.gz")
    return tables(tmp_path, "icu-eicu-demo", *names)


def sites(one, name="site"):
    return dict(next(dimension for dimension in one.dimensions if dimension.name == name).levels)


def test_psa_density_by_centre_is_what_its_readme_says(picai):
    one = result(picai, PICAI, table=None)

    assert at(one, "auc", ("site", "RUMC")).estimate.value == pytest.approx(0.763, abs=5e-4)
    assert at(one, "auc", ("site", "ZGT")).estimate.value == pytest.approx(0.781, abs=5e-4)
    assert at(one, "auc", ("site", "PCNN")).estimate is None
    assert sites(one) == {"PCNN": 2, "RUMC": 741, "ZGT": 306}
    assert tallies(one) == {"no output": (451, "excluded")}
    assert balanced(one)


def test_a_score_that_is_missing_by_centre_shows_as_soon_as_it_counts(picai):
    changes = {
        **PICAI,
        "analysis": {**PICAI["analysis"], "handling": {"missing_score": "worst-case"}},
    }

    one = result(picai, changes, table=None)

    assert sites(one) == {"PCNN": 350, "RUMC": 800, "ZGT": 350}
    pcnn = at(one, "sensitivity", ("site", "PCNN"))
    assert (pcnn.n_diseased, pcnn.n_healthy) == (109, 241)
    assert pcnn.estimate.value < 0.02
    assert one.ledger.n_analysed == 1500


def test_patients_with_two_studies_refuse_intervals_for_independent_cases(picai):
    changes = {**PICAI, "analysis": {**PICAI["analysis"], "proportions": "wilson", "auc": "delong"}}
    changes["analysis"]["handling"] = {"missing_score": "worst-case"}

    found = problems(picai, changes, table=None)

    seen = "E018 23 patients have more than one case (1,500 cases of 1,476 patients)"
    assert len(found) == 2
    assert all(seen in one for one in found)


def test_where_histology_is_missing_the_reference_is_another_and_the_results_are_apart(picai):
    changes = {
        **PICAI,
        "analysis": {**PICAI["analysis"], "handling": {"missing_score": "worst-case"}},
    }

    one = result(picai, changes, table=None)

    imaging = at(one, "sensitivity", ("reference", "not known"))
    assert imaging.n_cases == 468
    assert imaging.n_diseased == 0
    assert imaging.why == "no diseased case"


def test_a_list_of_lesions_in_a_cell_is_no_score(picai):
    changes = {**PICAI, "data.columns": {**PICAI["data.columns"], "score": "lesion_PIRADS"}}

    (found,) = problems(picai, changes, table=None)

    assert "E011" in found
    assert "of column 'lesion_PIRADS' are no number" in found


def test_birads_zero_is_outside_the_order_and_density_strata_add_up(cbis):
    one = result(cbis, CBIS, table=None)

    assert at(one, "auc").estimate.value == pytest.approx(0.842, abs=5e-4)
    assert tallies(one) == {"indeterminate output": (129, "excluded")}
    assert one.ledger.n_analysed == 1188
    assert at(one, "auc").estimate.n_clusters == one.ledger.n_patients
    assert any("BENIGN_WITHOUT_CALLBACK" in caution for caution in one.cautions)
    assert at(one, "ppv").estimate is None


def test_counts_by_density_are_those_of_the_readme_where_zero_counts_as_wrong(cbis):
    changes = {
        **CBIS,
        "analysis": {**CBIS["analysis"], "handling": {"indeterminate": "worst-case"}},
    }

    one = result(cbis, changes, table=None)

    assert sites(one, "density") == {"1": 286, "2": 585, "3": 337, "4": 109}
    shares = [
        at(one, "auc", ("density", str(level))).n_diseased / n
        for level, n in ((1, 286), (2, 585), (3, 337), (4, 109))
    ]
    assert shares == pytest.approx([0.472, 0.485, 0.504, 0.431], abs=5e-4)
    assert (one.ledger.n_diseased, one.ledger.n_patients) == (636, 691)
    assert at(one, "auc").estimate.value < 0.842


def test_birads_zero_is_an_error_unless_the_plan_says_what_it_means(cbis):
    changes = {**CBIS, "output": {"positive": {"at_least": 4}, "range": [1, 5]}}

    (found,) = problems(cbis, changes, table=None)

    assert "E016 129 rows: score outside 1 to 5" in found


def test_three_tables_give_one_row_a_stay_and_the_regions_of_the_readme(eicu):
    one = result(eicu, EICU, table=None)

    assert at(one, "auc").estimate.value == pytest.approx(0.862, abs=5e-4)
    assert (one.ledger.n_analysed, one.ledger.n_diseased, one.ledger.n_patients) == (
        1683,
        139,
        1449,
    )
    seen = {
        region: (found.n_cases, found.n_diseased, round(found.estimate.value, 3))
        for region in ("Midwest", "South", "West", "Northeast", "not known")
        if (found := at(one, "auc", ("region", region)))
    }
    assert seen == {
        "Midwest": (591, 42, 0.882),
        "South": (527, 40, 0.846),
        "West": (347, 28, 0.840),
        "Northeast": (108, 16, 0.849),
        "not known": (110, 13, 0.906),
    }
    women, men = at(one, "auc", ("sex", "Female")), at(one, "auc", ("sex", "Male"))
    assert (women.n_cases, men.n_cases) == (658, 1025)
    assert balanced(one)


def test_both_rows_of_a_stay_are_never_counted(eicu):
    account = tallies(result(eicu, EICU, table=None))

    assert account["apacheversion is not IVa"] == (1838, "left out")
    assert account["indeterminate output"] == (155, "excluded")
    assert account["rows of data/patient.csv.gz that no case uses"] == (682, "not used")
    assert "no row in data/patient.csv.gz" not in account


def test_without_the_filter_the_second_row_of_a_stay_is_the_same_case_again(eicu):
    changes = {key: value for key, value in EICU.items() if key != "data.include"}

    found = problems(eicu, changes, table=None)

    assert any("E015 1,838 rows: the same case again" in one for one in found)


def test_hundreds_of_tiny_hospitals_predict_nothing_and_are_counted_not_listed(eicu):
    one = result(eicu, EICU, table=None)

    assert len([n for n in sites(one).values() if n]) == 174
    predicted = {prediction.metric: prediction for prediction in one.new_site}
    assert MetricName.AUC not in predicted
    assert MetricName.SENSITIVITY not in predicted
    specificity = predicted[MetricName.SPECIFICITY]
    assert len(specificity.left_out) <= 6
    assert specificity.n_sites < 174


def test_ages_over_89_are_in_the_band_that_the_study_names_for_them(eicu):
    without = {**EICU, "dimensions": [{"name": "age", "column": "age", "bands": [65, 80]}]}

    (found,) = problems(eicu, without, table=None)
    one = result(eicu, EICU, table=None)

    assert "one is '> 89'" in found
    assert "levels: {80+: ['> 89']}" in found
    age = next(dimension for dimension in one.dimensions if dimension.name == "age")
    assert sum(n for _, n in age.levels) + age.n_missing == 1683
    assert age.high == 89
