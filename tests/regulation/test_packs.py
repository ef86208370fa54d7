"""Packs: what a broken one is refused for, and what real lists say of the facts in ours."""

import copy
import csv
from collections import Counter
from pathlib import Path

import pytest
from pydantic import ValidationError

from defensible.regulation.consistency import conflicts, unreachable
from defensible.regulation.pack import Pack
from defensible.regulation.reading import compiled, parse
from tests.regulation import law

LISTS = Path(__file__).parents[3] / "shared/data/fda-lists"
CODES = {
    code.code: (rule, code) for rule in law.whole("us").rules for code in rule.then.product_codes
}
beside = pytest.mark.skipif(
    not LISTS.exists(), reason="the public lists are not beside the project"
)

SMALL = {
    "schema": 3,
    "market": "us",
    "version": "1",
    "as_of": "2026-11-23",
    "classes": ["I", "II"],
    "rules": [
        {
            "id": "us.one",
            "title": "One",
            "when": {"all": [{"field": "function", "is": ["triage"]}]},
            "then": {"class": "II", "regulation": "R1", "pathway": "P"},
            "cite": {"source": "S", "read_on": "2026-11-23", "confidence": "high"},
        }
    ],
    "several": "ask",
    "unsure": "ask",
    "otherwise": "ask",
}


def spoiled(*path, to=None):
    """A copy of the small pack with one thing changed, or left out."""
    whole = copy.deepcopy(SMALL)
    here = whole
    for step in path[:-1]:
        here = here[step]
    if to is None:
        del here[path[-1]]
    else:
        here[path[-1]] = to
    return whole


def with_rules(*changes):
    """The small pack with copies of its rule, each changed."""
    return {**SMALL, "rules": [{**SMALL["rules"][0], **change} for change in changes]}


@pytest.mark.parametrize(
    ("pack", "said"),
    [
        (spoiled("rules", 0, "cite"), "cite"),
        (spoiled("rules", 0, "cite", "read_on"), "read_on"),
        (spoiled("rules", 0, "cite", "confidence", to="sure"), "confidence"),
        (spoiled("rules", 0, "when", "all", 0, "field", to="colour"), "has no field colour"),
        (spoiled("rules", 0, "when", "all", 0, "field", to="population"), "population is a group"),
        (spoiled("rules", 0, "when", "all", 0, "field", to="condition"), "`mentions`"),
        (spoiled("rules", 0, "when", "all", 0, "is", to=["triages"]), "cannot be triages"),
        (spoiled("rules", 0, "when", "all", 0, "includes", to=["triage"]), "one of `is`"),
        (spoiled("rules", 0, "when", "all", to=[]), "all"),
        (spoiled("rules", 0, "then", "class", to="IV"), "there is no class IV"),
        (spoiled("rules", 0, "then", "classs", to="II"), "classs"),
        (spoiled("schema", to=1), "schema"),
        (with_rules({}, {}), "us.one is used twice"),
        (with_rules({"over": ["us.two"]}), "us.two, which is not another rule"),
        (with_rules({"over": ["us.one"]}), "us.one, which is not another rule"),
    ],
)
def test_a_broken_pack_is_refused(pack, said):
    with pytest.raises(ValidationError, match=said):
        Pack.model_validate(pack)


def test_a_ground_that_leaves_it_open_must_say_what_to_ask():
    rule = SMALL["rules"][0]
    ground = {key: rule[key] for key in ("title", "when", "cite")}
    pack = {**SMALL, "grounds": [{**ground, "id": "us.ground.open", "device": None}]}

    with pytest.raises(ValidationError, match="elsewhere"):
        Pack.model_validate(pack)
    pack["grounds"][0]["elsewhere"] = "ask which of the two it is"
    assert Pack.model_validate(pack).grounds[0].device is None


def test_a_product_code_under_two_device_types_is_refused():
    code = {"code": "QAS", "name": "triage", "seen": 60}
    first = {"class": "II", "regulation": "R1", "pathway": "P", "product_codes": [code]}
    pack = with_rules({"then": first}, {"id": "us.two", "then": {**first, "regulation": "R2"}})

    with pytest.raises(ValidationError, match="QAS stands under 2 device types"):
        Pack.model_validate(pack)


def test_two_answers_for_one_device_are_found_unless_one_rule_leads():
    other = {"class": "I", "regulation": "R2", "pathway": "P"}
    apart = with_rules({}, {"id": "us.two", "then": other})
    led = with_rules({}, {"id": "us.two", "then": other, "over": ["us.one"]})

    assert list(conflicts(Pack.model_validate(apart))) == [
        "us.one and us.two can both apply, and neither leads"
    ]
    assert list(conflicts(Pack.model_validate(led))) == []


def test_a_rule_that_blocks_itself_is_found():
    when = {
        "all": [{"field": "output", "is": ["alert"]}],
        "not": [{"field": "output", "is": ["alert"]}],
    }

    pack = Pack.model_validate(with_rules({"when": when}))

    assert list(unreachable(pack)) == ["us.one can never apply"]


@pytest.mark.parametrize("name", law.NAMES)
def test_our_packs_have_no_such_faults(name):
    assert [*conflicts(law.whole(name)), *unreachable(law.whole(name))] == []


@pytest.mark.parametrize("name", law.NAMES)
def test_the_json_beside_a_pack_is_made_from_it(name):
    assert (law.FOLDER / f"{name}.json").read_text("utf-8") == compiled(law.source(name))


@pytest.mark.parametrize("name", law.NAMES)
def test_what_is_read_from_json_is_what_the_yaml_says(name):
    assert law.whole(name) == Pack.model_validate(parse(law.source(name)))


@beside
def test_every_product_code_was_seen_as_often_as_the_pack_says():
    with (LISTS / "ai-ml-enabled-devices.csv").open(encoding="utf-8") as file:
        seen = Counter(row["Primary Product Code"].strip() for row in csv.DictReader(file))

    unconfirmed = {one.code: one.seen for one in law.whole("us").unconfirmed}
    said = {code: one.seen or 0 for code, (_, one) in CODES.items()} | unconfirmed
    assert {code: seen[code] for code in said} == said
    assert (said["QAS"], said["QFM"], said["QIH"], said["MYN"]) == (60, 34, 145, 21)
    assert sum(said.values()) == 935
    assert sum(seen.values()) == 1016


@beside
def test_regulation_and_class_agree_with_the_product_classification_of_2016():
    text = (LISTS / "foiclass-2016.txt").read_text(encoding="latin-1")
    rows = [line.split("|") for line in text.splitlines()[1:]]
    known = {row[2]: (row[4], row[9]) for row in rows if row[2] in CODES}

    differ = set()
    for code, (device_class, regulation) in known.items():
        then = CODES[code][0].then
        same_class = "I" * int(device_class) == then.class_
        number = regulation in (then.regulation or "") if regulation else True
        if not (same_class and number):
            differ.add(code)
    assert len(known) == 44
    # image analyzers (2020) and melanoma detection (2026) have come down from class III since
    assert differ == {"MYN", "OYD"}


OTHER_FORMS = ("language", "failure-modes", "durations", "conditions")
"""Packs with another form, and tests of their own."""


def test_every_pack_has_cases_and_json_beside_it():
    files = {one.name for one in law.FOLDER.iterdir() if one.is_file()}
    files -= {f"{name}.{kind}" for name in OTHER_FORMS for kind in ("yaml", "json")}
    files -= {law.OF_CLOCKS}

    assert files == {
        f"{name}.{kind}" for name in law.NAMES for kind in ("yaml", "cases.yaml", "json")
    }
