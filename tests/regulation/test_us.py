"""The US pack: what is no device, what is of a machine's type, and what to ask elsewhere."""

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify
from tests.regulation import law

PACK = law.whole("us")
SUPPORT = {
    "function": "treatment-planning",
    "condition": "pneumonia",
    "imaging_modality": ["none"],
    "other_input": ["laboratory-value", "patient-record"],
    "output": ["recommendations"],
    "workflow": "concurrent-read",
    "human_confirmation": "adjunct-to-other-data",
    "user": ["specialist"],
    "situation": "serious",
    "basis": "reviewable",
}
ENHANCED = {
    "function": "image-enhancement",
    "condition": "any",
    "imaging_modality": ["MR"],
    "output": ["enhanced-image"],
    "workflow": "after-acquisition",
    "human_confirmation": "full-image-read-by-clinician",
    "user": ["radiologist"],
}
SIGNAL = {
    "function": "signal-analysis",
    "condition": "atrial fibrillation",
    "imaging_modality": ["none"],
    "output": ["finding-category"],
    "workflow": "after-acquisition",
    "human_confirmation": "editable-and-approved",
    "user": ["specialist"],
}


def us(facts=None, **fields):
    return classify(IntendedUse(**fields), [Market.US], facts=facts or {}).market("us")


def grounds(answer):
    return [one.rule for one in answer.fired if ".ground." in one.rule]


def test_support_that_a_professional_can_review_is_outside_the_definition():
    answer = us(**SUPPORT)

    assert (answer.decided, answer.device) == (True, False)
    assert grounds(answer) == ["us.ground.decision-support"]
    assert answer.fired[0].citation.source == "FD&C Act 520(o)(1)(E)"


@pytest.mark.parametrize(
    ("change", "ground"),
    [
        ({"imaging_modality": ["CT"]}, "us.ground.reads-images"),
        ({"other_input": ["ECG", "patient-record"]}, "us.ground.reads-signals-besides"),
        ({"other_input": ["genetic-sequence"]}, "us.ground.reads-signals-besides"),
        ({"function": "signal-analysis"}, "us.ground.reads-signals"),
        ({"user": ["specialist", "lay-person"]}, "us.ground.lay-recommendations"),
        ({"situation": "critical"}, "us.ground.time-critical-recommendations"),
        ({"basis": "not-reviewable"}, "us.ground.opaque-recommendations"),
        ({"output": ["recommendations", "probability-score"]}, "us.ground.clinical-output"),
    ],
)
def test_one_criterion_that_fails_makes_it_a_device(change, ground):
    answer = us(**SUPPORT | change)

    assert (answer.device, answer.device_class) == (True, None)
    assert grounds(answer) == [ground]


@pytest.mark.parametrize("field", ["basis", "user", "situation", "other_input"])
def test_a_criterion_that_nothing_tells_is_asked_for(field):
    answer = us(**{key: value for key, value in SUPPORT.items() if key != field})

    assert (answer.decided, answer.device) == (False, None)
    assert field in answer.unknown_fields


@pytest.mark.parametrize(
    ("fields", "ground"),
    [
        ({"purpose": "administration"}, "us.ground.administration"),
        ({"purpose": "general-wellness"}, "us.ground.wellness"),
        ({"purpose": "patient-records"}, "us.ground.records"),
        ({"purpose": "transfer-or-display"}, "us.ground.transfer-or-display"),
        ({"purpose": "population"}, "us.ground.declared-non-device"),
        ({"function": "image-management"}, "us.ground.display-only"),
    ],
)
def test_what_has_no_medical_purpose_is_outside_the_definition(fields, ground):
    plain = {"function": "non-device", "imaging_modality": ["none"], "output": ["display-only"]}

    answer = us(**plain | fields)

    assert (answer.decided, answer.device) == (True, False)
    assert grounds(answer) == [ground]


@pytest.mark.parametrize(
    "fields",
    [
        {"function": "triage", "output": ["worklist-flag"], "purpose": "administration"},
        {"function": "non-device", "output": ["alert"], "purpose": "general-wellness"},
        {"function": "signal-analysis", "output": ["measurement"], "purpose": "general-wellness"},
        {"function": "non-device", "output": ["display-only"], "purpose": "medical"},
        {
            "function": "non-device",
            "output": ["display-only"],
            "purpose": "general-wellness",
            "worst_outcome": "death-or-irreversible-deterioration",
        },
    ],
)
def test_a_purpose_at_odds_with_the_rest_decides_nothing(fields):
    answer = us(imaging_modality=["none"], **fields)

    assert (answer.decided, answer.device) == (False, None)
    assert "intended-use.yaml" in answer.ask


def test_enhancement_is_of_the_scanners_type_or_image_processing_by_where_it_sits():
    apart = us(**ENHANCED, integration="independent")
    inside = us(**ENHANCED, integration="part-of-machine", machine="MR-scanner")
    unsaid = us(**ENHANCED)

    assert (apart.regulation, apart.product_codes) == ("21 CFR 892.2050", ("QIH", "LLZ"))
    assert (inside.regulation, inside.product_codes) == ("21 CFR 892.1000", ("LNH",))
    assert not unsaid.decided
    assert unsaid.unknown_fields == ("integration",)


def test_a_machine_that_is_not_named_is_asked_for():
    answer = us(**ENHANCED, integration="part-of-machine")

    assert not answer.decided
    assert answer.unknown_fields == ("machine",)


def test_measurement_inside_a_scanner_is_not_taken_for_software_apart_from_it():
    measured = ENHANCED | {"function": "quantification", "output": ["measurement"]}

    unsaid = us(**measured)
    inside = us(**measured, integration="part-of-machine", machine="MR-scanner")
    other = us(**measured, integration="part-of-machine", machine="other")

    assert unsaid.regulation == "21 CFR 892.2050"
    assert set(unsaid.unknown_fields) == {"integration", "machine"}
    assert inside.regulation == "21 CFR 892.1000"
    assert not other.decided
    assert other.ask.startswith("what is part of a machine comes to market with it")


