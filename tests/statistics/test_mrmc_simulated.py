"""Reader-study analyses on our own table against pROC, base R, scikit-learn and statsmodels."""

import csv
import functools
import json
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import (
    dorfman_berbaum_metz,
    error_covariance,
    leave_one_out,
    mrmc_inference,
    obuchowski_rockette,
    reader_table,
    u_statistics,
)

HERE = Path(__file__).parents[1] / "reference" / "mrmc"


@functools.cache
def study(*modalities):
    with (HERE / "table.csv").open() as file:
        rows = [
            row for row in csv.DictReader(file) if not modalities or row["modality"] in modalities
        ]
    return reader_table.from_long(
        reader=[row["reader"] for row in rows],
        case=[int(row["case"]) for row in rows],
        modality=[row["modality"] for row in rows],
        truth=[int(row["truth"]) for row in rows],
        rating=[float(row["rating"]) for row in rows],
    )


@functools.cache
def values(program):
    return json.loads((HERE / f"values-{program}.json").read_text())


def near(value):
    return pytest.approx(value, rel=1e-8, abs=1e-13)


def test_areas_and_their_covariance_agree_with_proc_and_scikit_learn():
    errors = error_covariance.delong(study())

    assert errors.values.ravel() == near(values("r")["auc"])
    assert errors.values.ravel() == near(values("python")["auc"])
    assert errors.matrix.ravel() == near(np.ravel(values("r")["covariance"]))


def test_obuchowski_rockette_agrees_with_base_r():
    result = obuchowski_rockette.random_readers(error_covariance.delong(study()))
    reference = values("r")["obuchowski_rockette"]

    components = result.variance_components
    assert (components.cov1, components.cov2, components.cov3) == near(
        (reference["cov1"], reference["cov2"], reference["cov3"])
    )
    assert result.equality.statistic == near(reference["F"])
    assert result.equality.denominator_df == near(reference["df"])
    assert result.equality.p == near(reference["p"])
    assert result.differences[0].estimate.p == near(reference["p"])


@pytest.mark.parametrize("program", ["r", "python"])
def test_pseudovalue_mean_squares_agree_with_two_anova_programs(program):
    squares = dorfman_berbaum_metz.mean_squares(leave_one_out.auc(study()))

    ours = (
        squares.modality,
        squares.reader,
        squares.case,
        squares.modality_reader,
        squares.modality_case,
        squares.reader_case,
        squares.modality_reader_case,
    )
    assert ours == near(list(values(program)["pseudovalue_mean_squares"].values()))


@pytest.mark.parametrize("modality", ["aided", "unaided"])
def test_one_modality_alone_is_estimated_as_it_is_beside_another(modality):
    both, alone = study(), study(modality)

    pairs = [
        (analysis(both), analysis(alone))
        for analysis in (
            lambda table: obuchowski_rockette.random_readers(error_covariance.delong(table)),
            lambda table: obuchowski_rockette.fixed_readers(error_covariance.unbiased(table)),
            lambda table: dorfman_berbaum_metz.random_readers(leave_one_out.auc(table)),
            u_statistics.unbiased,
        )
    ]

    for together, single in pairs:
        beside = next(item for item in together.modalities if item.modality == modality)
        one = single.modalities[0].estimate
        assert (one.value, one.se, one.low) == near(
            (beside.estimate.value, beside.estimate.se, beside.estimate.low)
        )
        assert single.differences == ()
        assert single.equality is None


def test_new_minus_reference_turns_the_order_of_the_table_round():
    errors = error_covariance.delong(study())
    means = dict(zip(errors.modalities, errors.values.mean(axis=1), strict=True))
    result = u_statistics.unbiased(study())

    gain = mrmc_inference.difference(result, new="unaided", reference="aided")

    assert gain.value == near(means["unaided"] - means["aided"])
