"""Row 6 and its evidence: frozen before the data were opened, early, stale, never sealed."""

from datetime import date

import pytest

from defensible import assessment, documents, dossier, evidence, regulation
from defensible.assessment import Status
from tests.evidence import sealing
from tests.evidence.test_freshness import change, goal

TODAY = date(2026, 11, 25)


def assess(root):
    loaded = dossier.load(root)
    classification = regulation.classify(loaded.intended_use, loaded.device.markets)
    record = evidence.record(loaded)
    results = evidence.results(loaded, record)
    return assessment.assess(loaded, classification, results, today=TODAY, record=record)


def row_6(root):
    cell = assess(root).rows[5].regulatory
    return cell.status, cell.reason


@pytest.fixture
def root(tmp_path):
    return sealing.write(tmp_path)


def test_without_a_freeze_nothing_shows_what_came_first(root):
    sealing.run(root)

    assert row_6(root) == (
        Status.PARTLY,
        "Explicit in every field; nothing shows that it came before the evidence.",
    )


def test_frozen_and_then_run_is_met(root):
    sealing.freeze(root)
    sealing.run(root)

    assert row_6(root) == (
        Status.MET,
        "Explicit in every field, and frozen before any run opened the data.",
    )


def test_frozen_without_a_run_shows_nothing_of_the_figures_computed_now(root):
    sealing.freeze(root)

    status, reason = row_6(root)
    assert status is Status.PARTLY
    assert reason == (
        "Explicit in every field; S1 has no seal that stands: it was never run under seal."
    )


def test_run_and_then_frozen_is_early_and_asks_for_other_data(root):
    sealing.run(root)
    sealing.freeze(root)

    status, reason = row_6(root)
    (gap,) = [one for one in assess(root).gaps if one.row == 6]
    assert status is Status.PARTLY
    assert reason.startswith(
        "Explicit in every field; the evidence of S1 is early: data/cases.csv was first opened on"
    )
    assert (gap.kind, gap.close) == (
        "data",
        "test what S1 asks on data first opened after the freeze",
    )


def test_a_change_after_the_freeze_is_said_and_what_hangs_from_it(root):
    sealing.freeze(root)
    sealing.run(root)
    change(root, "intended-use.yaml", "workflow", to="concurrent-read")

    status, reason = row_6(root)
    assert status is Status.PARTLY
    assert reason == (
        "Explicit in every field; intended use is not as it was frozen: "
        "workflow parallel-to-standard-read → concurrent-read."
    )


def test_a_test_set_opened_again_under_a_changed_plan_is_counted_in_row_3(root):
    sealing.freeze(root)
    sealing.run(root)
    assert "opened" not in assess(root).rows[2].regulatory.reason
    goal(root, 0.75)
    sealing.run(root)

    assert (
        assess(root)
        .rows[2]
        .regulatory.reason.endswith("The test set data/cases.csv was opened 2 times under 2 plans.")
    )


def test_the_reports_say_of_each_study_whether_its_figures_are_sealed(root):
    sealing.freeze(root)
    sealing.run(root)
    goal(root, 0.75)
    result = assess(root)

    sentence = (
        "Sealed on 2026-11-25 (line 3 of the ledger): stale, since claim C1 goal of "
        "sensitivity, above 0.70 → 0.75. These figures were computed for this report."
    )
    assert sentence in " ".join(documents.text(result, on=TODAY).split())
    assert sentence in " ".join(documents.html(result, on=TODAY).split())
    seal = documents.as_json(result, on=TODAY)["studies"][0]["seal"]
    assert (seal["state"], seal["line"]) == ("stale", 3)
    assert seal["opened"] == [{"source": "data/cases.csv", "runs": 1, "plans": 1, "studies": 1}]
    ledger = documents.as_json(result, on=TODAY)["ledger"]
    assert ledger["freeze"]["changes"] == [
        {"part": "claim C1", "words": ["goal of sensitivity, above 0.70 → 0.75"]}
    ]
    assert ledger["analyses"] == {
        "planned": ["S1"],
        "run": ["S1"],
        "not_run": [],
        "unplanned": [],
    }
