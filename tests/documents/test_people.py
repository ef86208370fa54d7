"""Reports of studies of people: pictures, sentences, hostile names."""

import re
from datetime import date

import pytest

from defensible import assessment, regulation
from defensible.documents import (
    as_json,
    html,
    numbers,
    people,
    reader_curves,
    reader_rows,
    text,
)
from defensible.documents.words import METRIC_INSIDE
from defensible.dossier import load
from defensible.evidence import run
from tests.evidence import test_readers as readers
from tests.evidence import test_usability as usability

TODAY = date(2026, 9, 1)


def assessed(root):
    dossier = load(root)
    classification = regulation.classify(dossier.intended_use, dossier.device.markets)
    return assessment.assess(dossier, classification, run(dossier), today=TODAY)


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    root = tmp_path_factory.mktemp("readers")
    readers.dossier(root, readers.as_csv(readers.simulated()), **readers.FULL)
    return assessed(root)


def test_the_page_has_the_pictures_that_a_reviewer_expects(reading):
    (result,) = reading.results

    drawn = (*reader_rows.pictures(result), *reader_rows.conditional(result))
    titles = [one.title for one in drawn]
    page = html(reading, on=TODAY)
    assert titles == [
        "AUC difference of S1, reader by reader",
        "Sensitivity difference of S1, reader by reader",
        "Specificity difference of S1, reader by reader",
        "Reading time in S1",
        "Readings of S1 where the device was right, and wrong",
    ]
    assert "ROC curves of the readers of S1" in page
    assert [page.count(one) > 0 for one in titles] == [True] * 5


def test_six_readers_and_their_average_are_drawn_in_both_conditions(reading):
    ((roc,),) = reader_curves.pictures(reading.results[0])

    assert len(roc.lines) == 14
    assert [one.average for one in roc.lines[-2:]] == [True, True]


def test_no_difference_lies_left_of_a_positive_one(reading):
    (picture, *_) = reader_rows.pictures(reading.results[0])

    average = picture.rows[-1]
    assert average.label == "Average"
    (mark,) = average.marks
    assert mark.low > picture.zero  # 0.024 and more


def test_the_design_stands_before_the_figures_in_text(reading):
    said = text(reading, on=TODAY)

    assert said.index("balance of readings") < said.index("Commission errors")
    assert "On the device's misses, readers call" in said


def test_automation_bias_is_a_part_of_its_own(reading):
    said, page = text(reading, on=TODAY), html(reading, on=TODAY)

    heading = "Automation bias: where the device is right, and where it is wrong"
    before, part = said.split(heading)
    assert "Commission errors  " not in before
    assert "On the device's misses, readers call" in part
    assert part.index("Commission errors") < part.index("By level")
    assert page.count(f"<h4>{heading}</h4>") == 1
    assert page.index(heading) < page.index("Automation bias by level")


def test_every_bound_of_the_plan_is_said_once(reading):
    said = " ".join(text(reading, on=TODAY).split())

    for one in reading.results[0].criteria:
        name = METRIC_INSIDE[one.criterion.metric.value]
        assert said.count(f"Plan: {name} {numbers.goal(one.criterion.goal)}") == 1


def test_the_json_has_reliance_and_the_pictures_data(reading):
    (study,) = as_json(reading, on=TODAY)["studies"]

    by_metric = {
        one["metric"]: one["estimate"] for one in study["measurements"] if not one["stratum"]
    }
    assert by_metric["commission"]["n"] == 57
    assert len(study["readers"]["curves"]) == 14
    assert study["usability"] is None


def test_a_hostile_reader_stays_text(tmp_path):
    rows = readers.simulated(n_cases=40)
    for one in rows:
        one["reader"] = f"<script>{one['reader']}</script>"
    readers.dossier(tmp_path, readers.as_csv(rows), **readers.FULL)

    page = html(assessed(tmp_path), on=TODAY)

    assert "<script" not in page
    assert "&lt;script&gt;R0" in page


def test_users_and_their_errors_are_told(tmp_path):
    result = assessed(usability.written(tmp_path, usability.table()))

    said = people.said(result.results[0])
    assert (
        "Task T1 (critical, summative): use error in 1 of 30 participants, upper limit 0.172; "
        "0 close calls, 0 difficulties; root causes: label 2."
    ) in said
    page = html(result, on=TODAY)
    assert "Users at their tasks" in page
    assert re.search(r"held out of development", page) is None


def test_a_reader_study_answers_the_obligation_that_asks_for_one(tmp_path):
    use = {"function": "detection", "workflow": "concurrent-read"}
    readers.dossier(tmp_path, readers.as_csv(readers.simulated()), **readers.FULL)
    (tmp_path / "intended-use.yaml").write_text(
        "".join(f"{key}: {value}\n" for key, value in use.items())
    )
    (tmp_path / "device.yaml").write_text('name: Flag\nversion: "1"\nmarkets: [us]\n')

    found = {one.obligation.id: one for one in assessed(tmp_path).obligations}

    one = found["us.evidence.readers"]
    assert (one.status.value, one.reason) == ("met", "S1 (readers): goals met overall")
