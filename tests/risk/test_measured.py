"""Probabilities bound to evidence: both numbers where a declared class is too favourable."""

import copy
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from defensible import evidence
from defensible.dossier.claims import MetricName
from defensible.dossier.declared import Range
from defensible.dossier.risks import Probability, RiskEstimate, Risks
from defensible.evidence.freshness import State
from defensible.risk import review
from defensible.risk.check import opened
from defensible.risk.measured import Harm, NotMeasured, harm, step
from defensible.risk.uncertainty import DRAWS, _factor, _generator
from defensible.risk.uncertainty import picture as picture_of
from tests.risk.test_review import RISKS, TODAY, loaded, missed, why

BOUNDS = {"rare": 0.001, "seldom": 0.05, "often": 1}
MISS = {"from": "S1", "metric": "false_negative_rate"}


def numbered(*, residual=None, initial=None):
    whole = copy.deepcopy(RISKS)
    whole["policy"]["probability"] = [
        {"name": name, "up_to": bound} for name, bound in BOUNDS.items()
    ]
    whole["risks"][0]["residual"] |= residual or {}
    whole["risks"][0]["initial"] |= initial or {}
    return whole


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A dossier whose study has run, and its results."""
    dossier = loaded(tmp_path_factory.mktemp("dossier"), numbered())
    return dossier, evidence.run(dossier)


def declared(ran, risks):
    """The same dossier with another risk file."""
    dossier, results = ran
    return replace(dossier, risks=Risks.model_validate(risks)), results


def picture(dossier, results, *, seed, record=None):
    return picture_of(opened(dossier, results, today=TODAY, record=record), seed=seed)


def recorded(state):
    """A record in which S1 stands so."""
    return SimpleNamespace(standings=(SimpleNamespace(study="S1", state=state),))


def estimate(**parts):
    return RiskEstimate.model_validate(
        {"severity": "critical", "probability": "seldom", "rationale": "S1", **parts}
    )


def test_a_measured_rate_is_the_upper_bound_times_exposure_and_p2(ran):
    dossier, results = ran
    sensitivity = results[0].measurement(MetricName.SENSITIVITY).estimate
    found = harm(estimate(p1=MISS, p2={"low": 0.01, "high": 0.1, "why": "panel"}), dossier, results)

    assert isinstance(found, Harm)
    assert found.p1.high == pytest.approx(1 - sensitivity.low, abs=1e-12)
    assert found.upper == pytest.approx((1 - sensitivity.low) * 0.1, abs=1e-12)


def test_p2_that_is_not_given_is_taken_as_certain(ran):
    dossier, results = ran
    found = harm(estimate(p1=MISS), dossier, results)

    assert found.upper == found.p1.high


def test_exposure_is_the_prevalence_for_misses_and_the_rest_for_false_alarms(ran):
    dossier, results = ran
    use = dossier.intended_use
    population = use.population.model_copy(
        update={"prevalence": Range.model_validate({"from": 0.1, "to": 0.2})}
    )
    rarer = replace(dossier, intended_use=use.model_copy(update={"population": population}))
    alarm = {"from": "S1", "metric": "false_positive_rate"}

    misses = harm(estimate(p1=MISS), rarer, results)
    alarms = harm(estimate(p1=alarm), rarer, results)

    assert (misses.exposure.low, misses.exposure.high) == (0.1, 0.2)
    assert (alarms.exposure.low, alarms.exposure.high) == pytest.approx((0.8, 0.9))


@pytest.mark.parametrize(
    ("probability", "expected"), [(0, "rare"), (0.001, "rare"), (0.0011, "seldom"), (0.9, "often")]
)
def test_the_step_is_the_first_whose_bound_holds_the_number(ran, probability, expected):
    assert step(declared(ran, numbered())[0].risks.policy, probability) == expected


def test_a_declared_class_better_than_measured_is_told_with_both_numbers(ran):
    dossier, results = declared(ran, numbered(residual={"p1": MISS}))

    result = review(dossier, results, today=TODAY)

    upper = harm(dossier.risks.risks[0].residual, dossier, results).upper
    assert missed(result)["5.5 (measured)"] == ("R1",)
    assert "after control: declared rare (≤ 0.001), and what it is bound to gives up to " in why(
        result, "5.5 (measured)"
    )
    assert f"{upper:.3g} per use" in why(result, "5.5 (measured)")


def test_a_class_as_bad_as_measured_holds(ran):
    small_p2 = {"low": 0.0001, "high": 0.001, "why": "panel"}
    dossier, results = declared(ran, numbered(residual={"p1": MISS, "p2": small_p2}))

    found = missed(review(dossier, results, today=TODAY, record=recorded(State.CURRENT)))
    assert not {"5.5 (measured)", "5.5 (current)"} & set(found)


@pytest.mark.parametrize(
    ("p1", "said"),
    [
        (
            {**MISS, "stratum": {"site": "Nowhere"}},
            "S1 has no false_negative_rate for site Nowhere",
        ),
        ({**MISS, "from": "S9"}, "S9 has no result"),
    ],
)
def test_what_no_study_measured_is_never_taken_as_low(ran, p1, said):
    dossier, results = ran

    found = harm(estimate(p1=p1), dossier, results)

    assert isinstance(found, NotMeasured)
    assert found.why == said


def test_a_stratum_is_found_by_its_levels(ran):
    dossier, results = ran
    whole = harm(estimate(p1=MISS), dossier, results)
    north = harm(estimate(p1={**MISS, "stratum": {"site": "North"}}), dossier, results)

    assert north.p1.n < whole.p1.n
    assert "for site North" in north.p1.said


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (recorded(State.STALE), "S1 is stale"),
        (recorded(State.EARLY), "S1 is early"),
        (recorded(State.MISSING), "S1 was never sealed"),
        (None, "S1 is not shown to be sealed"),
    ],
)
def test_an_estimate_is_current_only_where_its_result_stands_under_seal(ran, record, said):
    small_p2 = {"low": 0.0001, "high": 0.001, "why": "panel"}
    dossier, results = declared(ran, numbered(residual={"p1": MISS, "p2": small_p2}))

    result = review(dossier, results, today=TODAY, record=record)
    (drawn,) = picture(dossier, results, seed=1, record=record).risks

    assert why(result, "5.5 (current)") == (
        f"estimates that rest on results which do not stand: R1 (after control: {said})"
    )
    assert [one.words for one in drawn.rests_on] == [said]


def two(ran, **parts):
    """Two risks with residual estimates of the same severity, each with these probabilities."""
    whole = numbered(residual=parts)
    whole["risks"].append({**copy.deepcopy(whole["risks"][0]), "id": "R2"})
    return declared(ran, whole)


def test_a_rate_that_two_risks_share_is_drawn_once(ran):
    """Twice the same number: every point of the sum is twice the point of one."""
    drawn = picture(*two(ran, p1=MISS), seed=1)

    first, second = drawn.risks
    assert (first.low, first.middle, first.high) == (second.low, second.middle, second.high)
    assert drawn.by_severity[0].low == pytest.approx(2e6 * first.low, rel=1e-12)
    assert drawn.by_severity[0].high == pytest.approx(2e6 * first.high, rel=1e-12)


def test_ranges_that_two_people_judged_are_drawn_apart(ran):
    """Two uniform numbers: the 95 % point of the sum is 2 - sqrt(0.1), and not 1.9."""
    even = {"low": 0, "high": 1, "why": "panel"}
    drawn = picture(*two(ran, p2=even), seed=1)

    assert drawn.by_severity[0].high == pytest.approx(1e6 * (2 - np.sqrt(0.1)), rel=0.01)


def test_prevalence_is_one_number_for_misses_and_false_alarms(ran):
    """Exposure of the one is what the other leaves: at equal rates, they add up to that rate."""
    dossier, results = two(ran, p1=MISS)
    use = dossier.intended_use
    population = use.population.model_copy(
        update={"prevalence": Range.model_validate({"from": 0.1, "to": 0.9})}
    )
    dossier = replace(dossier, intended_use=use.model_copy(update={"population": population}))
    misses = harm(dossier.risks.risks[0].residual, dossier, results).exposure
    alarms = harm(estimate(p1={**MISS, "metric": "false_positive_rate"}), dossier, results).exposure

    sick, healthy = (_factor(one, _generator(1, one.source)) for one in (misses, alarms))

    assert sick + healthy == pytest.approx(np.ones(DRAWS), abs=1e-12)
    assert sick.min() >= 0.1
    assert sick.max() <= 0.9


def test_figures_do_not_hang_on_the_order_of_risks(ran):
    dossier, results = two(ran, p2={"low": 0.0001, "high": 0.01, "why": "panel"})
    other = dossier.risks.model_copy(update={"risks": dossier.risks.risks[::-1]})

    first = picture(dossier, results, seed=1)
    second = picture(replace(dossier, risks=other), results, seed=1)

    assert {one.risk: one for one in first.risks} == {one.risk: one for one in second.risks}


def test_draws_are_the_same_for_the_same_seed_and_others_for_another(ran):
    dossier, results = declared(ran, numbered(residual={"p1": MISS}))

    first, again = (picture(dossier, results, seed=7) for _ in range(2))

    assert first == again
    assert first != picture(dossier, results, seed=8)


def test_the_chance_of_an_unacceptable_cell_is_that_of_its_bound(ran):
    """P1 is 1 and P2 log-uniform over 1e-4 to 1e-2: half of it lies above 1e-3."""
    p2 = {"low": 0.0001, "high": 0.01, "why": "panel"}
    dossier, results = declared(ran, numbered(residual={"p2": p2}))

    found = picture(dossier, results, seed=1).risks[0]

    assert found.unacceptable == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(DRAWS))
    assert found.middle == pytest.approx(0.001, rel=0.1)


def test_harm_per_million_uses_is_the_mean_over_the_draws(ran):
    """The mean of a log-uniform variable is (b - a) / ln(b / a)."""
    p2 = {"low": 0.0001, "high": 0.01, "why": "panel"}
    dossier, results = declared(ran, numbered(residual={"p2": p2}))

    found = picture(dossier, results, seed=1).by_severity[0]

    expected = 1e6 * (0.01 - 0.0001) / np.log(100)
    assert found.severity == "critical"
    assert found.mean == pytest.approx(expected, rel=0.05)


def test_a_risk_without_an_estimate_is_counted_and_not_drawn(ran):
    whole = numbered()
    del whole["risks"][0]["residual"]
    dossier, results = declared(ran, whole)

    found = picture(dossier, results, seed=1)

    assert found.not_counted == ("R1",)
    assert found.risks == ()


def test_a_probability_names_the_end_that_is_taken():
    assert Probability.model_validate(MISS).bound.value == "upper"
