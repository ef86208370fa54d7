"""Packs in which the strictest rule decides: each rule can, whatever the grounds."""

import pytest

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation import classify
from tests.regulation import law

WHOLE = {
    "imaging_modality": ["CT"],
    "other_input": ["patient-record"],
    "output": ["measurement"],
    "user": ["radiologist"],
    "human_confirmation": "full-image-read-by-clinician",
    "situation": "non-serious",
    "significance": "inform",
    "purpose": "medical",
    "monitoring": "none",
    "integration": "independent",
    "condition": "any",
}
CASES = [(name, case) for name, case in law.cases() if name in {"eu", "uk", "canada"}]


@pytest.mark.parametrize(("name", "case"), CASES, ids=lambda one: str(one)[:60])
def test_a_whole_intended_use_that_meets_a_rule_alone_gets_its_class(name, case):
    rule = next(one for one in law.whole(name).rules if one.id == case["rule"])

    answer = classify(IntendedUse(**WHOLE | case["met"]), [Market(name)]).markets[0]

    fired = {one.rule for one in answer.fired}
    if rule.when.provided:
        assert rule.id not in fired
    elif rule.cite.confidence == "low":
        assert not answer.decided
        assert rule.id in fired
        assert rule.id in answer.ask
    else:
        assert answer.decided, answer.ask
        assert rule.id in fired
        assert (answer.device_class, answer.pathway) == (rule.then.class_, rule.then.pathway)
        assert str(rule.then.rule) in str(answer.rule)
        assert set(rule.limits) <= set(answer.assumes)
