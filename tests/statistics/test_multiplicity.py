"""Adjusted p-values against statsmodels and closed testing; bounds against their tests."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from defensible.statistics import bootstrap, max_t, multiplicity, weighted_ranks

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=6)


@st.composite
def graphs(draw, n):
    def shares(size):
        raw = np.array(draw(st.lists(st.integers(0, 5), min_size=size, max_size=size)), float)
        total = max(raw.sum(), 1) * draw(st.sampled_from([1.0, 1.0, 1.25]))
        return raw / total

    transitions = np.stack([np.insert(shares(n - 1), i, 0.0) for i in range(n)])
    return multiplicity.Graph(weights=shares(n), transitions=transitions)


def closed_test(p, graph):
    """Adjusted p-values by testing every intersection with its own weighted Bonferroni test."""
    n = p.size
    adjusted = np.zeros(n)
    for size in range(1, n + 1):
        for kept in combinations(range(n), size):
            gone = np.array([i for i in range(n) if i not in kept], dtype=int)
            weights, _ = multiplicity._reduced(graph, gone)
            ratios = [min(p[i] / weights[i], 1) for i in kept if weights[i] > 0]
            here = min(ratios, default=1.0)
            for i in kept:
                adjusted[i] = max(adjusted[i], here)
    return adjusted


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (multiplicity.bonferroni, "bonferroni"),
        (multiplicity.holm, "holm"),
        (multiplicity.hochberg, "simes-hochberg"),
    ],
)
@given(p=P_VALUES)
@settings(max_examples=20, deadline=None)  # statsmodels takes 60 ms for one Holm
def test_adjusted_p_values_are_those_of_statsmodels(function, name, p):
    ours = function(p, alpha=0.05)

    assert ours.adjusted == pytest.approx(multipletests(p, method=name)[1], abs=1e-12)


@given(st.data(), st.integers(2, 5))
@settings(max_examples=80, deadline=None)
def test_a_graph_gives_what_closed_testing_gives(data, n):
    graph = data.draw(graphs(n))
    p = np.array(data.draw(st.lists(st.integers(1, 99), min_size=n, max_size=n))) / 1000

    ours = multiplicity.graphical(p, graph, alpha=0.05)

    assert ours.adjusted == pytest.approx(closed_test(p, graph), abs=1e-9)


@given(P_VALUES)
@settings(max_examples=60, deadline=None)
def test_a_fixed_sequence_is_its_graph_and_stops_at_the_first_failure(p):
    by_graph = multiplicity.graphical(p, multiplicity.sequence_graph(len(p)), alpha=0.05)
    ours = multiplicity.fixed_sequence(p, alpha=0.05)

    assert ours.adjusted == pytest.approx(by_graph.adjusted)
    assert list(ours.shown) == sorted(ours.shown, reverse=True)


@given(P_VALUES)
@settings(max_examples=60, deadline=None)
def test_holm_lies_between_bonferroni_and_hochberg(p):
    shown = [
        sum(function(p, alpha=0.05).shown)
        for function in (multiplicity.bonferroni, multiplicity.holm, multiplicity.hochberg)
    ]

    assert shown == sorted(shown)


def test_secondary_endpoints_wait_until_all_primary_ones_are_shown():
    closed = multiplicity.gatekeeping([0.01, 0.2, 0.0, 0.001], n_primary=2, alpha=0.05)
    opened = multiplicity.gatekeeping([0.01, 0.04, 0.001, 0.045], n_primary=2, alpha=0.05)

    assert closed.shown == (True, False, False, False)
    assert opened.shown == (True, True, True, True)
    assert opened.adjusted == pytest.approx((0.02, 0.04, 0.04, 0.045))


@given(st.data(), st.integers(2, 4))
@settings(max_examples=80, deadline=None)
def test_bounds_clear_the_goals_exactly_where_the_tests_do(data, n):
    graph = data.draw(graphs(n))
    z = np.array(data.draw(st.lists(st.floats(-3, 6), min_size=n, max_size=n)))

    ours = multiplicity.adjusted_bounds(
        norm.sf(z), np.zeros(n), lambda i, a: z[i] - norm.isf(a), graph, alpha=0.025
    )

    expected = multiplicity.graphical(norm.sf(z), graph, alpha=0.025)
    assert ours.shown == expected.shown
    for bound, shown in zip(ours.bounds, ours.shown, strict=True):
        assert bound >= 0 if shown else bound <= 0
    if not all(ours.shown):
        assert all(b == 0 for b, s in zip(ours.bounds, ours.shown, strict=True) if s)


def test_bounds_hold_together_as_often_as_they_say():
    generator = np.random.default_rng(1)
    truth, graph, held = np.array([0.0, 1.5, 3.0]), multiplicity.holm_graph(3), 0
    for z in generator.normal(truth, 1, (1500, 3)):
        bounds = multiplicity.adjusted_bounds(
            norm.sf(z), np.zeros(3), lambda i, a, z=z: z[i] - norm.isf(a), graph, alpha=0.1
        ).bounds
        held += bool((np.array(bounds) <= truth).all())

    # four standard errors of 1,500 replicates below 90%
    assert held / 1500 >= 0.9 - 4 * np.sqrt(0.09 / 1500)


def study(n_replicates=999):
    generator = np.random.default_rng(2)
    truth = np.repeat([True, False], 100)
    scores = generator.normal(truth * 1.2, 1)
    measures = [
        weighted_ranks.Auc(),
        weighted_ranks.SensitivityAt(specificity=0.9),
        weighted_ranks.PartialAuc(lowest_specificity=0.8),
    ]
    statistic = weighted_ranks.of(truth, scores, measures)
    design = bootstrap.cases(200, strata=truth)
    return bootstrap.replicates(design, statistic, seed=1, n_replicates=n_replicates)


@pytest.mark.parametrize("shift", [-2.6, -2.2, 0.1, 1.9, 2.3, 2.5, 4.0])
def test_max_t_intervals_leave_out_the_goal_exactly_where_the_p_value_says(shift):
    drawn = study()
    errors = drawn.drawn.std(axis=0, ddof=1)
    goals = drawn.values - shift * errors

    for item, goal in zip(max_t.max_t(drawn, goals=goals), goals, strict=True):
        outside = not item.low < goal < item.high
        assert outside == (item.p <= 0.05)


def test_max_t_is_wider_than_one_interval_and_narrower_than_bonferroni():
    drawn = study(3999)

    item = max_t.max_t(drawn, goals=[0.5, 0.1, 0.02])[0]

    factor = (item.high - item.value) / item.se
    assert norm.isf(0.025) + 0.05 < factor < norm.isf(0.025 / 3) + 0.05


def test_step_down_never_gives_a_larger_p_value():
    drawn = study()
    goals = drawn.values - np.array([2.6, 2.1, 0.5]) * drawn.drawn.std(axis=0, ddof=1)

    single = [item.p for item in max_t.max_t(drawn, goals=goals)]
    stepped = [item.p for item in max_t.max_t_step_down(drawn, goals=goals)]

    assert stepped[0] == single[0]
    assert all(a <= b for a, b in zip(stepped, single, strict=True))
    assert stepped[2] < single[2]


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: multiplicity.holm([], alpha=0.05), "one endpoint or more"),
        (lambda: multiplicity.holm([1.2], alpha=0.05), "p must lie in"),
        (lambda: multiplicity.holm([0.2], alpha=5), "alpha must lie strictly between 0 and 1; 5"),
        (
            lambda: multiplicity.graphical([0.1], multiplicity.holm_graph(2), alpha=0.05),
            "2 and 1 found",
        ),
        (
            lambda: multiplicity.Graph(weights=np.array([0.9, 0.9]), transitions=np.zeros((2, 2))),
            "sum to at most 1; 1.8",
        ),
        (
            lambda: multiplicity.Graph(weights=np.array([1.0]), transitions=np.ones((1, 1))),
            "no endpoint feeds itself",
        ),
        (lambda: multiplicity.Graph(weights=np.ones(1), transitions=np.ones((2, 1))), "square"),
        (lambda: multiplicity.holm_graph(0), "one endpoint or more is needed; 0"),
        (
            lambda: multiplicity.gatekeeping([0.1, 0.2], n_primary=2, alpha=0.05),
            "between 1 and 1, with others left; 2 found",
        ),
        (lambda: max_t.max_t(study(50), goals=[0.5]), "one for each of 3 statistics; 1 found"),
        (lambda: max_t.max_t(study(10), goals=[0.5] * 3), "more than 10 replicates"),
    ],
)
def test_families_that_cannot_be_are_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_the_graph_of_equal_shares(p):
    graph = multiplicity.holm_graph(len(p))

    stepped = multiplicity.holm(p, alpha=0.05).adjusted

    assert stepped == pytest.approx(multiplicity.graphical(p, graph, alpha=0.05).adjusted, abs=1e-9)
