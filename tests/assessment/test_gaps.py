"""The order of gaps: nothing comes before what it waits for, whatever is open."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible.assessment.gaps import WAITS_FOR, gaps
from defensible.assessment.result import Cell, Need, Row, Status


def _row(number: int, kinds: list[str]) -> Row:
    needs = tuple(Need(kind=kind, what=f"{kind} is open", close="close it") for kind in kinds)
    status = Status.OPEN if needs else Status.MET
    open_cell = Cell(status=status, reason="as needed", needs=needs)
    none = Cell(status=Status.NOT_APPLICABLE, reason="not asked")
    return Row(number=number, dimension="any", engineering=none, regulatory=open_cell)


@given(st.lists(st.lists(st.sampled_from(sorted(WAITS_FOR)), max_size=4), min_size=1, max_size=8))
def test_nothing_comes_before_what_it_waits_for(kinds):
    rows = tuple(_row(number, some) for number, some in enumerate(kinds, start=1))

    ordered = gaps(rows)

    position = {gap.id: index for index, gap in enumerate(ordered)}
    assert len(ordered) == sum(map(len, kinds)) == len(position)
    for gap in ordered:
        assert all(position[before] < position[gap.id] for before in gap.waits_for)
        assert all(position[after] > position[gap.id] for after in gap.blocks)


@given(st.lists(st.sampled_from(sorted(WAITS_FOR)), min_size=1, max_size=8))
def test_blocking_is_waiting_seen_from_the_other_side(kinds):
    ordered = gaps((_row(1, kinds),))

    by_id = {gap.id: gap for gap in ordered}
    for gap in ordered:
        assert {one for one, other in by_id.items() if gap.id in other.waits_for} == set(gap.blocks)


def test_a_closed_step_in_between_keeps_the_order_of_its_neighbours():
    ordered = gaps((_row(2, ["package"]), _row(6, ["intended-use"])))

    assert [gap.kind for gap in ordered] == ["intended-use", "package"]
    assert ordered[1].waits_for == (ordered[0].id,)


def test_every_kind_waits_only_for_kinds_that_exist():
    named = {kind for before in WAITS_FOR.values() for kind in before}

    assert named <= set(WAITS_FOR)


def test_the_order_follows_the_work_and_not_the_row_numbers():
    ordered = gaps((_row(1, ["decision"]), _row(4, ["generalization"]), _row(6, ["freeze"])))

    kinds = [gap.kind for gap in ordered]
    assert kinds == ["freeze", "generalization", "decision"]
    assert all(second.waits_for for _, second in pairwise(ordered))


def test_an_unknown_kind_of_work_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        gaps((_row(1, ["no-such-kind"]),))
