"""p, limits at other levels, and further cases of a device's marks agree with the intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.dossier.claims import Goal, MetricName
from defensible.evidence import marks_tail
from defensible.evidence.finding import OVERALL, Measurement
from defensible.statistics import clustered, device_marks
from defensible.statistics.device_marks import CaseMarks


def measured(metric: MetricName, seed: int, level: float = 0.95) -> Measurement:
    """One study of 40 to 90 patients with two cases each."""
    rng = np.random.default_rng(seed)
    n = 2 * int(rng.integers(40, 90))
    patient = np.arange(n) // 2
    lesion_case = np.flatnonzero(patient % 2 == 0)
    rating = np.where(rng.random(lesion_case.size) < 0.8, rng.normal(1.5, 1, lesion_case.size), -9)
    false = rng.poisson(rng.gamma(1.0, 0.6, patient.max() + 1)[patient])
    if metric is MetricName.LESION_SENSITIVITY:
        estimate = clustered.proportion(rating > 0, patient[lesion_case], level=level)
    elif metric is MetricName.FALSE_MARKS_PER_CASE:
        estimate = device_marks.marks_per_case(false, patient, level=level)
    else:
        of = CaseMarks(
            lesion_case=lesion_case,
            lesion_weight=np.ones(lesion_case.size),
            lesion_rating=rating,
            false_rating=np.where(false > 0, rng.normal(0, 1, n), -np.inf),
            patient=patient,
        )
        estimate = device_marks.wafroc(of, level=level)
    return Measurement(
        metric=metric,
        stratum=OVERALL,
        estimate=estimate,
        n_cases=n,
        n_diseased=lesion_case.size,
        n_healthy=n - lesion_case.size,
    )


METRICS = st.sampled_from(
    [MetricName.LESION_SENSITIVITY, MetricName.FALSE_MARKS_PER_CASE, MetricName.WAFROC]
)


@given(metric=METRICS, seed=st.integers(0, 200), level=st.sampled_from([0.8, 0.9, 0.99]))
def test_limits_at_another_level_are_those_of_a_study_at_that_level(metric, seed, level):
    at = marks_tail.at_level(measured(metric, seed), level)

    there = measured(metric, seed, level).estimate
    assert at == pytest.approx((there.low, there.high), rel=1e-9)


@given(metric=METRICS, seed=st.integers(0, 200), bound=st.floats(0.1, 0.95))
def test_p_is_below_alpha_exactly_where_the_interval_clears(metric, seed, bound):
    one = measured(metric, seed)

    above = marks_tail.p_cleared(one, Goal(above=bound))
    below = marks_tail.p_cleared(one, Goal(below=bound))

    assert (above < 0.025) == (one.estimate.low > bound)
    assert (below < 0.025) == (one.estimate.high < bound)


@given(metric=METRICS, seed=st.integers(0, 200))
def test_more_cases_are_needed_the_nearer_the_goal(metric, seed):
    one = measured(metric, seed)
    value, high = one.estimate.value, one.estimate.high

    near, far = (
        marks_tail.further(one, Goal(below=value + share * (high - value)), level=0.95)
        for share in (0.5, 0.8)
    )

    assert near is not None
    assert far is not None
    assert near >= far > 0


def test_without_a_false_mark_the_number_of_patients_says_how_many_more():
    estimate = device_marks.marks_per_case(np.zeros(20, dtype=int), np.arange(20))
    one = Measurement(
        metric=MetricName.FALSE_MARKS_PER_CASE,
        stratum=OVERALL,
        estimate=estimate,
        n_cases=20,
        n_diseased=10,
        n_healthy=10,
    )

    needed = marks_tail.further(one, Goal(below=0.1), level=0.95)

    # a Poisson number of mean 0.1 n is 0 with a chance of 2.5 % at n = 36.9
    assert needed == 37 - 20 + 1
    assert (
        device_marks.marks_per_case(np.zeros(20 + needed, dtype=int), np.arange(20 + needed)).high
        < 0.1
    )
    assert marks_tail.further(one, Goal(above=0.1), level=0.95) is None
