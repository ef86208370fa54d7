"""The class under the MDR: what Rule 11 says, what guidance reads, what machines bring."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify
from defensible.regulation.readable import values

FLAG = {
    "function": "triage",
    "imaging_modality": ["X-ray"],
    "output": ["worklist-flag"],
    "user": ["radiologist"],
    "situation": "critical",
    "significance": "drive",
}
ECG = {
    "function": "signal-analysis",
    "imaging_modality": ["none"],
    "other_input": ["ECG"],
    "output": ["finding-category"],
    "user": ["specialist"],
    "situation": "serious",
    "significance": "drive",
    "monitoring": "none",
}
DENOISE = {
    "function": "image-enhancement",
    "imaging_modality": ["CT"],
    "output": ["enhanced-image"],
    "user": ["sonographer-or-technologist"],
    "situation": "serious",
    "significance": "inform",
    "integration": "part-of-machine",
    "machine": "CT-scanner",
}
CONTOUR = {
    "function": "segmentation",
    "imaging_modality": ["CT"],
    "output": ["contour"],
    "user": ["radiation-oncology-team"],
    "situation": "serious",
    "significance": "drive",
}


def eu(facts=None, **fields):
    return classify(IntendedUse(**fields), [Market.EU], facts=facts or {}).market("eu")


def test_a_flag_for_a_critical_finding_is_iib_by_rule_11():
    answer = eu(**FLAG)

    assert (answer.device, answer.device_class, answer.rule) == (True, "IIb", "11")
    assert answer.regulation == "Regulation (EU) 2017/745"
    assert answer.pathway == (
        "notified body (Annex IX chapters I and III, documentation sampled by generic group)"
    )
    assert answer.confidence == "medium"
    assert answer.unknown_fields[0] == "worst_outcome"
    assert "class III" in answer.assumes[0]


@pytest.mark.parametrize(
    ("situation", "significance", "device_class"),
    [
        ("critical", "treat-or-diagnose", "III"),
        ("critical", "drive", "IIb"),
        ("critical", "inform", "IIa"),
        ("serious", "treat-or-diagnose", "IIb"),
        ("serious", "drive", "IIa"),
        ("serious", "inform", "IIa"),
        ("non-serious", "treat-or-diagnose", "IIa"),
        ("non-serious", "drive", "IIa"),
        ("non-serious", "inform", "IIa"),
    ],
)
def test_the_grid_of_guidance_answers_where_no_worst_outcome_is_declared(
    situation, significance, device_class
):
    answer = eu(**FLAG | {"situation": situation, "significance": significance})

    assert (answer.device_class, answer.confidence) == (device_class, "medium")


@pytest.mark.parametrize(
    ("worst", "device_class"),
    [
        ("death-or-irreversible-deterioration", "III"),
        ("serious-deterioration-or-surgery", "IIb"),
        ("other", "IIa"),
    ],
)
def test_the_worst_outcome_decides_by_the_text_of_the_law(worst, device_class):
    answer = eu(**FLAG | {"situation": "serious", "worst_outcome": worst})

    assert (answer.device_class, answer.rule, answer.confidence) == (device_class, "11", "high")
    assert [one.rule for one in answer.fired if ".rule-11" in one.rule] == [answer.fired[-1].rule]
    assert not any("guidance" in one for one in answer.assumes)


def test_a_worst_outcome_milder_than_guidance_reads_is_not_taken_at_its_word():
    answer = eu(**FLAG | {"worst_outcome": "other"})

    assert (answer.decided, answer.device, answer.device_class) == (False, True, None)
    assert answer.fired[0].rule == "eu.ground.milder-than-guidance.critical.drive"
    assert "argue the worst outcome in writing" in answer.ask


def test_a_worst_outcome_milder_than_the_risk_file_is_not_taken_at_its_word():
    use = FLAG | {"situation": "serious", "worst_outcome": "serious-deterioration-or-surgery"}

    answer = eu({"risks.worst_severity": ("catastrophic: death of the patient",)}, **use)

    assert not answer.decided
    assert answer.fired[0].rule == "eu.ground.milder-than-risk-file"
    assert eu({"risks.worst_severity": ("serious: surgery",)}, **use).device_class == "IIb"


def test_the_same_weights_without_a_person_move_from_iia_to_iib():
    read = {**FLAG, "function": "diagnosis", "output": ["finding-category"], "situation": "serious"}
    alone = {**read, "function": "autonomous-diagnosis"}

    assert (eu(**read).device_class, eu(**alone).device_class) == ("IIa", "IIb")
    assert eu(**alone | {"situation": "critical"}).device_class == "III"


def test_a_measurement_for_a_radiologist_is_iia_and_never_class_i():
    answer = eu(
        **FLAG
        | {
            "function": "quantification",
            "output": ["measurement"],
            "situation": "non-serious",
            "significance": "inform",
            "monitoring": "none",
        }
    )

    assert (answer.device_class, answer.rule) == ("IIa", "11")


def test_contours_for_radiotherapy_are_iib_whether_or_not_they_drive_a_machine():
    alone = eu(**CONTOUR, integration="independent")
    driving = eu(
        **CONTOUR, integration="drives-or-influences-machine", machine="linear-accelerator"
    )

    assert (alone.device_class, alone.rule) == ("IIb", "11")
    assert (driving.device_class, driving.rule) == ("IIb", "11, 9")
    assert eu(**CONTOUR | {"user": ["radiologist"]}).device_class == "IIa"


@pytest.mark.parametrize(
    ("machine", "device_class", "rule"),
    [
        ("CT-scanner", "IIb", "10"),
        ("X-ray-system", "IIb", "10"),
        ("linear-accelerator", "IIb", "9"),
        ("active-implant", "III", "9"),
        ("MR-scanner", "IIa", "11, 10"),
        ("PET-or-SPECT-scanner", "IIa", "11, 10"),
    ],
)
def test_software_in_a_machine_takes_at_least_the_class_of_the_machine(machine, device_class, rule):
    answer = eu(**DENOISE | {"machine": machine})

    assert (answer.device_class, answer.rule) == (device_class, rule)


@pytest.mark.parametrize(
    "machine", ["OCT-system", "infusion-pump", "stimulator", "image-store", "other"]
)
def test_a_machine_whose_class_is_not_known_decides_nothing(machine):
    answer = eu(**DENOISE | {"machine": machine}, human_confirmation="editable-and-approved")

    assert (answer.decided, answer.device) == (False, True)
    assert "class of that machine" in answer.ask


def test_a_stimulator_that_acts_on_its_own_diagnosis_is_class_iii_by_rule_22():
    answer = eu(
        **ECG | {"integration": "drives-or-influences-machine", "human_confirmation": "none"},
        machine="stimulator",
    )

    assert (answer.device_class, answer.rule) == ("III", "22")


def test_an_ecg_is_iia_unless_it_watches_for_immediate_danger():
    watch = {**ECG, "output": ["alert"], "monitoring": "vital-parameter-with-immediate-danger"}

    assert eu(**ECG).device_class == "IIa"
    assert (eu(**watch).device_class, eu(**watch).rule) == ("IIb", "11")
    assert eu(**{key: value for key, value in ECG.items() if key != "monitoring"}).ask == (
        "declare monitoring in intended-use.yaml, which could decide it"
    )


def test_decision_support_without_images_is_a_device_of_class_iia():
    answer = eu(
        function="prognosis",
        imaging_modality=["none"],
        other_input=["patient-record", "laboratory-value"],
        output=["recommendations"],
        user=["specialist"],
        situation="serious",
        significance="inform",
        basis="reviewable",
    )

    assert (answer.device, answer.device_class) == (True, "IIa")


def test_contraception_is_iib_by_rule_15():
    answer = eu(
        function="prognosis",
        condition="contraception by fertile days",
        imaging_modality=["none"],
        other_input=["patient-record"],
        output=["risk-over-time"],
        user=["lay-person"],
        situation="non-serious",
        significance="drive",
    )

    assert (answer.device_class, answer.rule) == ("IIb", "15")


@pytest.mark.parametrize(
    "change",
    [
        {"imaging_modality": ["whole-slide"], "user": ["pathologist"]},
        {"imaging_modality": ["none"], "other_input": ["genetic-sequence", "patient-record"]},
        {"imaging_modality": ["none"], "other_input": ["laboratory-value"]},
    ],
)
def test_what_comes_from_specimens_is_asked_under_the_ivdr(change):
    answer = eu(**FLAG | change)

    assert (answer.decided, answer.device, answer.device_class) == (False, True, None)
    assert "2017/746" in answer.ask


@pytest.mark.parametrize(
    "fields",
    [
        {"function": "non-device", "output": ["display-only"], "purpose": "administration"},
        {"function": "non-device", "output": ["measurement"], "purpose": "general-wellness"},
        {"function": "prognosis", "output": ["display-only"], "purpose": "population"},
        {
            "function": "image-management",
            "output": ["display-only"],
            "purpose": "transfer-or-display",
        },
    ],
)
def test_software_without_a_medical_purpose_for_a_patient_is_no_device(fields):
    answer = eu(**fields, imaging_modality=["none"], user=["specialist"])

    assert (answer.decided, answer.device, answer.ask) == (True, False, None)


def test_a_purpose_at_odds_with_the_output_leaves_open_whether_it_is_a_device():
    answer = eu(**FLAG, purpose="administration")

    assert (answer.decided, answer.device) == (False, None)
    assert "mend one of them" in answer.ask


def test_an_image_store_is_asked_for_its_purpose():
    answer = eu(
        function="image-management",
        imaging_modality=["CT"],
        output=["display-only"],
        user=["radiologist"],
    )

    assert (answer.decided, answer.device) == (False, None)
    assert answer.unknown_fields[0] == "purpose"


def test_the_first_line_of_an_intended_use_decides_nothing():
    answer = eu(function="detection")

    assert (answer.device, answer.device_class) == (True, None)
    assert answer.unknown_fields == (
        "situation",
        "significance",
        "imaging_modality",
        "output",
    )


def test_a_device_that_a_notified_body_assesses_is_high_risk_under_the_ai_act():
    scheme = eu(**FLAG).scheme("ai-act")

    assert (scheme.decided, scheme.category, scheme.confidence) == (True, "high-risk", "high")
    assert scheme.fired[0].rule == "eu.ai-act.high-risk"
    assert [one for one in scheme.assumes if "2 August 2028" in one and "medium confidence" in one]


def test_software_that_is_no_device_is_not_high_risk_by_the_article_on_products():
    scheme = eu(function="non-device", output=["display-only"]).scheme("ai-act")

    assert (scheme.decided, scheme.category) == (True, "not-by-article-6-1")
    assert [one for one in scheme.assumes if "Annex III" in one]


@pytest.mark.parametrize("change", [{"imaging_modality": ["whole-slide"]}, {"significance": None}])
def test_without_a_class_the_ai_act_waits_and_says_what_settles_it(change):
    scheme = eu(**FLAG | change).scheme("ai-act")

    assert (scheme.decided, scheme.category) == (False, None)
    assert scheme.unknown_fields == ("eu.class",)
    assert scheme.ask.startswith("settle the class in the EU, which could decide it; class IIa")


MORE = (
    "worst_outcome",
    "monitoring",
    "integration",
    "machine",
    "purpose",
    "human_confirmation",
    "other_input",
    "situation",
    "significance",
    "output",
    "user",
)
SEVERAL = {"output", "user", "other_input", "imaging_modality"}


@st.composite
def uses(draw):
    """An intended use with some of the fields that the pack reads."""
    start = draw(st.sampled_from([FLAG, ECG, DENOISE, CONTOUR]))
    use = {**start, "function": draw(st.sampled_from(sorted(values("function"))))}
    for field in draw(st.lists(st.sampled_from(MORE), max_size=5, unique=True)):
        value = draw(st.sampled_from(sorted(values(field))))
        use[field] = [value] if field in SEVERAL else value
    return use


@given(uses(), st.sampled_from(MORE))
@settings(max_examples=300, deadline=None)
def test_a_field_that_could_change_a_decided_class_is_named(use, field):
    less = {key: value for key, value in use.items() if key != field}

    before, after = eu(**less), eu(**use)

    changed = (before.device, before.device_class) != (after.device, after.device_class)
    if before.decided and changed and before.device and before.device_class != "III":
        assert field in (*before.unknown_fields, "purpose", "other_input")


ORDER = ("I", "IIa", "IIb", "III")


@given(uses())
@settings(max_examples=200, deadline=None)
def test_a_worse_outcome_never_lowers_the_class(use):
    found = [
        eu(**{**use, "worst_outcome": worst}).device_class
        for worst in (
            "other",
            "serious-deterioration-or-surgery",
            "death-or-irreversible-deterioration",
        )
    ]

    ranks = [ORDER.index(one) for one in found if one]
    assert ranks == sorted(ranks)
