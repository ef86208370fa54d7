"""`defensible plan`, as a person and as a pipeline call it."""

import csv
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from defensible.cli.edge import run
from defensible.documents.plan_tables import harmless

HEART = Path(__file__).parents[2] / "examples" / "heart-four-hospitals"


def test_the_text_fits_the_screen_and_ends_in_three_things_to_do(capsys):
    assert run(["plan", str(HEART)]) == 0

    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert "\nNEXT\n  1. pathway: " in said
    assert "\n  3. " in said
    assert "unlocks row 5 (failure handling), regulatory" in said


def test_json_calendar_table_and_page_say_the_same(capsys, tmp_path):
    files = [tmp_path / name for name in ("p.html", "p.ics", "p.csv")]
    options = [
        word
        for name, file in zip(("--html", "--ics", "--csv"), files, strict=True)
        for word in (name, str(file))
    ]

    assert run(["plan", str(HEART), "--format", "json", *options]) == 0

    result = json.loads(capsys.readouterr().out)["result"]
    page, calendar, table = (file.read_text(encoding="utf-8") for file in files)
    ids = [one["id"] for one in result["tasks"]]
    assert [row["task"] for row in csv.DictReader(table.splitlines())] == ids
    assert calendar.count("BEGIN:VEVENT") == len(ids)
    assert "<script" not in page
    assert all(f">{one}</text>" in page for one in ids)
    assert result["finish"]["p80"]["date"] in page
    assert files[1].read_bytes().count(b"\r\n") == files[1].read_bytes().count(b"\n")
    assert max(len(line) for line in files[1].read_bytes().split(b"\r\n")) <= 75


def test_the_page_has_every_cell_and_how_the_number_moves(capsys, tmp_path):
    page = tmp_path / "p.html"

    assert run(["plan", str(HEART), "--format", "json", "--html", str(page)]) == 0

    lines = json.loads(capsys.readouterr().out)["result"]["evidence"]
    text = page.read_text(encoding="utf-8")
    cells = next(one for one in lines if one["cells"])
    assert all(f">{cell['name']}</th>" in text for cell in cells["cells"])
    short = sum(cell["short"]["diseased"] > 0 for cell in cells["cells"])
    assert f"short in {short} of {len(cells['cells'])} cells" in text
    assert '<rect class="now"' in text


def test_plan_size_is_stats_size(capsys):
    told = ["size", "proportion", "--expected", "0.95", "--goal", "0.9"]
    assert run(["plan", *told]) == 0
    ours = capsys.readouterr().out
    assert run(["stats", *told]) == 0

    assert ours == capsys.readouterr().out


def test_a_mistake_in_a_plan_size_is_reported_as_of_that_size(capsys):
    told = ["size", "kappa", "--expected", "2", "--goal", "0.5", "--prevalence", "0.3"]

    assert run(["plan", *told, "--format", "json"]) == 2

    answer = json.loads(capsys.readouterr().out)
    assert answer["command"] == "stats size kappa"  # the name under which it answers, too
    assert run(["stats", *told, "--format", "json"]) == 2
    assert json.loads(capsys.readouterr().out)["command"] == "stats size kappa"


@pytest.mark.parametrize("option", ["--html", "--ics", "--csv"])
def test_no_slip_of_the_hand_replaces_a_dossier_file(capsys, tmp_path, option):
    shutil.copytree(HEART, tmp_path / "heart")
    target = tmp_path / "heart" / "claims.yaml"
    before = target.read_bytes()

    assert run(["plan", str(tmp_path / "heart"), option, str(target)]) == 2

    assert "does not end in" in capsys.readouterr().err
    assert target.read_bytes() == before


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1"])
def test_a_spreadsheet_takes_no_text_for_a_formula(text):
    assert harmless(text).startswith("'")


def test_words_of_a_dossier_are_words_in_page_calendar_and_table(capsys, tmp_path):
    shutil.copytree(HEART, tmp_path / "heart")
    plan = tmp_path / "heart" / "plan.yaml"
    plan.write_text(
        "team: [{role: '=cmd()<img src=x>'}]\nowners: {freeze: '=cmd()<img src=x>'}\n",
        encoding="utf-8",
    )
    page, table = tmp_path / "p.html", tmp_path / "p.csv"

    told = ["plan", str(tmp_path / "heart"), "--html", str(page), "--csv", str(table)]
    assert run(told) == 0

    capsys.readouterr()
    assert "<img" not in page.read_text(encoding="utf-8")
    owners = [one["owner"] for one in csv.DictReader(table.read_text("utf-8").splitlines())]
    assert "'=cmd()<img src=x>" in owners
    assert "=cmd()<img src=x>" not in owners


