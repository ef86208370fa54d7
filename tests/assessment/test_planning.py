"""The plan from an empty dossier and from the examples; `test_finished.py` has its end."""

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment import planning
from defensible.assessment.gaps import WAITS_FOR
from defensible.assessment.planning.tasks import tasks
from defensible.assessment.result import Assessment
from defensible.cli.edge import run
from defensible.documents import plan
from defensible.dossier.plan import KINDS_OF_WORK, Plan
from defensible.regulation.durations import durations
from defensible.statistics import proportions, sizing_interval, sizing_proportion

TODAY = date(2026, 11, 25)
HEART = Path(__file__).parents[2] / "examples" / "heart-four-hospitals"


def assessed(folder: Path) -> Assessment:
    loaded = dossier.load(folder)
    known = regulation.classify(
        loaded.intended_use, loaded.device.markets, facts=regulation.facts_of(loaded.risks)
    )
    record = evidence.record(loaded)
    results = evidence.results(loaded, record)
    return assessment.assess(loaded, known, results, today=TODAY, record=record)


@cache
def heart() -> Assessment:
    return assessed(HEART)


@pytest.fixture
def new(tmp_path, capsys):
    assert run(["new", str(tmp_path / "device"), "--function", "triage", "--no-input"]) == 0
    capsys.readouterr()
    return assessed(tmp_path / "device")


def test_every_kind_of_gap_can_be_planned_and_has_a_default():
    assert set(KINDS_OF_WORK) == set(WAITS_FOR) == {one.kind for one in durations().work}


def test_straight_after_new_the_honest_date_is_far_behind_the_naive_one(new):
    found = planning.timetable(new, today=TODAY)

    ids = [one.task.id for one in found.steps]
    assert {"clinical-evidence", "generalization", "package", "review-unnamed"} <= set(ids)
    assert ids.index("freeze") < ids.index("protocol") < ids.index("data")
    assert found.naive is not None
    assert found.finish.p50 > 4 * found.naive.p50
    assert found.first[0].task == "intended-use"
    assert len(found.first) == 3


def test_the_heart_example_waits_for_generalization_and_two_regulators():
    found = planning.timetable(heart(), today=TODAY)

    assert found.days.start == date(2026, 12, 1)
    assert found.start_said
    assert found.naive is None
    ours = [one for one in found.steps if one.task.owner is not None]
    assert max(ours, key=lambda one: one.drive).task.id == "generalization"
    ids = [one.task.id for one in found.steps]
    assert ids[-2:] == ["review-us", "review-eu"]
    assert found.finish.p50 < found.finish.p80 < found.finish.p95


def test_finishing_a_task_never_adds_one(new):
    for start in (new, heart()):
        left = start
        while left.gaps:
            before = {one.id for one in tasks(left)}
            first = left.gaps[0].kind
            left = replace(left, gaps=tuple(one for one in left.gaps if one.kind != first))
            assert {one.id for one in tasks(left)} <= before


def test_what_is_expected_comes_from_the_plan_before_the_finding():
    declared = Plan.model_validate({"expected": {"sensitivity": 0.92}, "prevalence": 0.1})
    subject = replace(heart(), dossier=replace(heart().dossier, plan=declared))

    first = planning.plan(subject, today=TODAY).needed[0]

    assert (first.expected, first.source) == (0.92, "plan.yaml")
    size = sizing_interval.lasting(proportions.wilson_limits, expected=0.92, goal=0.75)
    assert first.n_diseased == size.n
    assert first.n_screened == size.n * 10


def test_rates_give_a_cost_and_name_who_has_none():
    declared = Plan.model_validate({"team": [{"role": "quality lead", "rate": 1000}]})
    subject = replace(heart(), dossier=replace(heart().dossier, plan=declared))

    found = planning.timetable(subject, today=TODAY)

    assert found.cost is not None
    assert 80_000 < found.cost.p50 < 180_000  # 25 + 30 + 60 + 8 likely days, skewed upward
    assert "biostatistician" in found.unpriced


def test_the_exact_size_has_its_power_in_the_programs_own_intervals():
    size = sizing_proportion.exact_lasting(expected=0.92, goal=0.85)
    rng = np.random.default_rng(8)
    counts = rng.binomial(size.n, 0.92, 4000)

    low = np.asarray(proportions.clopper_pearson_limits(counts, np.full(4000, size.n))[0])

    assert (low > 0.85).mean() == pytest.approx(size.power, abs=3 * (0.16 / 4000) ** 0.5)


