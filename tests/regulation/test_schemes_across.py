"""Schemes across markets: software safety class, GAMP category, process risk."""

from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.risks import Risks
from defensible.regulation import classify, facts_of
from defensible.regulation.reading import parse
from tests.regulation import law

FIRST = resources.files("defensible.dossier") / "first/risks.yaml"
SCALE = {one["name"]: one["meaning"] for one in parse(FIRST.read_bytes())["policy"]["severity"]}
TRIAGE = IntendedUse(function="triage")
GXP = {"process": "visual inspection of vials"}


def risk_file(*severities):
    """A risk file on the scale that `defensible new` writes; None is a risk without estimate."""
    estimates = [
        None
        if one is None
        else {"severity": one, "probability": "rare", "rationale": "judged by the team"}
        for one in severities
    ]
    return Risks(
        policy={
            "severity": [{"name": name, "meaning": said} for name, said in SCALE.items()],
            "probability": [{"name": "rare"}, {"name": "often"}],
            "matrix": {},
        },
        hazards=[{"id": "H1", "text": "Wrong output"}],
        risks=[
            {
                "id": f"R{number}",
                "hazard": "H1",
                "sequence_of_events": "The output is wrong.",
                "hazardous_situation": "The patient waits.",
                "harm": "Delay.",
                "initial": initial,
            }
            for number, initial in enumerate(estimates, start=1)
        ],
    )


def safety_class(*severities):
    return classify(TRIAGE, [], facts=facts_of(risk_file(*severities))).scheme("iec62304")


@pytest.mark.parametrize(
    ("severities", "category"),
    [
        (("minor",), "B"),
        (("negligible", "minor"), "B"),
        (("critical",), "C"),
        (("minor", "catastrophic"), "C"),
        (("catastrophic", None), "C"),
    ],
)
def test_the_safety_class_follows_from_the_worst_harm_before_control(severities, category):
    answer = safety_class(*severities)

    assert (answer.decided, answer.category) == (True, category)
    assert answer.fired[-1].citation.source == "IEC 62304:2006+A1:2015, 4.3"
    assert "the software is taken to fail with certainty, whatever its true rate" in answer.assumes


@pytest.mark.parametrize("severities", [(), (None,), ("minor", None)])
def test_while_a_risk_is_not_estimated_the_requirements_of_class_c_apply(severities):
    answer = safety_class(*severities)

    assert (answer.decided, answer.category) == (False, None)
    assert answer.unknown_fields == ("risks.worst_severity",)
    assert answer.ask.endswith("the requirements of class C apply")


@pytest.mark.parametrize("severity", ["serious", "negligible"])
def test_words_that_do_not_part_the_classes_give_none(severity):
    answer = safety_class(severity)

    assert (answer.decided, answer.category) == (False, None)
    assert answer.ask.startswith("say in the meaning of the worst step of the severity scale")


@pytest.mark.parametrize(
    ("said", "category"),
    [
        ("S3: non-serious injury", "B"),
        ("S4: serious injury", "C"),
        ("S3: serious or non-serious injury", None),
        ("S2: no death and no permanent impairment", None),
        ("S1: no injury", "A"),
    ],
)
def test_a_scale_in_other_words_is_read_or_left_open(said, category):
    answer = classify(TRIAGE, [], facts={"risks.worst_severity": (said,)}).scheme("iec62304")

    assert answer.category == category


def test_only_controls_outside_the_software_lower_the_class_and_no_field_tells():
    answer = safety_class("catastrophic")

    assert [one.rule for one in answer.near] == ["iec62304.class-a.external-control"]


@pytest.mark.parametrize(
    ("fields", "applies"),
    [
        ({"function": "non-device", "output": ["display-only"]}, False),
        ({"function": "image-management", "purpose": "transfer-or-display"}, None),
        (
            {
                "function": "image-management",
                "purpose": "transfer-or-display",
                "output": ["display-only"],
            },
            False,
        ),
        ({"function": "non-device", "output": ["probability-score"]}, None),
        ({"function": "non-device"}, None),
    ],
)
def test_the_safety_class_is_for_the_software_of_devices(fields, applies):
    answer = classify(IntendedUse(**fields), []).scheme("iec62304")

    assert (answer.applies, answer.decided) == (applies, applies is False)


def test_software_outside_gxp_is_asked_for_no_gamp_category():
    answer = classify(TRIAGE, [])

    assert [one.scheme for one in answer.schemes] == ["iec62304"]


def gxp(name, **fields):
    use = IntendedUse(function="non-device", gxp={**GXP, **fields})
    return classify(use, []).scheme(name)


