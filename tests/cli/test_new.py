"""A first dossier: whole enough to be checked, empty enough that nothing counts as content."""

import json

import pytest

from defensible.cli.edge import run
from defensible.dossier import load, schemas
from defensible.dossier.schema import FILES
from defensible.dossier.vocabulary import Function


@pytest.fixture
def first(tmp_path):
    root = tmp_path / "device"
    assert run(["new", str(root), "--function", "triage", "--name", 'Ä "x": #1', "--no-input"]) == 0
    return root


def test_nothing_that_a_person_has_not_written_is_declared(first):
    dossier = load(first)

    assert dossier.device.name == 'Ä "x": #1'
    declared = dossier.intended_use.model_dump(exclude_none=True)
    assert declared == {"function": Function.TRIAGE}
    assert (dossier.claims, dossier.studies) == ((), ())
    assert dossier.risks is not None
    assert (dossier.risks.hazards, dossier.risks.overall) == ((), None)


def test_the_policy_has_an_answer_for_every_cell(first):
    risks = load(first).risks

    assert risks is not None and risks.policy is not None  # noqa: PT018 - one thing: it is there
    policy = risks.policy
    cells = [policy.matrix[s.name][p.name] for s in policy.severity for p in policy.probability]
    assert len(cells) == 25
    assert set(cells) == {"acceptable", "reduce-further", "unacceptable"}


def test_every_yaml_file_leads_an_editor_to_its_schema(first):
    for path in [*first.glob("*.yaml"), *first.glob("studies/*")]:
        line = path.read_text(encoding="utf-8").splitlines()[0]
        schema = path.parent / line.removeprefix("# yaml-language-server: $schema=")
        assert json.loads(schema.read_text(encoding="utf-8"))["type"] == "object"


def test_the_examples_in_the_comments_hold_when_they_are_taken_out(first):
    for name in ("claims.yaml", "risks.yaml", "plan.yaml", "device.yaml"):
        path = first / name
        lines = path.read_text(encoding="utf-8").splitlines()
        kept = [line for line in lines if not line.startswith(EMPTIED.get(name, ("?",)))]
        path.write_text("\n".join(_out_of_comments(kept)) + "\n", encoding="utf-8")
    example = first / "studies/standalone.yaml.example"
    example.rename(example.with_suffix(""))

    dossier = load(first)

    assert [one.id for one in dossier.claims] == ["C1"]
    assert [one.id for one in dossier.studies] == ["S-standalone"]
    assert dossier.risks is not None
    assert [one.id for one in dossier.risks.risks] == ["R1"]
    assert [one.id for one in dossier.device.software_items] == ["SI-1"]


EMPTIED = {
    "claims.yaml": ("claims: []",),
    "risks.yaml": ("hazards: []", "risks: []", "controls: []"),
    "plan.yaml": ("team: []",),
}


def _out_of_comments(lines):
    """The file with its commented examples in the place of its empty lists."""
    heads = {"# - {id: H1": "hazards:", "# - id: C1": "claims:", "# - id: R1": "risks:"}
    heads |= {"# - id: RC1": "controls:", "# - {role": "team:"}
    for line in lines:
        head = next((head for start, head in heads.items() if line.startswith(start)), None)
        if head:
            yield head
        listed = line.startswith(("# - ", "#   ", "# software_items:"))
        yield line[2:] if listed and "path: model/" not in line and "sha256:" not in line else line


@pytest.mark.parametrize("function", [one.value for one in Function])
def test_every_function_has_a_first_dossier(tmp_path, function):
    assert run(["new", str(tmp_path / "device"), "--function", function, "--no-input"]) == 0
    assert load(tmp_path / "device").intended_use.function == function


def test_a_misspelt_function_is_named_with_the_nearest_and_nothing_is_written(tmp_path, capsys):
    assert run(["new", str(tmp_path / "device"), "--function", "triagge", "--no-input"]) == 2
    assert "there is no 'triagge'; did you mean 'triage'?" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "  ", "a\x1b[1m"])
def test_a_name_that_cannot_be_kept_is_refused_and_nothing_is_written(tmp_path, name):
    words = ["new", str(tmp_path / "device"), "--function", "triage", "--name", name]

    assert run([*words, "--no-input"]) == 2
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_stays_the_folder_in_which_someone_may_stand(tmp_path, monkeypatch):
    root = tmp_path / "lungcheck"
    root.mkdir()
    monkeypatch.chdir(root)
    before = root.stat().st_ino

    assert run(["new", ".", "--function", "triage", "--no-input"]) == 0
    assert root.stat().st_ino == before
    assert load(root).device.name == "lungcheck"
    assert list(tmp_path.iterdir()) == [root]


def test_every_key_of_every_schema_is_described():
    for schema in schemas().values():
        below = schema.get("$defs", {})
        for model in (schema, *below.values()):
            for key, value in model.get("properties", {}).items():
                named = below.get(value.get("$ref", "").removeprefix("#/$defs/"), {})
                assert value.get("description") or named.get("description"), key


def test_schema_writes_one_file_a_kind_or_prints_one(tmp_path, capsys):
    assert run(["schema", "--out", str(tmp_path / "schemas")]) == 0
    capsys.readouterr()
    written = {path.stem: json.loads(path.read_text()) for path in (tmp_path / "schemas").iterdir()}
    assert written == schemas()
    assert set(written) == set(FILES)

    assert run(["schema", "claims"]) == 0
    assert json.loads(capsys.readouterr().out) == schemas()["claims"]
    assert run(["schema", "claims", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["result"] == {"claims": schemas()["claims"]}


def test_a_misspelt_file_kind_is_named_with_the_nearest(capsys):
    assert run(["schema", "claim"]) == 2
    assert "there is no file kind 'claim'; did you mean 'claims'?" in capsys.readouterr().err


def test_a_device_that_finds_places_gets_an_example_of_a_study_of_marks(tmp_path):
    root = tmp_path / "device"
    assert run(["new", str(root), "--function", "detection", "--name", "M", "--no-input"]) == 0
    example = root / "studies/localization.yaml.example"
    example.rename(example.with_suffix(""))
    claim = "claims: [{id: C1, text: t, endpoints: [{metric: wafroc, goal: {above: 0.7}}]}]\n"
    (root / "claims.yaml").write_text(claim)

    assert [one.kind for one in load(root).studies] == ["localization"]
