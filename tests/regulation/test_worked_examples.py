"""Worked examples: do the packs say what the cited texts say?"""

import pytest

from defensible.dossier.intended_use import undeclared
from defensible.dossier.vocabulary import Function
from defensible.regulation import Match
from tests.regulation import worked

EXAMPLES = worked.examples()
MEDICAL = [one for one in EXAMPLES if one.use.function is not Function.NON_DEVICE]


def named(one):
    return getattr(one, "name", str(one))


@pytest.mark.parametrize("market", worked.HELD)
@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_answer_is_the_one_that_the_cited_text_gives(example, market):
    expected = example.expected[market]

    answer = worked.market_answer(example.answers(), market)

    if "device" in expected:
        assert answer.device is expected["device"]
    if "undecided" in expected:
        assert (answer.decided, answer.device_class) == (False, None)
        said = " ".join([answer.ask, *answer.unknown_fields]).casefold()
        assert any(word.casefold() in said for word in expected["asks"]), answer.ask
        return
    assert answer.decided, answer.ask
    assert answer.device_class == expected.get("class")
    assert agrees(answer, expected) == []
    cited = [one.citation.source for one in answer.fired if one.match is Match.MET]
    assert any(expected["cite"] in one for one in cited), cited


def agrees(answer, expected):
    """What of the rest does not agree."""
    held = {
        "regulation": str(answer.regulation).startswith(str(expected.get("regulation"))),
        "codes": list(answer.product_codes) == expected.get("codes"),
        "pathway": answer.pathway == expected.get("pathway"),
        "rule": answer.rule == expected.get("rule"),
        "confidence": answer.confidence == expected.get("confidence"),
    }
    return [name for name, holds in held.items() if name in expected and not holds]


@pytest.mark.parametrize("scheme", worked.SCHEMES_HELD)
@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_scheme_gives_the_category_that_the_cited_text_gives(example, scheme):
    expected = example.expected["schemes"].get(scheme)

    answer = worked.scheme_answer(example.answers(), scheme)

    if expected is None:
        assert scheme not in {"gamp", "csa"} or answer is None
    elif expected == worked.OPEN:
        assert (answer.decided, answer.category) == (False, None)
        assert answer.ask
    elif expected == worked.OUTSIDE:
        assert (answer.decided, answer.applies, answer.category) == (True, False, None)
    else:
        assert answer.category == expected, answer.ask


def test_every_function_has_two_examples_or_more():
    uses = [one.use.function for one in EXAMPLES]

    assert {
        function: uses.count(function) for function in Function if uses.count(function) < 2
    } == {}
    assert len(EXAMPLES) == 40


@pytest.mark.parametrize("example", MEDICAL, ids=named)
def test_every_example_of_a_medical_function_is_a_whole_intended_use(example):
    assert undeclared(example.use) == []


def test_every_intended_use_has_its_expectation_and_no_two_are_one_device():
    files = {one.name.removesuffix(".yaml") for one in worked.FOLDER.iterdir()}

    assert {one for one in files if not one.endswith(".expected")} == {one.name for one in EXAMPLES}
    assert len({one.device for one in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_every_expected_answer_cites_a_text(example):
    assert set(worked.TITLES) <= set(example.expected)
    assert [one for one in worked.TITLES if not example.expected[one].get("cite")] == []


def test_the_page_shows_the_examples_as_they_are():
    assert worked.PAGE.read_text(encoding="utf-8") == worked.page()


def test_the_page_on_classification_says_how_often_no_rule_decides():
    assert worked.how_often() in worked.METHOD.read_text(encoding="utf-8")