def test_a_trained_model_of_category_5_owes_what_the_appendix_on_ai_asks():
    answer = gxp("gamp", gamp_category=5, impact="direct")

    assert (answer.applies, answer.category) == (True, "5")
    assert [one.split(",")[0] for one in answer.assumes].count("D11") == 8
    assert any("21 CFR Part 11" in one and "Annex 11" in one for one in answer.assumes)


@pytest.mark.parametrize("category", [1, 3])
def test_a_category_below_4_stands_only_where_no_model_was_trained(category):
    answer = gxp("gamp", gamp_category=category, impact="indirect")

    assert answer.category == str(category)
    assert any(one.startswith("no model was trained for this use") for one in answer.assumes)


def test_software_without_impact_is_outside_gamp():
    answer = gxp("gamp", gamp_category=5, impact="none")

    assert (answer.decided, answer.applies, answer.category) == (True, False, None)


def test_an_impact_that_nobody_declared_leaves_gamp_open():
    answer = gxp("gamp", gamp_category=5)

    assert (answer.decided, answer.unknown_fields) == (False, ("gxp.impact",))


@pytest.mark.parametrize(
    ("role", "risk", "applies", "category"),
    [
        ("direct", "high", True, "high"),
        ("supporting", "not-high", True, "not-high"),
        ("none", "high", False, None),
    ],
)
def test_assurance_follows_the_process_risk_of_software_in_production(
    role, risk, applies, category
):
    answer = gxp("csa", role=role, process_risk=risk)

    assert (answer.decided, answer.applies, answer.category) == (True, applies, category)


def test_without_a_process_risk_the_assurance_is_open():
    answer = gxp("csa", role="direct")

    assert (answer.decided, answer.unknown_fields) == (False, ("gxp.process_risk",))


@pytest.mark.parametrize("integration", ["part-of-machine", "drives-or-influences-machine"])
def test_software_of_a_machine_has_no_imdrf_category(integration):
    fields = {"function": "image-enhancement", "situation": "serious", "significance": "drive"}

    apart = classify(IntendedUse(**fields), []).imdrf
    within = classify(IntendedUse(**fields, integration=integration), []).imdrf

    assert (apart.device_class, apart.unknown_fields) == ("II", ("integration",))
    assert (within.decided, within.device, within.device_class) == (False, True, None)
    assert within.ask.startswith("N10 leaves out software that is part of a machine")


def test_calling_a_diagnosis_no_device_gives_it_no_way_out_of_the_imdrf_table():
    use = IntendedUse(
        function="non-device",
        output=["probability-score"],
        situation="serious",
        significance="drive",
    )

    assert classify(use, []).imdrf.device_class == "II"


WORDS = sorted(
    {
        word
        for rule in law.whole("iec62304").rules
        for one in (*rule.when.all, *rule.when.none)
        for word in one.mentions or ()
    }
)


@given(st.lists(st.sampled_from([*WORDS, "of any patient", "or"]), max_size=5), st.randoms())
@settings(max_examples=200, deadline=None)
def test_a_scale_that_names_death_never_gives_a_lower_class(words, random):
    said = [*words, "or death"]
    random.shuffle(said)

    answer = classify(TRIAGE, [], facts={"risks.worst_severity": (f"S5: {' '.join(said)}",)})

    assert answer.scheme("iec62304").category in {"C", None}


def external(*, outside, left="rare"):
    """A file whose one deadly risk has one control, inside or outside the software."""
    plain = risk_file("catastrophic").model_dump(exclude_none=True, by_alias=True)
    plain["policy"]["matrix"] = {
        "catastrophic": {"rare": "acceptable", "often": "unacceptable"},
    }
    plain["controls"] = [
        {
            "id": "K1",
            "text": "A second read by another department",
            "kind": "protective-measure",
            "reduces": ["probability"],
            "outside_software": outside,
        }
    ]
    held = {
        "controls": ["K1"],
        "residual": {"severity": "catastrophic", "probability": left, "rationale": "judged"},
    }
    plain["risks"] = [{**plain["risks"][0], **held}]
    return classify(TRIAGE, [], facts=facts_of(Risks.model_validate(plain))).scheme("iec62304")


def test_controls_outside_the_software_that_are_enough_give_class_a():
    answer = external(outside=True)

    assert (answer.decided, answer.category) == (True, "A")
    assert any("clause 7.2" in one for one in answer.assumes)


@pytest.mark.parametrize(("outside", "left"), [(False, "rare"), (None, "rare"), (True, "often")])
def test_a_control_inside_or_not_said_or_not_enough_leaves_the_class_of_the_harm(outside, left):
    answer = external(outside=outside, left=left)

    assert (answer.decided, answer.category) == (True, "C")
