"""A sealed result is the result, to the last digit, and nothing of one patient."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from defensible import dossier, evidence
from defensible.dossier import DossierError
from defensible.evidence import inputs, sealed
from defensible.evidence.rerun import rerun
from defensible.evidence.sealing import read_as_noted
from defensible.ledger import SealError, held
from defensible.ledger.canonical import canonical
from defensible.ledger.event import OpenEvent, RunEvent
from tests.assessment import small
from tests.evidence import sealing

HEART = Path(__file__).parents[2] / "examples/heart-four-hospitals"
PAGES = Path(__file__).parents[2] / "docs/problems"


@pytest.mark.parametrize("study", ["S-held-out", "S-hospitals"])
def test_a_result_read_back_is_the_same_result(study):
    loaded = dossier.load(HEART)
    result = next(one for one in evidence.run(loaded) if one.study == study)

    assert sealed.result_of(json.loads(canonical(sealed.plain(result)))) == result


def test_an_interval_without_end_is_kept_without_end():
    (result, *_) = evidence.run(dossier.load(HEART))
    first = result.measurements[0]
    open_ended = replace(first, estimate=replace(first.estimate, low=-math.inf))

    again = sealed.result_of(sealed.plain(replace(result, measurements=(open_ended,))))

    assert again.measurements[0].estimate.low == -math.inf


@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: value.pop("crossed"),
        lambda value: value.update(surprise=1),
        lambda value: value.update(level="0.95"),
        lambda value: value["ledger"].pop("n_read"),
    ],
)
def test_a_result_in_another_form_is_not_taken_for_one_of_this_version(spoil):
    (result, *_) = evidence.run(dossier.load(HEART))
    value = sealed.plain(result)

    spoil(value)

    assert sealed.result_of(value) is None


def test_only_a_study_result_is_ever_sealed(tmp_path):
    loaded = dossier.load(sealing.write(tmp_path))
    now = inputs.inputs(loaded, loaded.studies[0])

    for other in ({"case": "K00001"}, [1, 2], "K00001", loaded.studies[0]):
        with pytest.raises(TypeError, match="only a StudyResult is sealed, and this is a"):
            sealed.stated(other, now, {})


def test_no_identifier_of_a_case_is_in_anything_that_is_written(tmp_path):
    sealing.write(tmp_path)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)

    written = [one for one in (tmp_path / "evidence").rglob("*") if one.is_file()]
    (envelope,) = (tmp_path / "evidence/studies/S1").iterdir()
    payload = sealed.envelope(tmp_path, _run_event(tmp_path)).payload
    assert envelope in written
    assert b"K000" in (tmp_path / "data/cases.csv").read_bytes()
    assert all(b"K000" not in one.read_bytes() for one in written)
    assert b"K000" not in payload


def test_a_dimension_of_identifiers_is_refused_before_the_data_are_opened(tmp_path):
    declared = small.files()
    declared["studies/s1.yaml"]["dimensions"] = [{"name": "case", "column": "case"}]
    root = sealing.write(tmp_path, declared)

    with pytest.raises(DossierError) as caught:
        sealing.run(root)

    assert str(caught.value) == (
        "studies/s1.yaml:28:3: L014 results by 'case' would seal identifiers of cases or patients"
        "\n  take another column, or leave this dimension out"
    )
    assert held(root).events == ()


def test_the_look_is_on_record_before_the_result(tmp_path):
    sealing.write(tmp_path)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)

    kinds = [one.kind for one in held(tmp_path).events]
    assert kinds == ["freeze", "open", "run"]


def test_a_look_that_gave_no_result_is_still_a_look(tmp_path):
    root = sealing.write(tmp_path)
    (root / "data/cases.csv").write_text("case,site\nK1,North\n", encoding="utf-8")

    with pytest.raises(DossierError, match="E007"):
        sealing.run(root)

    (event,) = held(root).events
    assert isinstance(event, OpenEvent)
    assert sealing.standing(root).reuse[0].n_runs == 1


def test_the_same_run_writes_the_same_statement(tmp_path):
    digests = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        root = sealing.write(tmp_path / name)
        sealing.run(root)
        digests.append(_run_event(root).payload.statement)

    assert digests[0] == digests[1]


def test_a_run_again_gives_the_sealed_figures(tmp_path):
    root = sealing.write(tmp_path)
    sealing.run(root)

    step = rerun(dossier.load(root), held(root))

    assert (step.said, step.problems) == (("S1: the same figures again",), ())


def test_figures_that_were_never_computed_are_found_by_running_again(tmp_path):
    root = sealing.write(tmp_path)
    loaded = dossier.load(root)
    (honest,) = evidence.run(loaded)
    sealing.forge(root, sealing.better(honest))

    step = rerun(loaded, held(root))

    (found,) = step.problems
    assert found.code == "L012"
    assert found.what.startswith(
        "run again, 1 value differs, the first: measurements.1.estimate.low 0.99 → 0."
    )


def test_a_table_that_changes_while_it_is_read_is_not_sealed(tmp_path):
    root = sealing.write(tmp_path)
    loaded = dossier.load(root)
    (result,) = evidence.run(loaded)
    table = root / "data/cases.csv"
    table.write_text(small.cases(7, per_site=sealing.PER_SITE), encoding="utf-8")
    now = inputs.inputs(loaded, loaded.studies[0])

    with pytest.raises(DossierError) as caught:
        read_as_noted(loaded, loaded.studies[0], result, now)

    assert str(caught.value) == (
        "studies/s1.yaml:1:1: L015 'data/cases.csv' was changed while the study ran; "
        "nothing was sealed\n  run it again when nobody writes it"
    )


def test_a_sealed_file_that_is_gone_or_changed_stops_whoever_rests_on_it(tmp_path):
    root = sealing.write(tmp_path)
    sealing.run(root)
    (envelope,) = (root / "evidence/studies/S1").iterdir()
    whole = envelope.read_bytes()

    envelope.write_bytes(whole.replace(b"eyJ", b"eyK", 1))
    with pytest.raises(SealError, match="L005 this file is not what was sealed"):
        evidence.record(dossier.load(root))
    envelope.unlink()
    with pytest.raises(SealError, match="L004 this sealed file is not there"):
        evidence.record(dossier.load(root))


def _run_event(root):
    return next(one for one in held(root).events if isinstance(one, RunEvent))
