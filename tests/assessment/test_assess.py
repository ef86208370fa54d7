"""The rubric and the verdict, from dossiers on disk; most tests spoil one thing."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment import Status, Verdict
from defensible.dossier import DossierError
from defensible.evidence.finding import Answer
from defensible.ledger import digest
from tests.assessment import small

TODAY = date(2026, 11, 23)


def assess(root, *, today=TODAY):
    loaded = dossier.load(root)
    classification = regulation.classify(loaded.intended_use, loaded.device.markets)
    return assessment.assess(loaded, classification, evidence.run(loaded), today=today)


def row(result, number):
    return result.rows[number - 1]


def test_good_numbers_make_a_validated_model_and_no_more(tmp_path):
    result = assess(small.write(tmp_path))

    assert [one.engineering.status for one in result.rows] == [
        Status.MET,
        Status.MET,
        Status.MET,
        Status.MET,
        Status.MET,
        Status.NOT_APPLICABLE,
        Status.NOT_APPLICABLE,
        Status.MET,
    ]
    assert result.verdict is Verdict.PRE_REGULATORY_DEVICE
    assert row(result, 3).regulatory.status is Status.MET
    assert row(result, 5).regulatory.status is Status.OPEN
    assert row(result, 7).regulatory.status is Status.OPEN


def test_readers_and_users_are_no_performance_of_the_device_alone():
    result = assess(Path(__file__).parents[2] / "examples/reader-study")

    performance, sites = row(result, 3).engineering, row(result, 4).engineering
    assert (performance.status, sites.status) == (Status.OPEN, Status.OPEN)
    assert performance.reason == "No study of the device alone, so no metric."


def test_a_cell_says_what_would_close_it_exactly_where_something_is_open(tmp_path):
    result = assess(small.write(tmp_path))

    for one in result.rows:
        for cell in (one.engineering, one.regulatory):
            is_open = cell.status in {Status.PARTLY, Status.OPEN}
            assert bool(cell.close) == is_open
            assert cell.reason


def test_without_an_acceptance_criterion_nothing_is_validated(tmp_path):
    declared = small.files()
    del declared["studies/s1.yaml"]["acceptance"]

    result = assess(small.write(tmp_path, declared))

    assert result.verdict is Verdict.NOT_VALIDATED
    assert row(result, 2).engineering.reason == "No acceptance criterion is named."


def test_a_criterion_that_is_missed_by_its_interval_is_not_met_by_its_estimate(tmp_path):
    declared = small.files()
    declared["studies/s1.yaml"]["acceptance"] = [
        {"metric": "sensitivity", "goal": {"above": 0.93}, "by": "interval"}
    ]

    result = assess(small.write(tmp_path, declared))

    [criterion] = result.results[0].criteria
    assert criterion.measurement.estimate.value > 0.93
    assert not criterion.met
    assert result.verdict is Verdict.NOT_VALIDATED


def test_a_development_case_among_the_test_cases_is_named_and_counted(tmp_path):
    root = small.write(tmp_path)
    (root / "data/development.csv").write_text("case\nD1\nK00000\nK00001\n", encoding="utf-8")

    result = assess(root)

    assert row(result, 3).engineering.status is Status.OPEN
    assert "2 cases of S1 are also among the development cases" in str(row(result, 3).engineering)
    assert result.verdict is Verdict.NOT_VALIDATED


def test_saying_held_out_is_not_showing_it(tmp_path):
    declared = small.files()
    del declared["studies/s1.yaml"]["development"]

    result = assess(small.write(tmp_path, declared))

    assert row(result, 3).engineering.status is Status.PARTLY
    assert result.verdict is Verdict.NOT_VALIDATED


def test_another_model_file_than_the_declared_one_is_not_the_unit_under_review(tmp_path):
    root = small.write(tmp_path)
    (root / "model.bin").write_bytes(b"other weights")

    result = assess(root)

    assert row(result, 1).engineering.status is Status.OPEN
    assert result.verdict is Verdict.NOT_VALIDATED


def test_scores_of_another_model_do_not_validate_this_one(tmp_path):
    other = hashlib.sha256(b"last month").hexdigest()
    table = small.cases().replace(small.DEVICE["model"]["sha256"], other, 5)

    result = assess(small.write(tmp_path, table=table))

    assert row(result, 1).engineering.status is Status.PARTLY
    assert "5 scores of S1 came from another model" in str(row(result, 1).engineering)
    assert result.verdict is Verdict.NOT_VALIDATED


def test_a_model_without_a_statement_is_no_device_yet(tmp_path):
    declared = small.files()
    declared["intended-use.yaml"]["statement"] = None

    result = assess(small.write(tmp_path, declared))

    assert result.verdict is Verdict.VALIDATED_MODEL
    assert row(result, 6).regulatory.status is Status.OPEN


def test_labeling_must_carry_the_statement_and_not_only_exist(tmp_path):
    root = small.write(tmp_path)
    (root / "labeling/ifu.md").write_text("word " * 10_000, encoding="utf-8")

    result = assess(root)

    assert row(result, 1).regulatory.status is Status.PARTLY
    assert "labeling/ifu.md does not carry the intended-use statement" in str(
        row(result, 1).regulatory
    )


def test_one_site_is_not_generalization(tmp_path):
    table = small.cases()
    for site in small.SITES[1:]:
        table = table.replace(f",{site},", f",{small.SITES[0]},")

    result = assess(small.write(tmp_path, table=table))

    new_site = [one for one in result.cells if one.level == "not yet seen"]
    assert row(result, 4).engineering.status is Status.PARTLY
    assert row(result, 4).regulatory.status is Status.PARTLY
    assert [one.answer for one in new_site] == [Answer.UNSEEN]


def test_a_level_that_no_case_has_is_unseen_and_never_supported(tmp_path):
    declared = small.files()
    declared["claims.yaml"]["claims"][0]["scope"]["site"] = ["North", "Nowhere"]

    result = assess(small.write(tmp_path, declared))

    answers = {one.name: one.answer for one in result.cells}
    assert answers["site Nowhere"] is Answer.UNSEEN
    assert answers["site North"] is Answer.SUPPORTED


def test_a_dimension_that_no_study_looks_at_is_unseen(tmp_path):
    declared = small.files()
    declared["claims.yaml"]["claims"][0]["scope"]["vendor"] = "any"

    result = assess(small.write(tmp_path, declared))

    [vendor] = [one for one in result.cells if one.dimension == "vendor"]
    assert (vendor.answer, vendor.why) == (Answer.UNSEEN, "no study looks at vendor")


def test_a_claim_without_a_study_is_open_and_not_an_error(tmp_path):
    declared = small.files()
    declared["claims.yaml"]["claims"].append(
        {**small.CLAIM, "id": "C2", "studies": []},
    )

    result = assess(small.write(tmp_path, declared))

    assert row(result, 3).regulatory.status is Status.PARTLY
    assert "no study serves C2" in str(row(result, 3).regulatory)


@pytest.mark.parametrize("spoiled", ["version", "intended_use_sha256", "letter_sha256", "on"])
def test_a_decision_about_something_else_clears_nothing(tmp_path, spoiled):
    root = small.write(tmp_path, _decided(tmp_path, **{spoiled: _OTHER[spoiled]}))
    (root / "letter.pdf").write_bytes(b"letter")

    result = assess(root)

    assert result.verdict is Verdict.PRE_REGULATORY_DEVICE
    assert row(result, 8).regulatory.status is not Status.MET


def test_a_decision_on_file_does_not_stand_in_for_open_evidence(tmp_path):
    root = small.write(tmp_path, _decided(tmp_path))
    (root / "letter.pdf").write_bytes(b"letter")

    result = assess(root)

    assert row(result, 8).regulatory.status is Status.MET
    assert result.verdict is Verdict.PRE_REGULATORY_DEVICE


def test_a_decision_in_one_market_does_not_speak_for_another(tmp_path):
    files = _decided(tmp_path)
    files["device.yaml"]["markets"] = ["us", "eu"]
    root = small.write(tmp_path, files)
    (root / "letter.pdf").write_bytes(b"letter")

    result = assess(root)

    found = row(result, 8).regulatory
    assert found.status is Status.PARTLY
    assert found.reason.startswith("K000000 of 2026-09-01 (510(k), us) is on file")
    assert {need.what[:3] for need in found.needs} == {"EU:"}
    assert result.decided == {"us"}


_OTHER = {
    "version": "0.9.0",
    "intended_use_sha256": "0" * 64,
    "letter_sha256": "1" * 64,
    "on": "2031-01-01",
}


def _decided(root, **spoiled):
    use = dossier.load(small.write(root)).intended_use
    declared = small.files()
    declared["device.yaml"]["decisions"].append(
        {
            "kind": "clearance",
            "market": "us",
            "pathway": "510(k)",
            "number": "K000000",
            "on": "2026-09-01",
            "version": "1.0.0",
            "intended_use_sha256": digest(use),
            "letter": "letter.pdf",
            "letter_sha256": hashlib.sha256(b"letter").hexdigest(),
            **spoiled,
        }
    )
    (root / "letter.pdf").write_bytes(b"letter")
    return declared


@pytest.mark.parametrize("file", sorted(small.FILES))
def test_no_field_can_assert_a_status(tmp_path, file):
    declared = small.files()
    declared[file]["verdict"] = "cleared"

    with pytest.raises(DossierError, match="verdict"):
        assess(small.write(tmp_path, declared))


def test_nothing_at_all_is_not_validated_and_says_what_comes_first(tmp_path):
    declared = {
        "device.yaml": {"name": "Flag", "version": "0.1"},
        "intended-use.yaml": {"function": "triage"},
        "claims.yaml": {"claims": []},
    }

    result = assess(small.write(tmp_path, declared))

    assert result.verdict is Verdict.NOT_VALIDATED
    assert result.gaps[0].kind == "intended-use"
    assert all(one.engineering.status is not Status.MET for one in result.rows)


def test_what_is_no_device_has_no_pathway_and_never_becomes_a_submission(tmp_path):
    declared = small.files()
    declared["intended-use.yaml"]["function"] = "image-management"
    declared["intended-use.yaml"]["output"] = ["display-only"]

    result = assess(small.write(tmp_path, declared))

    assert row(result, 8).regulatory.status is Status.NOT_APPLICABLE
    assert "no device: US" in row(result, 8).regulatory.reason
    assert result.verdict < Verdict.SUBMISSION_READY
