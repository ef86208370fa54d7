"""Bad input, as a user meets it: exit code 2, one clear message, and nothing written."""

import copy
import os

import pytest

from defensible.cli.edge import run
from tests.assessment import small

BOMB = (
    "a: &a [x, x, x, x, x, x, x, x, x]\n"
    "b: &b [*a, *a, *a, *a, *a, *a, *a, *a]\n"
    "c: &c [*b, *b, *b, *b, *b, *b, *b, *b]\n"
    "d: &d [*c, *c, *c, *c, *c, *c, *c, *c]\n"
    "e: [*d, *d, *d, *d, *d, *d, *d, *d]\n"
)
CLAIM = ("claims.yaml", "claims", 0)


def declared(path, value):
    files = small.files()
    here = files
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return files


def said_by_check(root, capsys, command="check"):
    before = sorted(str(path) for path in root.rglob("*")) if root.exists() else []
    code = run([command, str(root)])
    after = sorted(str(path) for path in root.rglob("*")) if root.exists() else []
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert before == after
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (
            ("device.yaml", "verison"),
            "1",
            "D006 there is no key 'verison' here\n  did you mean 'version'?",
        ),
        (
            (*CLAIM, "endpoints", 0, "metric"),
            "specifity",
            "D008 there is no metric 'specifity'\n  did you mean 'specificity'?",
        ),
        (
            (*CLAIM, "endpoints", 0, "goal"),
            {"above": "85%"},
            (
                "claims.yaml:14:14: D009 above is the text '85%'; a number is expected\n"
                "  write 0.85 for 85%\n1 problem in 1 file"
            ),
        ),
        (
            ("studies/s1.yaml", "output", "positive"),
            {"at_least": "0.5 mm"},
            "D009 at_least is the text '0.5 mm'; a number is expected\n  write 0.5",
        ),
        (
            (*CLAIM, "endpoints", 0, "goal"),
            {"above": 85},
            "D021 the goal is 85; a proportion lies between 0 and 1\n  write 0.85 for 85 %",
        ),
        (
            (*CLAIM, "endpoints", 0),
            {"metric": "false_marks_per_case", "goal": {"below": -0.5}},
            (
                "D021 the goal for false_marks_per_case is -0.5; a number of marks is 0 or more\n"
                "  write a number of marks a case, as `below: 0.5`"
            ),
        ),
        (
            (*CLAIM, "endpoints", 0),
            {"metric": "lesion_sensitivity", "goal": {"above": 1.5}},
            "D021 the goal is 1.5; a proportion lies between 0 and 1\n  write 0.015 for 1.5 %",
        ),
        (("device.yaml", "version"), 1.0, "version is the number 1.0; text is expected"),
        (("intended-use.yaml", "output"), "worklist-flag", "write [worklist-flag]"),
        ((*CLAIM, "studies"), ["S-none"], "D016 there is no study S-none in studies/"),
        (("studies/s1.yaml", "claims"), ["C9"], "D016 there is no claim C9 in claims.yaml"),
        (("device.yaml", "model", "path"), "../model.bin", "leads out of the dossier"),
        (("studies/s1.yaml", "data", "source"), "/etc/passwd", "leads out of the dossier"),
        (("studies/s1.yaml", "kind"), "standalon", "did you mean 'standalone'?"),
        (("studies/s1.yaml", "dimensions", 2, "bands"), [65, 18], "18 follows 65"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(tmp_path, capsys, path, value, message):
    root = small.write(tmp_path / "dossier", declared(path, value))

    assert message in said_by_check(root, capsys)


def test_a_duplicate_identifier_is_named_at_its_second_place(tmp_path, capsys):
    files = small.files()
    files["claims.yaml"]["claims"].append(copy.deepcopy(small.CLAIM))
    root = small.write(tmp_path / "dossier", files)

    said = said_by_check(root, capsys)

    assert "claims.yaml:20:7: D014 the identifier C1 is already used at claims.yaml:2" in said


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start: [\n", "this cannot be read as YAML"),
        (BOMB, "aliases unfold past every limit"),
        ("a: " + "[" * 500 + "]" * 500, "nesting is deeper than 32 levels"),
        ("# " + "x" * 2_000_000, "this is larger than"),
        ('start: !!python/object/apply:os.system ["id"]\n', "is not read here"),
        ("team: []\nteam: []\n", "'team' stands here twice"),
        ("start: yesterday\n", "a date is expected"),
    ],
)
def test_yaml_is_untrusted(tmp_path, capsys, text, message):
    root = small.write(tmp_path / "dossier")
    (root / "plan.yaml").write_text(text, encoding="utf-8")

    said = said_by_check(root, capsys)

    assert said.startswith("plan.yaml:")
    assert message in said


def test_all_problems_of_a_dossier_come_in_one_pass(tmp_path, capsys):
    files = declared(("device.yaml", "verison"), "1")
    files["claims.yaml"]["claims"][0]["endpoints"][0]["goal"] = {"above": 85}
    files["studies/s1.yaml"]["claims"] = ["C9"]
    root = small.write(tmp_path / "dossier", files)

    said = said_by_check(root, capsys)

    assert [line.split(":")[0] for line in said.splitlines() if ": D0" in line] == [
        "claims.yaml",
        "device.yaml",
        "studies/s1.yaml",
    ]
    assert said.endswith("3 problems in 3 files\n")


@pytest.mark.parametrize("file", ["device.yaml", "intended-use.yaml", "claims.yaml"])
def test_a_missing_file_is_named(tmp_path, capsys, file):
    root = small.write(tmp_path / "dossier")
    (root / file).unlink()

    assert f"{file}:1:1: D002 there is no such file" in said_by_check(root, capsys)


@pytest.mark.parametrize("command", ["check", "assess"])
def test_an_empty_folder_says_how_to_begin(tmp_path, capsys, command):
    assert "defensible new" in said_by_check(tmp_path, capsys, command)


def test_a_folder_that_is_not_there_is_named(tmp_path, capsys):
    assert "D001" in said_by_check(tmp_path / "nowhere", capsys)


def test_a_link_that_climbs_out_of_the_dossier_is_refused(tmp_path, capsys):
    root = small.write(tmp_path / "dossier")
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (root / "labeling/ifu.md").unlink()
    (root / "labeling/ifu.md").symlink_to(tmp_path / "secret.md")

    assert "leads out of the dossier" in said_by_check(root, capsys)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
def test_a_folder_without_read_permission_is_named(tmp_path, capsys):
    root = small.write(tmp_path / "dossier")
    root.chmod(0)

    code = run(["check", str(root)])

    root.chmod(0o700)
    assert code == 2
    assert "D001" in capsys.readouterr().err


def test_new_writes_nothing_over_what_is_there(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")

    code = run(["new", str(tmp_path), "--function", "triage", "--no-input"])

    assert code == 2
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    assert "this folder is not empty" in capsys.readouterr().err


@pytest.mark.parametrize("function", ["triage", "quantification", "autonomous-diagnosis"])
def test_a_new_dossier_passes_check_and_says_what_is_still_to_declare(tmp_path, capsys, function):
    root = tmp_path / "device"

    assert run(["new", str(root), "--function", function, "--no-input"]) == 0
    assert run(["check", str(root)]) == 0
    assert "statement, condition" in capsys.readouterr().out.replace("\n ", "")
