"""Conditions held against an intended use: several values, free text, what nobody declared."""

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation import Match
from defensible.regulation.match import holds, incidental
from defensible.regulation.pack import Condition, When

MET, NOT_MET, UNKNOWN = Match.MET, Match.NOT_MET, Match.UNKNOWN


def held(use, *conditions, none=(), provided=(), beside=()):
    when = When.model_validate({"all": conditions, "not": none, "provided": provided})
    return holds(
        IntendedUse(**use), when, incidental(Condition.model_validate(one) for one in beside)
    )


IS = {"field": "output", "is": ["mark-or-box", "heatmap"]}
INCLUDES = {"field": "output", "includes": ["mark-or-box", "heatmap"]}


@pytest.mark.parametrize(
    ("outputs", "is_", "includes", "not_"),
    [
        (["heatmap"], MET, MET, NOT_MET),
        (["heatmap", "mark-or-box"], MET, MET, NOT_MET),
        (["heatmap", "measurement"], NOT_MET, MET, NOT_MET),
        (["measurement"], NOT_MET, NOT_MET, MET),
        (None, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_a_field_with_several_values_is_held_against_a_list(outputs, is_, includes, not_):
    use = {"function": "detection", "output": outputs}
    always = {"field": "function", "is": ["detection"]}

    assert held(use, IS)[0] is is_
    assert held(use, INCLUDES)[0] is includes
    assert held(use, always, none=[IS])[0] is not_


def test_a_device_with_more_than_a_rule_knows_is_covered_in_part_and_the_trace_says_so():
    _, (trace,) = held({"function": "detection", "output": ["heatmap", "measurement"]}, IS)

    assert (trace.asked, trace.found) == (
        "mark-or-box, heatmap, and nothing beyond",
        "heatmap, measurement",
    )


def test_what_a_pack_calls_incidental_goes_beyond_nothing():
    use = {"function": "detection", "output": ["heatmap", "display-only"]}
    shown = {"field": "output", "is": ["display-only"]}

    assert held(use, IS)[0] is NOT_MET
    assert held(use, IS, beside=[shown])[0] is MET
    assert held({**use, "output": ["display-only"]}, IS, beside=[shown])[0] is NOT_MET


@pytest.mark.parametrize(
    ("condition", "match"),
    [
        ("Osteoporosis of the hip", MET),
        ("suspected OSTEOPENIA", MET),
        ("low bone\nmineral density", MET),
        ("fracture", NOT_MET),
        ("nonosteoporotic fracture", NOT_MET),
        (None, UNKNOWN),
    ],
)
def test_free_text_mentions_what_a_word_of_it_begins_with(condition, match):
    bone = {"field": "condition", "mentions": ["osteopor", "osteopen", "bone mineral"]}

    assert held({"function": "detection", "condition": condition}, bone)[0] is match


def test_what_no_field_can_tell_stays_open_unless_a_field_says_no():
    function = {"field": "function", "is": ["image-enhancement"]}
    inside = ["the software is part of the scanner"]

    match, traces = held({"function": "image-enhancement"}, function, provided=inside)
    elsewhere, _ = held({"function": "triage"}, function, provided=inside)

    assert match is UNKNOWN
    assert (traces[1].field, traces[1].asked, traces[1].found) == ("besides", inside[0], None)
    assert elsewhere is NOT_MET
