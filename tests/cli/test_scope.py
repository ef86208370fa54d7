"""`defensible scope`, as a person and as a pipeline call it."""

import json
from pathlib import Path

from defensible.cli.edge import run

HEART = Path(__file__).parents[2] / "examples" / "heart-four-hospitals"


def test_the_heart_example_shows_where_two_dimensions_meet(capsys):
    code = run(["scope", str(HEART), "C1"])

    said = capsys.readouterr()
    assert code == 0
    assert "  None: no level of age, sex, site is supported." in said.out
    assert "  Switzerland    [ ] 10/0   [!] 105/8" in said.out
    assert "next site 0.449 to 0.990" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert said.out.splitlines()[-1].startswith("Next: ")


def test_json_has_every_pair_and_what_is_not_exercised(capsys):
    assert run(["scope", str(HEART), "C1", "--format", "json"]) == 0

    result = json.loads(capsys.readouterr().out)["result"]
    (scope,) = result["scopes"]
    assert scope["family"] == {"method": "Holm", "n_tested": 39, "alpha": 0.025, "order": []}
    assert len(scope["pairs"]) == 4 * 2 + 4 * 4 + 4 * 2
    empty = next(
        one for one in scope["pairs"] if one["stratum"] == {"site": "Switzerland", "sex": "female"}
    )
    assert (empty["answer"], empty["n_cases"]) == ("unseen", 10)
    assert {one["dimension"] for one in result["unexercised"]} == {"age", "setting", "severity"}


def test_a_claim_that_is_not_there_is_named_with_the_nearest(capsys):
    assert run(["scope", str(HEART), "C2"]) == 2

    assert "there is no claim 'C2'; There are: C1" in capsys.readouterr().err
