"""What an assessment says would settle a claim on readers: in its levels, and in its gaps."""

import pytest

from defensible.documents import numbers
from defensible.evidence.finding import Answer
from tests.assessment.test_assess import assess
from tests.evidence.test_readers import FULL, as_csv, simulated
from tests.evidence.test_readers import dossier as written

CLAIM = {
    "id": "C1",
    "text": "Readers find more of what is there.",
    "scope": {"site": ["North", "South"]},
    "endpoints": [{"metric": "sensitivity_difference", "goal": {"above": 0.0}}],
    "studies": ["S1"],
}


@pytest.mark.parametrize(
    ("fixed", "readers", "close", "said"),
    [
        (
            "cases",
            True,
            "have more readers read the cases from site South, or take it out of C1 {more}",
            "about {0.further_readers} more readers",
        ),
        (
            "readers",
            False,
            "add cases from site South, or take it out of C1 {more}",
            "about {0.further} more",
        ),
    ],
)
def test_an_open_level_says_what_would_settle_it(tmp_path, fixed, readers, close, said):
    plan = {"level": 0.95, fixed: "fixed"}
    written(tmp_path, as_csv(simulated(seed=4)), claims=[CLAIM], **{**FULL, "analysis": plan})

    result = assess(tmp_path)

    (scope,) = result.scopes
    south = next(one for one in scope.cells if one.level == "South")
    assert south.answer is Answer.INCONCLUSIVE
    assert (south.further_readers is not None, south.further is None) == (readers, readers)
    assert numbers.further_of_level(south) == said.format(south)
    closes = {gap.close for gap in result.gaps}
    more = f"({said.format(south)}{', at the value seen' if readers else ' at the rate seen'})"
    assert close.format(more=more) in closes
    whole = next(one for one in closes if one.startswith("plan a larger study of C1: at the value"))
    assert whole.endswith(f"more {'readers' if readers else 'cases'} would settle it")
