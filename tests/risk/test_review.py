"""The ISO 14971 checks: a whole file holds them all; each spoiled copy misses the one it should."""

import copy
import hashlib
from datetime import date
from typing import Any

import pytest

from defensible import evidence
from defensible.dossier import DossierError, load
from defensible.regulation.failure_modes import catalogue
from defensible.risk import Held, review
from tests.assessment import small

TODAY = date(2026, 11, 23)
SCALE = ("rare", "seldom", "often")
SEVERITY = ("minor", "serious", "critical")
MATRIX = {
    "minor": {"rare": "acceptable", "seldom": "acceptable", "often": "reduce-further"},
    "serious": {"rare": "acceptable", "seldom": "reduce-further", "often": "unacceptable"},
    "critical": {"rare": "reduce-further", "seldom": "unacceptable", "often": "unacceptable"},
}
REPORT = {"report": "test.txt", "report_sha256": hashlib.sha256(b"passed").hexdigest()}
WHY = {"rationale": "S1", "exploitability": "Needs an account of the hospital (low)."}
PASSAGE = "An absent flag means nothing."
RISKS: dict[str, Any] = {
    "policy": {
        "severity": [{"name": name, "meaning": name} for name in SEVERITY],
        "probability": [{"name": name} for name in SCALE],
        "matrix": MATRIX,
        "overall_criteria": "Benefit outweighs all residual risk together.",
        "approved": {"role": "managing director", "on": "2026-01-10", "review_by": "2028-01-10"},
    },
    "plan": {
        "process": "QP-14",
        "scope": "Flag 1.0.0, from design to withdrawal.",
        "roles": [{"role": "risk lead", "does": "leads", "competence": "HR-7"}],
        "reviews": "At every release.",
        "unknown_probability": "By severity alone.",
        "verification": "By test for each control.",
        "information": "Complaints, each quarter.",
    },
    "analysis": {
        "device": "Flag 1.0.0",
        "roles": ["risk lead", "radiologist"],
        "on": "2026-09-01",
        "scope": "All functions.",
    },
    "misuse": [{"text": "Read as a diagnosis", "risks": ["R1"]}],
    "characteristics": [{"text": "Sensitivity at the operating point", "risks": ["R1"]}],
    "hazards": [{"id": "H1", "text": "A missed pneumothorax"}],
    "risks": [
        {
            "id": "R1",
            "hazard": "H1",
            "sequence_of_events": "The flag stays off; the study waits its turn.",
            "hazardous_situation": "A patient with a tension pneumothorax waits.",
            "harm": "Late treatment",
            "initial": {"severity": "critical", "probability": "seldom", **WHY},
            "controls": ["RC1", "RC2"],
            "residual": {"severity": "critical", "probability": "rare", **WHY},
            "acceptance": {"role": "risk lead", "on": "2026-10-01", "review_by": "2027-10-01"},
            "modes": [one.id for one in catalogue().modes],
            "disclosed": {"labeling": "labeling/ifu.md", "passage": PASSAGE},
        }
    ],
    "controls": [
        {
            "id": "RC1",
            "text": "Unflagged studies keep their place.",
            "kind": "inherently-safe-design",
            "reduces": ["probability"],
            "implementation": REPORT,
            "effectiveness": REPORT,
            "new_hazards": [],
        },
        {
            "id": "RC2",
            "text": "The instructions say that an absent flag means nothing.",
            "kind": "information-for-safety",
            "reduces": ["probability"],
            "implementation": {"labeling": "labeling/ifu.md", "passage": PASSAGE},
            "effectiveness": REPORT,
            "new_hazards": [],
        },
    ],
    "overall": {
        "acceptable": True,
        "role": "risk lead",
        "on": "2026-10-02",
        "rationale": "Earlier reading of most cases outweighs it.",
    },
    "release": {
        "role": "quality lead",
        "on": "2026-10-03",
        "plan_done": "Minutes of 3 October.",
        "information_ready": "QP-20 is in force.",
    },
    "post_production": {"owner": "quality lead", "sources": ["complaints", "literature"]},
}


