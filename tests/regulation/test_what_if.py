"""What if: both devices side by side, and only what differs differs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier.vocabulary import Market
from defensible.regulation.change import Change, change, fields, found
from defensible.regulation.what_if import what_if
from tests.regulation.worked import examples

BY_NAME = {one.name: one for one in examples()}
TRIAGE = BY_NAME["chest-radiograph-pneumothorax-triage"].use
ACROSS = "Software safety class (IEC 62304)"


def aspects(result, market):
    (one,) = [one for one in result.compared if one.name == market]
    return {aspect.name: aspect for aspect in one.aspects}


def test_marks_for_a_second_read_are_another_device_type_with_other_controls():
    changes = [
        change("function", "detection"),
        change("output", "mark-or-box"),
        change("workflow", "second-read"),
    ]

    result = what_if(TRIAGE, changes, [Market.US])

    us = aspects(result, "us")
    assert (us["regulation"].before, us["regulation"].after) == (
        ("21 CFR 892.2080",),
        ("21 CFR 892.2070",),
    )
    assert (us["product codes"].before, us["product codes"].after) == (("QAS", "QFM"), ("MYN",))
    assert us["rules"].dropped == ("us.triage",)
    assert us["rules"].added == ("us.detection",)
    assert not us["class"].differs
    assert not us["pathway"].differs
    compared = result.compared[0]
    assert [one.id for one in compared.dropped] == [f"TR-{n}" for n in range(1, 7)]
    assert [one.id for one in compared.added] == [f"AR-{n}" for n in range(1, 8)]
    assert result.was == (("triage",), ("worklist-flag",), ("parallel-to-standard-read",))


def test_without_a_human_read_no_class_is_taken_over_and_the_answer_says_what_to_ask():
    changes = [change("function", "autonomous-diagnosis"), change("human_confirmation", "none")]

    result = what_if(TRIAGE, changes, [Market.US])

    assert aspects(result, "us")["class"].after == ("open",)
    assert aspects(result, "us")["regulation"].after == ()
    assert "Pre-Submission" in result.after.market("us").ask


def test_a_worse_outcome_is_a_higher_class_in_the_eu_and_nothing_elsewhere():
    worse = change("worst_outcome", "death-or-irreversible-deterioration")

    result = what_if(TRIAGE, [worse], [Market.US, Market.EU])

    assert [one.name for one in result.compared if one.differs] == ["eu"]
    eu = aspects(result, "eu")
    assert (eu["class"].before, eu["class"].after) == (("IIb",), ("III",))


def test_the_category_of_the_imdrf_is_compared_too():
    result = what_if(TRIAGE, [change("situation", "critical")], [])

    assert aspects(result, "imdrf")["category"].after == ("III",)
    assert set(aspects(result, "schemes")) == {ACROSS}


def test_a_gxp_use_brings_its_schemes():
    changes = [
        change("gxp.process", "release"),
        change("gxp.impact", "direct"),
        change("gxp.gamp_category", "5"),
    ]

    schemes = aspects(what_if(TRIAGE, changes, []), "schemes")

    gamp = schemes["GAMP 5 software category"]
    assert (gamp.before, gamp.after) == ((), ("5",))


@pytest.mark.parametrize("example", examples(), ids=lambda one: one.name)
def test_no_change_differs_in_nothing(example):
    result = what_if(example.use, [], list(Market))

    assert not result.differs
    assert result.before == result.after


@given(st.sampled_from(examples()), st.data())
@settings(max_examples=60, deadline=None)
def test_the_same_value_changes_nothing(example, data):
    declared = [name for name in fields() if found(example.use, name)]
    field = data.draw(st.sampled_from(declared))

    same = Change(field=field, values=found(example.use, field))
    result = what_if(example.use, [same], list(Market))

    assert not result.differs
    assert result.before == result.after
