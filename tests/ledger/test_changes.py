"""Differences as a person reads them."""

import pytest

from defensible.dossier import Claim, IntendedUse
from defensible.dossier.vocabulary import Function
from defensible.ledger.canonical import content
from defensible.ledger.changes import changes

TEXT = "Flags pneumothorax on frontal chest radiographs of adults, anywhere and at any time."
ENDPOINTS = [
    {"metric": "sensitivity", "goal": {"above": 0.8}},
    {"metric": "specificity", "goal": {"above": 0.8}},
]
CLAIM = {
    "id": "C1",
    "text": TEXT,
    "scope": {"site": ["North", "South"], "age": {"from": 18}},
    "endpoints": ENDPOINTS,
}


def claim(**changed):
    return content(Claim.model_validate({**CLAIM, **changed}))


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {
                "endpoints": [
                    {"metric": "sensitivity", "goal": {"above": 0.85}},
                    {"metric": "specificity", "goal": {"above": 0.8}},
                ]
            },
            ("goal of sensitivity, above 0.80 → 0.85",),
        ),
        ({"scope": {"site": ["North"], "age": {"from": 18}}}, ("scope.site: South removed",)),
        ({"scope": {"site": "any", "age": {"from": 18}}}, ("scope.site North, South → any",)),
        (
            {"scope": {"site": ["South", "North"], "age": {"from": 18}}},
            ("scope.site in another order",),
        ),
        (
            {"scope": {"site": ["North", "South"], "age": {"from": 22, "to": 80}}},
            ("scope.age.from 18 → 22", "scope.age.to not declared → 80"),
        ),
        ({"endpoints": ENDPOINTS[:1]}, ("endpoint specificity removed",)),
        (
            {"text": TEXT.replace("adults", "children")},
            ("text '…adults, anywhere and at any time.' → '…children, anywhere and at any time.'",),
        ),
        ({"studies": ["S1"]}, ("studies: S1 added",)),
    ],
)
def test_a_change_of_a_claim_is_said_in_its_own_words(changed, words):
    assert changes(claim(), claim(**changed)) == words


def test_a_changed_function_and_a_declared_field_are_named():
    before = content(IntendedUse(function=Function.TRIAGE))
    after = content(IntendedUse(function=Function.DIAGNOSIS, condition="pneumothorax"))

    assert changes(before, after) == (
        "function triage → diagnosis",
        "condition not declared → pneumothorax",
    )


def test_a_field_that_an_earlier_version_did_not_know_is_no_change():
    after = content(IntendedUse(function=Function.TRIAGE))
    before = {key: value for key, value in after.items() if key != "basis"}

    assert changes(before, after) == changes(after, before) == ()


def test_none_and_an_empty_list_are_two_things():
    assert changes({"limitations": None}, {"limitations": []}) == (
        "limitations not declared → none",
    )


def test_a_truth_value_is_no_number():
    assert changes({"is": [1]}, {"is": [True]}) == ("is: 1 removed", "is: true added")


def test_digests_are_cut_and_what_steers_a_terminal_is_left_out():
    assert changes({"sha256": "a" * 64}, {"sha256": "b" * 64}) == (
        f"sha256 {'a' * 12} → {'b' * 12}",
    )
    assert changes({"text": "one"}, {"text": "\x1b[31mtwo\u202e"}) == ("text one → [31mtwo",)


def test_items_without_a_name_are_compared_by_place():
    before = {"measurements": [{"metric": "auc", "n": 1}, {"metric": "auc", "n": 2}]}
    after = {"measurements": [{"metric": "auc", "n": 1}, {"metric": "auc", "n": 3}]}

    assert changes(before, after) == ("measurements.2.n 2 → 3",)
