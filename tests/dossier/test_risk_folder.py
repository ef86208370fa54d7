"""A risk file in several files says what one says, and names the file of everything."""

import copy
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from defensible.dossier import Dossier, DossierError, load
from defensible.dossier.risk_folder import MAX_FILES
from defensible.ledger.frozen import everything
from tests.assessment import small
from tests.risk.test_review import RISKS

LISTS = ("hazards", "risks", "controls", "misuse", "characteristics")
ONCE = {name: value for name, value in RISKS.items() if name not in LISTS}
REST = {name: RISKS[name] for name in LISTS}


def written(root: Path, files: dict[str, object]) -> Path:
    """A dossier with these risk files, each as plain values."""
    small.write(root, small.files())
    (root / "test.txt").write_bytes(b"passed")
    (root / "labeling/ifu.md").write_text("An absent flag means nothing.\n", encoding="utf-8")
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    for name, value in files.items():
        path = root / name
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8") as file:
            if isinstance(value, str):
                file.write(value)
            else:
                yaml.dump(value, file)
    return root


def dossier(root: Path, files: dict[str, object]) -> Dossier:
    return load(written(root, files))


def told(root: Path, files: dict[str, object]) -> list[str]:
    with pytest.raises(DossierError) as caught:
        dossier(root, files)
    return [f"{one.file}:{one.line} {one.code} {one.what}" for one in caught.value.problems]


def halves() -> dict[str, object]:
    """The file in two: what stands once with a control and a hazard, and all other lists."""
    first, second = copy.deepcopy(ONCE), copy.deepcopy(REST)
    first["controls"] = [second["controls"].pop(0)]
    first["hazards"] = [{"id": "H0", "text": "Wrong patient"}]
    return {"risks/a.yaml": first, "risks/b.yml": second}


def test_a_folder_says_what_one_file_says_under_the_same_digest(tmp_path):
    one = copy.deepcopy(RISKS)
    one["hazards"].insert(0, {"id": "H0", "text": "Wrong patient"})

    apart = dossier(tmp_path / "apart", halves())
    whole = dossier(tmp_path / "whole", {"risks.yaml": one})

    assert apart.risks == whole.risks
    assert everything(apart)["risks"] == everything(whole)["risks"]


def test_everything_has_its_place_in_its_own_file(tmp_path):
    found = dossier(tmp_path, halves())

    assert found.identified["H0"].file == found.identified["RC1"].file == "risks/a.yaml"
    assert found.identified["H1"].file == found.identified["RC2"].file == "risks/b.yml"
    assert found.place("risks.yaml", "controls", 1, "kind").file == "risks/b.yml"
    assert found.place("risks.yaml", "policy").file == "risks/a.yaml"
    assert str(found.place("risks.yaml")) == "risks/a.yaml:1"


def test_every_file_names_its_own_faults_in_one_pass(tmp_path):
    files = {
        "risks/a.yaml": "hazards:\n  - {id: H1, text: ''}\nhazzards: []\n",
        "risks/b.yaml": "hazards: [{id: H1, text: x}]\n",
        "risks/c.yaml": "- not a mapping\n",
        "risks/d.yaml": "controls:\n  - {id: K1, text: t, kind: design, reduces: [severity]}\n",
    }

    assert told(tmp_path, files) == [
        "risks/a.yaml:2 D012 text is empty",
        "risks/a.yaml:3 D006 there is no key 'hazzards' here",
        "risks/b.yaml:1 D014 the identifier H1 is already used at risks/a.yaml:2",
        "risks/c.yaml:1 D007 `key: value` is expected here",
        "risks/d.yaml:2 D008 there is no kind 'design'",
    ]


def test_a_reference_leads_into_another_file_or_is_named_with_the_folder(tmp_path):
    files = halves()
    files["risks/a.yaml"]["controls"][0]["new_hazards"] = ["H1", "H9"]

    (one,) = told(tmp_path, files)
    assert one.startswith("risks/a.yaml:")
    assert one.endswith(" D016 there is no hazard H9 in risks/")


def test_a_file_that_cannot_be_read_hides_no_reference_and_accuses_none(tmp_path):
    files = halves()
    files["risks/b.yml"] = "hazards: [\n"
    files["risks/a.yaml"]["controls"][0]["new_hazards"] = ["H1"]

    assert {one.split()[1] for one in told(tmp_path, files)} == {"D003"}


def test_a_report_that_is_not_there_is_named_in_its_file(tmp_path):
    files = halves()
    control = files["risks/b.yml"]["controls"][0]
    control["effectiveness"] = {**control["effectiveness"], "report": "gone.txt"}

    (one,) = told(tmp_path, files)
    assert one.startswith("risks/b.yml:")
    assert "D002 there is no file 'gone.txt'" in one


def test_a_step_off_the_scale_of_another_file_is_named(tmp_path):
    files = halves()
    files["risks/b.yml"]["risks"][0]["initial"]["severity"] = "grave"

    (one,) = told(tmp_path, files)
    assert one.startswith("risks/b.yml:")
    assert one.endswith("D016 the severity scale has no step 'grave'")


def test_both_is_an_error_and_the_faults_of_both_are_told(tmp_path):
    files = {"risks.yaml": "hazards: [{id: H1, text: x}]\n", "risks/a.yaml": "hazard: []\n"}

    assert [one.split()[:2] for one in told(tmp_path, files)] == [
        ["risks.yaml:1", "D052"],
        ["risks/a.yaml:1", "D006"],
    ]


def test_a_folder_without_a_yaml_file_is_no_risk_file(tmp_path):
    root = written(tmp_path, {"risks/README.md": "Reports."})
    assert load(root).risks is None

    (root / "risks.yaml").write_text("hazards: [{id: H1, text: x}]\n", encoding="utf-8")
    assert load(root).risks.hazards[0].id == "H1"


def test_a_folder_that_is_none_or_too_full_is_told(tmp_path):
    root = written(tmp_path / "file", {"risks": "hazards: []\n"})
    with pytest.raises(DossierError, match="risks:1:1: D001 this folder cannot be read"):
        load(root)

    many = {f"risks/{at:03}.yaml": "controls: []\n" for at in range(MAX_FILES + 1)}
    assert told(tmp_path / "many", many) == [
        "risks:1 D004 there are 101 files; 100 at most are read"
    ]
