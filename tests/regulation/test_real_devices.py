"""Devices on the market: does the answer hold the code under which each is really listed?"""

import csv
from pathlib import Path

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify
from defensible.regulation.reading import parse
from tests.regulation import law

HERE = Path(__file__).parent
LIST = HERE.parents[2] / "shared/data/fda-lists/ai-ml-enabled-devices.csv"
DEVICES = parse((HERE / "real_devices.yaml").read_bytes())
AGREED = [one for one in DEVICES if not {"undecided", "differs"} & set(one)]
REGULATION = {
    code.code: rule.then.regulation
    for rule in law.whole("us").rules
    for code in rule.then.product_codes
}


def named(device):
    return device["device"]


def answered(device):
    return classify(IntendedUse(**device["use"]), [Market.US]).market("us")


@pytest.mark.parametrize("device", AGREED, ids=named)
def test_the_answer_holds_the_code_and_the_regulation_of_the_real_device(device):
    answer = answered(device)

    assert answer.decided
    assert device["code"] in answer.product_codes
    assert answer.regulation == REGULATION[device["code"]]


@pytest.mark.parametrize("device", [one for one in DEVICES if "undecided" in one], ids=named)
def test_where_the_facts_give_out_no_rule_decides(device):
    answer = answered(device)

    assert not answer.decided
    assert answer.product_codes == ()
    assert answer.ask


@pytest.mark.parametrize("device", [one for one in DEVICES if "differs" in one], ids=named)
def test_where_the_answer_is_another_type_class_and_pathway_are_those_of_the_listed_one(device):
    listed = next(
        rule.then
        for rule in law.whole("us").rules
        if device["code"] in {code.code for code in rule.then.product_codes}
    )

    answer = answered(device)

    assert device["code"] not in answer.product_codes
    assert answer.regulation != listed.regulation
    assert (answer.device_class, answer.pathway) == (listed.class_, listed.pathway)
    assert any(device["code"] in limit for limit in answer.assumes)


def test_how_often_no_rule_decides():
    undecided = [one for one in DEVICES if not answered(one).decided]
    differs = [one for one in DEVICES if "differs" in one]

    assert (len(DEVICES), len(undecided), len(differs)) == (74, 11, 2)


@pytest.mark.skipif(not LIST.exists(), reason="no public device list beside the project")
def test_the_codes_are_those_of_the_public_list():
    with LIST.open(encoding="utf-8") as file:
        rows = {row["Submission Number "].strip(): row for row in csv.DictReader(file)}

    listed = {one["device"]: rows[one["number"]] for one in DEVICES}
    assert [
        one["device"] for one in DEVICES if one["device"] not in listed[one["device"]]["Device"]
    ] == []
    assert {name: row["Primary Product Code"].strip() for name, row in listed.items()} == {
        one["device"]: one["code"] for one in DEVICES
    }
