"""The plain-text report: one screen that answers, then the details, in 80 columns."""

from dataclasses import replace

import pytest

from defensible.assessment.result import Assessment
from defensible.documents import content, gap_words, text
from defensible.regulation.classification import Classification
from defensible.screen.layout import cells
from tests.documents.hostile import hostile

FIRST_SCREEN = 45


@pytest.fixture
def lines(heart, today):
    return text(heart, on=today).splitlines()


def test_the_first_screen_says_why_a_good_auc_is_not_a_cleared_device(lines):
    screen = "\n".join(lines[:FIRST_SCREEN])

    for said in (
        "validated model, pre-regulatory device",
        "Does the software perform as",
        "Is the device safe and effective for",
        "AUC 0.852 (0.777 to 0.926)",
        "5 of 6 rows met",
        "0 of 8 rows met",
        "VA Long Beach 149/51",
        "115/8",
        "8 Who decides",
        "NEXT",
    ):
        assert said in screen


def test_cases_are_counted_before_any_figure(lines):
    whole = "\n".join(lines)

    assert whole.index("616 left out: site is not Cleveland") < whole.index("0.852")
    assert whole.index("203 left out: split is train") < whole.index("0.852")


def test_every_line_fits_80_columns(lines):
    assert max(map(cells, lines)) <= 80


def test_a_status_is_a_mark_and_a_word(lines):
    row = next(line for line in lines if line.startswith("  4 Generalization"))

    assert row.split() == ["4", "Generalization", "[~]", "partly", "[~]", "partly"]


def test_thin_strata_are_named_with_their_counts(lines):
    whole = " ".join(" ".join(lines).split())

    assert "site Switzerland (115 diseased, 8 healthy)" in whole
    assert "sex female, site VA Long Beach (2 diseased, 4 healthy)" in whole


def test_gaps_come_in_order_with_what_they_block(lines, heart):
    gaps = lines[next(at for at, line in enumerate(lines) if line.startswith("GAPS")) :]

    assert "  1. G8R1, row 8 regulatory; blocks 13 others" in gaps
    assert sum(line.lstrip()[0].isdigit() and ". G" in line for line in gaps if line) == len(
        heart.gaps
    )


def test_the_report_ends_in_what_to_do_next(lines, heart):
    assert lines[-1] == f"NEXT  {heart.next_step}"


def test_colour_changes_ink_and_nothing_else(heart, today):
    import re

    coloured = text(heart, on=today, colour=True)

    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == text(heart, on=today)


def test_hostile_words_reach_no_terminal(today):
    shown = text(hostile(), on=today)

    assert all(character.isprintable() or character == "\n" for character in shown)
    assert max(map(cells, shown.splitlines())) <= 80
    assert len(shown.splitlines()) < 900


def test_nothing_declared_and_nothing_run_is_said_in_words(heart, today):
    bare = _bare(heart)

    shown = text(bare, on=today)

    assert "No study has been run: there is no evidence." in shown
    assert "No acceptance criterion is named." in " ".join(shown.split())
    assert "No market is declared, so no rule was asked." in shown


def _bare(whole: Assessment) -> Assessment:
    return replace(
        whole,
        dossier=replace(whole.dossier, claims=()),
        results=(),
        cells=(),
        gaps=(),
        classification=Classification(markets=()),
    )


def test_the_number_of_the_rule_of_law_stands_beside_the_class(heart):
    answer = replace(heart.classification.markets[1], rule="11")

    assert content.market_facts(answer)[:3] == ("class IIb", "rule 11", "Regulation (EU) 2017/745")


def test_gaps_that_one_piece_of_work_closes_stand_together(heart, today):
    first = heart.gaps[0]
    run = tuple(
        replace(first, id=f"G5R{at}", what=f"ISO 14971, {at}: there is no risks.yaml")
        for at in (4, 5, 6)
    )

    shown = text(replace(heart, gaps=run), on=today)

    assert "  1. G5R4 to G5R6, row 8 regulatory" in shown
    assert "ISO 14971, 4, 5, 6: there is no risks.yaml" in shown
    assert "  2. " not in shown


def test_one_piece_of_work_is_told_once_though_another_stands_between(heart):
    first = replace(heart.gaps[0], close="write `plan`", waits_for=())
    run = tuple(replace(first, id=f"G5R{at}") for at in (1, 3, 4, 5))
    other = replace(first, id="G5R2", close="approve the policy")
    later = replace(first, id="G5R6", waits_for=("G6R1",))

    found = gap_words.steps((run[0], other, *run[1:], later))

    assert [gap_words.names(one) for one in found] == ["G5R1, G5R3 to G5R5", "G5R2", "G5R6"]
