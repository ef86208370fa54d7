"""Changes of an intended use, checked as a file is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.change import Change, ChangeError, change, changed, fields, found
from tests.regulation.worked import examples

TRIAGE = IntendedUse(function="triage", output=["worklist-flag"], gxp={"process": "release"})


@pytest.mark.parametrize(
    ("field", "text", "values"),
    [
        ("function", "detection", ("detection",)),
        ("output", "mark-or-box, heatmap", ("mark-or-box", "heatmap")),
        ("anatomy", "chest, left", ("chest, left",)),
        ("population.age_years.from", "18", ("18",)),
        ("population.sex", "female", ("female",)),
        ("gxp.gamp_category", "5", ("5",)),
        ("limitations", "no film", ("no film",)),
    ],
)
def test_a_changed_field_has_the_new_value_and_the_others_stay(field, text, values):
    one = change(field, text)

    other = changed(TRIAGE, [one])

    assert one == Change(field=field, values=values)
    assert found(other, field) == values
    kept = [name for name in fields() if name != field]
    assert [found(other, name) for name in kept] == [found(TRIAGE, name) for name in kept]


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("functoin", "triage", "there is no field 'functoin'; did you mean 'function'?"),
        ("function", "triaj", "there is no function 'triaj'; did you mean 'triage'?"),
        ("output", "heatmap,mark", "there is no output 'mark'"),
        ("output", "heatmap,heatmap", "output has one value twice"),
        ("output", "", "output has no value; write output=VALUE"),
        ("output", "heatmap,", "output has no value"),
        ("anatomy", "", "anatomy has no value"),
        ("population", "adults", "population is a group of fields: population.age_years.from"),
        ("acquisition.parameters", "x", "there is no field 'acquisition.parameters'"),
        ("gxp.gamp_category", "2", "there is no gxp.gamp_category '2'"),
    ],
)
def test_a_field_or_value_that_is_not_there_gets_the_nearest_one(field, text, said):
    with pytest.raises(ChangeError) as raised:
        change(field, text)

    assert str(raised.value).startswith(said)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([("population.age_years.from", "old")], "population.age_years.from is a number"),
        (
            [("population.age_years.from", "18"), ("population.age_years.to", "12")],
            "the range runs from 18 to 12; it holds nothing",
        ),
        ([("population.age_years.from", "inf")], "population.age_years.from cannot be 'inf'"),
        ([("function", "triage"), ("function", "detection")], "function is changed twice"),
    ],
)
def test_changes_that_do_not_fit_are_refused_in_words(changes, said):
    with pytest.raises(ChangeError) as raised:
        changed(TRIAGE, [change(*one) for one in changes])

    assert str(raised.value).startswith(said)


def test_a_group_that_needs_more_says_what():
    with pytest.raises(ChangeError, match=r"gxp\.process has to be declared, too"):
        changed(IntendedUse(function="triage"), [change("gxp.impact", "direct")])


@given(st.sampled_from(examples()), st.data())
def test_a_field_given_its_own_value_changes_nothing(example, data):
    declared = [name for name in fields() if found(example.use, name)]
    field = data.draw(st.sampled_from(declared))

    values = found(example.use, field)

    assert changed(example.use, [Change(field=field, values=values)]) == example.use