def test_more_cases_never_lower_the_power_once_it_lasts():
    size = sizing_proportion.exact_lasting(expected=0.92, goal=0.85)

    for n in range(size.n, size.n + 200):
        assert sizing_proportion.exact_power(n, expected=0.92, goal=0.85) >= size.wanted


def declaring(**plan):
    declared = Plan.model_validate(plan)
    return replace(heart(), dossier=replace(heart().dossier, plan=declared))


@pytest.mark.parametrize(("chance", "as_if"), [(0.0, "steady"), (1.0, "changed")])
def test_a_late_change_that_is_certain_or_ruled_out_gives_the_dates_without_chance(chance, as_if):
    found = planning.timetable(declaring(late_change=chance), today=TODAY)

    assert found.finish == getattr(found.late, as_if)


def test_a_chance_of_a_late_change_is_carried_by_the_percentiles():
    never = planning.timetable(declaring(late_change=0.0), today=TODAY)
    rare = planning.timetable(declaring(late_change=0.1), today=TODAY)
    often = planning.timetable(declaring(late_change=0.4), today=TODAY)

    # one schedule in ten is a year and a half longer: the median hardly moves, the 95 % date does
    assert 0 < rare.finish.p50 - never.finish.p50 < 0.1 * rare.late.days.p50
    assert rare.finish.p95 - never.finish.p95 > 0.5 * rare.late.days.p50
    assert often.finish.p80 - never.finish.p80 > 0.5 * often.late.days.p50
    assert often.late.drive > rare.late.drive > 0.3


def test_a_late_change_repeats_the_evidence_and_adds_no_task_to_the_list():
    without = planning.timetable(declaring(late_change=0.0), today=TODAY)
    with_it = planning.timetable(declaring(late_change=0.5), today=TODAY)

    ids = [one.task.id for one in with_it.steps]
    assert ids == [one.task.id for one in without.steps]
    assert with_it.late.repeated[0] == "freeze"
    # likely days of protocol, data, generalization after clinical evidence by one person: 285
    assert with_it.late.days.p50 > 285


def test_results_sealed_before_the_freeze_make_a_late_change_likely(tmp_path, capsys):
    folder = tmp_path / "heart"
    shutil.copytree(HEART, folder)
    for command in ("run", "freeze"):
        assert run([command, str(folder)]) == 0
    capsys.readouterr()

    found = planning.timetable(assessed(folder), today=TODAY)

    assert found.late.chance == 0.75
    assert "1 of 1 stretch with evidence" in found.late.why
    assert found.late.steady.p50 < found.finish.p50 <= found.late.changed.p50


def test_where_nothing_is_sealed_no_chance_is_made_up():
    found = planning.timetable(heart(), today=TODAY)

    assert found.late.chance is None
    assert found.finish == found.late.steady
    assert "declare `late_change`" in found.late.why


def test_two_people_of_a_role_do_at_once_what_one_does_in_turn():
    one = planning.timetable(declaring(team=[{"role": "biostatistician"}]), today=TODAY)
    two = planning.timetable(
        declaring(team=[{"role": "biostatistician", "people": 2}]), today=TODAY
    )

    def lies(found):
        return {step.task.id: (step.begins, step.ends) for step in found.steps}

    assert lies(one)["generalization"][0] == pytest.approx(lies(one)["clinical-evidence"][1], abs=1)
    assert lies(two)["generalization"][0] == lies(two)["clinical-evidence"][0]
    assert two.finish.p50 < one.finish.p50 - 50


def test_a_long_task_puts_the_mean_end_off_by_more_than_half_its_own_spread():
    found = planning.timetable(heart(), today=TODAY)
    by_id = {one.task.id: one for one in found.steps}

    # PERT of 120, 240, 480: the outer fifths are 2.8 standard deviations of 68 days apart
    moved = by_id["generalization"].if_long - by_id["generalization"].if_short
    assert moved == pytest.approx(2.8 * 68, rel=0.1)
    assert by_id["freeze"].if_long == by_id["freeze"].if_short == found.mean


def test_a_clock_of_reviews_is_not_stopped_by_days_off_and_work_is():
    shut = {"first": date(2027, 6, 1), "last": date(2027, 6, 30)}  # 22 working days
    free = planning.timetable(declaring(start=TODAY), today=TODAY)
    off = planning.timetable(declaring(start=TODAY, holidays=[shut]), today=TODAY)
    ends = {
        name: {one.task.id: found.days.on(one.ends) for one in found.steps}
        for name, found in (("free", free), ("off", off))
    }

    assert off.finish.p50 == pytest.approx(free.finish.p50, abs=1)
    moved = ends["off"]["generalization"] - ends["free"]["generalization"]
    assert 29 <= moved.days <= 33
    review = planning.timetable(
        declaring(start=TODAY, holidays=[{"first": date(2028, 10, 2), "last": date(2028, 10, 29)}]),
        today=TODAY,
    )
    assert abs((review.days.on(review.finish.p50) - free.days.on(free.finish.p50)).days) <= 1


