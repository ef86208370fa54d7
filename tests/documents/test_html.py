"""The page: whole in itself, escaped throughout, and readable without seeing it."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from defensible.assessment.planning import plan
from defensible.assessment.result import Verdict
from defensible.documents import html, plan_evidence
from defensible.evidence.finding import OVERALL
from defensible.regulation.classification import Classification
from tests.documents.hostile import hostile

Attributes = list[tuple[str, str | None]]
VOID = {"meta", "br", "img", "link", "hr", "input"}


class Page(HTMLParser):
    """Elements in order, with attributes; unclosed or crossed elements are kept as faults."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> stays open" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def page(heart, today):
    return Page(html(heart, on=today))


@pytest.fixture(scope="module")
def attacked(today):
    return Page(html(hostile(), on=today))


def test_the_page_is_well_formed(page):
    assert page.faults == []


def test_the_page_needs_no_network_and_no_script(page):
    policy = [one.get("content") for one in page.all("meta") if "http-equiv" in one]

    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    assert not page.all("script")
    assert not page.all("link")
    assert not page.all("img")
    assert all(one["href"].startswith("#") for one in page.all("a"))


def test_every_link_leads_somewhere_and_every_id_is_unique(page):
    ids = [one["id"] for _, one in page.elements if "id" in one]
    labels = [word for _, one in page.elements for word in one.get("aria-labelledby", "").split()]

    assert len(ids) == len(set(ids))
    assert {one["href"][1:] for one in page.all("a")} <= set(ids)
    assert set(labels) <= set(ids)


def test_headings_go_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_step_that_the_evidence_reaches_is_marked_once(page):
    assert [one for one in page.all("li") if one.get("aria-current") == "step"] == [
        {"class": "here", "aria-current": "step"}
    ]


def test_cases_come_before_any_figure(page):
    words = "".join(page.words)

    assert words.index("site is not Cleveland") < words.index("0.732")


def test_each_figure_has_a_name_and_a_description(page):
    figures = [one for one in page.all("svg") if one.get("role") == "img"]

    assert len(figures) == 2 * 2 + 2
    assert all(len(one["aria-labelledby"].split()) == 2 for one in figures)


def test_marks_of_the_forest_differ_in_shape(heart, today):
    text = html(heart, on=today)
    plot = text[text.index('class="forest wide"') :]
    plot = plot[: plot.index("</svg>")]

    assert plot.count('class="ink-good-fill"') == 5
    assert len(re.findall(r"l10 10m0 -10l-10 10", plot)) == 3
    assert plot.count('class="ink-mid paper"') == 4
    assert len(re.findall(r"l6.5 6.5l-6.5 6.5l-6.5 -6.5z", plot)) == 1


def test_every_gap_is_on_the_page_in_order(page, heart):
    ids = [one["id"] for _, one in page.elements if "id" in one]

    assert [one for one in ids if re.fullmatch(r"G\d[ER]\d+", one)] == [
        gap.id for gap in heart.gaps
    ]


def test_hostile_words_stay_words(attacked):
    names = {name for _, one in attacked.elements for name in one}

    assert attacked.faults == []
    assert not attacked.all("script")
    assert not attacked.all("img")
    assert not {name for name in names if name.startswith("on")}
    assert "<script>alert(1)</script>" in "".join(attacked.words)


def test_hidden_characters_reach_no_page(today):
    text = html(hostile(), on=today)

    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200e\u200f\x1b\x07\x9b]", text)
    assert r"\u{202e}evil" in text


def test_a_very_long_name_is_cut(today):
    text = html(hostile(), on=today)

    assert max(map(len, re.findall(r"x+", text))) <= 1500
    assert len(text) < 1_500_000


def test_a_goal_below_is_drawn_on_its_own_side(heart, today):
    claims = tuple(
        one.model_copy(
            update={
                "endpoints": tuple(
                    end.model_copy(
                        update={"goal": end.goal.model_copy(update={"above": None, "below": 0.9})}
                    )
                    for end in one.endpoints
                )
            }
        )
        for one in heart.dossier.claims
    )
    results = tuple(
        replace(
            result,
            findings=tuple(
                replace(one, goal=claims[0].endpoints[0].goal) for one in result.findings
            ),
        )
        for result in heart.results
    )
    turned = replace(heart, dossier=replace(heart.dossier, claims=claims), results=results)

    text = html(turned, on=today)

    assert 'class="clear" x="330"' in text
    assert "goal: below 0.90" in text


