"""Random effects against R's metafor, on a table that the project carries (see make.R there)."""

import csv
from pathlib import Path

import numpy as np
import pytest

from defensible.statistics import heterogeneity

HERE = Path(__file__).resolve().parents[1] / "reference" / "heterogeneity"
FITS = {
    "DL": heterogeneity.random_effects_dersimonian_laird,
    "PM": heterogeneity.random_effects_paule_mandel,
    "REML": heterogeneity.random_effects_reml,
}


@pytest.fixture(scope="module")
def sites():
    with (HERE / "sites.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return tuple(np.array([float(row[name]) for row in rows]) for name in ("effect", "variance"))


@pytest.fixture(scope="module")
def metafor():
    with (HERE / "values.csv").open(newline="", encoding="utf-8") as file:
        return {row["name"]: float(row["value"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", FITS)
def test_a_fit_is_that_of_metafor(sites, metafor, name):
    fit = FITS[name](*sites, level=0.95)
    small_sample = heterogeneity.hartung_knapp(fit)

    found = {
        "mean": fit.mean.value,
        "low": fit.mean.low,
        "high": fit.mean.high,
        "tau2": fit.tau2,
        "Q": fit.q,
        "I2": fit.i2,
        "hksj.low": small_sample.low,
        "hksj.high": small_sample.high,
    }
    expected = {key: metafor[f"{name}.{key}"] for key in found}
    # metafor finds Paule and Mandel's tau2 by uniroot, to about eight digits
    assert found == pytest.approx(expected, rel=1e-6 if name == "PM" else 1e-8)


def test_the_q_profile_interval_is_that_of_metafor(sites, metafor):
    fit = heterogeneity.random_effects_reml(*sites, level=0.95)

    found = (fit.tau2_low, fit.tau2_high)
    # metafor's profile is also found by uniroot
    assert found == pytest.approx((metafor["qprofile.low"], metafor["qprofile.high"]), rel=1e-6)
