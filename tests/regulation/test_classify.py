"""Classification from the intended use, and what is never guessed."""

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import Match, classify
from defensible.regulation.reading import MARKETS
from tests.regulation import law

CASES = [case for name, case in law.cases() if name == "us"]
RULES = {rule.id: rule for rule in law.whole("us").rules}
WHOLE = {
    "statement": "Reads what it is given.",
    "condition": "pneumothorax",
    "target_finding": "pleural line",
    "anatomy": "chest",
    "workflow": "concurrent-read",
    "human_confirmation": "full-image-read-by-clinician",
    "user": ["radiologist"],
    "situation": "serious",
    "significance": "drive",
}
TRIAGE = {
    **WHOLE,
    "function": "triage",
    "output": ["worklist-flag"],
    "workflow": "parallel-to-standard-read",
    "imaging_modality": ["CT"],
}


def us(**fields):
    return classify(IntendedUse(**fields), [Market.US]).market("us")


def named(case):
    return case["rule"]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_a_whole_intended_use_that_meets_a_rule_is_decided_by_it_or_by_none(case):
    rule = RULES[case["rule"]]

    answer = us(**WHOLE | case["met"])

    lead = answer.fired[-1].rule if answer.fired else None
    if rule.when.provided:
        assert lead != rule.id
    elif rule.cite.confidence == "low":
        assert not answer.decided
        assert lead == rule.id
        assert rule.id in answer.ask
    else:
        assert answer.decided
        assert lead == rule.id
        assert (answer.device_class, answer.regulation, answer.pathway) == (
            rule.then.class_,
            rule.then.regulation,
            rule.then.pathway,
        )
        assert answer.assumes == rule.limits
        assert answer.confidence == rule.cite.confidence


def test_no_answer_holds_a_code_that_is_not_confirmed():
    doubtful = {one.code for rule in RULES.values() for one in rule.then.product_codes if one.check}

    given = {code for case in CASES for code in us(**WHOLE | case["met"]).product_codes}
    assert doubtful == {"SEZ", "SFH", "SHW", "ONV"}
    assert given & doubtful == set()
    assert len(given) > 30


def test_triage_that_also_marks_the_lesion_is_another_device():
    flagged = us(**TRIAGE)
    marked = us(**TRIAGE | {"output": ["worklist-flag", "mark-or-box"]})

    assert (flagged.regulation, flagged.product_codes) == ("21 CFR 892.2080", ("QAS", "QFM"))
    assert not marked.decided
    assert (marked.device, marked.device_class) == (True, None)
    assert [one.rule for one in marked.near] == ["us.triage"]
    assert [one.field for one in marked.near[0].conditions if one.match is Match.NOT_MET] == [
        "output"
    ]
    assert "Closest: us.triage if output were worklist-flag" in marked.ask


def test_the_same_weights_without_a_human_read_have_no_predicate_with_one():
    answer = us(
        **TRIAGE
        | {
            "function": "autonomous-diagnosis",
            "output": ["finding-category"],
            "workflow": "no-human-read",
            "human_confirmation": "none",
            "user": ["non-specialist-clinician"],
        }
    )

    assert not answer.decided
    assert answer.device is True
    assert "De Novo or PMA" in answer.ask


def test_what_is_not_declared_is_asked_for_and_never_taken_as_false():
    answer = us(function="triage")

    assert not answer.decided
    assert answer.device is None
    assert {"output", "workflow", "human_confirmation", "imaging_modality"} <= set(
        answer.unknown_fields
    )
    assert answer.ask.startswith("declare output, workflow, human_confirmation, imaging_modality")


@pytest.mark.parametrize(
    ("user", "code"),
    [(["radiologist"], ("QIH",)), (["radiation-oncology-team"], ("QKB",)), (None, ("QIH", "QKB"))],
)
def test_the_product_code_follows_what_is_declared(user, code):
    contours = {
        **WHOLE,
        "function": "segmentation",
        "output": ["contour"],
        "imaging_modality": ["CT"],
        "human_confirmation": "editable-and-approved",
        "user": user,
    }

    answer = us(**contours)

    assert (answer.regulation, answer.product_codes) == ("21 CFR 892.2050", code)


