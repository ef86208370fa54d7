"""What shows that cases were held out and who scored them; what a new site would give."""

import hashlib

import numpy as np
import pytest

from defensible.dossier.claims import MetricName
from defensible.statistics import heterogeneity
from defensible.statistics.site_logits import logit_proportions
from tests.evidence.dossiers import REMOVED, SITE, TABLE, problems, result

MODEL = hashlib.sha256(b"weights").hexdigest()
DEVELOPMENT = {"source": "data/development.csv", "case": "id"}


def test_shared_cases_are_counted_over_other_forms_of_the_same_number(tmp_path):
    table = TABLE.replace("\nK", "\n")
    files = {"data/development.csv": "id\n1.0\n2\n2\n77\n\n"}

    one = result(tmp_path, {"development": DEVELOPMENT}, table=table, files=files)

    held = one.held_out
    assert (held.compared, held.n_development, held.n_study, held.n_shared) == ("case", 3, 8, 2)


def test_patients_are_compared_where_the_study_says_so(tmp_path):
    changes = {
        "development": {**DEVELOPMENT, "compare": "patient"},
        "data.columns.patient": "patient",
        "independent_cases": REMOVED,
    }
    lines = TABLE.splitlines()
    table = "\n".join(
        [f"{lines[0]},patient", *(f"{line},P{index}" for index, line in enumerate(lines[1:]))]
    )
    files = {"data/development.csv": "id\nP3\nP99\n"}

    one = result(tmp_path, changes, table=table + "\n", files=files)

    assert (one.held_out.compared, one.held_out.n_shared) == ("patient", 1)


def test_no_shared_identifier_among_other_numberings_is_doubted(tmp_path):
    files = {"data/development.csv": "id\nDEV-1\nDEV-2\n"}

    one = result(tmp_path, {"development": DEVELOPMENT}, files=files)

    assert one.held_out.n_shared == 0
    assert any("may only mean two numberings" in caution for caution in one.cautions)


def test_no_shared_identifier_of_the_same_form_is_not_doubted(tmp_path):
    files = {"data/development.csv": "id\nK9\nK10\n"}

    one = result(tmp_path, {"development": DEVELOPMENT}, files=files)

    assert one.held_out.n_shared == 0
    assert not any("numberings" in caution for caution in one.cautions)


def test_nothing_is_said_of_held_out_where_nothing_shows_it(tmp_path):
    assert result(tmp_path).held_out is None


def test_a_missing_development_column_is_named(tmp_path):
    files = {"data/development.csv": "ids\nK1\n"}

    (found,) = problems(tmp_path, {"development": DEVELOPMENT}, files=files)

    assert "E007 'data/development.csv' has no column 'id'\n  did you mean 'ids'?" in found


def test_rows_are_counted_by_the_model_that_they_name(tmp_path):
    names = [MODEL, MODEL.upper(), "0" * 64, "", MODEL, MODEL, MODEL, MODEL]
    lines = TABLE.splitlines()
    table = "\n".join(
        [f"{lines[0]},model", *(f"{a},{b}" for a, b in zip(lines[1:], names, strict=True))]
    )
    changes = {"data.columns.model_sha256": "model"}

    (tmp_path / "model.bin").write_bytes(b"weights")
    device = {"model": {"path": "model.bin", "sha256": MODEL}}

    one = result(tmp_path, changes, table=table + "\n", device=device)

    found = one.provenance
    assert (found.n_declared_model, found.n_other_model, found.n_unknown) == (6, 1, 1)


def test_without_a_declared_model_no_row_is_known_to_be_of_it(tmp_path):
    one = result(tmp_path, {"data.columns.model_sha256": "site"})

    found = one.provenance
    assert (found.n_declared_model, found.n_other_model, found.n_unknown) == (0, 0, 8)


SITES = {"North": (40, 30), "South": (35, 33), "East": (50, 32), "West": (3, 3), "": (6, 6)}


