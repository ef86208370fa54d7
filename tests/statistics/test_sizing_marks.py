"""Sizes for lesions found, false marks and the wAFROC: against enumeration, and their laws."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import (
    proportions,
    search_model,
    sizing_froc,
    sizing_interval,
    sizing_marks,
    sizing_readers,
    sizing_wafroc,
)

MARKS = {"marks": 0.6, "found": 0.9, "lesions": 1.5, "correlation": 0.2}
LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.99])
LAW = settings(max_examples=40, deadline=None)


def wilson(expected, goal):
    return sizing_interval.lasting(proportions.wilson_limits, expected=expected, goal=goal)


def test_one_lesion_a_patient_is_wilsons_interval():
    size = sizing_marks.lesions_found(expected=0.92, goal=0.85)

    assert size.n == wilson(0.92, 0.85).n
    assert size.besides == (("lesions", size.n),)


def test_lesions_that_are_alike_take_more_patients():
    counts = search_model.lesion_counts(1.6)
    n = np.arange(1, counts.size + 1)
    by_hand = 1 + 0.3 * (float(counts @ n**2) / 1.6 - 1)

    effect = sizing_marks.design_effect(1.6, 0.3)
    size = sizing_marks.lesions_found(expected=0.85, goal=0.75, lesions=1.6, correlation=0.3)

    # one and a Poisson number: E L^2 / E L = m + 1 - 1 / m
    assert effect == pytest.approx(by_hand) == pytest.approx(1 + 0.3 * (1.6 - 1 / 1.6))
    alone = wilson(0.85, 0.75)
    assert dict(size.besides)["lesions"] == int(np.ceil(alone.n * effect))
    assert size.n == int(np.ceil(dict(size.besides)["lesions"] / 1.6))
    assert size.power == alone.power


@pytest.mark.parametrize(("expected", "goal"), [(0.3, 0.45), (0.5, 0.4), (3.0, 2.5)])
def test_the_exact_test_of_marks_is_that_of_enumeration(expected, goal):
    size = sizing_marks.exact_marks(expected=expected, goal=goal)

    def power(n):
        k = np.arange(int(n * max(expected, goal) * 2) + 60)
        mean = n * goal
        rejects = (
            stats.poisson.cdf(k, mean) <= 0.025
            if expected < goal
            else stats.poisson.sf(k - 1, mean) <= 0.025
        )
        return stats.poisson.pmf(k, n * expected)[rejects].sum()

    assert size.power == pytest.approx(power(size.n), abs=1e-10)
    assert power(size.n - 1) < 0.8 <= min(power(n) for n in range(size.n, size.n + 60))


@given(
    st.integers(2, 400),
    st.floats(0.1, 4.0),
    st.floats(0.1, 4.0),
    st.sampled_from([1.0, 1.5, 3.0]),
    LEVELS,
)
@LAW
def test_the_power_of_a_mean_number_of_marks_is_that_of_enumeration(
    n, expected, goal, dispersion, level
):
    assume(abs(expected - goal) > 0.01)
    mean = n * expected
    total = np.arange(int(mean + 12 * np.sqrt(mean * dispersion)) + 40)
    chance = (
        stats.poisson.pmf(total, mean)
        if dispersion == 1
        else stats.nbinom.pmf(total, mean / (dispersion - 1), 1 / dispersion)
    )
    seen = np.maximum(total, 1) / n
    reach = stats.t.ppf(0.5 + level / 2, n - 1) * np.sqrt(dispersion / n / seen)
    if expected < goal:
        cleared = np.log(seen) + reach < np.log(goal)
        cleared[0] = -np.log(0.5 - level / 2) / n < goal  # no mark at all: the exact limit
    else:
        cleared = np.log(seen) - reach > np.log(goal)
        cleared[0] = False
    assume(np.abs(np.abs(np.log(seen) - np.log(goal)) - reach)[1:].min() > 1e-9)

    told = {"expected": expected, "goal": goal, "dispersion": dispersion, "level": level}
    ours = sizing_marks.false_marks_power(n, **told)

    assert ours == pytest.approx(chance[cleared].sum(), abs=1e-8)


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_more_cases_than_sized_keep_the_power_of_false_marks(dispersion):
    told = {"expected": 0.4, "goal": 0.6, "dispersion": dispersion}

    size = sizing_marks.false_marks(**told)

    powers = [sizing_marks.false_marks_power(n, **told) for n in range(size.n, 3 * size.n)]
    assert min(powers) >= 0.8
    assert sizing_marks.false_marks_power(size.n - 1, **told) < 0.8


@given(
    st.integers(2, 3000),
    st.floats(0.45, 0.90),
    st.floats(0.30, 0.92),
    st.floats(0.2, 3.0),
    st.floats(0.5, 3.0),
    LEVELS,
)
@LAW
def test_more_cases_never_lower_the_power_of_a_wafroc(n, expected, goal, marks, ratio, level):
    told = {**MARKS, "marks": marks, "ratio": ratio, "level": level}
    assume(abs(expected - goal) > 1e-3)
    reached = [search_model.Search(mu=mu, false_marks=marks, found=0.9) for mu in (-30, 30)]
    low, high = (search_model.wafroc(one) for one in reached)
    assume(low < expected < high)

    more = sizing_wafroc.one_power(n + 1, expected=expected, goal=goal, **told)
    assert more >= sizing_wafroc.one_power(n, expected=expected, goal=goal, **told) - 1e-12


def test_a_wafroc_with_one_sure_mark_a_case_is_an_auc():
    # every lesion and every case marked once: lesions against cases, as scores of two classes
    of = search_model.of_wafroc(0.8, false_marks=30.0, found=1.0)
    diseased, healthy = search_model.placement_variances(of, np.ones(1), 0.0)
    rng = np.random.default_rng(2)
    lesion = of.mu + rng.normal(size=400_000)
    highest = -stats.norm.ppf(-np.log(rng.random(400_000)) / 30)

    assert diseased == pytest.approx(np.exp(-30 * stats.norm.sf(lesion)).var(), rel=0.01)
    assert healthy == pytest.approx(stats.norm.cdf(of.mu - highest).var(), rel=0.01)


def test_a_wafroc_is_sized_with_the_power_that_it_says():
    size = sizing_wafroc.one(expected=0.80, goal=0.70, **MARKS)
    below = sizing_wafroc.one(expected=0.60, goal=0.70, **MARKS)

    assert sizing_wafroc.one_power(size.n, expected=0.80, goal=0.70, **MARKS) == size.power
    assert sizing_wafroc.one_power(size.n - 1, expected=0.80, goal=0.70, **MARKS) < 0.8
    assert below.power >= 0.8
    assert dict(size.besides) == {"non-diseased cases": size.n}


@pytest.mark.parametrize(("expected", "goal"), [(0.78, 0.70), (0.62, 0.70)])
def test_a_measured_variance_sizes_as_the_model_that_gave_it(expected, goal):
    of = search_model.of_wafroc(expected, false_marks=0.6, found=0.9)
    parts = search_model.placement_variances(of, search_model.lesion_counts(1.5), 0.2)

    measured = sizing_wafroc.by_variance(expected=expected, goal=goal, variance=sum(parts))
    modelled = sizing_wafroc.one(expected=expected, goal=goal, **MARKS)

    # the model's variance is another at the area that just clears
    assert measured.n == pytest.approx(modelled.n, rel=0.12)
    assert measured.power >= 0.8
    more = sizing_wafroc.by_variance(expected=expected, goal=goal, variance=sum(parts), power=0.9)
    assert more.n > measured.n


def test_readers_of_marks_are_sized_by_the_mean_variance_of_both_models():
    unaided = search_model.of_wafroc(0.68, false_marks=0.8, found=0.9)
    aided = search_model.of_wafroc(0.74, false_marks=0.8, found=0.95)

    of = sizing_froc.conjecture(unaided, aided, lesions=1.5, correlation=0.1)

    counts = search_model.lesion_counts(1.5)
    parts = [search_model.placement_variances(one, counts, 0.1) for one in (unaided, aided)]
    assert of.difference == pytest.approx(0.06)
    assert of.unit_variance == pytest.approx(np.sum(parts) / 2)
    pilot, plain = (
        of.pilot(6, "small"),
        sizing_readers.conjectured(
            variability="small", n_readers=6, unit_variance=of.unit_variance
        ),
    )
    assert pilot.modality_reader / plain.modality_reader == pytest.approx(of.per_auc**2)
    assert pilot.components.cov2 == plain.components.cov2


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: sizing_marks.design_effect(1.5, 1.1), "correlation"),
        (lambda: sizing_marks.design_effect(0.9, 0.1), "between 1 and 100"),
        (lambda: sizing_marks.false_marks(expected=0.5, goal=0.5), "must differ"),
        (lambda: sizing_marks.false_marks(expected=0.0, goal=0.5), "above 0"),
        (
            lambda: sizing_marks.false_marks(expected=0.3, goal=0.5, dispersion=0.5),
            "dispersion be 1 or more",
        ),
        (lambda: sizing_marks.false_marks_power(1, expected=0.3, goal=0.5), "two cases"),
        (lambda: sizing_wafroc.one(expected=0.7, goal=0.7, **MARKS), "must differ"),
        (
            lambda: sizing_wafroc.one(expected=0.97, goal=0.7, **MARKS),
            "no ratings give wAFROC 0.97",
        ),
        (
            lambda: sizing_wafroc.by_variance(expected=0.7, goal=0.7, variance=0.1),
            "must differ",
        ),
        (lambda: sizing_wafroc.one_power(0, expected=0.8, goal=0.7, **MARKS), "above 0"),
    ],
)
def test_a_size_that_cannot_be_is_said(call, said):
    with pytest.raises(ValueError, match=said):
        call()