@pytest.mark.parametrize(
    ("machine", "modality", "device_class", "pathway"),
    [
        ("CT-scanner", "CT", "II", "510(k)"),
        ("PET-or-SPECT-scanner", "PET", "II", "510(k)"),
        ("mammography-unit", "mammography", "II", "510(k)"),
        ("tomosynthesis-unit", "DBT", "III", "PMA"),
        ("ultrasound-system", "ultrasound", "II", "510(k)"),
        ("X-ray-system", "X-ray", "II", "510(k)"),
        ("image-store", "CT", "II", "510(k)"),
    ],
)
def test_enhancement_inside_a_machine_has_the_class_of_the_machine(
    machine, modality, device_class, pathway
):
    inside = {"integration": "part-of-machine", "machine": machine}

    answer = us(**ENHANCED | {"imaging_modality": [modality]} | inside)

    assert answer.decided
    assert (answer.device_class, answer.pathway) == (device_class, pathway)


def test_a_signal_that_is_not_named_is_asked_for():
    answer = us(**SIGNAL)

    assert not answer.decided
    assert "other_input" in answer.unknown_fields


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"other_input": ["EEG"]}, ("OMB",)),
        ({"other_input": ["polysomnogram"]}, ("OLZ",)),
        (
            {
                "other_input": ["ECG"],
                "integration": "part-of-machine",
                "machine": "ECG-recorder",
            },
            ("DPS", "DXH", "MLO"),
        ),
        (
            {
                "other_input": ["ECG"],
                "output": ["alert"],
                "integration": "part-of-machine",
                "machine": "patient-monitor",
            },
            ("DSI", "MHX"),
        ),
        ({"other_input": ["ECG"], "output": ["alert"], "integration": "independent"}, ("DSI",)),
    ],
)
def test_the_signal_and_the_machine_give_the_product_code(fields, codes):
    answer = us(**SIGNAL | fields)

    assert answer.decided
    assert answer.product_codes == codes


def test_electrocardiogram_software_apart_from_the_recorder_is_left_to_the_predicate():
    answer = us(**SIGNAL, other_input=["ECG"], integration="independent")

    assert not answer.decided
    assert "DQK" in answer.ask
    assert "DPS" in answer.ask


@pytest.mark.parametrize(
    ("worst", "said"),
    [
        ("death-or-irreversible-deterioration", "De Novo only where special controls"),
        ("other", "a candidate for De Novo"),
        ("serious-deterioration-or-surgery", "De Novo where general and special controls"),
        (None, "De Novo where general and special controls"),
    ],
)
def test_where_no_type_fits_the_way_depends_on_the_worst_outcome(worst, said):
    novel = ENHANCED | {"function": "prognosis", "output": ["risk-over-time"]}

    answer = us(**novel, worst_outcome=worst)

    assert not answer.decided
    assert (answer.device, answer.pathway) == (True, None)
    assert said in answer.ask


def test_every_rule_that_takes_something_for_granted_says_so_among_its_limits():
    silent = [
        rule.id
        for rule in PACK.rules
        if any(one.if_declared for one in (*rule.when.all, *rule.when.none)) and not rule.limits
    ]

    assert silent == []


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        ("catastrophic: death", "enhanced"),
        ("critical: permanent impairment or life-threatening injury", "enhanced"),
        ("serious: injury that needs professional care", None),
        ("minor: temporary injury that needs no professional care", "basic"),
        ("minor: no death and no permanent harm", None),
    ],
)
def test_the_documentation_level_follows_from_the_worst_severity(severity, level):
    answer = us({"risks.worst_severity": (severity,)}, **ENHANCED, integration="independent")

    scheme = answer.scheme("documentation-level")
    assert (scheme.decided, scheme.category) == (level is not None, level)
    assert level or "enhanced" in scheme.ask


def test_without_a_risk_file_the_documentation_level_is_open():
    scheme = us(**ENHANCED, integration="independent").scheme("documentation-level")

    assert not scheme.decided
    assert scheme.ask.startswith("estimate the severity of every risk")


def test_a_mild_harm_gives_no_basic_level_while_the_class_is_open():
    mild = {"risks.worst_severity": ("minor: temporary injury that needs no professional care",)}

    scheme = us(mild, **ENHANCED).scheme("documentation-level")

    assert not scheme.decided
    assert scheme.unknown_fields == ("us.class",)


def test_a_class_iii_device_is_documented_as_enhanced_whatever_its_harm():
    mild = {"risks.worst_severity": ("minor: temporary injury that needs no professional care",)}
    unit = {"integration": "part-of-machine", "machine": "tomosynthesis-unit"}

    answer = us(mild, **ENHANCED | {"imaging_modality": ["DBT"]} | unit)

    assert answer.device_class == "III"
    assert answer.scheme("documentation-level").category == "enhanced"
    assert answer.scheme("change-control-plan").category == "possible"


def test_a_change_control_plan_needs_a_device_and_a_submission():
    plan = "change-control-plan"
    device = us(**ENHANCED, integration="independent").scheme(plan)
    undecided = us(**ENHANCED).scheme(plan)
    outside = us(**SUPPORT).scheme(plan)

    assert device.category == "possible"
    assert any("roll-back" in one for one in device.assumes)
    assert any("substantially equivalent" in one for one in device.assumes)
    assert not undecided.decided
    assert "us.pathway" in undecided.unknown_fields
    assert (outside.decided, outside.applies, outside.category) == (True, False, None)
