"""Review clocks: each with a device that has it, and devices of which none is held."""

from collections import Counter

import pytest

from defensible.regulation.durations import Review, durations
from defensible.regulation.reading import MARKETS, parse, read
from tests.regulation import law

CASES = parse((law.FOLDER / law.OF_CLOCKS).read_bytes())


def found(case):
    if "pathway" not in case:
        return durations().answer(case["market"])
    return durations().review(case["market"], case["pathway"], case["class"])


@pytest.mark.parametrize("case", CASES, ids=lambda one: f"{one['clock']} {one.get('class')}")
def test_a_device_has_the_clock_of_its_pathway_or_class(case):
    clock = found(case)

    if case["clock"] is None:
        assert clock == durations().default_review
        assert (clock.counts, clock.cite.confidence) == (None, "low")
    else:
        assert clock.id == case["clock"]
        assert [clock.low, clock.likely, clock.high] == case["days"]


def test_every_clock_has_its_cases_and_belongs_to_a_class_or_pathway_of_its_pack():
    clocks = (*durations().reviews, *durations().feedback)

    assert {one["clock"] for one in CASES if one["clock"]} == {one.id for one in clocks}
    assert max(Counter(one.id for one in clocks).values()) == 1
    for one in durations().reviews:
        pack = read(MARKETS[one.market])
        pathways = {rule.then.pathway for rule in pack.rules}
        assert set(one.classes or ()) <= set(pack.classes)
        # De Novo is no rule's pathway: it is what a regulator answers
        assert set(one.pathways or ()) <= pathways | {"De Novo"}


def test_one_device_never_has_two_clocks():
    for market in MARKETS:
        mine = [one for one in durations().reviews if one.market == market]
        named = [name for one in mine for name in one.pathways or one.classes]
        assert len(named) == len(set(named))
        assert len({one.pathways is None for one in mine}) == 1


def test_what_is_not_read_at_its_source_is_of_low_confidence():
    assumed = {
        one.id: one.cite.confidence for one in durations().reviews if "not read" in one.cite.source
    }

    assert set(assumed) == {"us.review.exempt", "eu.review.notified-body"}
    assert set(assumed.values()) == {"low"}


def test_a_clock_of_both_or_of_neither_cannot_be_built():
    known = durations().reviews[0].model_dump()

    for change in ({"classes": ("I",)}, {"pathways": None}):
        with pytest.raises(ValueError, match="give one of `pathways`, `classes`"):
            Review.model_validate(known | change)
