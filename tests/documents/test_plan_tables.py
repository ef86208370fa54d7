"""The plan for other programs: whatever the words, RFC 5545 holds and no cell is a formula."""

import csv
import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defensible.assessment.planning import timetable
from defensible.documents.plan_tables import plan_csv, plan_ics
from defensible.documents.sheets import FORMULA
from defensible.screen import clean

NOW = datetime(2026, 11, 26, 1, 2, 3, tzinfo=UTC)
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[A-Z0-9-]+)*):(.*)")
AWKWARD = (
    "a;b,c\\n:d",
    "\u00e9" * 90,
    "=1+1",
    "\uff1d1",
    " +1",
    "\t@SUM(A1)",
    "a\r\nBEGIN:VEVENT",
    "\U0001f600" * 40,
)
WORDS = st.sampled_from(AWKWARD) | st.text(max_size=120)


@pytest.fixture(scope="module")
def planned(heart, today):
    return timetable(heart, today=today)


def said_of(planned, heart, what, owner, name):
    """The timetable and the dossier with these words in the first task and in the name."""
    first = planned.steps[0]
    task = replace(first.task, what=what, owner=owner or None)
    found = replace(planned, steps=(replace(first, task=task), *planned.steps[1:]))
    device = heart.dossier.device.model_copy(update={"name": name})
    return found, replace(heart.dossier, device=device)


def content_lines(text):
    """Unfolded content lines as name, parameters and value, by the rules of RFC 5545, 3.1."""
    data = text.encode("utf-8")
    assert data.endswith(b"\r\n")
    physical = data.removesuffix(b"\r\n").split(b"\r\n")
    assert not [one for one in physical if b"\r" in one or b"\n" in one or not one]
    assert max(map(len, physical)) <= 75
    assert [one.decode("utf-8") for one in physical]  # no fold within a character
    whole = b"\r\n".join(physical).replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
    matches = [LINE.fullmatch(one) for one in whole]
    assert all(matches)
    return [(one[1], one[2], one[3]) for one in matches]


def unescaped(value):
    """A value of type TEXT; a comma or semicolon that is not escaped is a fault."""
    assert re.fullmatch(r"(?:[^\\;,]|\\[\\;,nN])*", value)
    return re.sub(r"\\(.)", r"\1", value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(what=WORDS, name=WORDS)
def test_any_words_make_a_calendar_that_keeps_the_rules(planned, heart, what, name):
    found, dossier = said_of(planned, heart, what, "engineer", name)

    lines = content_lines(plan_ics(found, dossier, now=NOW))

    names = [one for one, _, _ in lines]
    assert lines[0] == ("BEGIN", "", "VCALENDAR")
    assert lines[-1] == ("END", "", "VCALENDAR")
    assert names.count("VERSION") == names.count("PRODID") == 1
    n = len(found.steps)
    for once in ("UID", "DTSTAMP", "DTSTART", "SUMMARY", "DESCRIPTION"):
        assert names.count(once) == n
    assert [value for one, _, value in lines if one == "BEGIN"] == ["VCALENDAR", *["VEVENT"] * n]
    assert len({value for one, _, value in lines if one == "UID"}) == n
    assert {value for one, _, value in lines if one == "DTSTAMP"} == {"20261126T010203Z"}
    told = next(value for one, _, value in lines if one == "DESCRIPTION")
    assert unescaped(told) == " ".join(clean(what).split())
    summary = next(value for one, _, value in lines if one == "SUMMARY")
    assert unescaped(summary) == " ".join(clean(f"{name}: {found.steps[0].task.id}").split())


def test_an_event_keeps_its_identifier_from_day_to_day(planned, heart):
    later = datetime(2027, 3, 1, tzinfo=UTC)
    moved = replace(planned, days=replace(planned.days, start=date(2027, 3, 1)))

    def uids(found, now):
        text = plan_ics(found, heart.dossier, now=now)
        return [value for one, _, value in content_lines(text) if one == "UID"]

    assert uids(planned, NOW) == uids(moved, later)


@pytest.mark.parametrize("start", [date(1, 1, 1), date(2026, 12, 1), date.max])
def test_an_event_ends_after_it_begins_in_any_year(planned, heart, start):
    found = replace(planned, days=replace(planned.days, start=start))

    lines = content_lines(plan_ics(found, heart.dossier, now=NOW))

    events, event = [], {}
    for name, parameters, value in lines:
        if name in {"DTSTART", "DTEND"}:
            assert parameters == ";VALUE=DATE"
            assert re.fullmatch(r"\d{8}", value)
            event[name] = value
        elif (name, value) == ("END", "VEVENT"):
            events.append(event)
            event = {}
    assert len(events) == len(found.steps)
    assert all(one["DTSTART"] < one.get("DTEND", "99999999") for one in events)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(what=WORDS, owner=WORDS)
def test_no_cell_of_the_table_is_a_formula_whatever_the_words(planned, heart, what, owner):
    found, _ = said_of(planned, heart, what, owner, "device")

    rows = list(csv.DictReader(plan_csv(found).splitlines()))

    assert len(rows) == len(found.steps)
    for row in rows:
        words = [cell for name, cell in row.items() if name != "drive"]
        assert not [one for one in words if one.lstrip(" ").startswith(FORMULA)]
        float(row["drive"])  # a number, which may be below 0
