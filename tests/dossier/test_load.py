"""What is written is what is read, with its places; no text, however odd, ends in a traceback."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.dossier import DossierError, load
from defensible.dossier.yaml_source import read
from defensible.ledger import digest
from tests import strategies
from tests.assessment import small

PAGES = Path(__file__).resolve().parents[2] / "docs" / "problems"
FILES = (
    "device.yaml",
    "intended-use.yaml",
    "claims.yaml",
    "risks.yaml",
    "plan.yaml",
    "studies/s.yaml",
)
FOREIGN = ("pydantic", "ruamel", "Input should", "NoneType", "Traceback", "valid dictionary")
VALID = {
    "device.yaml": 'name: Lungcheck\nversion: "1.0"\nmarkets: [us]\n',
    "intended-use.yaml": "function: triage\npopulation: {age_years: {from: 18}}\n",
    "claims.yaml": "claims:\n  - id: C1\n    text: Finds it.\n    scope: {site: any}\n"
    "    endpoints: [{metric: auc, goal: {above: 0.9}}]\n    studies: [S1]\n",
    "studies/s.yaml": "id: S1\nkind: standalone\nquestion: How well?\n"
    "data: {source: a.csv, columns: {case: c, reference: r}}\n"
    "reference_standard: {description: d, positive: {is: [1]}}\n"
    "analysis: {level: 0.95, proportions: wilson}\n",
    "risks.yaml": "hazards: [{id: H1, text: Wrong output}]\n",
    "plan.yaml": "start: 2026-11-24\n",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=8), below, max_size=3)
    ),
    max_leaves=8,
)


def written(root: Path, texts: dict[str, str]) -> Path:
    (root / "studies").mkdir()
    for name, text in texts.items():
        (root / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    return root


def problems_of(texts: dict[str, str]) -> tuple:
    """The problems of a dossier of these texts; anything but a list of problems is a failure."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            load(written(Path(folder), texts))
        except DossierError as error:
            return error.problems
    return ()


def told_well(problems: tuple, texts: dict[str, str]) -> bool:
    """Every problem has a page and a place that is in its file, and speaks our language."""
    return all(
        (PAGES / f"{one.code}.md").exists()
        and 1 <= one.line <= texts.get(one.file, "").count("\n") + 1
        and one.column >= 1
        and one.mend
        and str(one).replace("\n", "").isprintable()
        and not any(word in str(one) for word in FOREIGN)
        for one in problems
    )


@given(strategies.dossiers(), st.booleans())
@settings(max_examples=60)
def test_what_is_written_is_what_is_read(files, flow):
    with tempfile.TemporaryDirectory() as folder:
        dossier = load(strategies.write(Path(folder) / "dossier", files, flow=flow))

    def plain(model):
        return model.model_dump(mode="json", by_alias=True, exclude_unset=True)

    assert plain(dossier.device) == files["device.yaml"]
    assert plain(dossier.intended_use) == files["intended-use.yaml"]
    assert [plain(one) for one in dossier.claims] == files["claims.yaml"]["claims"]
    studies = [data for name, data in sorted(files.items()) if name.startswith("studies/")]
    assert [plain(one) for one in dossier.studies] == studies
    assert (dossier.risks and plain(dossier.risks)) == files.get("risks.yaml")


@given(strategies.dossiers())
@settings(max_examples=20)
def test_the_digest_depends_on_the_declaration_and_not_on_its_layout(files):
    with tempfile.TemporaryDirectory() as folder:
        block = load(strategies.write(Path(folder) / "block", files, flow=False))
        flow = load(strategies.write(Path(folder) / "flow", files, flow=True))

    assert digest(block.intended_use) == digest(flow.intended_use)
    changed = block.intended_use.model_copy(update={"condition": "another condition"})
    assert digest(changed) != digest(block.intended_use)


def test_the_digest_is_sha256_of_the_canonical_form():
    with tempfile.TemporaryDirectory() as folder:
        use = load(written(Path(folder), {**VALID, "intended-use.yaml": "function: triage\n"}))

    # sha256 over '{"acquisition":null,...,"function":"triage",...}', keys sorted (RFC 8785)
    import hashlib
    import json

    fields = json.dumps(
        use.intended_use.model_dump(mode="json"), sort_keys=True, separators=(",", ":")
    )
    assert digest(use.intended_use) == hashlib.sha256(fields.encode()).hexdigest()


@given(st.sampled_from(FILES), st.text(max_size=60))
@settings(max_examples=120)
def test_any_text_in_any_file_is_read_or_told(file, text):
    texts = {**VALID, file: text}

    assert told_well(problems_of(texts), texts)


@given(st.sampled_from(FILES), JSON)
@settings(max_examples=120)
def test_any_value_in_any_file_is_read_or_told(file, value):
    texts = {**VALID, file: strategies.flow_text(value)}

    assert told_well(problems_of(texts), texts)


