"""The picture of sizes: which numbers it shows, and what it says where a goal is out of reach."""

from defensible.assessment.planning import Needed
from defensible.documents.size_figure import sizes
from defensible.dossier.claims import Goal, MetricName


def needed(*moved, part="overall", expected=0.9):
    return Needed(
        claim="C1",
        metric=MetricName.SENSITIVITY,
        goal=Goal(above=0.8),
        part=part,
        expected=expected,
        source="plan.yaml",
        sensitivity=moved,
    )


def test_a_bar_runs_from_the_least_to_the_most_cases_with_a_disc_at_the_expected():
    wide, narrow = sizes((needed((0.88, 300), (0.9, 100), (0.92, 30)),))

    bar = wide.bars[0]
    assert bar.words == "30 at 0.920 to 300 at 0.880"
    # on a log axis of one decade, 100 lies log10(100 / 30) = 0.523 of the way
    assert abs((bar.dot - bar.x) / bar.width - 0.523) < 0.002
    assert [words for _, words in wide.ticks] == ["50", "100", "200"]
    assert narrow.bars[0].words == bar.words


def test_a_goal_that_is_out_of_reach_at_a_value_opens_the_bar():
    wide, _ = sizes((needed((0.81, None), (0.9, 100), (0.92, 30)),))

    assert wide.bars[0].open_end
    assert wide.bars[0].words == "30 at 0.920 to out of reach at 0.810"
    assert wide.bars[0].x + wide.bars[0].width == wide.shape.plot[1]


def test_what_has_no_two_numbers_is_not_drawn():
    assert sizes(()) == ()
    assert sizes((needed((0.9, 100)), needed(), needed((0.9, 9), (0.92, 8), part="cells"))) == ()


def test_equal_numbers_and_huge_ones_can_be_drawn():
    same, _ = sizes((needed((0.9, 100), (0.92, 100)),))
    huge, _ = sizes((needed((0.9, 1), (0.92, 10**12)),))

    assert same.bars[0].width == 2.0
    assert len(huge.ticks) <= 8
