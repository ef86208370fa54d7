"""freeze, run, approve, decision, key and verify, as a person and as a pipeline call them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from defensible.cli.edge import run
from tests.assessment import small
from tests.evidence import sealing
from tests.evidence.test_freshness import change, goal
from tests.ledger.test_broken import rechained

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in ("NAME", "ROLE", "KEY", "TIMESTAMP_URL"):
        monkeypatch.delenv(f"DEFENSIBLE_{name}", raising=False)


@pytest.fixture
def root(tmp_path):
    return sealing.write(tmp_path / "flag")


@pytest.fixture
def sealed(root, capsys):
    assert run(["freeze", str(root)]) == 0
    assert run(["run", str(root)]) == 0
    capsys.readouterr()
    return root


def answer(capsys):
    return json.loads(capsys.readouterr().out)


def test_freezing_twice_writes_once(root, capsys):
    assert run(["freeze", str(root), "--format", "json"]) == 0
    first = answer(capsys)
    assert run(["freeze", str(root), "--format", "json"]) == 0
    second = answer(capsys)

    assert first["command"] == "freeze"
    assert (first["result"]["new"], second["result"]["new"]) == (True, False)
    assert sorted(first["result"]["parts"]) == [
        "claim C1",
        "intended use",
        "study S1",
        "trusted keys",
    ]
    assert len((root / "evidence/ledger.jsonl").read_bytes().splitlines()) == 1


def test_check_says_what_changed_since_the_freeze_and_which_studies_that_touches(sealed, capsys):
    goal(sealed, 0.75)

    assert run(["check", str(sealed)]) == 0

    said = capsys.readouterr().out
    assert "claim C1: goal of sensitivity, above 0.70 → 0.75" in said
    assert "touches S1" in said
    assert max(map(len, said.splitlines())) <= 80
    assert run(["check", str(sealed), "--format", "json"]) == 0
    (change,) = answer(capsys)["result"]["frozen"]["changes"]
    assert change["part"] == "claim C1"
    assert change["words"] == ["goal of sensitivity, above 0.70 → 0.75"]
    assert change["studies"] == ["S1"]
    assert "us.evidence.claims" in change["obligations"]["to be answered anew"]
    assert "us.document.predicate" not in change["obligations"]["to be answered anew"]


def test_a_changed_function_says_what_it_does_to_the_device(sealed, capsys):
    change(sealed, "intended-use.yaml", "function", to="diagnosis")

    assert run(["check", str(sealed)]) == 0

    said = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert "intended use: function triage → diagnosis" in said
    assert "US: class II → open" in said
    assert any(line.startswith("US: no longer asked: special controls TR-1, TR-2") for line in said)


def test_check_names_approvals_and_what_changed_since(sealed, capsys):
    run(["approve", str(sealed), "--name", "A. Example", "--role", "quality lead"])
    goal(sealed, 0.75)
    capsys.readouterr()

    assert run(["check", str(sealed)]) == 0

    said = " ".join(capsys.readouterr().out.split())
    assert "approval by A. Example, quality lead; 1 part has changed since" in said


def test_who_sealed_it_is_on_record(root):
    run(["freeze", str(root), "--name", "A. Example", "--role", "statistician"])

    (line,) = (root / "evidence/ledger.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["who"] == {"name": "A. Example", "role": "statistician"}


def test_run_does_what_is_stale_and_says_so_on_stderr(root, capsys):
    run(["freeze", str(root)])
    capsys.readouterr()

    assert run(["run", str(root)]) == 0

    said = capsys.readouterr()
    assert said.err == "running S1\n"
    assert said.out.splitlines()[0] == "Ran and sealed: S1"
    assert "  S1: current, sealed " in said.out
    assert run(["run", str(root)]) == 0
    again = capsys.readouterr()
    assert again.err == ""
    assert again.out.splitlines()[0] == "Nothing is stale; nothing was run."


def test_force_is_one_more_look_and_is_counted(sealed, capsys):
    assert run(["run", str(sealed), "--force", "--study", "S1", "--format", "json"]) == 0

    result = answer(capsys)["result"]
    assert result["ran"] == ["S1"]
    assert result["studies"][0]["opened"] == [
        {"source": "data/cases.csv", "runs": 2, "plans": 1, "studies": 1}
    ]


def test_a_run_before_any_freeze_is_cautioned(root, capsys):
    assert run(["run", str(root)]) == 0

    assert capsys.readouterr().err.splitlines()[0] == (
        "caution: nothing is frozen: these results are early, and stay so"
    )


def test_a_study_that_is_not_there_is_named_with_the_nearest(root, capsys):
    assert run(["run", str(root), "--study", "S2"]) == 2
    assert "there is no study 'S2'" in capsys.readouterr().err
    assert not (root / "evidence").exists()


def test_nothing_stale_loads_no_numeric_library(sealed):
    code = (
        "import sys; from defensible.cli.edge import run\n"
        f"assert run(['run', {str(sealed)!r}]) == 0\n"
        "print([m for m in ('numpy', 'polars', 'scipy', 'fsspec') if m in sys.modules])"
    )
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_assess_writes_nothing(root, capsys):
    run(["assess", str(root)])

    assert not (root / "evidence").exists()
    said = " ".join(capsys.readouterr().out.split())
    assert "Not sealed: these figures were computed for this report." in said


def test_an_approval_names_a_person_a_role_and_a_meaning(sealed, capsys):
    assert run(["approve", str(sealed), "--role", "quality lead"]) == 2
    assert "an approval names a person and a role" in capsys.readouterr().err
    assert run(["approve", str(sealed), "--name", "A", "--role", "B", "--meaning", "aproval"]) == 2
    assert "did you mean 'approval'?" in capsys.readouterr().err.lower()

    given = ["--name", "A. Example", "--role", "quality lead", "--meaning", "review"]
    assert run(["approve", str(sealed), *given, "--format", "json"]) == 0

    result = answer(capsys)["result"]
    assert (result["meaning"], result["results"], result["line"]) == ("review", 1, 4)
    assert result["who"] == {"name": "A. Example", "role": "quality lead"}


def test_an_approval_says_what_is_open_and_is_not_refused(sealed, capsys):
    goal(sealed, 0.75)

    assert run(["approve", str(sealed), "--name", "A", "--role", "B"]) == 0

    assert capsys.readouterr().err.splitlines() == [
        "caution: S1 is stale: claim C1 goal of sensitivity, above 0.70 → 0.75",
        "caution: changed since the freeze: claim C1",
    ]


def test_decisions_go_on_record_once(sealed, capsys):
    assert run(["decision", str(sealed), "--format", "json"]) == 0
    assert answer(capsys)["result"] == {"declared": 1, "lines": [4]}

    assert run(["decision", str(sealed)]) == 0
    assert "Every decision of device.yaml is on record" in capsys.readouterr().out


def test_a_key_signs_everything_and_verify_names_whose_it_is(root, capsys, tmp_path):
    key = tmp_path / "mine.pem"
    assert run(["key", "new", "--out", str(key), "--format", "json"]) == 0
    public = answer(capsys)["result"]["ed25519"]
    device = root / "device.yaml"
    listed = f"trusted_keys:\n- {{name: A. Example, ed25519: {public}}}\n"
    device.write_text(device.read_text(encoding="utf-8") + listed, encoding="utf-8")

    run(["freeze", str(root), "--key", str(key)])
    run(["run", str(root), "--key", str(key)])
    capsys.readouterr()
    assert run(["verify", str(root), "--rerun", "--trust", f"{key}.pub"]) == 0

    said = capsys.readouterr().out
    assert "4 signed by mine.pem.pub" in said
    assert "S1: the same figures again" in said
    assert max(map(len, said.splitlines())) <= 80
    run(["verify", str(root), "--format", "json"])
    steps = answer(capsys)["result"]["steps"]
    assert [one["step"] for one in steps] == [1, 2, 3, 4, 5, 6, 7]
    assert steps[3]["said"] == ["4 signed by A. Example"]


def test_a_run_signed_and_again_unsigned_leaves_both_seals(root, tmp_path, capsys):
    key = tmp_path / "mine.pem"
    run(["key", "new", "--out", str(key)])
    run(["run", str(root), "--key", str(key)])
    run(["run", str(root), "--force"])
    capsys.readouterr()

    assert run(["verify", str(root)]) == 0
    assert len(list((root / "evidence/studies/S1").iterdir())) == 2


def test_a_broken_seal_is_exit_code_3_everywhere(sealed, capsys):
    ledger = sealed / "evidence/ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"".join(lines[1:]))
    expected = (
        "evidence/ledger.jsonl:1:1: L002 line 1 is event 2: lines were removed, added or "
        "re-ordered\n  bring back the file as it was sealed, from version control\n"
        "1 problem in 1 file\n"
    )

    for command in ("check", "assess", "run", "freeze", "decision"):
        assert run([command, str(sealed)]) == 3
        assert capsys.readouterr().err == expected
    assert run(["verify", str(sealed)]) == 3
    assert run(["verify", str(sealed), "--format", "json"]) == 3


def test_verify_in_json_has_its_steps_and_its_problems(sealed, capsys):
    (envelope,) = (sealed / "evidence/studies/S1").iterdir()
    envelope.unlink()

    assert run(["verify", str(sealed), "--format", "json"]) == 3

    found = answer(capsys)
    assert found["result"]["holds"] is False
    assert [one["answer"] for one in found["result"]["steps"]][:3] == ["holds", "fails", "holds"]
    assert [one["code"] for one in found["problems"]] == ["L004"]


def test_a_clock_that_went_backwards_is_said_last_and_fails_nothing(sealed, capsys):
    ledger = sealed / "evidence/ledger.jsonl"
    events = [json.loads(line) for line in ledger.read_bytes().splitlines()]
    events[1]["time"] = "2001-01-01T00:00:00.000000Z"
    ledger.write_bytes(b"".join(line + b"\n" for line in rechained(events)))

    assert run(["verify", str(sealed)]) == 0
    said = capsys.readouterr().out
    assert "L008 the clock went backwards" in " ".join(said.split())
    assert said.splitlines()[-1].startswith("The order of events is shown; their times are not")
    assert run(["verify", str(sealed), "--format", "json"]) == 0
    result = answer(capsys)["result"]
    assert result["holds"] is True
    assert [one[:4] for one in result["cautions"]] == ["L008"]


def test_no_time_stamp_is_a_caution_and_no_loss(root, capsys):
    assert run(["freeze", str(root), "--timestamp-url", "http://127.0.0.1:9/"]) == 0

    assert capsys.readouterr().err == (
        "caution: no time-stamp: there was no answer that can be read (URLError); "
        "what was sealed stands\n"
    )
    assert run(["verify", str(root)]) == 0


def test_one_study_that_cannot_run_does_not_keep_another_from_its_seal(tmp_path, capsys):
    declared = small.files()
    declared["studies/s0.yaml"] = {
        **small.STUDY,
        "id": "S0",
        "claims": [],
        "data": {**small.STUDY["data"], "source": "data/none.csv"},
    }
    root = sealing.write(tmp_path / "flag", declared)

    assert run(["run", str(root)]) == 2

    assert "E001 there is no file 'data/none.csv'" in capsys.readouterr().err
    run(["run", str(root), "--study", "S1", "--format", "json"])
    states = {one["study"]: one["state"] for one in answer(capsys)["result"]["studies"]}
    assert states == {"S0": "missing", "S1": "early"}


WITHOUT = """
import sys
for name in ("cryptography", "rfc3161_client"):
    sys.modules[name] = None
from defensible.cli.edge import run
sys.exit(run(sys.argv[1:]))
"""


def without_extras(*words):
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", WITHOUT, *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def test_without_the_extras_nothing_that_is_signed_passes_for_checked(tmp_path):
    seal = ROOT / "tests/sealed/0.1.0"

    plain = without_extras("verify", seal)
    trusting = without_extras("verify", seal, "--trust", seal / "key.pub")
    making = without_extras("key", "new", "--out", tmp_path / "key.pem")

    assert plain.returncode == 0
    assert "4. the signatures: not checked" in plain.stdout
    assert "6. the time-stamps: not checked" in plain.stdout
    assert plain.stdout.splitlines()[-1] != (
        "Every seal holds. What they hold is for `defensible assess` to say."
    )
    assert trusting.returncode == 3
    assert "L010 signatures cannot be checked here" in trusting.stdout
    assert making.returncode == 2
    assert "pip install 'defensible[sign]'" in making.stderr


def test_sealing_needs_no_extra(root):
    assert without_extras("freeze", root).returncode == 0
    assert without_extras("run", root).returncode == 0
    assert without_extras("verify", root, "--rerun").returncode == 0
