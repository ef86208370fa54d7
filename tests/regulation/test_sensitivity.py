"""Sensitivity: what is found does change the answer, and nothing that does is left out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify
from defensible.regulation.change import Change, changed
from defensible.regulation.readable import NOTHING, TEXT, declared, several, values
from defensible.regulation.reading import MARKETS, read
from defensible.regulation.sensitivity import Moved, Outcome, sensitivity
from defensible.regulation.signature import board
from defensible.regulation.single_changes import single_changes
from tests.regulation.worked import examples

BY_NAME = {one.name: one for one in examples()}
ALL = list(Market)
BOARDS = {name: board(read(pack)) for name, pack in MARKETS.items()}
SOME = (
    "chest-radiograph-pneumothorax-triage",
    "nerve-block-anatomy",
    "opaque-recommendations",
    "radiotherapy-contours",
    "vial-inspection",
    "watch-ecg",
)


def outcome(use, market, facts=NOTHING):
    """The outcome by the whole classification."""
    found = classify(use, [Market(market)], facts=facts).market(market)
    return Outcome(
        decided=found.decided,
        device=found.device,
        device_class=found.device_class,
        pathway=found.pathway,
    )


def by_hand(use):
    """Every single change, found without the enumeration that is under test."""
    for name in {name for one in BOARDS.values() for name in one.fields}:
        vocabulary = values(name)
        if vocabulary is TEXT or "." in name:
            continue
        now = set(declared(use, name) or ())
        for value in vocabulary - now:
            yield name, frozenset({value}), not several(name) or len(now) <= 1
            if several(name):
                yield name, frozenset(now | {value}), value != "none" and "none" not in now
                for other in now:
                    yield name, frozenset(now - {other} | {value}), value != "none" or len(now) == 1
        if several(name) and len(now) > 1:
            for value in now:
                yield name, frozenset(now - {value}), True


@pytest.mark.parametrize("name", SOME)
def test_single_changes_are_all_there_and_move_what_they_are_said_to_move(name):
    use = BY_NAME[name].use
    facts = {key: (value,) for key, value in BY_NAME[name].expected.get("beside", {}).items()}

    result = sensitivity(use, ALL, facts=facts, most_pairs=0)

    wanted = {(field, new) for field, new, allowed in by_hand(use) if allowed}
    expected = {
        (market, field, new): after
        for field, new in wanted
        for market in MARKETS
        if (after := outcome(changed(use, [as_change(field, new)]), market, facts))
        != result.before[market]
    }
    given = {
        (one.market, one.changes[0].field, frozenset(one.changes[0].values)): one.after
        for one in result.singles
    }
    assert result.before == {market: outcome(use, market, facts) for market in MARKETS}
    assert {key: after for key, after in given.items() if "." not in key[1]} == expected
    assert (result.n_pairs, result.pairs) == (0, ())


def as_change(field, new):
    return Change(field=field, values=tuple(sorted(new)))


@given(st.sampled_from(examples()), st.sampled_from(sorted(MARKETS)), st.data())
@settings(max_examples=80, deadline=None)
def test_a_pair_is_found_exactly_where_it_does_what_neither_change_does_alone(
    example, market, data
):
    use, fields = example.use, BOARDS[market].fields
    one, other = data.draw(
        st.lists(st.sampled_from(single_changes(use, fields)), min_size=2, max_size=2).filter(
            lambda pair: pair[0].field != pair[1].field
        )
    )

    before = outcome(use, market)
    alone = [outcome(changed(use, [each]), market) for each in (one, other)]
    after = outcome(changed(use, [one, other]), market)
    adds = after not in [before, *alone] and (after.decided or alone == [before, before])

    found = {frozenset(each.changes): each.after for each in pairs(use, market)}
    assert found.get(frozenset({one, other})) == (after if adds else None)


PAIRS: dict[tuple[str, str], tuple[Moved, ...]] = {}


def pairs(use, market):
    """The pairs of one market, kept: most draws are of the same few."""
    key = (use.model_dump_json(), market)
    if key not in PAIRS:
        PAIRS[key] = sensitivity(use, [Market(market)]).pairs
    return PAIRS[key]


@pytest.mark.parametrize("name", SOME)
def test_every_pair_found_moves_its_market_when_it_is_classified_anew(name):
    use = BY_NAME[name].use

    result = sensitivity(use, ALL)

    assert result.n_pairs == result.n_possible
    for one in result.pairs[::7]:
        assert outcome(changed(use, one.changes), one.market) == one.after
        assert one.after != result.before[one.market]


def test_the_number_of_pairs_is_bounded_and_how_many_there_are_is_said():
    use = BY_NAME[SOME[0]].use

    whole, part = sensitivity(use, [Market.EU]), sensitivity(use, [Market.EU], most_pairs=500)

    assert part.n_pairs == 500
    assert part.n_possible == whole.n_possible == whole.n_pairs
    assert set(part.pairs) <= set(whole.pairs)
    assert part.singles == whole.singles


def test_what_is_not_declared_is_filled_and_nothing_is_emptied():
    use = IntendedUse(function="triage", output=["worklist-flag"])

    changes = single_changes(use, ["output", "workflow", "situation"])

    assert all(one.values for one in changes)
    assert [one.values for one in changes if one.field == "situation"] == [
        ("critical",),
        ("serious",),
        ("non-serious",),
    ]


def test_free_text_is_not_varied():
    use = BY_NAME[SOME[0]].use

    assert single_changes(use, ["anatomy", "condition"]) == ()


def test_none_is_never_put_beside_another_value():
    use = IntendedUse(function="triage", imaging_modality=["CT", "MR"])

    changes = single_changes(use, ["imaging_modality"])

    assert all("none" not in one.values for one in changes)
    alone = single_changes(
        IntendedUse(function="triage", imaging_modality=["none"]), ["imaging_modality"]
    )
    assert all(len(one.values) == 1 for one in alone)


@given(st.sampled_from(examples()))
@settings(max_examples=20, deadline=None)
def test_the_same_signature_is_the_same_outcome(example):
    use = example.use
    for market, laid in BOARDS.items():
        seen = {}
        for one in single_changes(use, laid.fields)[::5]:
            other = changed(use, [one])
            bits = laid.always
            for name in laid.fields:
                bits |= laid.bits(name, declared(other, name))
            after = outcome(other, market)
            assert seen.setdefault(laid.signature(bits), after) == after