def test_nothing_begins_or_ends_on_a_day_off(capsys, tmp_path):
    shutil.copytree(HEART, tmp_path / "heart")
    plan = tmp_path / "heart" / "plan.yaml"
    holidays = "holidays:\n  - 2026-12-25\n  - {first: 2026-12-28, last: 2027-01-05}\n"
    plan.write_text(plan.read_text(encoding="utf-8") + holidays, encoding="utf-8")
    calendar, table = tmp_path / "p.ics", tmp_path / "p.csv"

    told = ["plan", str(tmp_path / "heart"), "--ics", str(calendar), "--csv", str(table)]
    assert run(told) == 0

    capsys.readouterr()
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    days = [date.fromisoformat(row[key]) for row in rows for key in ("begins", "ends", "ends_80")]
    starts = re.findall(r"DTSTART;VALUE=DATE:(\d{8})", calendar.read_text("utf-8"))
    days += [date(int(one[:4]), int(one[4:6]), int(one[6:])) for one in starts]
    assert days
    assert not [one for one in days if date(2026, 12, 28) <= one <= date(2027, 1, 5)]
    assert not [one for one in days if one.weekday() >= 5 or one == date(2026, 12, 25)]
    assert {row["unit"] for row in rows} == {"working days", "calendar days"}


def test_a_market_that_is_misspelt_under_reviews_is_named(capsys, tmp_path):
    shutil.copytree(HEART, tmp_path / "heart")
    plan = tmp_path / "heart" / "plan.yaml"
    plan.write_text("reviews:\n  uss: {low: 1, likely: 2, high: 3}\n", encoding="utf-8")

    assert run(["plan", str(tmp_path / "heart")]) == 2

    said = capsys.readouterr().err
    assert "plan.yaml:2:" in said
    assert "D008 there is no market 'uss'\n  did you mean 'us'?" in said


@pytest.mark.parametrize(
    "text",
    [
        "start: 9999-12-31\n",
        "start: 0001-01-01\n",
        "start: 9990-01-01\ndurations: {data: {low: 1, likely: 2, high: 100000}}\n",
        "reviews: {us: {low: 0, likely: 0, high: 0}, eu: {low: 1, likely: 2, high: 100000}}\n",
        "team: [{role: quality lead, people: 100000, rate: 1000000000}]\n",
    ],
)
def test_the_ends_of_what_can_be_declared_still_make_a_plan(capsys, tmp_path, text):
    shutil.copytree(HEART, tmp_path / "heart")
    (tmp_path / "heart" / "plan.yaml").write_text(text, encoding="utf-8")
    options = [("--html", "p.html"), ("--ics", "p.ics"), ("--csv", "p.csv")]
    told = [word for option, name in options for word in (option, str(tmp_path / name))]

    assert run(["plan", str(tmp_path / "heart"), *told]) == 0

    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert "\nNEXT\n" in said


def test_the_cost_stands_in_text_and_page_with_whose_work_is_not_priced(capsys, tmp_path):
    shutil.copytree(HEART, tmp_path / "heart")
    plan = tmp_path / "heart" / "plan.yaml"
    plan.write_text("team: [{role: quality lead, rate: 1000}]\n", encoding="utf-8")
    page = tmp_path / "p.html"

    assert run(["plan", str(tmp_path / "heart"), "--html", str(page)]) == 0

    said = " ".join(capsys.readouterr().out.split())
    cost = re.search(
        r"Cost at the declared rates: [\d,]+ \([\d,]+ at 95 %\), without [^.]+\.", said
    )
    assert cost is not None
    assert "without regulatory lead, biostatistician" in cost[0]
    assert cost[0] in " ".join(page.read_text("utf-8").split())


def test_a_duration_past_any_plan_is_named(capsys, tmp_path):
    shutil.copytree(HEART, tmp_path / "heart")
    plan = tmp_path / "heart" / "plan.yaml"
    plan.write_text("durations: {data: {low: 1, likely: 2, high: 1.0e+300}}\n", encoding="utf-8")

    assert run(["plan", str(tmp_path / "heart")]) == 2

    assert "D010 high is 1e+300; it must be at most 100000" in capsys.readouterr().err
