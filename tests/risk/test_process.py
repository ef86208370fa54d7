"""The clauses around the risks: each spoiled file misses its own, and says why."""

import copy

import pytest

from defensible.regulation.failure_modes import applying, catalogue
from defensible.risk import Held
from tests.risk.test_review import RISKS, control, loaded, missed, reviewed, spoiled, why

UNTOLD = "residual risks that no labeling tells of"


def file(*path, to):
    """A copy of the whole file with one thing put in another's place."""
    whole = copy.deepcopy(RISKS)
    here = whole
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = to
    return whole


@pytest.mark.parametrize(
    ("given", "clause", "said"),
    [
        (spoiled("plan", "process"), "4.1", "the plan does not say by which process"),
        (spoiled("policy", "approved"), "4.2 (approval)", "nobody has approved the policy"),
        (
            spoiled("policy", "approved", review_by="2026-11-01"),
            "4.2 (approval)",
            "the approval of the policy is not current (2026-01-10)",
        ),
        (
            spoiled("plan", "roles", 0, "competence"),
            "4.3",
            "roles without a record of competence: risk lead",
        ),
        (spoiled("plan", "scope"), "4.4 a", "the plan does not say for what it is"),
        (spoiled("plan", "roles"), "4.4 b", "the plan does not say who does what"),
        (spoiled("plan", "reviews"), "4.4 c", "the plan does not say when activities are reviewed"),
        (
            spoiled("plan", "unknown_probability"),
            "4.4 d (unknown)",
            "the plan does not say how unknown probability is judged",
        ),
        (
            spoiled("plan", "verification"),
            "4.4 f",
            "the plan does not say how controls are verified",
        ),
        (
            spoiled("plan", "information"),
            "4.4 g",
            "the plan does not say how information is collected",
        ),
        (spoiled("plan"), "4.4 g", "there is no risk management plan"),
        (
            control(0, implementation=None),
            "4.5",
            "risks with an empty link: R1 (no evidence named for RC1)",
        ),
        (spoiled("analysis"), "5.1", "who analysed what, and when, is not recorded"),
        (
            spoiled("analysis", device="Flag 0.9"),
            "5.1",
            "the analysis is of Flag 0.9, and the version is 1.0.0",
        ),
        (
            spoiled("analysis", on="2027-01-01"),
            "5.1",
            "the analysis is dated 2027-01-01, in the future",
        ),
        (spoiled("misuse"), "5.2", "no reasonably foreseeable misuse is named"),
        (file("misuse", to=[]), "5.2", "no reasonably foreseeable misuse is named"),
        (
            spoiled("misuse", 0, "risks"),
            "5.2",
            "misuse that leads to no risk: Read as a diagnosis",
        ),
        (spoiled("characteristics"), "5.3", "no characteristic that affects safety is named"),
        (
            spoiled("risks", 0, "disclosed"),
            "8 (disclosure)",
            f"{UNTOLD}: R1",
        ),
        (
            spoiled("risks", 0, "disclosed", passage="No such words"),
            "8 (disclosure)",
            f"{UNTOLD}: R1 (labeling/ifu.md does not hold the passage)",
        ),
        (spoiled("release"), "9", "there is no review before release"),
        (
            spoiled("release", on="2027-01-01"),
            "9",
            "the review before release is dated 2027-01-01, in the future",
        ),
        (
            spoiled("release", on="2026-10-01"),
            "9",
            "the review of 2026-10-01 is before the overall judgement of 2026-10-02",
        ),
        (spoiled("post_production"), "10.1", "nobody collects information from production and use"),
        (spoiled("post_production", "sources"), "10.2", "no source of information is named"),
    ],
)
def test_each_spoiled_file_misses_its_clause_and_says_why(tmp_path, given, clause, said):
    assert why(reviewed(tmp_path, given), clause) == said


REVIEW = {
    "on": "2026-11-01",
    "role": "quality lead",
    "new_hazards": "None.",
    "acceptability": "As it was.",
    "benefit": "As it was.",
    "state_of_the_art": "As it was.",
    "actions": "None.",
    "next_by": "2027-05-01",
}


def after(**changes):
    return file("post_production", "reviews", to=[{**REVIEW, **changes}])


def test_information_is_reviewed_once_there_is_some_and_then_in_time(tmp_path):
    before = reviewed(tmp_path / "before", RISKS)
    done = reviewed(tmp_path / "done", after())
    late = reviewed(tmp_path / "late", after(next_by="2026-11-20"))
    ahead = reviewed(tmp_path / "ahead", after(on="2026-12-24"))

    assert [one.held for one in before.checks if one.clause == "10.3"] == [Held.NOT_APPLICABLE]
    assert [one.held for one in done.checks if one.clause == "10.3"] == [Held.YES]
    assert why(late, "10.3") == "the next review was due on 2026-11-20"
    assert why(ahead, "10.3") == "a review is dated 2026-12-24, in the future"


def test_a_failure_mode_of_the_catalogue_that_nobody_dealt_with_is_named(tmp_path):
    modes = [one.id for one in catalogue().modes if one.id != "unflagged-waits-longer"]
    result = reviewed(tmp_path, with_modes(modes))

    assert missed(result)["5.4 (failure modes)"] == ("unflagged-waits-longer",)


def with_modes(modes, aside=()):
    whole = copy.deepcopy(RISKS)
    whole["risks"][0]["modes"] = modes
    whole["not_applicable"] = list(aside)
    return whole


def test_a_mode_set_aside_with_a_reason_is_dealt_with(tmp_path):
    modes = [one.id for one in catalogue().modes if one.id != "slow-drift"]
    aside = {"mode": "slow-drift", "why": "Used once.", "role": "lead", "on": "2026-10-01"}

    assert missed(reviewed(tmp_path, with_modes(modes, [aside]))) == {}


def test_a_file_without_modes_misses_all_that_apply_worst_first(tmp_path):
    dossier = loaded(tmp_path / "use", RISKS)
    result = reviewed(tmp_path / "none", with_modes([]))

    expected = tuple(one.mode.id for one in applying(dossier.intended_use))
    assert missed(result)["5.4 (failure modes)"] == expected


def test_a_control_that_is_the_control_of_its_own_new_hazard_is_a_circle(tmp_path):
    whole = control(0, new_hazards=["H1"])

    result = reviewed(tmp_path, whole)

    assert missed(result)["7.5 (circle)"] == ("RC1",)
    assert why(result, "7.5 (circle)") == "controls that lead back to themselves: RC1 (RC1 → RC1)"


def test_a_circle_over_two_controls_is_told_once_with_its_way(tmp_path):
    whole = copy.deepcopy(RISKS)
    whole["hazards"].append({"id": "H2", "text": "Too many flags"})
    whole["risks"].append({**whole["risks"][0], "id": "R2", "hazard": "H2", "controls": ["RC2"]})
    whole["risks"][0]["controls"] = ["RC1"]
    whole["controls"][0]["new_hazards"] = ["H2"]
    whole["controls"][1]["new_hazards"] = ["H1"]

    result = reviewed(tmp_path, whole)

    assert why(result, "7.5 (circle)") == (
        "controls that lead back to themselves: RC1 (RC1 → RC2 → RC1)"
    )
