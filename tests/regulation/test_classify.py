"""Classification from the intended use: the cases of law, and what is never guessed."""

import csv
from collections import Counter
from importlib import resources
from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import Match, classify
from defensible.regulation.match import holds
from defensible.regulation.pack import Condition, pack

PACKS = resources.files("defensible.regulation") / "packs"
CASES = YAML(typ="safe", pure=True).load((PACKS / "us.cases.yaml").read_text("utf-8"))
DEVICES = Path(__file__).parents[3] / "shared/data/fda-lists/ai-ml-enabled-devices.csv"
US = pack("us")
assert US is not None
RULES = {rule.id: rule for rule in US.rules}


def us(**fields):
    return classify(IntendedUse(**fields), [Market.US]).market("us")


def test_every_rule_has_a_case_that_meets_it_one_that_does_not_and_one_that_leaves_it_open():
    assert [case["rule"] for case in CASES] == list(RULES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_the_cases_of_law_hold(case):
    when = RULES[case["rule"]].when

    answers = [holds(IntendedUse(**case[name]), when)[0] for name in ("met", "not_met", "unknown")]

    assert answers == [Match.MET, Match.NOT_MET, Match.UNKNOWN]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_a_whole_intended_use_that_meets_one_rule_is_decided_by_it(case):
    whole = {
        "workflow": "concurrent-read",
        "human_confirmation": "full-image-read-by-clinician",
        "user": ["specialist"],
        **case["met"],
    }

    answer = us(**whole)

    rule = RULES[case["rule"]]
    assert answer.decided
    assert (answer.device_class, answer.regulation) == (rule.then.class_, rule.then.regulation)
    assert answer.fired[-1].rule == rule.id


def test_triage_that_also_marks_the_lesion_is_another_device():
    triage = CASES[0]["met"] | {"user": ["radiologist"]}

    flagged = us(**triage)
    marked = us(**triage | {"output": ["worklist-flag", "mark-or-box"]})

    assert (flagged.regulation, flagged.product_codes) == ("21 CFR 892.2080", ("QAS", "QFM"))
    assert not marked.decided
    assert marked.device_class is None
    assert marked.near[0].rule == "us.triage"


def test_what_is_not_declared_is_asked_for_and_never_taken_as_false():
    answer = us(function="triage")

    assert not answer.decided
    assert answer.device is None
    assert {"output", "workflow", "human_confirmation", "imaging_modality"} <= set(
        answer.unknown_fields
    )


def test_a_diagnosis_without_a_human_read_has_no_predicate_with_one():
    answer = us(
        function="autonomous-diagnosis",
        output=["finding-category"],
        imaging_modality=["X-ray"],
        workflow="no-human-read",
        human_confirmation="none",
        user=["non-specialist-clinician"],
    )

    assert not answer.decided
    assert answer.device is True
    assert "De Novo or PMA" in answer.ask


def test_software_that_only_shows_images_is_outside_the_definition():
    answer = us(function="image-management", output=["display-only"], imaging_modality=["CT"])

    assert (answer.decided, answer.device, answer.device_class) == (True, False, None)
    assert answer.fired[0].citation.source == "FD&C Act 520(o)(1)(D); 86 FR 20278"


def test_a_market_without_a_pack_has_no_answer_and_says_so():
    answer = classify(IntendedUse(function="triage"), [Market.UK]).market("uk")

    assert not answer.decided
    assert answer.ask == "ask the regulator: this version holds no rules for UK"


@pytest.mark.parametrize(
    ("field", "value"), [("colour", "red"), ("function", "triages"), ("statement", "any")]
)
def test_a_condition_on_what_an_intended_use_cannot_say_is_refused(field, value):
    with pytest.raises(ValidationError):
        Condition(**{"field": field, "is": [value]})


def test_no_two_rules_decide_the_same_intended_use():
    for case in CASES:
        use = IntendedUse(**case["met"])
        met = [rule.id for rule in RULES.values() if holds(use, rule.when)[0] is Match.MET]

        assert met == [case["rule"]]


@pytest.mark.skipif(not DEVICES.exists(), reason="the public device list is not beside the project")
def test_product_codes_are_those_of_real_devices():
    with DEVICES.open(encoding="utf-8") as file:
        seen = Counter(row["Primary Product Code"].strip() for row in csv.DictReader(file))

    codes = {code for rule in RULES.values() for code in rule.then.product_codes}
    assert {code: seen[code] for code in ("QAS", "QFM", "MYN", "POK", "QBS", "QDQ", "QIH")} == {
        "QAS": 60,
        "QFM": 34,
        "MYN": 21,
        "POK": 11,
        "QBS": 7,
        "QDQ": 20,
        "QIH": 145,
    }
    assert {code for code in codes if not seen[code]} == {"NWE"}