@pytest.mark.parametrize(
    ("condition", "code"), [("breast cancer", "QDQ"), ("wrist fracture", "QBS")]
)
def test_what_is_looked_for_parts_two_codes_of_one_type(condition, code):
    answer = us(
        **WHOLE
        | {
            "function": "detection-and-diagnosis",
            "output": ["mark-or-box", "finding-category"],
            "imaging_modality": ["X-ray"],
            "condition": condition,
        }
    )

    assert (answer.regulation, answer.product_codes) == ("21 CFR 892.2090", (code,))


def test_a_special_type_leads_the_general_one_where_both_apply():
    density = {
        **WHOLE,
        "function": "quantification",
        "output": ["measurement"],
        "imaging_modality": ["CT"],
        "condition": "osteoporosis",
    }

    special = us(**density)
    general = us(**density | {"condition": "emphysema"})
    unsaid = us(**density | {"condition": None})

    assert (special.regulation, special.product_codes) == ("21 CFR 892.1170", ("KGI",))
    assert (general.regulation, general.product_codes) == ("21 CFR 892.2050", ("QIH",))
    assert not unsaid.decided
    assert unsaid.unknown_fields == ("condition",)


def test_an_intended_use_that_meets_two_types_is_decided_by_neither():
    both = us(
        **WHOLE
        | {
            "function": "prognosis",
            "output": ["alert"],
            "imaging_modality": ["none"],
            "human_confirmation": "adjunct-to-other-data",
            "condition": "sepsis, or hypotension for another reason",
        }
    )

    assert not both.decided
    assert [one.rule for one in both.fired] == [
        "us.ground.clinical-output",
        "us.cardiovascular-prediction",
        "us.sepsis",
    ]
    assert both.ask.startswith("several device types apply (21 CFR 870.2210")


def test_what_no_field_tells_decides_nothing_and_is_asked():
    answer = us(
        **WHOLE
        | {
            "function": "quantification",
            "output": ["measurement"],
            "imaging_modality": ["MR"],
            "condition": "iron overload",
        }
    )

    assert not answer.decided
    assert "us.liver-iron" in {one.rule for one in answer.near}
    assert "us.liver-iron if it is the companion diagnostic of a chelation therapy" in answer.ask


def test_what_the_answer_rests_on_besides_the_fields_is_said():
    answer = us(
        **WHOLE
        | {"function": "quantification", "output": ["measurement"], "imaging_modality": ["MR"]}
    )

    assert answer.regulation == "21 CFR 892.2050"
    assert "not part of a scanner, and does not read its raw data" in answer.assumes


def test_software_that_only_shows_images_is_outside_the_definition():
    answer = us(function="image-management", output=["display-only"], imaging_modality=["CT"])

    assert (answer.decided, answer.device, answer.device_class) == (True, False, None)
    assert answer.fired[0].citation.source == "FD&C Act 520(o)(1)(D); 86 FR 20278"


@pytest.mark.parametrize(
    ("output", "decided", "device"),
    [(["display-only"], True, False), (["probability-score"], False, True), (None, False, None)],
)
def test_calling_it_no_device_does_not_make_it_one(output, decided, device):
    answer = us(function="non-device", output=output, imaging_modality=["CT"])

    assert (answer.decided, answer.device) == (decided, device)


def test_every_market_that_a_device_can_name_has_a_pack():
    assert set(MARKETS) == {one.value for one in Market}


@pytest.mark.parametrize(
    ("situation", "treat", "drive", "inform"),
    [
        ("critical", "IV", "III", "II"),
        ("serious", "III", "II", "I"),
        ("non-serious", "II", "I", "I"),
    ],
)
def test_the_imdrf_category_is_that_of_the_table_in_n12(situation, treat, drive, inform):
    categories = [
        classify(
            IntendedUse(function="triage", situation=situation, significance=significance), []
        ).imdrf.device_class
        for significance in ("treat-or-diagnose", "drive", "inform")
    ]

    assert categories == [treat, drive, inform]


def test_without_situation_there_is_no_category():
    answer = classify(IntendedUse(function="triage", significance="drive"), []).imdrf

    assert not answer.decided
    assert answer.unknown_fields == ("situation",)
