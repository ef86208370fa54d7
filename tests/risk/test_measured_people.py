"""Probabilities bound to what readers and users did: rates of studies of people, and rescue."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from defensible import evidence
from defensible.dossier import load
from defensible.dossier.risks import ErrorRate, RiskEstimate, Risks
from defensible.evidence.error_rates import NoRate, Rate, rate
from defensible.risk import review
from defensible.risk.check import opened
from defensible.risk.measured import Harm, NotMeasured, harm, studies
from defensible.risk.uncertainty import picture

EXAMPLE = Path(__file__).parents[2] / "examples/reader-study"
TODAY = date(2026, 9, 1)
LOW = {"low": 0.001, "high": 0.01, "why": "panel"}
MISSED = {"from": "S-readers", "metric": "misses_not_caught"}
UNSEEN = {"from": "S-use", "metric": "use_error", "stratum": {"task": "T-off"}}


@pytest.fixture(scope="module")
def ran():
    dossier = load(EXAMPLE)
    return dossier, evidence.run(dossier)


def estimate(**parts):
    said = {"severity": "critical", "probability": "seldom", "rationale": "S-readers"}
    return RiskEstimate.model_validate({**said, **parts})


def found(ran, study, metric, **stratum):
    result = next(one for one in ran[1] if one.study == study)
    return rate(result, ErrorRate(metric), stratum)


@pytest.mark.parametrize(
    ("study", "metric", "stratum", "value", "high"),
    [  # the figures that the report of the example gives, and 1 - 0.2476 of readings that caught it
        ("S-readers", "commission", {}, 29 / 73, 0.6072),
        ("S-readers", "omission", {}, 29 / 67, 0.6722),
        ("S-readers", "omission", {"site": "South"}, 12 / 31, 0.7618),
        ("S-readers", "misses_not_caught", {}, 0.53, 0.7524),
        ("S-readers", "false_alarms_not_caught", {}, 41 / 90, 0.6581),
        ("S-use", "use_error", {"task": "T-off"}, 4 / 30, 0.3072),
        ("S-use", "use_error", {"task": "T-off", "group": "radiologist"}, 3 / 15, 0.4809),
        ("S-use", "use_error", {"task": "T-off", "evaluation": "formative"}, 3 / 10, 0.6525),
    ],
)
def test_a_rate_of_people_is_the_study_s_own(ran, study, metric, stratum, value, high):
    one = found(ran, study, metric, **stratum)

    assert isinstance(one, Rate)
    assert one.value == pytest.approx(value, abs=1e-12)
    assert one.high == pytest.approx(high, abs=5e-5)


@pytest.mark.parametrize(
    ("study", "metric", "stratum"),
    [
        ("S-readers", "false_negative_rate", {}),
        ("S-readers", "use_error", {"task": "T-off"}),
        ("S-readers", "misses_not_caught", {"site": "North"}),
        ("S-readers", "commission", {"site": "Nowhere"}),
        ("S-use", "omission", {}),
        ("S-use", "use_error", {"task": "T9"}),
        ("S-use", "use_error", {"task": "T-off", "group": "surgeon"}),
    ],
)
def test_what_a_study_did_not_measure_has_no_rate(ran, study, metric, stratum):
    assert isinstance(found(ran, study, metric, **stratum), NoRate)


def test_use_errors_are_asked_for_task_by_task(ran):
    dossier, results = ran
    one = harm(estimate(p1={"from": "S-use", "metric": "use_error"}), dossier, results)

    assert isinstance(one, NotMeasured)
    assert one.why.endswith("measured task by task: name one as in `stratum: {task: T1}`")


def test_that_nobody_notices_is_a_factor_of_its_own(ran):
    dossier, results = ran
    without = harm(estimate(p1=LOW, p2=LOW), dossier, results)
    one = estimate(p1=LOW, p2=LOW, not_rescued=MISSED)
    rescued = harm(one, dossier, results)

    assert isinstance(rescued, Harm)
    assert rescued.upper == pytest.approx(without.upper * rescued.not_rescued.high, rel=1e-12)
    assert "not noticed at most 0.7524, the misses_not_caught of S-readers" in rescued.said
    assert studies(one) == ("S-readers",)


@pytest.mark.parametrize(
    ("metric", "low", "high"),
    [("omission", 0.1, 0.2), ("commission", 0.8, 0.9), ("misses_not_caught", 0.1, 0.2)],
)
def test_readers_are_exposed_to_an_error_where_the_device_can_make_it(ran, metric, low, high):
    dossier, results = ran
    use = dossier.intended_use.model_validate(
        {"function": "detection", "population": {"prevalence": {"from": 0.1, "to": 0.2}}}
    )
    one = estimate(p1={"from": "S-readers", "metric": metric})

    exposure = harm(one, replace(dossier, intended_use=use), results).exposure

    assert (exposure.low, exposure.high) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("p1", "rescue", "instead"),
    [
        ("false_negative_rate", "omission", "; name misses_not_caught or use_error"),
        ("false_negative_rate", "false_alarms_not_caught", "; name misses_not_caught or use_error"),
        ("omission", "misses_not_caught", ": P1 has the reader's part in it"),
    ],
)
def test_a_rate_of_another_error_is_no_rescue(ran, p1, rescue, instead):
    dossier, results = ran
    measured = {"from": "S-readers", "metric": rescue}
    one = estimate(p1={"from": "S-readers", "metric": p1}, not_rescued=measured)

    why = f"{rescue} does not say how often {p1} goes unnoticed{instead}"
    assert harm(one, dossier, results) == NotMeasured(why=why)


def changed(ran, at, **parts):
    """The example with one estimate changed, and its results."""
    dossier, results = ran
    risks = dossier.risks.risks
    other = risks[at].initial.model_copy(update=parts)
    changed_risk = risks[at].model_copy(update={"initial": other})
    whole = (*risks[:at], changed_risk, *risks[at + 1 :])
    file = Risks(**{**dict(dossier.risks), "risks": whole})
    return replace(dossier, risks=file), results


def measured(ran):
    (check,) = (one for one in review(*ran, today=TODAY).checks if one.clause == "5.5 (measured)")
    return check


def test_the_example_declares_no_class_better_than_its_studies_measured(ran):
    assert measured(ran).open_items == ()


@pytest.mark.parametrize(
    ("at", "name", "numbers"),
    [
        (0, "R-led-to-miss", ("0.0134 per use, seldom", "the omission of S-readers")),
        (1, "R-led-to-false-alarm", ("0.00607 per use, seldom", "the commission of S-readers")),
        (2, "R-miss-not-caught", ("0.00301 per use, seldom", "the misses_not_caught of S-readers")),
    ],
)
def test_a_class_better_than_readers_showed_is_told_with_both_numbers(ran, at, name, numbers):
    check = measured(changed(ran, at, probability="rare"))

    assert check.open_items == (name,)
    assert "declared rare (≤ 0.001)" in check.why
    assert all(one in check.why for one in numbers)


def test_a_use_error_that_is_left_out_as_rescue_makes_the_same_class_too_good(ran):
    check = measured(changed(ran, 3, not_rescued=None, p2=None))

    assert check.open_items == ("R-not-analysed",)
    assert "0.01 per use, seldom" in check.why


def test_draws_of_a_rate_that_was_never_seen_reach_its_bound(ran):
    """T-open: no error among 30; the 97.5 % point of the draws lies near the exact 0.1157."""
    task = {"from": "S-use", "metric": "use_error", "stratum": {"task": "T-open"}}
    one = estimate(p1=task, probability="often", severity="minor")
    dossier, results = changed(ran, 0, **{name: getattr(one, name) for name in ("p1", "p2")})

    (spread,) = (
        each
        for each in picture(opened(dossier, results, today=TODAY), seed=1).risks
        if each.risk == "R-led-to-miss"
    )
    assert 0.05 < spread.high < 0.1157  # a 95 % point, below the 97.5 % bound
    assert spread.low < 1e-3


def test_that_somebody_notices_counts_only_where_a_study_of_people_shows_it(ran):
    dossier, results = ran
    one = harm(estimate(p1=LOW, p2=LOW, not_rescued=LOW), dossier, results)

    assert one.upper == pytest.approx(1e-4, rel=1e-12)
    assert "shown by no study, so it is taken as never" in one.said
