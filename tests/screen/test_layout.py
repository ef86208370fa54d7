"""Plain text keeps to its columns whatever it is given."""

from hypothesis import given
from hypothesis import strategies as st

from defensible.screen.layout import Ink, beside, cells, pad, table, wrap


@given(st.text(), st.integers(min_value=8, max_value=80))
def test_no_line_is_wider_than_asked_and_no_word_is_lost(text, width):
    lines = wrap(text, width=width, first="  - ")

    assert max(map(cells, lines)) <= width
    assert "".join("".join(lines).split()).removeprefix("-") == "".join(text.split())


def test_wide_characters_take_two_cells_and_ink_takes_none():
    assert cells("漢字") == 4
    assert cells("e\u0301") == 1
    assert cells(Ink(colour=True).bad("open")) == 4


def test_ink_without_colour_gives_the_text_back():
    assert Ink(colour=False).good("met") == "met"
    assert Ink(colour=True).good("met") == "\x1b[32mmet\x1b[0m"


def test_two_blocks_stand_side_by_side():
    lines = beside(["left"], ["right", "more"])

    assert lines == ["left".ljust(38) + " | right", " " * 38 + " | more"]


def test_a_table_lines_up_its_columns():
    assert table([("a", "bb"), ("ccc", "d")], right=frozenset({1})) == ["a    bb", "ccc   d"]
    assert pad("漢", 4) == "漢  "