@given(st.sampled_from(FILES), st.data())
@settings(max_examples=200)
def test_a_slip_of_the_hand_is_read_or_told(file, data):
    text = VALID[file]
    at = data.draw(st.integers(0, len(text)))
    cut = data.draw(st.integers(0, 6))
    added = data.draw(st.text("[]{}:,-#&*!|>'\"%@`?~ \n\tab01.", max_size=4))
    texts = {**VALID, file: text[:at] + added + text[at + cut :]}

    assert told_well(problems_of(texts), texts)


@given(
    JSON,
    st.sampled_from(["device.yaml", "intended-use.yaml", "claims.yaml", "studies/s.yaml"]),
    st.data(),
)
@settings(max_examples=150)
def test_any_value_at_any_known_key_is_read_or_told(value, file, data):
    source = read(file, VALID[file])
    path = data.draw(st.sampled_from(sorted(source.places, key=str)))
    here = whole = source.data
    for step in path[:-1]:
        here = here[step]
    if path:
        here[path[-1]] = value
    texts = {**VALID, file: strategies.flow_text(whole if path else value)}

    assert told_well(problems_of(texts), texts)


def test_a_found_value_may_hold_the_sign_that_parts_our_sentences():
    (problem,) = problems_of({**VALID, "plan.yaml": "start: 2|026-11-24\n"})

    assert problem.what == "a date is expected, and this is '2|026-11-24'"
    assert problem.mend == "write it as 2026-11-23"


def test_every_key_and_value_has_its_place(tmp_path):
    dossier = load(written(tmp_path, VALID))

    assert str(dossier.place("claims.yaml", "claims", 0, "endpoints", 0, "goal")) == "claims.yaml:5"
    assert dossier.place("claims.yaml", "claims", 0, "endpoints", 0, "goal").column == 31
    assert str(dossier.place("claims.yaml", "claims", 0, "not there")) == "claims.yaml:2"
    assert str(dossier.identified["S1"]) == "studies/s.yaml:1"


def test_an_alias_means_what_it_names(tmp_path):
    texts = {**VALID, "device.yaml": 'name: &name Lungcheck\nversion: "1.0"\ndescription: *name\n'}

    assert load(written(tmp_path, texts)).device.description == "Lungcheck"


def test_a_misspelt_key_hides_nothing_of_another_file(tmp_path):
    texts = {
        **VALID,
        "claims.yaml": VALID["claims.yaml"].replace("metric: auc", "metric: acu"),
        "studies/s.yaml": VALID["studies/s.yaml"].replace("question", "claims: [C4]\nquestion"),
    }

    with pytest.raises(DossierError) as caught:
        load(written(tmp_path, texts))

    assert [(one.file, one.code) for one in caught.value.problems] == [
        ("claims.yaml", "D008"),
        ("studies/s.yaml", "D016"),
    ]


def test_what_could_stand_under_a_misspelt_key_is_not_missed_as_well(tmp_path):
    texts = {**VALID, "claims.yaml": VALID["claims.yaml"].replace("claims:", "claim:")}

    with pytest.raises(DossierError) as caught:
        load(written(tmp_path, texts))

    assert {one.code for one in caught.value.problems} == {"D006", "D007"}


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("pipe", lambda path: __import__("os").mkfifo(path)),
        ("circle of links", lambda path: path.symlink_to(path.name)),
        ("folder", lambda path: path.mkdir()),
    ],
)
def test_what_is_no_plain_file_is_told_and_never_waited_for(tmp_path, kind, make):
    root = written(tmp_path, {name: text for name, text in VALID.items() if name != "risks.yaml"})
    make(root / "risks.yaml")

    with pytest.raises(DossierError) as caught:
        load(root)

    assert {one.file for one in caught.value.problems} == {"risks.yaml"}, kind


def test_files_of_editors_and_other_tools_are_left_alone(tmp_path):
    root = written(tmp_path, {**VALID, "studies/.s.yaml.swp.yaml": "{", "compose.yaml": "{"})

    assert [one.id for one in load(root).studies] == ["S1"]


def test_a_key_that_is_no_key_is_told_where_to_take_it_from(tmp_path):
    root = small.write(tmp_path)
    device = (root / "device.yaml").read_text(encoding="utf-8")
    listed = "trusted_keys:\n- {name: A. Example, ed25519: AAAA}\n"
    (root / "device.yaml").write_text(device + listed, encoding="utf-8")

    with pytest.raises(DossierError) as caught:
        load(root)

    (found,) = caught.value.problems
    assert found.code == "D011"
    assert found.what.endswith("'AAAA'; 32 bytes in base64 are expected: 43 characters and `=`")
    assert found.mend == "take it from the `.pub` file that `defensible key new` wrote"


def test_a_number_of_marks_may_be_held_against_more_than_one(tmp_path):
    claim = {**small.CLAIM, "endpoints": [{"metric": "false_marks_per_case", "goal": {"below": 2}}]}
    files = {**small.files(), "claims.yaml": {"claims": [claim]}}

    read = load(small.write(tmp_path / "dossier", files))

    assert read.claims[0].endpoints[0].goal.below == 2