def reviewed(root, risks, *, today=TODAY, results=()):
    return review(loaded(root, risks), results, today=today)


def loaded(root, risks):
    declared = small.files()
    if risks is not None:
        declared["risks.yaml"] = risks
    small.write(root, declared)
    (root / "test.txt").write_bytes(b"passed")
    with (root / "labeling/ifu.md").open("a", encoding="utf-8") as file:
        file.write("\nAn absent flag **means\nnothing**.\n")
    return load(root)


def missed(result):
    return {check.clause: check.open_items for check in result.open_checks}


def why(result, clause):
    return next(check.why for check in result.open_checks if check.clause == clause)


def spoiled(*path, **changes):
    """A copy of the file with one part left out or, where changes are given, changed."""
    whole = copy.deepcopy(RISKS)
    here = whole
    for step in path[:-1]:
        here = here[step]
    if changes:
        here[path[-1]] = {**here[path[-1]], **changes}
    else:
        del here[path[-1]]
    return whole


def control(number, **changes):
    return spoiled("controls", number, **changes)


def risk(**changes):
    return spoiled("risks", 0, **changes)


def test_a_whole_file_holds_every_requirement(tmp_path):
    result = reviewed(tmp_path, RISKS)

    assert missed(result) == {}
    assert result.complete
    assert result.overall_acceptable is True
    assert (result.n_hazards, result.n_risks, result.n_controls) == (1, 1, 2)
    assert (result.n_residual_unacceptable, result.n_residual_unknown) == (0, 0)


def test_no_file_holds_nothing(tmp_path):
    result = reviewed(tmp_path, None)

    assert {check.held for check in result.checks} == {Held.NO}
    assert {check.why for check in result.checks} == {"there is no risks.yaml"}
    assert result.overall_acceptable is None


def test_an_empty_file_is_not_held_by_having_nothing_wrong_in_it(tmp_path):
    result = reviewed(tmp_path, {})

    assert not any(check.held is Held.YES for check in result.checks)
    assert not result.complete


@pytest.mark.parametrize(
    ("file", "clause", "items"),
    [
        (spoiled("policy", "matrix", "minor", "often"), "4.4 d", ("minor × often",)),
        (spoiled("policy", "overall_criteria"), "4.4 e", ()),
        (spoiled("risks", 0, "initial"), "5.5", ("R1",)),
        (spoiled("risks", 0, "residual"), "7.3", ("R1",)),
        (spoiled("risks", 0, "acceptance"), "7.4 (acceptance)", ("R1",)),
        (spoiled("controls", 0, "implementation"), "7.2", ("RC1",)),
        (spoiled("controls", 0, "effectiveness"), "7.2 (effectiveness)", ("RC1",)),
        (spoiled("controls", 0, "new_hazards"), "7.5", ("RC1",)),
        (spoiled("risks", 0, "residual", probability="seldom"), "7.4", ("R1",)),
        (
            spoiled("risks", 0, "residual", severity="serious", probability="seldom"),
            "7.3 (reduction)",
            ("R1",),
        ),
    ],
)
def test_each_spoiled_file_misses_its_clause_and_so_the_overall_judgement(
    tmp_path, file, clause, items
):
    result = reviewed(tmp_path, file)

    assert missed(result)[clause] == items
    assert why(result, "8").startswith("overall residual risk was judged while ")
    assert result.overall_acceptable is None


def test_a_file_without_a_policy_holds_nothing_that_rests_on_one(tmp_path):
    result = reviewed(tmp_path, spoiled("policy"))

    assert {"4.2", "4.4 d", "4.4 e", "5.5", "7.3"} <= set(missed(result))
    assert result.n_residual_unknown == 1


