"""Designs of reader studies against the covariance matrix of all their readings."""

import numpy as np
import pytest

from defensible.statistics import sizing_mrmc, sizing_mrmc_designs
from defensible.statistics.variance_components import ObuchowskiRockette

PARTS = ObuchowskiRockette(
    reader=0.0015, modality_reader=0.0002, error=0.0008, cov1=0.00035, cov2=0.00034, cov3=0.00024
)
PILOT = sizing_mrmc.Pilot(components=PARTS, n_cases=120)
READERS = 6


def variance_of_difference(shares_cases, scale=1.0, *, same_readers=True):
    """Variance of the mean difference, from the covariance of all readers' figures of merit.

    `shares_cases(modality, reader, other_modality, other_reader)` says whether two figures rest on
    the same cases.
    """
    cells = [(modality, reader) for modality in (0, 1) for reader in range(READERS)]
    covariance = np.zeros((len(cells), len(cells)))
    for i, (m, r) in enumerate(cells):
        for j, (n, s) in enumerate(cells):
            one_person = r == s and (m == n or same_readers)
            if one_person:
                covariance[i, j] += PARTS.reader + PARTS.modality_reader * (m == n)
            if shares_cases(m, r, n, s):
                if one_person:
                    covariance[i, j] += scale * (PARTS.error if m == n else PARTS.cov1)
                else:
                    covariance[i, j] += scale * (PARTS.cov2 if m == n else PARTS.cov3)
    contrast = np.repeat([1, -1], READERS) / READERS
    return contrast @ covariance @ contrast


@pytest.mark.parametrize(
    ("function", "options", "shares_cases", "scale", "same_readers"),
    [
        (sizing_mrmc_designs.crossed, {}, lambda *_: True, 1.0, True),
        (
            sizing_mrmc_designs.split_plot,
            {"n_groups": 3},
            lambda _m, r, _n, s: r // 2 == s // 2,
            3.0,
            True,
        ),
        (
            sizing_mrmc_designs.cases_nested_in_modality,
            {},
            lambda m, _r, n, _s: m == n,
            1.0,
            True,
        ),
        (sizing_mrmc_designs.cases_nested_in_reader, {}, lambda _m, r, _n, s: r == s, 1.0, True),
        (sizing_mrmc_designs.readers_nested_in_modality, {}, lambda *_: True, 1.0, False),
    ],
)
def test_noncentrality_is_the_squared_difference_over_its_variance(
    function, options, shares_cases, scale, same_readers
):
    expected = variance_of_difference(shares_cases, scale, same_readers=same_readers)

    ours = function(PILOT, difference=0.05, n_readers=READERS, n_cases=120, **options)

    assert ours.noncentrality == pytest.approx(0.05**2 / expected, rel=1e-10)


def test_one_group_is_the_crossed_design():
    asked = {"difference": 0.05, "n_readers": 6, "n_cases": 120}

    one = sizing_mrmc_designs.split_plot(PILOT, n_groups=1, **asked)

    assert one == sizing_mrmc_designs.crossed(PILOT, **asked)


def test_the_same_readings_tell_more_when_split_over_more_cases():
    crossed = sizing_mrmc_designs.crossed(PILOT, difference=0.05, n_readers=6, n_cases=100)
    split = sizing_mrmc_designs.split_plot(
        PILOT, difference=0.05, n_readers=6, n_cases=300, n_groups=3
    )

    assert split.noncentrality > crossed.noncentrality


def test_other_readers_in_each_modality_cost_most_of_the_power():
    asked = {"difference": 0.05, "n_readers": 6, "n_cases": 120}

    nested = sizing_mrmc_designs.readers_nested_in_modality(PILOT, **asked)

    assert nested.power < 0.5 * sizing_mrmc_designs.crossed(PILOT, **asked).power


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"n_groups": 4}, "4 groups must divide 6 readers"),
        ({"n_groups": 6}, "two readers or more in each"),
        ({"n_groups": 2, "difference": 0.0}, "difference must be finite and not 0"),
    ],
)
def test_designs_that_cannot_be_are_refused_in_words(options, said):
    asked = {"difference": 0.05, "n_readers": 6, "n_cases": 120} | options

    with pytest.raises(ValueError, match=said):
        sizing_mrmc_designs.split_plot(PILOT, **asked)
