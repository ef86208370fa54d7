"""The radiological search model against RJafroc, against quadrature, and against drawn marks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from defensible.statistics import froc, search_model
from defensible.statistics.search_model import Search
from tests.statistics.planned_marks import table

# RJafroc 2.1 (QuickStart, chapter on FROC sample size): medians of the first two modalities of
# dataset04, whose diseased cases have 1, 2 and 3 lesions
ZANCA = Search(mu=3.3121519, false_marks=1.714368, found=0.7036564)
COUNTS = np.array([0.69, 0.20, 0.11])
SEARCHES = st.builds(
    Search,
    mu=st.floats(-2, 5),
    false_marks=st.floats(0.05, 8),
    found=st.floats(0.3, 1.0),
)


def test_the_figures_are_those_of_rjafroc():
    assert search_model.auc(ZANCA, COUNTS) == pytest.approx(0.8791542, abs=5e-8)
    # R's integrate() stops at a relative error of 1.2e-4
    assert search_model.wafroc(ZANCA) == pytest.approx(0.7199233, rel=1.2e-4)
    # UtilAnalyticalAucsRSM(2, 1, 0.9, zeta1 = -3, lesDistr = c(0.1, 0.4, 0.4, 0.1)), its AFROC
    other = Search(mu=2.0, false_marks=1.0, found=0.9)
    assert search_model.auc(other, np.array([0.1, 0.4, 0.4, 0.1])) == pytest.approx(
        0.9698827, abs=5e-8
    )
    assert search_model.wafroc(other) == pytest.approx(0.8566404, abs=5e-5)


def test_an_effect_on_the_auc_is_converted_as_by_rjafroc():
    # SsFrocNhRsmModel: slope 1.2617239 through the origin over mu + 0.01, ..., mu + 0.2
    before = search_model.wafroc(ZANCA), search_model.auc(ZANCA, COUNTS)
    moved = [
        Search(mu=ZANCA.mu + shift, false_marks=ZANCA.false_marks, found=ZANCA.found)
        for shift in np.arange(0.01, 0.201, 0.01)
    ]
    areas = np.array([search_model.auc(one, COUNTS) - before[1] for one in moved])
    figures = np.array([search_model.wafroc(one) - before[0] for one in moved])

    assert (figures @ areas) / (areas @ areas) == pytest.approx(1.2617239, abs=2e-6)
    assert search_model.wafroc_per_auc(ZANCA, COUNTS) == pytest.approx(1.2617, abs=3e-3)
    after = search_model.of_auc(
        before[1] + float(areas[-1]), COUNTS, false_marks=ZANCA.false_marks, found=ZANCA.found
    )
    assert search_model.wafroc(after) - before[0] == pytest.approx(figures[-1], abs=1e-9)


@given(SEARCHES)
@settings(max_examples=30, deadline=None)
def test_the_wafroc_is_that_of_adaptive_quadrature(of):
    def above(z):
        return stats.norm.pdf(z - of.mu) * np.exp(-of.false_marks * stats.norm.sf(z))

    seen = quad(above, of.mu - 12, of.mu + 12, epsabs=1e-13, epsrel=1e-12, limit=400)[0]
    told = of.found * seen + (1 - of.found) * np.exp(-of.false_marks) / 2

    assert search_model.wafroc(of) == pytest.approx(told, abs=1e-10)


@given(SEARCHES)
@settings(max_examples=30, deadline=None)
def test_the_model_of_a_figure_has_that_figure(of):
    told = {"false_marks": of.false_marks, "found": of.found}

    again = search_model.of_wafroc(search_model.wafroc(of), **told)
    by_area = search_model.of_auc(search_model.auc(of, COUNTS), COUNTS, **told)

    assert again.mu == pytest.approx(of.mu, abs=1e-6)
    assert by_area.mu == pytest.approx(of.mu, abs=1e-6)


@given(SEARCHES, st.floats(0.05, 1.0))
@settings(max_examples=30, deadline=None)
def test_better_rated_lesions_never_lower_a_figure(of, more):
    better = Search(mu=of.mu + more, false_marks=of.false_marks, found=of.found)

    assert search_model.wafroc(better) > search_model.wafroc(of)
    assert search_model.auc(better, COUNTS) > search_model.auc(of, COUNTS)


def test_lesions_of_a_case_are_one_and_a_poisson_number():
    counts = search_model.lesion_counts(1.6)

    assert counts[:12] == pytest.approx(stats.poisson.pmf(np.arange(12), 0.6), abs=1e-14)
    assert counts @ np.arange(1, counts.size + 1) == pytest.approx(1.6, abs=1e-12)
    assert search_model.lesion_counts(1.0).tolist() == [1.0]
    with pytest.raises(ValueError, match=r"between 1 and 100; 0\.5 found"):
        search_model.lesion_counts(0.5)


@pytest.mark.parametrize("false_marks", [0.3, 2.0])
def test_the_variance_is_that_of_drawn_studies(false_marks):
    of = search_model.of_wafroc(
        0.70 if false_marks < 1 else 0.60, false_marks=false_marks, found=0.8
    )
    n, times = 60, 1500
    rng = np.random.default_rng(8)
    values = []
    for _ in range(times):
        lesions = 1 + rng.poisson(0.5, n)
        normals = rng.normal(size=(1, 1, lesions.sum())), rng.normal(size=(1, 1, n))
        drawn = table(of, lesions, n, np.full((1, 1), of.mu), normals)
        values.append(float(froc.values(drawn, froc.WAFROC)[0, 0]))

    diseased, healthy = search_model.placement_variances(of, search_model.lesion_counts(1.5), 0.0)

    error = np.sqrt((diseased + healthy) / n / times)
    assert np.mean(values) == pytest.approx(search_model.wafroc(of), abs=4 * error)
    # the product of both parts, left out, is of the order of 1 / n; a variance's error is sqrt(2/N)
    assert np.var(values) == pytest.approx(
        (diseased + healthy) / n, rel=0.02 + 4 * (2 / times) ** 0.5
    )


def test_lesions_that_are_alike_count_as_one():
    counts = search_model.lesion_counts(2.0)
    parts = [search_model.placement_variances(ZANCA, counts, tie) for tie in (0.0, 0.5, 1.0)]
    alone = search_model.placement_variances(ZANCA, np.ones(1), 0.0)

    assert parts[2] == pytest.approx(alone)
    assert parts[1][0] == pytest.approx((parts[0][0] + parts[2][0]) / 2)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: Search(mu=1.0, false_marks=0.0, found=0.8), "false_marks must lie above 0"),
        (lambda: Search(mu=1.0, false_marks=1.0, found=1.2), "found in"),
        (
            lambda: search_model.of_wafroc(0.95, false_marks=0.5, found=0.85),
            "no ratings give wAFROC 0.95 where 0.85 of lesions",
        ),
        (lambda: search_model.placement_variances(ZANCA, COUNTS, 2.0), "correlation"),
    ],
)
def test_what_no_reader_can_do_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
