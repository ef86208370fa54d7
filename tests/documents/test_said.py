"""What no report of ours may say of a device, whatever the assessment."""

import json
import re
from dataclasses import replace

import pytest

from defensible.assessment.result import Verdict
from defensible.documents import as_json, html, text
from defensible.documents.words import ENGINEERING, REGULATORY

NEVER = re.compile(
    r"\b(approved|approval|safe|safely|unsafe|compliant|compliance|guaranteed?|certified|proven|"
    r"ensures?|trustworthy)\b",
    re.IGNORECASE,
)
ASKED = (ENGINEERING, REGULATORY, "Is the device safe and effective for")
"""The questions, whole and as the two columns of the text break them."""


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_no_report_says_more_than_was_shown(heart, today, verdict, form):
    one = replace(heart, verdict=verdict, words=str(verdict))
    said = {
        "text": lambda: text(one, on=today),
        "html": lambda: html(one, on=today),
        "json": lambda: json.dumps(as_json(one, on=today)),
    }[form]()

    plain = " ".join(said.replace("'unsafe-inline'", "").split())
    for question in ASKED:
        plain = plain.replace(question, "")

    assert NEVER.findall(plain) == []


def test_cleared_is_said_only_where_the_verdict_says_it(heart, today):
    below = text(heart, on=today)

    assert "cleared" not in below