CHEST = Path(__file__).parents[2] / "examples" / "chest-triage"


def test_clocks_that_are_not_held_or_have_run_out_are_named():
    found = planning.timetable(assessed(CHEST), today=TODAY)

    tasks = {one.task.id: one.task for one in found.steps}
    assert (tasks["review-us"].low, tasks["review-us"].likely) == (90, 128)
    assert tasks["review-us"].confidence == "high"
    assert tasks["review-us"].until == date(2027, 9, 30)
    assert (tasks["review-eu"].likely, tasks["review-eu"].confidence) == (472, "low")
    notes = " ".join(plan.task_notes(found))
    assert "review-us, 90 to 270 calendar days, likely 128: 90 FDA days" in notes
    assert "No clock is held" not in notes
    assert "The clock of review-us is agreed for submissions to 2027-09-30" in notes


def test_a_review_that_plan_yaml_gives_is_no_assumption():
    given = {"low": 100, "likely": 200, "high": 300}
    found = planning.timetable(declaring(reviews={"us": given, "eu": given}), today=TODAY)

    reviews = [one.task for one in found.steps if one.task.id.startswith("review-")]
    assert {(one.confidence, one.counts) for one in reviews} == {("declared", None)}
    assert not [one for one in plan.task_notes(found) if "clock" in one or "review-" in one]


def test_where_no_pathway_is_decided_no_clock_is_held_and_that_is_said():
    found = planning.timetable(heart(), today=TODAY)

    tasks = {one.task.id: one.task for one in found.steps}
    assert (tasks["review-us"].likely, tasks["review-us"].counts) == (270, None)
    assert "No clock is held for review-us, whose pathway is open" in " ".join(
        plan.task_notes(found)
    )


def test_a_regulator_who_is_asked_for_the_pathway_answers_before_what_waits_for_it():
    found = planning.timetable(heart(), today=TODAY)

    steps = {one.task.id: one for one in found.steps}
    answer = steps["feedback-us"]
    assert answer.task.after == ("pathway",)
    assert (answer.task.owner, answer.task.calendar, answer.task.gaps) == (None, True, ())
    # 75 calendar days of a mean of 82 lie between the question and what waits for the answer
    days = found.days.begins(answer.ends) - found.days.begins(answer.begins)
    assert 70 <= days.days <= 100
    assert {"pathway", "feedback-us"} <= set(steps["clinical-evidence"].task.after)
    assert steps["clinical-evidence"].begins >= answer.ends
    assert "feedback-us" not in {one.task for one in found.first}


def test_plan_yaml_says_how_long_an_answer_takes_and_of_whom():
    days = {"low": 10, "likely": 20, "high": 30}
    found = planning.timetable(declaring(feedback={"us": days, "eu": days}), today=TODAY)

    answers = [one.task for one in found.steps if one.task.id.startswith("feedback-")]
    # the EU is decided here, so that nobody there is asked
    assert [(one.id, one.likely, one.confidence) for one in answers] == [
        ("feedback-us", 20, "declared")
    ]
    assert "feedback-us" not in " ".join(plan.task_notes(found))


def test_nobody_is_asked_where_the_pathway_is_decided():
    ids = {one.task.id for one in planning.timetable(assessed(CHEST), today=TODAY).steps}

    assert not [one for one in ids if one.startswith("feedback-")]


def frozen_with(folder: Path, finding: str) -> None:
    """The heart example with another target finding, frozen."""
    use = folder / "intended-use.yaml"
    text = use.read_text("utf-8")
    line = next(one for one in text.splitlines() if one.startswith("target_finding:"))
    use.write_text(text.replace(line, f"target_finding: {finding}"), "utf-8")
    assert run(["freeze", str(folder)]) == 0


def test_the_chance_of_a_late_change_counts_freezes_with_another_intended_use(tmp_path, capsys):
    folder = tmp_path / "heart"
    shutil.copytree(HEART, folder)
    seen = []

    def note():
        found = planning.timetable(assessed(folder), today=TODAY)
        seen.append(None if found.late is None else found.late.chance)

    frozen_with(folder, "stenosis")
    note()  # frozen, no evidence yet
    assert run(["run", str(folder)]) == 0
    note()  # 0 of 1 stretches changed
    frozen_with(folder, "stenosis of half a lumen")
    note()  # 1 of 1
    assert run(["run", str(folder)]) == 0
    note()  # 1 of 2
    claims = folder / "claims.yaml"
    claims.write_text(claims.read_text("utf-8").replace("C1", "C9"), "utf-8")
    for study in (folder / "studies").glob("*.yaml"):
        study.write_text(study.read_text("utf-8").replace("C1", "C9"), "utf-8")
    assert run(["freeze", str(folder)]) == 0
    assert run(["run", str(folder)]) == 0
    note()  # another claim under the same intended use is no change of it
    capsys.readouterr()

    assert seen == [None, 0.25, 0.75, 0.5, 0.5]