def many_sites() -> str:
    """`SITES` gives diseased cases and how many of them are found; as many healthy, half right."""
    lines = ["case,score,truth,site"]
    for site, (n, found) in SITES.items():
        for case in range(n):
            lines += [
                f"{site}d{case},{0.9 - case / 1000 if case < found else 0.1},1,{site}",
                f"{site}h{case},{0.6 if case % 2 else 0.2 + case / 1000},0,{site}",
            ]
    return "\n".join(lines) + "\n"


def test_a_new_site_is_predicted_from_sites_with_enough_cases_and_the_others_are_named(tmp_path):
    one = result(tmp_path, {"dimensions": [SITE]}, table=many_sites())

    found = {prediction.metric: prediction for prediction in one.new_site}
    sensitivity = found[MetricName.SENSITIVITY]
    fit = heterogeneity.random_effects_reml(*logit_proportions([32, 30, 33], [50, 40, 35]))
    expected = heterogeneity.prediction_higgins(fit)
    assert sensitivity.estimate.low == pytest.approx(1 / (1 + np.exp(-expected.low)))
    assert sensitivity.estimate.high == pytest.approx(1 / (1 + np.exp(-expected.high)))
    assert sensitivity.between_site_sd == pytest.approx(np.sqrt(fit.tau2))
    assert sensitivity.n_sites == 3
    assert sensitivity.left_out == (
        "West (3 diseased cases)",
        "not known (the site of 12 cases is not known)",
    )
    assert found[MetricName.AUC].n_sites == 3


def test_two_sites_that_are_alike_predict_rates_and_area_with_the_prior(tmp_path):
    one = result(tmp_path, {"dimensions": [SITE]}, table=TABLE + _more())

    found = {prediction.metric: prediction for prediction in one.new_site}
    assert {MetricName.SENSITIVITY, MetricName.SPECIFICITY, MetricName.AUC} <= found.keys()
    for prediction in found.values():
        assert prediction.estimate.low < prediction.estimate.value < prediction.estimate.high
        assert "tau prior" in prediction.estimate.method
        assert "Hartung-Knapp-Sidik-Jonkman" in prediction.average.method
        assert prediction.influence == ()


def test_two_sites_that_differ_beyond_chance_predict_no_rate(tmp_path):
    lines = ["case,score,truth,site"]
    for site, found in (("North", 38), ("South", 12)):
        for case in range(40):
            lines.append(f"{site}d{case},{0.9 if case < found else 0.1},1,{site}")
            lines.append(f"{site}h{case},{0.6 if case % 2 else 0.2},0,{site}")

    one = result(tmp_path, {"dimensions": [SITE]}, table="\n".join(lines) + "\n")

    metrics = {prediction.metric for prediction in one.new_site}
    assert MetricName.SENSITIVITY not in metrics
    assert MetricName.SPECIFICITY in metrics


def test_the_site_that_moves_the_average_most_comes_first(tmp_path):
    one = result(tmp_path, {"dimensions": [SITE]}, table=many_sites())

    sensitivity = {each.metric: each for each in one.new_site}[MetricName.SENSITIVITY]
    names = ["North", "South", "East"]
    counts = dict(zip(names, [(30, 40), (33, 35), (32, 50)], strict=True))
    moved = {each.site: each.average.value for each in sensitivity.influence}
    assert set(moved) == set(names)
    first = sensitivity.influence[0].site
    others = [counts[name] for name in names if name != first]
    fit = heterogeneity.random_effects_reml(*logit_proportions(*zip(*others, strict=True)))
    assert moved[first] == pytest.approx(1 / (1 + np.exp(-fit.mean.value)))


def _more() -> str:
    lines = [
        f"M{i},{(i * 37 % 100) / 100},{i % 2},{'North' if i % 4 < 2 else 'South'}"
        for i in range(80)
    ]
    return "\n".join(lines) + "\n"


def test_without_a_dimension_site_nothing_is_predicted(tmp_path):
    dimension = {"name": "hospital", "column": "site"}

    one = result(tmp_path, {"dimensions": [dimension]}, table=many_sites())

    assert one.new_site == ()
