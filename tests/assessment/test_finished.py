"""A dossier on disk, brought to its end: each step leaves fewer tasks, the last leaves none."""

import json
import shutil

import pytest

from defensible.assessment import planning
from defensible.assessment.result import Verdict
from defensible.cli.edge import run
from tests.assessment import finished
from tests.assessment.test_planning import TODAY, assessed


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "chest"
    finished.begun(folder)
    for step in finished.STEPS:
        step(folder)
    return folder


@pytest.mark.parametrize("steps", [finished.STEPS, finished.OTHER_ORDER, finished.REVIEWED_LAST])
def test_finishing_a_task_in_the_dossier_never_adds_one(tmp_path, steps):
    folder = tmp_path / "chest"
    finished.begun(folder)
    left = [planning.timetable(assessed(folder), today=TODAY)]

    for step in steps:
        step(folder)
        left.append(planning.timetable(assessed(folder), today=TODAY))

    ids = [{one.task.id for one in found.steps} for found in left]
    for step, before, after in zip(steps, ids[:-1], ids[1:], strict=True):
        assert after <= before, f"{step.__name__} added {after - before}"
    assert len(ids[0]) > 8
    assert ids[-1] == set()
    ends = [found.finish.p50 if found.finish else 0.0 for found in left]
    assert ends == sorted(ends, reverse=True)


def test_where_everything_is_done_on_disk_nothing_is_invented(done):
    last = assessed(done)

    found = planning.timetable(last, today=TODAY)

    assert last.verdict is Verdict.CLEARED
    assert last.gaps == ()
    assert (found.steps, found.first, found.finish, found.late) == ((), (), None, None)


def test_a_clearance_opens_a_duty_beside_the_plan_and_no_task(tmp_path, capsys):
    folder = tmp_path / "chest"
    finished.begun(folder)
    for step in finished.REVIEWED_LAST[:-1]:
        step(folder)
    capsys.readouterr()

    found = planning.timetable(assessed(folder), today=TODAY)
    page = tmp_path / "p.html"
    assert run(["plan", str(folder), "--html", str(page)]) == 0
    said = capsys.readouterr().out

    assert "Beside the plan</h2>" in page.read_text("utf-8")
    assert (found.steps, found.finish) == ((), None)
    assert [one.what for one in found.duties] == ["ISO 14971, 10.3: no review of it is on record"]
    assert "BESIDE THE PLAN\n  G5R1: ISO 14971, 10.3: no review" in said
    finished.reviewed(folder)
    assert planning.timetable(assessed(folder), today=TODAY).duties == ()


def test_the_command_says_that_there_is_nothing_to_plan(done, tmp_path, capsys):
    page, calendar = tmp_path / "p.html", tmp_path / "p.ics"

    assert run(["plan", str(done)]) == 0
    said = capsys.readouterr().out
    told = ["plan", str(done), "--format", "json", "--html", str(page), "--ics", str(calendar)]
    assert run(told) == 0

    assert "Nothing is open here that a plan could end, so there is nothing to plan." in said
    result = json.loads(capsys.readouterr().out)["result"]
    assert (result["tasks"], result["next"], result["finish"]) == ([], [], None)
    assert "there is nothing to plan" in page.read_text("utf-8")
    assert "BEGIN:VEVENT" not in calendar.read_text("utf-8")


def test_a_further_market_without_a_decision_has_its_review_ahead(done, tmp_path):
    folder = tmp_path / "chest"
    shutil.copytree(done, folder)
    device = folder / "device.yaml"
    device.write_text(device.read_text("utf-8").replace("markets: [us]", "markets: [us, eu]"))

    found = planning.timetable(assessed(folder), today=TODAY)

    assert [one.task.id for one in found.steps] == ["package", "review-eu"]
    assert len(found.steps[0].task.gaps) == 6
