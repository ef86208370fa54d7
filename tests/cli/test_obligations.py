"""`defensible obligations`, as a person and as a pipeline call it."""

import json
from pathlib import Path

import pytest

from defensible.cli.edge import run

HEART = str(Path(__file__).parents[2] / "examples" / "heart-four-hospitals")


def test_each_market_says_how_much_is_met_and_what_is_open(capsys):
    assert run(["obligations", HEART]) == 0

    said = capsys.readouterr().out
    assert "\nEU, 7 of " in said
    assert "ACROSS MARKETS" in said
    assert "[x] met Results by age, sex and site" in " ".join(said.split())
    assert max(map(len, said.splitlines())) <= 80
    assert said.splitlines()[-3].startswith("Next: ")


def test_a_market_a_kind_and_what_is_open_can_be_chosen(capsys):
    told = ["--market", "eu", "--kind", "labeling", "--open", "--format", "json"]

    assert run(["obligations", HEART, *told]) == 0

    owed = json.loads(capsys.readouterr().out)["result"]["obligations"]
    assert {(one["market"], one["kind"]) for one in owed} == {("eu", "labeling")}
    assert {one["status"] for one in owed} <= {"open", "partly"}
    assert all(one["close"] for one in owed)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--kind", "evidense"], "there is no 'evidense'; did you mean 'evidence'?"),
        (["--market", "canda"], "there is no 'canda'; There are: us, eu, across"),
    ],
)
def test_a_misspelt_choice_is_named_with_what_there_is(capsys, told, said):
    assert run(["obligations", HEART, *told]) == 2

    assert said in capsys.readouterr().err
