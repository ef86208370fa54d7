"""Laws of sizes: more cases never lower the power; a harder question never needs fewer."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from defensible.statistics import (
    sizing,
    sizing_auc_delong,
    sizing_mean,
    sizing_new_site,
    sizing_paired,
    sizing_proportion,
    sizing_readers,
    sizing_usability,
)
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from defensible.statistics.sizing_mrmc import Pilot
from defensible.statistics.variance_components import ObuchowskiRockette

LEVELS = st.sampled_from([0.8, 0.9, 0.95, 0.975, 0.99, 0.999])
POWERS = st.sampled_from([0.7, 0.8, 0.9, 0.95])
LAW = settings(max_examples=40, deadline=None)


@st.composite
def pilots(draw):
    error = draw(st.floats(1e-4, 1e-2))
    cov1 = draw(st.floats(0.0, 0.9)) * error
    cov3 = draw(st.floats(0.0, 1.0)) * cov1
    cov2 = cov3 + draw(st.floats(0.0, 1.0)) * (error - cov1)
    return Pilot(
        components=ObuchowskiRockette(
            reader=0.0,
            modality_reader=draw(st.floats(0.0, 2e-3)),
            error=error,
            cov1=cov1,
            cov2=cov2,
            cov3=cov3,
        ),
        n_cases=100,
    )


@given(st.integers(2, 2000), st.floats(0.01, 0.3), st.floats(0.05, 0.4), LEVELS)
@LAW
def test_more_patients_never_lower_the_power_of_a_mean(n, gap, sd, level):
    told = {"expected": gap, "goal": 0.0, "sd": sd, "level": level}

    assert sizing_mean.one_power(n + 1, **told) >= sizing_mean.one_power(n, **told) - 1e-9


@given(st.integers(2, 3000), st.floats(0.6, 0.97), st.floats(0.0, 0.9), st.floats(0.0, 0.1), LEVELS)
@LAW
def test_more_cases_never_lower_the_power_of_two_aucs(n, auc, correlation, margin, level):
    told = {"expected": auc + 0.01, "reference": auc, "correlation": correlation}
    told |= {"margin": margin, "level": level}

    more = sizing_auc_delong.paired_power(n + 1, **told)
    assert more >= sizing_auc_delong.paired_power(n, **told)


@given(pilots(), st.integers(2, 30), st.integers(4, 5000), st.floats(0.01, 0.15))
@settings(max_examples=150, deadline=None)
def test_more_readers_never_lower_the_power_of_a_reader_study(pilot, n_readers, n_cases, gap):
    told = {"expected": gap, "goal": 0.0, "n_cases": n_cases}

    more = sizing_readers.power(pilot, n_readers=n_readers + 1, **told)
    assert more >= sizing_readers.power(pilot, n_readers=n_readers, **told) - 1e-9


@given(pilots(), st.integers(2, 30), st.integers(4, 5000), st.floats(0.01, 0.15))
@settings(max_examples=150, deadline=None)
def test_more_cases_never_lower_the_power_of_a_reader_study_at_the_same_degrees_of_freedom(
    pilot, n_readers, n_cases, gap
):
    parts = replace(pilot.components, cov2=pilot.components.cov3)  # then they are readers less one
    told = {"expected": gap, "goal": 0.0, "n_readers": n_readers}

    fewer, more = (
        sizing_readers.power(Pilot(components=parts, n_cases=100), n_cases=n, **told)
        for n in (n_cases, n_cases + 1)
    )
    assert more >= fewer - 1e-9


def test_with_few_readers_degrees_of_freedom_fall_with_cases_and_power_may_with_them():
    told = {"expected": 0.125, "goal": 0.0, "n_readers": 2}
    parts = ObuchowskiRockette(
        reader=0.0, modality_reader=2e-3, error=8e-3, cov1=0.0, cov2=8e-3, cov3=0.0
    )
    pilot = Pilot(components=parts, n_cases=100)

    fewer, more = (sizing_readers.power(pilot, n_cases=n, **told) for n in (700, 5000))
    assert more < fewer


@given(pilots(), st.integers(3, 12), st.floats(0.02, 0.15))
@settings(max_examples=60, deadline=None)
def test_the_cases_of_a_frontier_have_the_power_and_one_less_has_not(pilot, n_readers, gap):
    told = {"expected": gap, "goal": 0.0}

    point = sizing_readers.frontier(lambda _: pilot, **told, readers=(n_readers,))[0]

    if point.n_cases is None:
        assert sizing_readers.power(pilot, n_readers=n_readers, n_cases=100_000, **told) < 0.8
        return
    assert point.power >= 0.8
    if point.n_cases > sizing_readers.LEAST_CASES:
        before = {"n_readers": n_readers, "n_cases": point.n_cases - 1}
        assert sizing_readers.power(pilot, **before, **told) < 0.8


@given(st.integers(2, 60), st.floats(0.05, 0.5), st.floats(0.7, 0.95), st.integers(20, 500))
@LAW
def test_more_sites_never_lower_the_power_of_a_prediction(k, tau, expected, cases):
    told = {"expected": expected, "goal": 0.6, "tau": tau, "cases_per_site": cases}
    told |= {"analysis": sizing_new_site.Analysis(prior=BETWEEN_VALIDATIONS)}

    more = sizing_new_site.of_proportion_power(k + 1, **told)
    low = sizing_new_site.of_proportion_power(k, **told)
    assume(low >= 0.5)
    assert more >= low - 1e-3  # averaged over 200 values of the variance seen


@given(st.floats(0.5, 0.9), st.floats(0.02, 0.09), LEVELS, LEVELS, POWERS, POWERS)
@LAW
def test_a_rate_needs_no_fewer_cases_at_a_higher_level_or_power(goal, gap, one, other, p, q):
    def size(level, power):
        return sizing_proportion.exact_lasting(
            expected=goal + gap, goal=goal, level=level, power=power, limit=100_000
        ).n

    assert size(max(one, other), max(p, q)) >= size(min(one, other), min(p, q))


@given(st.floats(0.55, 0.9), st.floats(0.03, 0.09), st.floats(0.0, 0.02))
@LAW
def test_a_rate_needs_no_fewer_cases_against_a_higher_goal(goal, gap, harder):
    told = {"expected": goal + gap, "limit": 100_000}

    assert (
        sizing_proportion.exact_lasting(goal=goal + harder, **told).n
        >= sizing_proportion.exact_lasting(goal=goal, **told).n
    )


@given(st.floats(0.02, 0.2), st.floats(0.02, 0.2), st.floats(0.0, 0.1), LEVELS, LEVELS)
@LAW
def test_a_larger_margin_or_a_lower_level_needs_no_more_cases(share, margin, wider, one, other):
    def pairs(margin, level):
        return sizing_paired.non_inferiority(
            better=share, worse=share, margin=margin, level=level
        ).n

    def areas(margin, level):
        return sizing_auc_delong.paired(
            expected=0.85, reference=0.85, correlation=0.5, margin=margin, level=level
        ).n

    for size in (pairs, areas):
        assert size(margin + wider, min(one, other)) <= size(margin, max(one, other))


@given(st.floats(0.02, 0.3), st.floats(0.0, 0.2), st.floats(0.05, 0.3), LEVELS, LEVELS)
@LAW
def test_a_mean_needs_no_fewer_patients_for_a_nearer_goal_or_a_higher_level(
    gap, further, sd, one, other
):
    def size(gap, level):
        return sizing_mean.one(expected=gap, goal=0.0, sd=sd, level=level).n

    assert size(gap, max(one, other)) >= size(gap + further, min(one, other))


@given(st.integers(1, 500), st.floats(0.01, 0.99), st.floats(0.5, 0.99))
@LAW
def test_a_screened_sample_holds_as_many_with_the_chance_and_one_less_does_not(n, share, chance):
    seen = sizing.trials_for(n, share=share, chance=chance)

    assert stats.binom.sf(n - 1, seen, share) >= chance - 1e-9
    assert seen == n or stats.binom.sf(n - 1, seen - 1, share) < chance + 1e-9


def test_without_losses_as_many_are_seen_as_are_needed():
    assert sizing.trials_for(40, share=1.0, chance=0.9) == 40
    with pytest.raises(ValueError, match="share lie in"):
        sizing.trials_for(40, share=0.0, chance=0.9)


@given(st.floats(0.01, 0.5), st.floats(0.0, 0.3), LEVELS)
@LAW
def test_a_tighter_bound_on_use_errors_needs_no_fewer_participants(goal, looser, level):
    tight = sizing_usability.without_error(goal=goal, level=level).n

    assert tight >= sizing_usability.without_error(goal=goal + looser, level=level).n


@pytest.mark.parametrize("power", [0.7, 0.8, 0.9])
def test_readers_of_a_frontier_need_fewer_cases_the_more_they_are(power):
    pilot = Pilot(
        components=ObuchowskiRockette(
            reader=0.001, modality_reader=2e-4, error=8e-4, cov1=3e-4, cov2=3e-4, cov3=2e-4
        ),
        n_cases=114,
    )

    points = sizing_readers.frontier(lambda _: pilot, expected=0.05, goal=0.0, power_wanted=power)

    cases = [one.n_cases for one in points if one.n_cases is not None]
    assert cases == sorted(cases, reverse=True)
