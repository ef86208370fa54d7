"""Reports compared with those on file; `make golden` writes them anew.

A commit that changes them says what a reader now sees.
"""

import json
import os
from pathlib import Path

import pytest

from defensible.documents import as_json, text

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.mark.parametrize("name", ["four-hospitals.txt", "four-hospitals.json"])
def test_a_report_is_what_it_was(heart, today, name):
    rendered = {
        "four-hospitals.txt": lambda: text(heart, on=today),
        "four-hospitals.json": lambda: json.dumps(as_json(heart, on=today), indent=2) + "\n",
    }[name]()
    path = GOLDEN / name

    if os.environ.get("DEFENSIBLE_GOLDEN") == "write":
        path.write_text(rendered, encoding="utf-8")

    assert rendered == path.read_text(encoding="utf-8")
