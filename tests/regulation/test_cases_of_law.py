"""Every rule with a case that meets it, one that does not, and one that leaves it open."""

import pytest

from defensible.regulation import Match
from defensible.regulation.match import BESIDES, holds, incidental
from tests.regulation import law

CASES = law.cases()


def rule_of(name, case):
    return next(rule for rule in law.whole(name).rules if rule.id == case["rule"])


def answer(name, case, fields):
    beside = incidental(law.whole(name).incidental)
    use, facts = law.subject(fields)
    return holds(use, rule_of(name, case).when, beside, facts)


@pytest.mark.parametrize("name", law.NAMES)
def test_every_rule_has_its_cases_in_the_order_of_the_pack(name):
    named = [case["rule"] for pack, case in CASES if pack == name]

    assert named == [rule.id for rule in law.whole(name).rules]


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda one: str(one)[:60])
def test_the_case_meets_every_condition_that_a_field_can_meet(name, case):
    match, traces = answer(name, case, case["met"])

    provided = rule_of(name, case).when.provided
    assert match is (Match.UNKNOWN if provided else Match.MET)
    assert {one.field for one in traces if one.match is not Match.MET} <= {BESIDES}
    assert [one.asked for one in traces if one.field == BESIDES] == list(provided)


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda one: str(one)[:60])
def test_the_changed_case_does_not_meet_it(name, case):
    match, _ = answer(name, case, case["met"] | case["not_met"])

    assert match is Match.NOT_MET


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda one: str(one)[:60])
def test_the_case_without_one_field_leaves_it_open(name, case):
    left_out = {key: value for key, value in case["met"].items() if key != case["unknown"]}

    match, traces = answer(name, case, left_out)

    assert match is Match.UNKNOWN
    assert case["unknown"] in {one.field for one in traces if one.match is Match.UNKNOWN}