def test_a_hazard_that_leads_to_no_risk_is_named_with_its_line(tmp_path):
    file = copy.deepcopy(RISKS)
    file["hazards"].append({"id": "H2", "text": "Wrong patient"})

    dossier = loaded(tmp_path, file)
    check = review(dossier, (), today=TODAY).open_checks[0]

    assert (check.clause, check.open_items) == ("5.4 (each hazard)", ("H2",))
    assert check.place == dossier.identified["H2"]
    assert check.place.line > dossier.place("risks.yaml", "hazards").line


def test_a_risk_that_the_policy_does_not_accept_needs_a_control(tmp_path):
    file = risk(controls=[])
    file["controls"] = []

    assert missed(reviewed(tmp_path, file))["6"] == ("R1",)


def test_a_risk_that_the_policy_accepts_is_its_own_residual_risk(tmp_path):
    file = copy.deepcopy(RISKS)
    mild = {"severity": "minor", "probability": "rare", "rationale": "S1"}
    link = {key: RISKS["risks"][0][key] for key in ("hazard", "sequence_of_events", "harm")}
    file["risks"].append({"id": "R2", "hazardous_situation": "Wait", "initial": mild, **link})

    result = reviewed(tmp_path, file)

    assert missed(result) == {}
    assert result.n_residual_unknown == 0


def words_alone(**changes):
    file = risk(controls=["RC2"], **changes)
    del file["controls"][0]
    return file


def test_words_alone_control_a_risk_only_where_nothing_better_is_practicable(tmp_path):
    without = reviewed(tmp_path / "without", words_alone())
    reason = "The worklist belongs to another maker."
    given = reviewed(tmp_path / "given", words_alone(information_alone=reason))

    assert missed(without)["7.1"] == ("R1",)
    assert missed(given) == {}


def test_a_control_that_no_risk_names_is_named(tmp_path):
    assert missed(reviewed(tmp_path, risk(controls=["RC1"])))["7.1 (use)"] == ("RC2",)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (
            control(1, implementation={"labeling": "labeling/ifu.md", "passage": "No such"}),
            "RC2 (labeling/ifu.md does not hold the passage)",
        ),
        (
            control(0, implementation={"labeling": "labeling/ifu.md", "passage": PASSAGE}),
            "RC1 (a passage of labeling shows information alone)",
        ),
        (
            control(0, implementation={**REPORT, "report_sha256": "0" * 64}),
            "RC1 (test.txt has another digest than declared)",
        ),
        (control(0, implementation={"study": "S1"}), "RC1 (S1 has no result)"),
    ],
)
def test_evidence_that_does_not_hold_shows_no_implementation(tmp_path, file, said):
    result = reviewed(tmp_path, file)

    assert why(result, "7.2") == f"controls whose implementation is not shown: {said}"


def test_a_report_that_has_gone_shows_nothing(tmp_path):
    dossier = loaded(tmp_path, RISKS)
    (tmp_path / "test.txt").unlink()

    result = review(dossier, (), today=TODAY)

    assert "RC1 (test.txt cannot be read)" in why(result, "7.2")


def test_that_words_stand_in_the_labeling_does_not_show_that_they_work(tmp_path):
    passage = {"labeling": "labeling/ifu.md", "passage": PASSAGE}

    result = reviewed(tmp_path, control(1, effectiveness=passage))

    assert missed(result)["7.2 (effectiveness)"] == ("RC2",)


@pytest.mark.parametrize(("goal", "open_items"), [(0.7, None), (0.999, ("RC1",))])
def test_a_study_shows_that_a_control_works_where_its_goals_are_met(tmp_path, goal, open_items):
    declared = small.files()
    declared["risks.yaml"] = control(0, effectiveness={"study": "S1"})
    declared["claims.yaml"]["claims"][0]["endpoints"][0]["goal"] = {"above": goal}
    (tmp_path / "test.txt").write_bytes(b"passed")
    dossier = load(small.write(tmp_path, declared))

    result = review(dossier, evidence.run(dossier), today=TODAY)

    assert missed(result).get("7.2 (effectiveness)") == open_items


