"""Conditions of use that labeling allows; the page of the method states the same figures."""

from pathlib import Path

import pytest

from defensible.dossier import IntendedUse
from defensible.dossier.labeling import words
from defensible.regulation.language import Document, allowed
from tests.regulation.language.condition_corpus import PARTS, examples, finds, tally

PAGE = Path(__file__).parents[3] / "docs/methods/scope.md"


@pytest.mark.parametrize("part", PARTS)
def test_precision_is_at_least_95_percent(part):
    found = tally(part)

    assert found.precision >= 0.95, found.wrong


@pytest.mark.parametrize("part", PARTS)
def test_the_page_states_what_is_measured(part):
    found = tally(part)
    n_finds = found.right + len(found.missed)

    row = (
        f"| {part.replace('_', '-')} | {len(list(examples(part)))} | {found.n_traps} | {n_finds} | "
        f"{found.right} | {len(found.wrong)} | {found.precision:.3f} | {found.recall:.3f} |"
    )
    assert row in PAGE.read_text(encoding="utf-8")


def test_the_corpus_has_as_many_traps_as_sentences_that_allow():
    texts = [text for part in PARTS for text, _ in examples(part)]
    traps = sum(tally(part).n_traps for part in PARTS)

    assert len(texts) == len(set(texts)) >= 100
    assert traps >= len(texts) / 2


def test_a_find_has_its_line_and_the_sentence_cut_to_be_shown():
    text = "# Title\n\nFast. It is intended for scanners\nof GE" + ", as told" * 40 + ".\n"
    use = IntendedUse.model_validate({"function": "triage", "statement": "HeadFlag flags."})
    document = Document(path="labeling/ifu.md", said=words("ifu.md", text.encode()))

    (found,) = allowed(use, [document], {"vendor": {"GE": ["GE"]}})

    assert (found.kind.dimension, found.level) == ("vendor", "GE")
    assert str(found.spot) == "labeling/ifu.md:4"
    assert found.words.startswith("It is intended for scanners of GE, as told")
    assert len(found.words) == 200


def test_a_find_late_in_its_sentence_is_among_the_words_that_are_shown():
    text = "HeadFlag, which runs" + " here and there" * 20 + ", is intended for scanners of GE."
    use = IntendedUse.model_validate({"function": "triage", "statement": "HeadFlag flags."})
    document = Document(path="labeling/ifu.md", said=words("ifu.md", text.encode()))

    (found,) = allowed(use, [document], {"vendor": {"GE": ["GE"]}})

    assert found.words.startswith("…and there here and there")
    assert found.words.endswith(", is intended for scanners of GE.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HeadFlag is intended for use at 1.5, 2.89 and 3T.", {"1.5 T", "2.89 T", "3 T"}),
        ("HeadFlag is intended for use at 3,0 Tesla.", {"3 T"}),
        ("HeadFlag is intended for 3 T-cell counts and 12 Tables.", set()),
        ("HeadFlag is intended for 99999999999999999999999 T.", set()),
    ],
)
def test_field_strengths_are_read_as_numbers(text, found):
    assert {level for dimension, level in finds(text) if dimension == "field_strength"} == found


def test_a_sentence_of_many_levels_is_read_in_one_pass():
    text = "HeadFlag is intended for use with " + "GE, 3 T, women, " * 20_000 + "and men."

    found = finds(text)

    # a run of words without an end is cut: what follows has no verb that allows it
    assert found == {("vendor", "GE"), ("field_strength", "3 T"), ("sex", "female")}