def test_what_could_not_be_estimated_is_said(heart, today):
    first, second = heart.results
    findings = tuple(
        replace(one, measurement=replace(one.measurement, estimate=None, why="no diseased case"))
        for one in second.findings
    )
    measurements = tuple(
        replace(one, estimate=None, why="no diseased case")
        for one in second.measurements
        if one.stratum == OVERALL
    )
    blank = replace(second, findings=findings, measurements=measurements, curve=None, new_site=())

    page = Page(html(replace(heart, results=(first, blank)), on=today))

    assert page.faults == []
    assert "not estimated: no diseased case" in " ".join("".join(page.words).split())


@pytest.mark.parametrize("verdict", list(Verdict))
def test_each_verdict_has_its_place_on_the_ladder(heart, today, verdict):
    page = Page(html(replace(heart, verdict=verdict, words=str(verdict)), on=today))

    steps = [one["class"] for one in page.all("li") if one.get("class") in STEPS]
    assert steps == ["reached"] * int(verdict) + ["here"] + ["ahead"] * (4 - int(verdict))


STEPS = {"reached", "here", "ahead"}


def test_nothing_declared_and_nothing_run_gives_a_whole_page(heart, today):
    bare = replace(
        heart,
        dossier=replace(heart.dossier, claims=()),
        results=(),
        cells=(),
        gaps=(),
        classification=Classification(markets=()),
    )

    page = Page(html(bare, on=today))

    assert page.faults == []
    assert "there is no evidence" in "".join(page.words)


@pytest.fixture(scope="module")
def planned(heart, today):
    return plan(heart, today=today)


@pytest.fixture(scope="module")
def with_plan(heart, planned, today):
    return Page(html(heart, on=today, planned=planned))


def test_the_plan_stands_after_the_gaps_with_its_dates_and_three_steps(with_plan, planned):
    planned = planned.schedule
    words = " ".join("".join(with_plan.words).split())
    said = words[words.index("Plan: until when") :]

    assert with_plan.faults == []
    assert words.index("in the order in which to close them") < words.index("Plan: until when")
    for days in (planned.finish.p50, planned.finish.p80, planned.finish.p95):
        assert planned.days.on(days).isoformat() in said
    assert all(f"{one.task}: {one.what}" in said for one in planned.first)
    assert len(planned.first) == 3


def test_each_picture_of_the_plan_has_a_name_a_description_and_a_table(with_plan, planned):
    ids = [one["id"] for _, one in with_plan.elements if "id" in one]
    figures = [
        one["aria-labelledby"].split()
        for one in with_plan.all("svg")
        if one.get("aria-labelledby", "").startswith(("curve", "gantt", "tornado", "sizes"))
    ]
    heads = [one for one in with_plan.all("th") if one.get("scope") == "row"]

    assert len(figures) == 8
    assert {word for words in figures for word in words} <= set(ids)
    assert len(ids) == len(set(ids))
    assert len(heads) > len(planned.schedule.steps)


def test_the_report_says_how_much_evidence_each_endpoint_needs_and_assumes(with_plan, planned):
    words = " ".join("".join(with_plan.words).split())
    said = words[words.index("How much evidence") :]

    assert len(planned.needed) == 7
    for one in planned.needed:
        assert plan_evidence.named(one) in said
        assert plan_evidence.amount(one) in said
        assert " ".join(plan_evidence.assumed(one).split())[:200] in said
    cells = [one for one in planned.needed if one.cells]
    assert all(f"{plan_evidence.short_of(one)}" in said for one in cells)


def test_the_naive_date_is_drawn_and_told_beside_the_honest_one(heart, today):
    first = replace(heart.gaps[0], kind="engineering-evidence", question="engineering")
    behind = replace(heart, gaps=(first, *heart.gaps[1:]))
    whole = plan(behind, today=today)
    found = whole.schedule

    text = html(behind, on=today, planned=whole)

    assert 'class="unaided"' in text[text.index('id="plan"') :]
    assert found.naive.p50 < found.finish.p50
    assert found.days.on(found.naive.p50).isoformat() in text
    assert found.days.on(found.finish.p50).isoformat() in text


def test_where_nothing_remains_the_plan_says_so(heart, planned, today):
    over = replace(
        planned.schedule, steps=(), finish=None, naive=None, late=None, first=(), curve=()
    )

    page = Page(html(heart, on=today, planned=replace(planned, schedule=over)))

    assert page.faults == []
    assert "there is nothing to plan" in "".join(page.words)
