"""Words: what is hidden becomes visible, what is long is cut where a reader can see it."""

import pytest

from defensible.documents.words import capped, clean, sentence, short


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("plain – naïve 漢字", "plain – naïve 漢字"),
        ("a\u202eb", r"a\u{202e}b"),
        ("\x1b[31mred", r"\u{001b}[31mred"),
        ("\x9b31m", r"\u{009b}31m"),
        ("line\nbreak\u2028here", "line break here"),
        ("lone \ud800", r"lone \u{d800}"),
        ("tag \U000e0041", r"tag \u{e0041}"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_hidden_characters_are_shown_and_scripts_are_left_alone(given, shown):
    assert clean(given) == shown


def test_a_long_name_keeps_its_beginning_and_its_end():
    cut = short("site " + "x" * 10_000 + " B", 20)

    assert cut == "site xxxxxxxx…xxxx B"
    assert len(cut) == 20


def test_a_cut_sentence_says_how_long_it_was():
    assert capped("y" * 2_000, 10) == "yyyyyyyyyy… (2,000 characters; the JSON form has all)"
    assert capped("short", 10) == "short"


def test_a_sentence_begins_large_and_a_path_stays_as_it_is():
    assert sentence("no rule decides") == "No rule decides"
    assert sentence("labeling/ifu.md does not say it") == "labeling/ifu.md does not say it"
    assert sentence("") == ""
