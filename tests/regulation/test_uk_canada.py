"""The United Kingdom and Canada: what their texts decide, and what they leave to judgement."""

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify

FLAG = {
    "function": "triage",
    "imaging_modality": ["X-ray"],
    "output": ["worklist-flag"],
    "user": ["radiologist"],
    "situation": "serious",
    "significance": "drive",
}
ALERT = {
    **FLAG,
    "function": "signal-analysis",
    "imaging_modality": ["none"],
    "other_input": ["pressure-wave"],
    "output": ["alert"],
    "user": ["specialist"],
}
CONTOUR = {
    **FLAG,
    "function": "segmentation",
    "output": ["contour"],
    "user": ["radiation-oncology-team"],
}
MACHINES = {
    "linear-accelerator": ("IIb", "III"),
    "radiotherapy-planning-system": ("IIb", "III"),
    "X-ray-system": ("IIb", "II"),
    "CT-scanner": ("IIb", None),
    "MR-scanner": ("IIa", "II"),
    "ultrasound-system": ("IIa", "II"),
    "PET-or-SPECT-scanner": ("IIa", None),
    "active-implant": (None, None),
    "infusion-pump": (None, None),
}


def answers(**fields):
    whole = classify(IntendedUse(**fields), [Market.UK, Market.CANADA])
    return whole.market("uk"), whole.market("canada")


@pytest.mark.parametrize(("machine", "classes"), MACHINES.items())
def test_software_in_a_machine_is_classed_with_it_where_the_text_classes_the_machine(
    machine, classes
):
    uk, canada = answers(**FLAG, integration="part-of-machine", machine=machine)

    assert (uk.device_class, canada.device_class) == classes
    assert [one.decided for one in (uk, canada)] == [one is not None for one in classes]
    assert [one.confidence for one in (uk, canada)] == ["medium", "medium"]


def test_a_vital_parameter_whose_variation_is_a_danger_is_iib_in_the_uk_and_iii_in_canada():
    uk, canada = answers(**ALERT, monitoring="vital-parameter-with-immediate-danger")

    assert (uk.device_class, uk.rule) == ("IIb", "10")
    assert (canada.device_class, canada.rule) == ("III", "10")


@pytest.mark.parametrize("significance", ["treat-or-diagnose", "drive", "inform"])
def test_whether_software_allows_direct_diagnosis_is_asked_in_the_uk(significance):
    uk, _ = answers(**FLAG | {"significance": significance})

    assert (uk.decided, uk.device, uk.device_class, uk.pathway) == (False, True, None, None)
    assert "MHRA" in uk.ask


def test_the_rules_that_the_uk_leaves_to_judgement_are_shown():
    diagnoses, _ = answers(**FLAG | {"significance": "treat-or-diagnose"})
    informs, _ = answers(**FLAG | {"significance": "inform"})

    assert diagnoses.fired[-1].rule == "uk.rule-10.direct-diagnosis"
    assert diagnoses.fired[-1].citation.confidence == "low"
    assert "uk.rule-12.informs" in [one.rule for one in informs.near]


@pytest.mark.parametrize(
    ("situation", "significance", "device_class"),
    [
        ("critical", "treat-or-diagnose", "III"),
        ("critical", "drive", None),
        ("critical", "inform", "II"),
        ("serious", "treat-or-diagnose", "II"),
        ("serious", "drive", "II"),
        ("serious", "inform", "II"),
        ("non-serious", "treat-or-diagnose", "II"),
        ("non-serious", "drive", "II"),
        ("non-serious", "inform", "II"),
    ],
)
def test_software_that_reads_images_is_class_ii_in_canada_unless_a_wrong_reading_is_a_danger(
    situation, significance, device_class
):
    _, canada = answers(**FLAG | {"situation": situation, "significance": significance})

    assert canada.device_class == device_class
    if device_class is None:
        assert "immediate danger" in canada.ask
    else:
        assert canada.pathway == (
            f"medical device licence, class {device_class}, with an MDSAP certificate"
        )


def test_contours_for_radiotherapy_apart_from_a_machine_are_asked_about_in_both():
    uk, canada = answers(**CONTOUR, integration="independent")

    assert (uk.decided, canada.decided) == (False, False)
    assert "class IIb by Rule 9" in uk.ask
    assert "class III by Rule 8(1)" in canada.ask


def test_what_comes_from_specimens_has_rules_of_its_own_in_both():
    uk, canada = answers(**FLAG | {"imaging_modality": ["whole-slide"]})

    assert (uk.decided, canada.decided) == (False, False)
    assert "Part IV" in uk.ask
    assert "Part 2 of Schedule 1" in canada.ask


def test_decision_support_without_image_or_signal_may_be_excluded_in_canada():
    uk, canada = answers(
        **FLAG | {"imaging_modality": ["none"], "output": ["recommendations"]},
        other_input=["patient-record"],
    )

    assert (canada.decided, canada.device) == (False, None)
    assert (uk.decided, uk.device) == (False, True)


def test_scheduling_is_no_device_in_either():
    uk, canada = answers(function="non-device", output=["display-only"], purpose="administration")

    assert [(one.decided, one.device) for one in (uk, canada)] == [(True, False), (True, False)]
