"""What the rules find in labeled sentences; the page of the method states the same figures."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.regulation.language.corpus import SPLITS, examples, tally

PAGE = Path(__file__).parents[3] / "docs/methods/language.md"


def test_the_corpus_holds_sentences_of_which_more_than_half_are_traps():
    every = [one for split in SPLITS for one in examples(split)]
    counts = Counter(one.rule is None for one in every)

    assert len({one.text for one in every}) == len(every) >= 200
    assert counts[True] > counts[False]
    assert len({one.use for one in every}) == 10


@pytest.mark.parametrize("split", SPLITS)
def test_precision_is_at_least_95_percent(split):
    found = tally(split)

    assert found.precision >= 0.95, found.wrong


@pytest.mark.parametrize("split", SPLITS)
def test_the_page_states_what_is_measured(split):
    found = tally(split)
    n_claims = found.right + len(found.missed)
    n_traps = sum(one.rule is None for one in examples(split))

    row = (
        f"| {split.replace('_', '-')} | {n_claims} | {n_traps} | {found.right} | "
        f"{len(found.wrong)} | {found.precision:.3f} | {found.recall:.3f} |"
    )
    assert row in PAGE.read_text(encoding="utf-8")


def test_the_page_lists_what_is_missed():
    text = " ".join(PAGE.read_text(encoding="utf-8").split())

    missed = [sentence for split in SPLITS for _, sentence in tally(split).missed]
    assert [one for one in missed if one not in text] == []
    assert len(re.findall(r"- “", PAGE.read_text(encoding="utf-8"))) == len(missed)
