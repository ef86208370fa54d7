"""How much evidence is planned: every kind of endpoint, what obligations ask, and what is open."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from defensible.assessment import planning
from defensible.assessment.result import Status
from defensible.dossier.claims import Claim, Multiplicity
from defensible.dossier.plan import Plan
from defensible.dossier.studies import AucInterval, ProportionInterval
from defensible.statistics import (
    error_covariance,
    obuchowski_rockette,
    proportions,
    sizing_agreement,
    sizing_auc_delong,
    sizing_interval,
    sizing_mean,
    sizing_mrmc,
    sizing_new_site,
    sizing_paired,
    sizing_readers,
    sizing_sites,
    sizing_usability,
)
from defensible.statistics.new_site import BETWEEN_VALIDATIONS
from tests.assessment.test_planning import assessed, heart
from tests.evidence.test_agreement import CLAIM, written

TODAY = date(2026, 11, 25)
EXAMPLES = Path(__file__).parents[2] / "examples"


@cache
def readers():
    return assessed(EXAMPLES / "reader-study")


def lines(plan, *endpoints, of=None, scope=None, studies=()):
    """What is needed for one claim with these endpoints, in the dossier of an example."""
    of = of or heart()
    claim = Claim.model_validate(
        {
            "id": "C1",
            "text": "It works.",
            "scope": scope or {},
            "endpoints": list(endpoints),
            "studies": list(studies),
        }
    )
    dossier = replace(of.dossier, claims=(claim,), plan=Plan.model_validate(plan))
    subject = replace(of, dossier=dossier, scopes=())
    return planning.plan(subject, today=TODAY).needed


def wilson(**told):
    """Cases by the interval that the study of the example names."""
    return sizing_interval.lasting(proportions.wilson_limits, **told)


def above(metric, bound):
    return {"metric": metric, "goal": {"above": bound}}


def below(metric, bound):
    return {"metric": metric, "goal": {"below": bound}}


def test_a_predictive_value_takes_the_cases_that_give_so_many_outputs():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.95}, "prevalence": 0.1}

    line = lines(plan, above("ppv", 0.5))[0]

    ppv, share = 0.09 / 0.135, 0.135
    outputs = wilson(expected=ppv, goal=0.5).n
    assert line.expected == pytest.approx(ppv)
    assert line.n_cases == pytest.approx(outputs / share, abs=1)
    assert f"{outputs} positive outputs, 13.5% of cases as they come" in line.why


def test_a_predictive_value_without_a_prevalence_names_the_number_to_give():
    plan = {"expected": {"ppv": 0.7, "sensitivity": 0.9}}

    line = lines(plan, above("ppv", 0.5))[0]

    assert line.n_cases is None
    assert "write `prevalence`, `expected: {specificity: ..}` in plan.yaml" in line.why


def test_accuracy_is_sized_at_the_prevalence_of_use():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.95}, "prevalence": 0.1}

    line = lines({**plan, "drop_out": 0.2}, above("accuracy", 0.9))[0]

    size = wilson(expected=0.945, goal=0.9)
    assert (line.n_cases, line.n_screened) == (size.n, -(-size.n * 10 // 8))


def test_a_screened_sample_is_named_on_average_and_surely():
    plan = {"expected": {"sensitivity": 0.92}, "prevalence": 0.1, "drop_out": 0.2}

    line = lines(plan, above("sensitivity", 0.85))[0]

    assert line.n_screened == -(-line.n_diseased * 100 // 8)
    held = stats.binom.sf(line.n_diseased - 1, line.n_screened_surely, 0.08)
    assert held >= 0.9 > stats.binom.sf(line.n_diseased - 1, line.n_screened_surely - 1, 0.08)


def test_several_cases_a_patient_multiply_by_the_design_effect():
    plan = {
        "expected": {"sensitivity": 0.92, "auc": 0.9},
        "clusters": {"cases_per_patient": 2, "correlation": 0.5},
    }

    rate, area = lines(plan, above("sensitivity", 0.85), above("auc", 0.85))[:2]

    alone = wilson(expected=0.92, goal=0.85).n
    assert rate.n_diseased == -(-alone * 3 // 2)
    one = sizing_auc_delong.one(expected=0.9, goal=0.85).n
    assert area.n_diseased == area.n_healthy == -(-one * 3 // 2)
    assert "design effect 1.50" in rate.why


def test_a_goal_from_below_is_sized_as_one_from_above():
    line = lines({"expected": {"sensitivity": 0.05}}, below("sensitivity", 0.1))[0]

    assert line.n_diseased == wilson(expected=0.05, goal=0.1).n


def planned_by(**analysis):
    """The heart dossier with another analysis in its study of four hospitals."""
    studies = tuple(
        one.model_copy(update={"analysis": one.analysis.model_copy(update=analysis)})
        if one.id == "S-hospitals"
        else one
        for one in heart().dossier.studies
    )
    return replace(heart(), dossier=replace(heart().dossier, studies=studies))


@pytest.mark.parametrize(
    ("named", "limits", "said"),
    [
        (ProportionInterval.WILSON, proportions.wilson_limits, "Wilson's interval"),
        (ProportionInterval.CLOPPER_PEARSON, proportions.clopper_pearson_limits, "Clopper and"),
        (ProportionInterval.JEFFREYS, proportions.jeffreys_limits, "Jeffreys' interval"),
        (ProportionInterval.AGRESTI_COULL, proportions.agresti_coull_limits, "Agresti and"),
        (ProportionInterval.CLUSTERED, proportions.wilson_limits, "the clustered interval"),
    ],
)
def test_a_rate_is_sized_by_the_interval_that_its_study_names(named, limits, said):
    plan = {
        "expected": {"sensitivity": 0.92},
        "clusters": {"cases_per_patient": 1, "correlation": 0},
    }

    line = lines(plan, above("sensitivity", 0.85), of=planned_by(proportions=named))[0]

    size = sizing_interval.lasting(limits, expected=0.92, goal=0.85)
    assert (line.n_diseased, line.power, line.method) == (size.n, size.power, size.method)
    assert line.why.startswith(said)
    assert "as S-hospitals plans, must clear the goal" in line.why


def test_where_no_study_names_an_interval_the_assumed_one_is_said():
    of = replace(heart(), dossier=replace(heart().dossier, studies=()), results=())
    plan = {"expected": {"sensitivity": 0.92, "auc": 0.9}}

    rate, area = lines(plan, above("sensitivity", 0.85), above("auc", 0.85), of=of)[:2]

    exact = sizing_interval.lasting(proportions.clopper_pearson_limits, expected=0.92, goal=0.85)
    assert rate.n_diseased == exact.n
    assert "exact interval must clear the goal (assumed: no study of the claim" in rate.why
    assert area.n_diseased == sizing_auc_delong.one(expected=0.9, goal=0.85).n


def test_of_two_studies_the_interval_that_needs_more_cases_counts():
    first = planned_by(proportions=ProportionInterval.JEFFREYS).dossier.studies
    other = next(one for one in heart().dossier.studies if one.id == "S-hospitals")
    both = (*first, other.model_copy(update={"id": "S-other", "claims": ("C1",)}))
    of = replace(heart(), dossier=replace(heart().dossier, studies=both))

    line = lines({"expected": {"sensitivity": 0.92}}, above("sensitivity", 0.85), of=of)[0]

    assert line.n_diseased == wilson(expected=0.92, goal=0.85).n
    assert "Wilson's interval, as S-other plans" in line.why


def test_an_area_on_the_logit_scale_is_sized_on_it():
    of = planned_by(auc=AucInterval.DELONG_LOGIT)

    line = lines({"expected": {"auc": 0.95}}, above("auc", 0.9), of=of)[0]

    size = sizing_auc_delong.on_logit_scale(expected=0.95, goal=0.9)
    assert line.n_diseased == line.n_healthy == size.n
    assert "DeLong's interval on the logit scale, as S-hospitals plans" in line.why


def test_mean_dice_and_bias_are_sized_by_their_t_intervals():
    plan = {
        "expected": {"mean_dice": 0.86, "relative_bias": -0.01},
        "spread": {"mean_dice": 0.1, "relative_bias": 0.12},
    }

    dice, low, high = lines(
        plan, above("mean_dice", 0.82), above("relative_bias", -0.05), below("relative_bias", 0.05)
    )[:3]

    assert dice.n_patients == sizing_mean.one(expected=0.86, goal=0.82, sd=0.1).n
    assert low.n_patients == sizing_mean.one(expected=-0.01, goal=-0.05, sd=0.12).n
    assert high.n_patients == sizing_mean.one(expected=-0.01, goal=0.05, sd=0.12).n


def test_a_mean_without_a_spread_names_the_number_to_give():
    line = lines({"expected": {"mean_dice": 0.86}}, above("mean_dice", 0.82))[0]

    assert line.why == "write `spread: {mean_dice: ..}` in plan.yaml"


def test_the_share_within_a_margin_counts_patients():
    plan = {
        "expected": {"within_margin": 0.95},
        "clusters": {"cases_per_patient": 2, "correlation": 0.0},
    }

    line = lines(plan, above("within_margin", 0.9))[0]

    cases = sizing_mean.share(expected=0.95, goal=0.9).n
    assert line.n_patients == -(-cases // 2)


def test_readers_and_cases_from_the_study_as_pilot_are_those_of_its_own_table():
    line = next(one for one in planning.plan(readers(), today=TODAY).needed if one.n_readers)

    pilot = _pilot_of_the_table()
    for n_readers, n_cases in line.frontier:
        size = sizing_mrmc.cases_for_readers(
            pilot, difference=line.expected, n_readers=n_readers, power=0.8
        )
        assert n_cases - size.n in {0, 1}  # whole cases of each class
    assert "variances of S-readers as pilot (10 readers, 120 cases)" in line.why
    assert line.n_diseased == line.n_healthy


def _pilot_of_the_table():
    import polars as pl

    from defensible.statistics import reader_table

    rows = pl.read_csv(EXAMPLES / "reader-study" / "data" / "readings.csv")
    table = reader_table.from_long(
        reader=rows["reader"].to_list(),
        case=rows["case"].to_list(),
        modality=rows["condition"].to_list(),
        truth=rows["truth"].cast(pl.Boolean).to_numpy(),
        rating=rows["rating"].cast(pl.Float64).to_numpy(),
    )
    found = obuchowski_rockette.random_readers(error_covariance.delong(table))
    return sizing_mrmc.Pilot(components=found.variance_components, n_cases=table.n_cases)


def test_a_margin_of_non_inferiority_takes_fewer_cases_than_superiority():
    plan = {"expected": {"auc_difference": 0.05}}
    endpoints = above("auc_difference", 0.0), above("auc_difference", -0.05)

    superior, not_inferior = lines(plan, *endpoints, of=readers())[:2]

    cases = dict(superior.frontier), dict(not_inferior.frontier)
    assert all(cases[1][n] < cases[0][n] for n in cases[0] if cases[0][n])


def test_without_a_pilot_readers_differ_as_published():
    plan = {
        "expected": {"auc_difference": 0.05},
        "readers": {"unaided": {"auc": 0.8}, "variability": "small", "readers": 7},
    }

    line = lines(plan, above("auc_difference", 0.0))[0]

    assert line.n_readers == 7
    assert line.n_diseased == line.n_healthy
    assert dict(line.frontier)[7] == 2 * line.n_diseased
    assert "small differences of readers as published" in line.why
    larger = lines({**plan, "readers": {**plan["readers"], "variability": "large"}}, line_of())[0]
    assert larger.n_readers is None or larger.n_diseased > line.n_diseased


def line_of():
    return above("auc_difference", 0.0)


def test_without_a_pilot_or_a_figure_the_number_to_give_is_named():
    line = lines({"expected": {"auc_difference": 0.05}}, line_of())[0]

    assert "write `readers: {unaided: {auc: ..}}` in plan.yaml" in line.why


def test_figures_of_readings_take_at_most_a_multiple_of_the_pilot():
    plan = {"expected": {"commission": 0.25}}

    line = lines(plan, below("commission", 0.5), of=readers())[0]

    estimate = readers().results[0].measurement(line.metric).estimate
    k = sizing_readers.times_pilot(expected=0.25, goal=0.5, se=estimate.se, df=estimate.df)
    assert line.n_readers == max(10, -(-k * 10 // 1))
    assert line.n_diseased == line.n_healthy == max(60, -(-k * 60 // 1))


def test_an_obligation_for_readers_adds_a_line_where_no_claim_has_one():
    found = planning.plan(heart(), today=TODAY).needed

    line = next(one for one in found if one.part == "reader study")
    assert line.claim is None
    assert line.asked_by == ("us.evidence.readers", "eu.ai-act.oversight")
    assert "write `expected: {auc_difference: ..}` in plan.yaml" in line.why


def test_that_line_is_sized_once_its_numbers_are_given():
    plan = {"expected": {"auc_difference": 0.05}, "readers": {"unaided": {"auc": 0.8}}}
    subject = replace(heart(), dossier=replace(heart().dossier, plan=Plan.model_validate(plan)))

    found = planning.plan(subject, today=TODAY).needed

    line = next(one for one in found if one.part == "reader study")
    points = dict(line.frontier)
    assert points[3] is None  # readers that differ moderately: no number of cases helps three
    assert line.n_readers * points[line.n_readers] == min(
        n * cases for n, cases in points.items() if cases
    )


def test_participants_are_those_asked_for_and_those_that_the_bound_takes():
    line = next(one for one in planning.plan(readers(), today=TODAY).needed if one.n_participants)

    assert line.n_participants == 30  # 15 of each of two groups
    assert sizing_usability.without_error(goal=0.3).n == 11
    assert "us.human-factors.validation" in line.asked_by


def test_nobody_more_is_asked_for_where_the_evaluation_is_done():
    met = tuple(replace(one, status=Status.MET) for one in heart().obligations)

    found = planning.plan(replace(heart(), obligations=met), today=TODAY).needed

    assert [one for one in found if one.claim is None] == []


def test_a_comparison_is_sized_as_it_is_declared():
    shares = {"claim": "C1", "against": "predicate", "better": 0.12, "worse": 0.05}
    plan = {
        "expected": {"sensitivity": 0.9},
        "comparisons": [
            {**shares, "metric": "sensitivity"},
            {**shares, "metric": "specificity", "margin": 0.05},
            {
                "claim": "C1",
                "against": "predicate",
                "metric": "auc",
                "expected": 0.9,
                "reference": 0.9,
                "correlation": 0.6,
                "margin": 0.05,
            },
        ],
    }

    rate, other, area = (one for one in lines(plan, above("sensitivity", 0.8)) if one.against)

    assert rate.n_diseased == sizing_paired.exact_mcnemar(better=0.12, worse=0.05).n
    told = {"better": 0.12, "worse": 0.05, "margin": 0.05}
    assert other.n_healthy == sizing_paired.non_inferiority(**told).n
    size = sizing_auc_delong.paired(expected=0.9, reference=0.9, correlation=0.6, margin=0.05)
    assert area.n_diseased == area.n_healthy == size.n


def test_a_comparison_that_an_obligation_asks_for_is_owed_until_one_is_declared():
    found = {one.part: one for one in planning.plan(heart(), today=TODAY).needed}

    line = found["comparison with the predicate"]
    assert line.asked_by == ("us.document.predicate",)
    assert "whether it applies is open: us.pathway not known" in line.why
    assert "{claim: C1, metric: sensitivity, against: .., better: .., worse: .., margin" in line.why

    shares = {"against": "predicate", "better": 0.12, "worse": 0.05}
    declared = {"comparisons": [{"claim": "C1", "metric": "sensitivity", **shares}]}
    parts = [one.part for one in lines(declared, above("sensitivity", 0.8))]
    assert "comparison with the predicate" not in parts


def test_a_comparison_by_auc_rests_on_other_numbers():
    asked = next(one for one in lines({}, above("auc", 0.8)) if one.asked_by and not one.metric)

    assert "expected: .., reference: .., correlation: ..," in asked.why


def test_a_comparison_that_loses_cannot_show_that_it_wins():
    plan = {
        "comparisons": [
            {"claim": "C1", "metric": "accuracy", "against": "x", "better": 0.1, "worse": 0.2}
        ]
    }

    line = next(one for one in lines(plan, above("sensitivity", 0.8)) if one.against)

    assert line.n_cases is None
    assert line.why == "better (0.1) must exceed worse (0.2) where no margin is given"


def test_the_cases_of_a_site_come_from_the_plan_else_from_the_sites_seen():
    plan = {"expected": {"sensitivity": 0.95}, "site_sd": 0.3}
    endpoint, scope = above("sensitivity", 0.85), {"site": "any"}

    seen = next(one for one in lines(plan, endpoint, scope=scope) if one.n_sites)
    told = next(
        one for one in lines({**plan, "cases_per_site": 40}, endpoint, scope=scope) if one.n_sites
    )

    assert "the median of 4 sites seen" in seen.why
    assert "40 diseased cases at each, by plan.yaml" in told.why


def test_a_prediction_narrow_enough_is_a_line_of_its_own():
    plan = {"expected": {"sensitivity": 0.9}, "site_sd": 0.3, "cases_per_site": 80}
    endpoint, scope = above("sensitivity", 0.7), {"site": "any"}

    found = lines({**plan, "site_width": 0.2}, endpoint, scope=scope)

    line = next(one for one in found if "predicted within 0.2" in one.part)
    assert line.power is None
    told = {"expected": 0.9, "tau": 0.3, "cases_per_site": 80}
    told["analysis"] = sizing_new_site.Analysis(prior=BETWEEN_VALIDATIONS, by_data_from=5)
    assert line.n_sites == sizing_new_site.of_width(width=0.2, **told).n


def test_an_auc_is_predicted_by_the_prior_and_a_rate_by_the_sites_once_they_are_five():
    plan = {"expected": {"sensitivity": 0.92, "auc": 0.92}, "site_sd": 0.3, "cases_per_site": 80}
    endpoints = above("sensitivity", 0.8), above("auc", 0.8)

    rate, area = (one for one in lines(plan, *endpoints, scope={"site": "any"}) if one.n_sites)

    told = {"expected": 0.92, "goal": 0.8, "tau": 0.3}
    by_t = sizing_sites.for_prediction(**told, cases_per_site=80)
    assert rate.n_sites == by_t.n
    assert area.n_sites > by_t.n  # the prior expects sites to differ more than they do


def test_means_at_a_further_site_need_a_spread_between_sites():
    plan = {
        "expected": {"mean_dice": 0.88},
        "spread": {"mean_dice": 0.1},
        "cases_per_site": 30,
    }
    endpoint, scope = above("mean_dice", 0.8), {"site": "any"}

    open_ = next(
        one for one in lines(plan, endpoint, scope=scope) if one.part == "a site not yet seen"
    )
    plan["site_spread"] = {"mean_dice": 0.02}
    line = next(one for one in lines(plan, endpoint, scope=scope) if one.n_sites)

    assert open_.why == "write `site_spread: {mean_dice: ..}` in plan.yaml"
    told = {"expected": 0.88, "goal": 0.8, "tau": 0.02, "sd": 0.1, "cases_per_site": 30}
    assert line.n_sites == sizing_new_site.of_mean(**told).n


def of_six_sites(tmp_path):
    """Outlines of 20 patients with two cases each at six sites, one endpoint of a bias twice."""
    rng = np.random.default_rng(3)
    rows = [
        f"c{site}{n}{k},p{site}{n},{min(0.88 + shift + 0.05 * rng.normal(), 1):.4f},"
        f"{10 * (1 + shift + 0.05 * rng.normal()):.4f},10,S{site}"
        for site, shift in enumerate(rng.normal(scale=0.02, size=6))
        for n in range(20)
        for k in range(2)
    ]
    endpoints = [
        above("mean_dice", 0.78),
        above("relative_bias", -0.15),
        below("relative_bias", 0.15),
        above("within_margin", 0.4),
    ]
    claim = {**CLAIM, "scope": {"site": "any"}, "endpoints": endpoints}
    table = "\n".join(["id,who,dsc,by_device,by_expert,site", *rows, ""])
    dimensions = [{"name": "site", "column": "site"}]
    return assessed(written(tmp_path, table, claim, dimensions=dimensions))


def test_means_at_a_further_site_count_patients_and_take_the_spread_that_sites_show(tmp_path):
    subject = of_six_sites(tmp_path)

    found = [
        one
        for one in planning.plan(subject, today=TODAY).needed
        if one.part == "a site not yet seen"
    ]

    dice, low, high, inside = found
    (shown,) = [one for one in subject.results[0].new_site if one.metric is dice.metric]
    seen = subject.results[0].measurement(dice.metric).estimate
    told = {"expected": seen.value, "goal": 0.78, "tau": shown.between_site_sd}
    told |= {"sd": seen.se * 120**0.5, "cases_per_site": 20}
    assert shown.scale == "mean"
    assert dice.n_sites == sizing_new_site.of_mean(**told).n
    for line in (dice, low, high):
        assert "20 patients at each, the median of 6 sites seen" in line.why
    assert "40 cases at each, the median of 6 sites seen" in inside.why
    assert "design effect" in inside.why


def test_a_site_is_open_where_nobody_says_how_many_cases_it_brings():
    of = replace(heart(), results=())
    plan = {"expected": {"sensitivity": 0.95}, "site_sd": 0.3}

    found = lines(plan, above("sensitivity", 0.85), scope={"site": "any"}, of=of)

    line = next(one for one in found if one.part == "a site not yet seen")
    assert line.why.startswith("write `cases_per_site` in plan.yaml")


def test_limits_of_agreement_are_sized_within_the_margin_of_the_study(tmp_path):
    rng = np.random.default_rng(3)
    rows = [f"c{n},p{n},0.9,{10 + 0.3 * error},10" for n, error in enumerate(rng.normal(size=40))]
    claim = {**CLAIM, "endpoints": [above("within_margin", 0.9)]}
    table = "\n".join(["id,who,dsc,by_device,by_expert", *rows, ""])
    subject = assessed(written(tmp_path, table, claim))

    line = next(
        one
        for one in planning.plan(subject, today=TODAY).needed
        if one.part == "limits of agreement within 10% of the reference"
    )

    errors = subject.results[0].measurement(line.metric).estimate
    size = sizing_agreement.limits_of_agreement(
        bias=errors.value, sd=errors.se * 40**0.5, margin=0.1
    )
    assert line.n_patients == size.n
    assert line.power >= 0.8
    assert "as in S1" in line.why


def test_the_level_is_that_of_the_studies_that_serve_the_claim(tmp_path):
    rows = "id,who,dsc,by_device,by_expert\na,p1,0.9,10,10\nb,p2,0.8,10,10\nc,p3,0.85,9,10\n"
    subject = assessed(written(tmp_path, rows, analysis={"level": 0.9}))

    line = planning.plan(subject, today=TODAY).needed[0]

    assert line.level == 0.9


def test_every_cell_of_the_scope_has_its_minimum_beside_what_is_there():
    found = planning.plan(heart(), today=TODAY).needed

    line = next(
        one
        for one in found
        if one.part == "each cell of the scope" and one.metric.value == "sensitivity"
    )

    scope = heart().scopes[0]
    named = [one.name for one in (*scope.cells, *scope.pairs) if one.stratum.levels]
    assert [one.name for one in line.cells] == named
    assert line.level == pytest.approx(1 - 0.05 / len(named))
    cells = {one.name: one for one in line.cells}
    hungary = cells["site Hungary"]
    assert hungary.there_diseased + hungary.short_diseased == line.n_diseased
    assert hungary.there_healthy is None
    assert cells["age 65+ x site Hungary"].short == line.n_diseased - 4


def test_a_cell_with_as_many_is_short_of_none():
    plan = Plan.model_validate({"expected": {"sensitivity": 0.97}})
    subject = replace(heart(), dossier=replace(heart().dossier, plan=plan))

    line = next(one for one in planning.plan(subject, today=TODAY).needed if one.cells)

    male = next(one for one in line.cells if one.name == "sex male")
    assert male.there_diseased > line.n_diseased
    assert male.short == 0


def cells_of(plan, metric="sensitivity"):
    """The line of the cells of one metric in the heart dossier, and its cells by name."""
    dossier = replace(heart().dossier, plan=Plan.model_validate(plan))
    found = planning.plan(replace(heart(), dossier=dossier), today=TODAY).needed
    line = next(one for one in found if one.cells and one.metric.value == metric)
    return line, {one.name: one for one in line.cells}


AT = {
    "expected": {"sensitivity": 0.92, "auc": 0.88},
    "expected_at": [
        {"dimension": "site", "level": "Hungary", "expected": {"sensitivity": 0.85, "auc": 0.79}},
        {"dimension": "sex", "level": "female", "expected": {"sensitivity": 0.88}},
        {"dimension": "site", "level": "Hungry", "expected": {"sensitivity": 0.9}},
    ],
}


def test_a_level_is_sized_at_what_is_expected_there_and_a_pair_at_the_worse_of_two():
    line, cells = cells_of(AT)

    def at(expected):
        return wilson(expected=expected, goal=0.75, level=line.level).n

    assert line.n_diseased == cells["sex male"].needed_diseased == at(0.92)
    assert cells["site Hungary"].needed_diseased == at(0.85)
    assert cells["sex female"].needed_diseased == at(0.88)
    pair = cells["sex female x site Hungary"]
    assert (pair.expected, pair.expected_at) == (0.85, "site Hungary")
    assert pair.needed_diseased == pair.there_diseased + pair.short_diseased == at(0.85)
    assert cells["sex male"].expected_at == ""


def test_a_level_of_which_too_little_is_expected_is_out_of_reach():
    _, cells = cells_of(AT, "auc")

    hungary = cells["site Hungary"]
    assert hungary.out_of_reach
    assert (hungary.needed_diseased, hungary.short_healthy, hungary.short) == (None, None, 0)
    assert not cells["sex female"].out_of_reach


def test_a_level_that_was_measured_worse_than_expected_is_doubted_and_not_replaced():
    line, cells = cells_of(AT)

    middle = cells["age 45-54"]  # 0.856, and its interval ends at 0.907
    assert middle.doubted
    assert middle.needed_diseased == line.n_diseased
    assert middle.if_measured == wilson(expected=middle.measured, goal=0.75, level=line.level).n
    assert cells["age 18-44"].doubted
    assert cells["age 18-44"].if_measured is None  # 0.739 does not clear 0.75
    assert not cells["site Hungary"].doubted or cells["site Hungary"].high < 0.85


def test_a_level_that_no_claim_tests_is_said():
    line, _ = cells_of(AT)

    assert "plan.yaml expects it at site Hungry, which is no level tested here" in line.why


def test_each_step_of_a_fixed_sequence_has_a_level_of_its_own():
    claim = (
        heart()
        .dossier.claims[0]
        .model_copy(
            update={"multiplicity": Multiplicity.FIXED_SEQUENCE, "order": ("sex", "site x age")}
        )
    )
    subject = replace(heart(), dossier=replace(heart().dossier, claims=(claim,)))

    found = [one for one in planning.plan(subject, today=TODAY).needed if one.cells]

    steps = {one.part: (len(one.cells), one.level) for one in found if one.metric.value == "auc"}
    assert steps["each cell of sex"] == (2, pytest.approx(0.975))
    assert steps["each cell of site x age"] == (16, pytest.approx(1 - 0.05 / 16))
    assert "each cell of the last step" in steps


def test_all_endpoints_together_are_simulated_and_bounded():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.85, "auc": 0.94}}
    endpoints = above("sensitivity", 0.8), above("specificity", 0.75), above("auc", 0.9)

    found = lines(plan, *endpoints)

    line = next(one for one in found if one.part == "all endpoints together")
    alone = [one for one in found if one.part == "overall"]
    assert line.metric is None
    assert line.power >= 0.8
    assert line.n_diseased > max(one.n_diseased for one in alone if one.n_diseased)
    assert "1,000 simulated studies), between 0." in line.why
    raised = sizing_auc_delong.one(expected=0.94, goal=0.9, power=1 - 0.2 / 3)
    assert line.n_diseased >= raised.n


def test_two_rates_rest_on_different_cases_so_their_powers_multiply():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.85}}

    found = lines(plan, above("sensitivity", 0.8), above("specificity", 0.75))

    one, other = (each.power for each in found[:2])
    line = next(each for each in found if each.part == "all endpoints together")
    assert f"of {one * other:.2f} (they rest on different cases)" in line.why


def test_a_sample_for_both_rates_is_screened_for_both_at_once():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.85}, "prevalence": 0.5}

    found = lines(plan, above("sensitivity", 0.8), above("specificity", 0.75))

    line = next(one for one in found if one.part == "all endpoints together")
    held = [
        stats.binom.sf(n - 1, line.n_screened_surely, 0.5)
        for n in (line.n_diseased, line.n_healthy)
    ]
    assert sum(held) - 1 >= 0.9


def test_predictive_values_are_simulated_with_the_table_they_are_of():
    plan = {"expected": {"sensitivity": 0.9, "specificity": 0.95}, "prevalence": 0.1}
    endpoints = above("sensitivity", 0.8), above("ppv", 0.55), above("npv", 0.97)

    found = lines(plan, *endpoints)
    line = next(one for one in found if one.part == "all endpoints together")
    # 0.75 is not the PPV that 0.9 and 0.95 give at 0.1
    plan["expected"]["ppv"] = 0.75
    other = next(one for one in lines(plan, *endpoints) if one.part == "all endpoints together")

    n = max(found[0].n_diseased * 10, *(one.n_cases for one in found[1:3]))
    assert f"(10,000 simulated studies of {n:,} cases as they come), between 0." in line.why
    assert "simulated" not in other.why
    assert "what ties them is known where plan.yaml expects sensitivity and" in other.why


def test_figures_of_one_patient_have_bounds_alone():
    plan = {
        "expected": {"mean_dice": 0.86, "relative_bias": -0.01},
        "spread": {"mean_dice": 0.1, "relative_bias": 0.12},
    }

    found = lines(plan, above("mean_dice", 0.82), above("relative_bias", -0.05))

    line = next(one for one in found if one.part == "all endpoints together")
    assert "by the bounds (how figures of one patient go together is not known)" in line.why


def test_endpoints_together_are_open_while_one_of_them_is():
    found = lines({"expected": {"sensitivity": 0.9}}, above("sensitivity", 0.8), above("npv", 0.9))

    line = next(each for each in found if each.part == "all endpoints together")
    assert line.why == "open while NPV is"
    assert line.power is None


def test_one_endpoint_has_no_line_of_all_together():
    found = lines({"expected": {"sensitivity": 0.9}}, above("sensitivity", 0.8))

    assert [one for one in found if one.part == "all endpoints together"] == []