def test_an_intended_use_that_differs_today_has_not_lasted(tmp_path, capsys):
    folder = tmp_path / "heart"
    shutil.copytree(HEART, folder)
    frozen_with(folder, "stenosis")
    assert run(["run", str(folder)]) == 0
    use = folder / "intended-use.yaml"
    use.write_text(use.read_text("utf-8").replace("finding: stenosis", "finding: plaque"), "utf-8")
    capsys.readouterr()

    found = planning.timetable(assessed(folder), today=TODAY)

    assert found.late.chance == 0.75
    assert "1 of 1 stretch with evidence" in found.late.why


def test_the_next_steps_say_who_is_busy_before_and_after():
    why = {one.task: one.why for one in planning.timetable(heart(), today=TODAY).first}

    assert why["pathway"].startswith("it can begin now; it is on the critical path in 100%")
    assert why["pathway"].endswith("the regulatory lead does freeze after it")
    assert "but the regulatory lead does pathway first" in why["freeze"]


def test_with_two_people_of_a_role_nobody_is_busy_before():
    team = [{"role": "regulatory lead", "people": 2}]
    why = {one.task: one.why for one in planning.timetable(declaring(team=team), today=TODAY).first}

    assert why["freeze"].startswith("it can begin now")
    assert "does freeze after it" not in why["pathway"]


def test_a_row_in_which_more_is_foreseen_is_not_said_to_be_at_its_end(new):
    unlocks = {one.task: one.unlocks for one in planning.timetable(new, today=TODAY).first}

    assert unlocks["pathway"] == (
        "row 8 (who decides), regulatory: all its gaps so far, more are foreseen"
    )
    assert unlocks["model-artifact"] == "row 1 (unit under review), engineering: its last gaps"


def test_estimates_that_wait_for_a_seal_are_no_analysis_of_risks():
    chest = assessed(CHEST)

    (gap,) = [one for one in chest.gaps if "5.5 (current)" in one.what]
    assert gap.kind == "clinical-evidence"
    ids = [one.task.id for one in planning.timetable(chest, today=TODAY).steps]
    assert "risk-analysis" not in ids


def priced(**plan):
    team = [{"role": role, "rate": 1000} for role in ROLES]
    return planning.timetable(declaring(**({"team": team} | plan)), today=TODAY)


ROLES = ("engineer", "biostatistician", "regulatory lead", "quality lead")


def test_the_cost_is_of_days_worked_and_not_of_days_off_or_waited_for():
    plain = priced()
    shut = priced(holidays=[{"first": date(2027, 1, 1), "last": date(2027, 6, 30)}])
    slow = priced(reviews={"us": {"low": 900, "likely": 950, "high": 990}})
    many = priced(team=[{"role": role, "rate": 1000, "people": 3} for role in ROLES])

    # working days of each task as drawn, whoever does it and whenever; regulators are not paid
    assert plain.cost == shut.cost == slow.cost == many.cost
    assert slow.finish.p50 > plain.finish.p50 + 300
    means = sum(
        (one.task.low + 4 * one.task.likely + one.task.high) / 6
        for one in plain.steps
        if one.task.owner is not None
    )
    assert plain.cost.p50 == pytest.approx(1000 * means, rel=0.02)
    assert plain.unpriced == ()


def test_a_role_with_two_rates_has_the_mean_over_its_people():
    two = [
        {"role": "quality lead", "rate": 400, "people": 3},
        {"role": "quality lead", "rate": 800},
        {"role": "quality lead"},
    ]
    one = [{"role": "quality lead", "rate": 500, "people": 5}]

    assert priced(team=two).cost == priced(team=one).cost


def test_a_late_change_costs_the_work_done_again():
    never, always = priced(late_change=0.0), priced(late_change=1.0)

    again = sum(
        (one.task.low + 4 * one.task.likely + one.task.high) / 6
        for one in never.steps
        if one.task.id in never.late.repeated
    )
    # protocol and data are done again, too, though none of them is left to do the first time
    assert always.cost.p50 - never.cost.p50 > 1000 * again
