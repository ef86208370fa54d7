"""Where things lie in a forest plot and in a ROC curve."""

from dataclasses import replace

import pytest

from defensible.documents import content, forest, roc
from defensible.documents.figures import Scale, span
from defensible.evidence.finding import Stratum

FULL = (0.0, 1.0)


@pytest.fixture(scope="module")
def sensitivity(heart):
    return content.pictures(heart)[0]


def _lines(plots: tuple[forest.Forest, ...]) -> list[forest.Line]:
    return [line for plot in plots for line in plot.lines]


def test_a_scale_lays_values_out_in_proportion_and_keeps_them_inside():
    scale = Scale(low=0.2, high=1.0, start=100, end=500)

    assert [scale.at(one) for one in (0.2, 0.6, 1.0)] == [100, 300, 500]
    assert [scale.at(one) for one in (0.0, 1.2)] == [100, 500]


@pytest.mark.parametrize(
    ("low", "labels"),
    [
        (0.0, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.4, ["0.4", "0.6", "0.8", "1.0"]),
        (0.6, ["0.6", "0.7", "0.8", "0.9", "1.0"]),
        (0.8, ["0.8", "0.9", "1.0"]),
    ],
)
def test_ticks_are_round_numbers(low, labels):
    scale = Scale(low=low, high=1.0, start=0, end=100)

    assert [label for _, label in scale.ticks()] == labels
    assert scale.ticks()[-1][0] == 100


def test_the_span_holds_every_value_and_ends_at_1():
    assert span([0.71, 0.9]) == (0.6, 1.0)
    assert span([0.05, 0.9]) == (0.0, 1.0)
    assert span([0.99]) == (0.8, 1.0)
    assert span([]) == (0.0, 1.0)


def test_every_finding_has_its_line_under_its_dimension(sensitivity):
    lines = _lines(forest.forests(sensitivity, forest.WIDE, domain=FULL))

    assert [line.label for line in lines] == [
        *("All cases", "Site", "Cleveland", "Hungary", "Switzerland", "VA Long Beach"),
        *("Sex", "female", "male"),
        *("Age", "under 45", "45 to 55", "55 to 65", "65 or over"),
        *("Sex and site", "female, VA Long Beach", "A site not yet seen"),
    ]


def test_an_interval_lies_where_its_numbers_say(sensitivity):
    (plot,) = forest.forests(sensitivity, forest.WIDE, domain=FULL)
    switzerland = next(line for line in plot.lines if line.label == "Switzerland")

    start, end = forest.WIDE.plot
    assert switzerland.x == pytest.approx(start + (end - start) * 68 / 115, abs=0.06)
    assert switzerland.low < switzerland.x < switzerland.high < plot.goal_x
    assert (switzerland.mark, switzerland.cases) == ("failed", "68 of 115")
    assert switzerland.figure == "0.591 (0.500 to 0.677)"


def test_a_new_site_is_a_row_of_its_own_kind(sensitivity):
    (plot,) = forest.forests(sensitivity, forest.NARROW, domain=FULL)
    last = plot.lines[-1]

    assert (last.mark, last.cases, last.answer) == ("prediction", "4 sites", "prediction")
    assert last.full == "A site not yet seen: 95% prediction interval"


def test_many_rows_are_cut_into_plots_that_fit_a_sheet(sensitivity):
    first = sensitivity.findings[0]
    many = tuple(
        replace(
            first,
            measurement=replace(first.measurement, stratum=Stratum(levels=(("site", f"H{at}"),))),
        )
        for at in range(200)
    )

    plots = forest.forests(
        replace(sensitivity, findings=many, new_site=()), forest.WIDE, domain=FULL
    )

    assert len(plots) == 6
    assert sum(not line.head for line in _lines(plots)) == 200
    assert plots[1].title == "Sensitivity of C1 by stratum, 2 of 6"


def test_findings_of_several_studies_stand_under_their_study(sensitivity):
    other = tuple(replace(one, study="S-other") for one in sensitivity.findings[:1])
    both = replace(sensitivity, findings=sensitivity.findings[:1] + other, new_site=())

    lines = _lines(forest.forests(both, forest.WIDE, domain=FULL))

    assert [(line.label, line.head) for line in lines] == [
        ("S-hospitals", True),
        ("All cases", False),
        ("S-other", True),
        ("All cases", False),
    ]


def test_a_level_that_is_not_shared_is_not_claimed(sensitivity):
    first, second, *_ = sensitivity.findings
    assert first.measurement.estimate is not None
    odd = replace(
        first,
        measurement=replace(
            first.measurement, estimate=replace(first.measurement.estimate, level=0.9)
        ),
    )

    (mixed,) = forest.forests(
        replace(sensitivity, findings=(odd, second)), forest.WIDE, domain=FULL
    )
    (same,) = forest.forests(replace(sensitivity, findings=(odd,)), forest.WIDE, domain=FULL)

    assert mixed.figures == "Estimate (CI)"
    assert same.figures == "Estimate (90% CI)"


def test_a_roc_curve_runs_from_corner_to_corner_through_its_operating_point(heart):
    figure = roc.roc(heart.results[0])

    assert figure is not None
    corners = [[float(at) for at in one.split(",")] for one in figure.path[1:].split(" L")]
    assert corners[0] == [roc.LEFT, roc.BOTTOM]
    assert corners[-1] == [roc.RIGHT, roc.TOP]
    assert figure.point == (figure.across.at(0.222), figure.up.at(0.732))
    assert figure.point_words == "Operating point: sensitivity 0.732, specificity 0.778"
    assert figure.area == "AUC 0.852 (0.777 to 0.926)"


def test_a_study_without_a_score_has_no_curve(heart):
    assert roc.roc(replace(heart.results[0], curve=None)) is None
