"""Agreement, calibration, sites, several endpoints and masks from poor values: no NaN, no warning.

A number with a caution, or a `ValueError` that says what; warnings are errors in this project.
"""

import dataclasses
import math

import numpy as np
import pytest

from defensible.statistics import (
    agreement,
    bivariate,
    bland_altman,
    calibration,
    calibration_curve,
    decision_curve,
    heterogeneity,
    icc,
    kappa,
    method_comparison,
    mrmc_limits,
    multiplicity,
    new_site,
    repeatability,
    segmentation,
)

VECTORS = {
    "empty": [],
    "one": [1.0],
    "two": [1.0, 2.0],
    "constant": [3.0] * 8,
    "zeros": [0.0] * 8,
    "rising": list(map(float, range(8))),
    "two values": [0.0, 1.0] * 4,
    "nan": [0.0, math.nan, 1.0, 2.0],
    "infinite": [0.0, math.inf, 1.0, 2.0],
    "huge": [1e308, -1e308, 0.0, 1.0],
    "tiny": [5e-324, 0.0, 5e-324, 0.0],
    "negative": [-1.0, -2.0, -3.0, -5.0],
    "probabilities": [0.1, 0.4, 0.5, 0.9],
    "certain": [0.0, 1.0, 1.0, 0.0],
}

OF_PAIRS = {
    "cohen": kappa.cohen,
    "linear": kappa.linear,
    "quadratic": kappa.quadratic,
    "concordance": method_comparison.concordance,
    "deming": method_comparison.deming,
    "passing-bablok": method_comparison.passing_bablok,
    "limits": bland_altman.limits_of_agreement,
    "limits 1999": bland_altman.limits_of_agreement_1999,
    "limits 1986": bland_altman.limits_of_agreement_1986,
    "brier": lambda x, y: calibration.brier(_truth(x), y),
    "slope": lambda x, y: calibration.slope(_truth(x), y),
    "intercept": lambda x, y: calibration.intercept(_truth(x), y),
    "in the large": lambda x, y: calibration.in_the_large(_truth(x), y),
    "observed": lambda x, y: calibration.observed_over_expected(_truth(x), y),
    "curve": lambda x, y: calibration_curve.flexible_curve(_truth(x), y),
    "net benefit": lambda x, y: decision_curve.net_benefit(_truth(x), y, thresholds=[0.3]),
    "reml": heterogeneity.random_effects_reml,
    "dl": heterogeneity.random_effects_dersimonian_laird,
    "pm": heterogeneity.random_effects_paule_mandel,
    "hksj": lambda x, y: heterogeneity.hartung_knapp(heterogeneity.random_effects_reml(x, y)),
    "higgins": lambda x, y: heterogeneity.prediction_higgins(
        heterogeneity.random_effects_reml(x, y)
    ),
    "new site": new_site.new_site_proportion,
    "bivariate": lambda x, y: bivariate.reitsma_reml(x, y, x, y),
}

OF_TABLES = {
    "percent": agreement.percent_agreement,
    "fleiss": agreement.fleiss,
    "gwet": agreement.gwet_ac1,
    "brennan": agreement.brennan_prediger,
    "conger": agreement.conger,
    "light": agreement.light,
    "krippendorff": lambda x: agreement.krippendorff(x, agreement.ordinal),
    "icc 1": icc.one_way_single,
    "icc a": icc.agreement_single,
    "icc c": icc.consistency_average,
    "within-subject": repeatability.within_subject_sd,
    "coefficient": repeatability.repeatability_coefficient,
    "cv": repeatability.within_subject_cv,
    "between readers": mrmc_limits.between_reader_within_modality,
}

OF_P = {
    "bonferroni": lambda p: multiplicity.bonferroni(p, alpha=0.05),
    "holm": lambda p: multiplicity.holm(p, alpha=0.05),
    "hochberg": lambda p: multiplicity.hochberg(p, alpha=0.05),
    "sequence": lambda p: multiplicity.fixed_sequence(p, alpha=0.05),
}


def _truth(values):
    """Half of the cases diseased, whatever the values."""
    return np.arange(len(values)) % 2 == 0


def numbers_of(value):
    """Every number in a result, however deep it lies."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from numbers_of(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for one in value:
            yield from numbers_of(one)
    elif isinstance(value, np.ndarray):
        yield from value.ravel().tolist()
    elif isinstance(value, float):
        yield value


def answered_or_refused(method, *values):
    try:
        found = method(*values)
    except ValueError as refusal:
        assert len(str(refusal)) > 10  # noqa: PT017 - a refusal has to say what
        return
    assert not any(isinstance(one, float) and math.isnan(one) for one in numbers_of(found))


@pytest.mark.parametrize("first", VECTORS)
@pytest.mark.parametrize("method", OF_PAIRS)
def test_two_columns(method, first):
    for second in VECTORS.values():
        answered_or_refused(OF_PAIRS[method], VECTORS[first], second)


@pytest.mark.parametrize("first", VECTORS)
@pytest.mark.parametrize("method", OF_TABLES)
def test_tables_of_two_raters(method, first):
    one = VECTORS[first]
    tables = [np.array([one, two]).T for two in VECTORS.values() if len(two) == len(one)]

    assert tables
    for table in tables:
        answered_or_refused(OF_TABLES[method], table)


@pytest.mark.parametrize("values", VECTORS)
@pytest.mark.parametrize("method", OF_P)
def test_p_values(method, values):
    answered_or_refused(OF_P[method], VECTORS[values])


@pytest.mark.parametrize("device", ["empty", "full", "one pixel"])
@pytest.mark.parametrize("reference", ["empty", "full", "one pixel"])
def test_masks(reference, device):
    masks = {
        "empty": np.zeros((4, 4), dtype=bool),
        "full": np.ones((4, 4), dtype=bool),
        "one pixel": np.eye(4, dtype=bool) & (np.arange(4) == 0),
    }

    found = segmentation.compare(
        masks[reference], masks[device], spacing_mm=(1.0, 1.0), tolerance_mm=1.0
    )

    assert not any(math.isnan(one) for one in numbers_of(found))
    if "empty" in {reference, device} and reference != device:
        assert found.dice == 0
        assert found.hausdorff_mm == pytest.approx(3 * math.sqrt(2))  # the diagonal