@pytest.mark.parametrize(
    ("benefit", "clauses"),
    [
        (None, {"7.4", "8"}),
        ({"report": "test.txt", "report_sha256": "0" * 64}, {"7.4", "8"}),
        ({"labeling": "labeling/ifu.md", "passage": PASSAGE}, {"7.4", "8"}),
        (REPORT, set()),
    ],
)
def test_an_unacceptable_residual_risk_needs_a_benefit_that_is_shown(tmp_path, benefit, clauses):
    residual = {"severity": "critical", "probability": "seldom", **WHY}
    file = risk(residual=residual) if benefit is None else risk(residual=residual, benefit=benefit)

    result = reviewed(tmp_path, file)

    assert set(missed(result)) == clauses
    assert result.n_residual_unacceptable == 1


def test_an_acceptance_ends_at_its_review_date(tmp_path):
    on_the_day = reviewed(tmp_path / "on", RISKS, today=date(2027, 10, 1))
    after = reviewed(tmp_path / "after", RISKS, today=date(2027, 10, 2))

    assert missed(on_the_day) == {}
    assert set(missed(after)) == {"7.4 (acceptance)", "8"}
    assert "R1 (review was due on 2027-10-01)" in why(after, "7.4 (acceptance)")


def test_an_acceptance_in_the_future_is_none(tmp_path):
    later = {"role": "risk lead", "on": "2026-12-01", "review_by": "2027-12-01"}

    result = reviewed(tmp_path, risk(acceptance=later))

    assert "R1 (dated 2026-12-01, in the future)" in why(result, "7.4 (acceptance)")


@pytest.mark.parametrize(
    ("overall", "said"),
    [
        ({"on": "2026-12-01"}, "the judgement of overall residual risk is dated 2026-12-01"),
        ({"on": "2026-09-30"}, "was judged on 2026-09-30, before an acceptance of 2026-10-01"),
    ],
)
def test_overall_residual_risk_is_judged_last(tmp_path, overall, said):
    result = reviewed(tmp_path, spoiled("overall", **overall))

    assert set(missed(result)) - {"9"} == {"8"}
    assert said in why(result, "8")
    assert result.overall_acceptable is None


def test_no_overall_judgement_is_none(tmp_path):
    result = reviewed(tmp_path, spoiled("overall"))

    assert why(result, "8") == "overall residual risk is not judged"
    assert result.overall_acceptable is None


def test_a_judgement_against_the_device_is_not_held_as_one_for_it(tmp_path):
    result = reviewed(tmp_path, spoiled("overall", acceptable=False))

    assert set(missed(result)) == {"8 (acceptable)", "9"}
    assert result.overall_acceptable is False


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (control(0, new_hazards=["H9"]), "there is no hazard H9"),
        (risk(benefit={"study": "S9"}), "there is no study S9"),
    ],
)
def test_what_leads_nowhere_is_refused_when_the_dossier_is_read(tmp_path, file, said):
    with pytest.raises(DossierError, match=said):
        loaded(tmp_path, file)


def test_an_attack_is_judged_by_how_hard_it_is(tmp_path):
    rare = {"severity": "critical", "probability": "rare", "rationale": "Seldom seen"}

    result = reviewed(tmp_path, risk(residual=rare))

    assert why(result, "5.5 (security)") == (
        "risks of an attack that are judged by frequency: R1 (after control: no exploitability)"
    )


def test_an_attacker_comes_at_no_rate_of_a_study(tmp_path):
    measured = {"from": "S1", "metric": "false_negative_rate"}
    bound = {"severity": "critical", "probability": "rare", **WHY, "p1": measured}

    result = reviewed(tmp_path, risk(residual=bound))

    assert "P1 is a rate of S1, and an attacker comes at no rate" in why(result, "5.5 (security)")
