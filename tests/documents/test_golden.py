"""Reports compared with those on file; `make golden` writes them anew.

A commit that changes them says what a reader now sees.
"""

import json
import os
from pathlib import Path

import pytest

from defensible.assessment.planning import timetable
from defensible.documents import as_json, text
from defensible.documents.plan import timetable_as_json

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize(
    "name", ["four-hospitals.txt", "four-hospitals.json", "four-hospitals-timetable.json"]
)
def test_a_report_is_what_it_was(heart, today, name):
    rendered = {
        "four-hospitals.txt": lambda: text(heart, on=today),
        "four-hospitals.json": lambda: json.dumps(as_json(heart, on=today), indent=2) + "\n",
        "four-hospitals-timetable.json": lambda: timetable_dates(heart, today),
    }[name]()
    path = GOLDEN / name

    if os.environ.get("DEFENSIBLE_GOLDEN") == "write":
        path.write_text(rendered, encoding="utf-8")

    assert rendered == path.read_text(encoding="utf-8")


def timetable_dates(heart, today):
    """Its tasks and dates; curves are left out, and what is drawn has three digits."""
    found = timetable_as_json(timetable(heart, today=today))
    kept = {key: value for key, value in found.items() if not key.endswith("curve")}
    return json.dumps(_short(kept), indent=2) + "\n"


def _short(value):
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_short(one) for one in value]
    return float(f"{value:.3g}") if isinstance(value, float) else value
