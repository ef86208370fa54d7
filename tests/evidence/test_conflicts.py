"""One case with two truths in two studies: where that is seen, and where it is none."""

import copy

import pytest
from ruamel.yaml import YAML

from defensible.dossier import DossierError, load
from defensible.evidence import record, results, run, seal
from defensible.evidence.dicom import keys
from defensible.evidence.dicom.identity import hashed_once
from defensible.ledger.chain import held
from tests.evidence.dossiers import STUDY, write
from tests.sealed.seal import scribe

FIRST = "case,score,truth\n" + "".join(f"K{at},0.{at + 1},{at % 2}\n" for at in range(8))


def two(root, second, first=FIRST, *, other=None, both=None, whole=None):
    """A dossier of two studies; `other` changes the second, `both` are in both."""
    write(root, both, table=first)
    study = copy.deepcopy({**STUDY, **(both or {})})
    study |= {"id": "S2", "claims": []}
    study["data"] = {**study["data"], "source": "data/second.csv"} | ((other or {}).pop("data", {}))
    study |= other or {}
    (root / "data/second.csv").write_text(second, encoding="utf-8")
    with (root / "studies/s2.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(whole or study, file)
    return load(root)


def table(truths, *, header="case,score,truth", ids="K{}", more=lambda _: ""):
    """A table of cases by number and truth."""
    lines = [f"{ids.format(at)},0.{at % 9 + 1},{t}{more(at)}" for at, t in truths.items()]
    return "\n".join([header, *lines]) + "\n"


SWAPPED = {0: 0, 1: 1, 2: 1, 3: 0, 9: 1}
"""Of four shared cases two have the other truth."""


def conflicts(loaded):
    """Problems of a run: code, file and text."""
    try:
        run(loaded)
    except DossierError as error:
        return [f"{one.code} {one.file}: {one.what}" for one in error.problems]
    return []


def test_cases_with_another_truth_are_counted_with_both_studies_and_the_first_rows(tmp_path):
    (said,) = conflicts(two(tmp_path, table(SWAPPED)))

    assert said == (
        "E068 studies/s2.yaml: 2 of 4 cases that S1 (studies/s1.yaml) has, too, have another truth "
        "there: 1 present here and absent there, 1 absent here and present there; the first in "
        "row 3 here and row 3 there"
    )
    assert "K2" not in said


def test_studies_that_agree_or_share_no_case_are_left_alone(tmp_path):
    assert conflicts(two(tmp_path / "agree", table({0: 0, 1: 1, 2: 0, 9: 1}))) == []
    assert conflicts(two(tmp_path / "apart", table({20: 0, 21: 1, 22: 0}))) == []


def test_another_reference_standard_may_give_another_truth(tmp_path):
    standard = {"description": "CT within 24 hours.", "positive": {"is": [1]}}

    assert conflicts(two(tmp_path, table(SWAPPED), other={"reference_standard": standard})) == []


def test_short_numbers_alone_are_two_numberings(tmp_path):
    first = table({at: at % 2 for at in range(30)}, ids="{}")
    second = table({at: (at + 1) % 2 for at in range(30)}, ids="{}")

    assert conflicts(two(tmp_path, second, first)) == []


def by_sex(every):
    """Two tables numbered from 0 with sexes; in the second that of every so many-th is another."""
    header = "case,score,truth,sex"
    first = table(
        {at: at % 2 for at in range(40)},
        header=header,
        ids="{}",
        more=lambda at: ",F" if at % 3 else ",M",
    )
    second = table(
        {at: at % 2 if at else 1 for at in range(40)},
        header=header,
        ids="{}",
        more=lambda at: ",F" if bool(at % 3) != (at % every == 0) else ",M",
    )
    return first, second


@pytest.mark.parametrize(("every", "n"), [(1000, 1), (2, 0)])
def test_short_numbers_are_one_numbering_where_what_else_is_said_of_the_cases_agrees(
    tmp_path, every, n
):
    first, second = by_sex(every)
    sex = {"dimensions": [{"name": "sex", "column": "sex"}]}

    assert len(conflicts(two(tmp_path, second, first, both=sex))) == n


def test_hashed_identifiers_are_compared_under_the_key(tmp_path, monkeypatch):
    key_file = tmp_path / "secret.key"
    key = keys.made(key_file)
    hashed = {hashed_once(key, "image", f"K{at}"): truth for at, truth in SWAPPED.items()}
    second = "case,score,truth\n" + "".join(f"{one},0.4,{t}\n" for one, t in hashed.items())
    loaded = two(tmp_path / "dossier", second)

    assert conflicts(loaded) == []
    monkeypatch.setenv("DEFENSIBLE_KEY_FILE", str(key_file))
    (said,) = conflicts(loaded)
    assert "2 of 4 cases" in said


def test_readings_are_held_against_the_device_alone(tmp_path):
    readings = "reader,case,modality,truth,score\n" + "".join(
        f"R{reader},K{case},{modality},{SWAPPED.get(case, case % 2)},{(case + reader) % 5}\n"
        for reader in range(3)
        for modality in (1, 2)
        for case in range(8)
    )
    columns = {one: one for one in ("reader", "case", "modality")}
    reading = {
        "id": "S2",
        "kind": "readers",
        "question": "Do readers gain?",
        "data": {
            "source": "data/second.csv",
            "columns": {**columns, "reference": "truth", "rating": "score"},
        },
        "conditions": {"unaided": "1", "aided": "2"},
        "reference_standard": STUDY["reference_standard"],
        "positive": {"at_least": 3},
        "endpoints": [{"metric": "auc_difference", "goal": {"above": -0.05}}],
        "analysis": {"level": 0.95},
    }

    (said,) = conflicts(two(tmp_path, readings, whole=reading))

    assert "2 of 8 cases that S1" in said


def test_one_column_under_two_rules_is_no_conflict_of_tables(tmp_path):
    grades = table({at: at % 4 for at in range(12)})
    standard = {**STUDY["reference_standard"], "positive": {"at_least": 2}}
    loaded = two(
        tmp_path,
        grades,
        grades,
        other={"reference_standard": standard, "data": {"source": "data/cases.csv"}},
    )

    assert conflicts(loaded) == []


def test_the_study_that_runs_second_is_not_sealed(tmp_path):
    loaded = two(tmp_path, table(SWAPPED))
    first, second = loaded.studies

    seal(loaded, [first], scribe(None), lambda _: None)
    with pytest.raises(DossierError, match="E068 2 of 4 cases that S1"):
        seal(loaded, [second], scribe(None), lambda _: None)

    assert record(loaded).stale == ("S2",)


def test_a_table_that_nobody_opened_stays_unseen_while_another_study_is_sealed(tmp_path):
    loaded = two(tmp_path, table(SWAPPED))

    seal(loaded, [loaded.studies[0]], scribe(None), lambda _: None)

    kinds = [one.kind for one in held(loaded.root).events]
    assert kinds == ["open", "run"]
    with pytest.raises(DossierError, match="E068"):
        results(loaded, record(loaded))
