"""Usability studies as dossiers: exact bounds, participants by group, what nobody watched."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from defensible.assessment import Assessment, assess
from defensible.assessment.result import Status
from defensible.dossier import DossierError, load
from defensible.dossier.risks import Verification
from defensible.evidence import run
from defensible.evidence.sealed import plain, result_of
from defensible.regulation import classify
from defensible.risk import verification

STUDY: dict[str, Any] = {
    "id": "S-use",
    "kind": "usability",
    "question": "Can users act on the flag?",
    "use": {"user_groups": ["radiologist", "technologist"], "environment": "A reading room."},
    "tasks": [
        {"id": "T1", "text": "Opens the study.", "critical": True, "hazards": ["H1"]},
        {"id": "T2", "text": "Sees a failure.", "critical": True, "hazards": ["H1"]},
        {"id": "T3", "text": "Changes a colour.", "critical": False},
    ],
    "data": {
        "source": "data/sessions.csv",
        "columns": {
            "participant": "who",
            "group": "group",
            "session": "session",
            "task": "task",
            "observation": "seen",
            "root_cause": "cause",
        },
    },
    "sessions": {"formative": ["early"], "summative": ["final"]},
    "observations": {
        "success": ["ok"],
        "close_call": ["close"],
        "difficulty": ["hard"],
        "use_error": ["error"],
    },
    "analysis": {"level": 0.95},
}


def table(*, per_group: int = 15, untested: tuple[str, str] | None = None) -> str:
    """Everyone succeeds at everything, but one radiologist who errs at T1, twice."""
    rows = ["who,group,session,task,seen,cause"]
    for group in ("radiologist", "technologist"):
        for number in range(per_group):
            for task in ("T1", "T2", "T3"):
                if (task, group) == untested:
                    continue
                rows.append(f"{group}{number},{group},final,{task},ok,")
        rows.append(f"{group}0,{group},early,T1,close,")
    rows += ["radiologist1,radiologist,final,T1,error,label"] * 2
    return "\n".join([*rows, ""])


def written(root: Path, sessions: str, **changes: Any) -> Path:
    (root / "studies").mkdir()
    (root / "data").mkdir()
    (root / "data/sessions.csv").write_text(sessions)
    for name, content in (
        ("device.yaml", {"name": "Flag", "version": "1", "markets": ["us"]}),
        ("intended-use.yaml", {"function": "triage", "workflow": "no-human-read"}),
        ("claims.yaml", {"claims": []}),
        ("risks.yaml", {"hazards": [{"id": "H1", "text": "A missed finding"}]}),
        ("studies/use.yaml", {**STUDY, **changes}),
    ):
        with (root / name).open("w") as file:
            YAML().dump(content, file)
    return root


def assessed(root: Path) -> Assessment:
    dossier = load(root)
    classification = classify(dossier.intended_use, dossier.device.markets)
    return assess(dossier, classification, run(dossier), today=date(2026, 9, 1))


def test_two_errors_of_one_participant_are_one_participant(tmp_path):
    result = run(load(written(tmp_path, table())))[0]

    (one,) = (
        each
        for each in result.usability.figures
        if (each.task, each.evaluation, each.group) == ("T1", "summative", "radiologist")
    )
    assert (one.use_errors, one.n_attempts, one.n_participants) == (2, 17, 15)
    assert one.root_causes == (("label", 2),)
    # R 4.2.2: binom.test(1, 15)$conf.int
    assert one.rate.high == pytest.approx(0.3194844, abs=1e-6)
    assert one.rate.low == pytest.approx(0.0016864, abs=1e-6)


def test_no_error_has_an_upper_bound_all_the_same(tmp_path):
    result = run(load(written(tmp_path, table())))[0]

    (one,) = (
        each
        for each in result.usability.figures
        if (each.task, each.evaluation, each.group) == ("T2", "summative", "technologist")
    )
    assert one.rate.high == pytest.approx(1 - 0.025 ** (1 / 15), abs=1e-12)


def test_a_critical_task_that_a_group_was_not_watched_at_is_a_gap(tmp_path):
    root = written(tmp_path, table(untested=("T2", "technologist")))

    assessment = assessed(root)

    assert assessment.results[0].usability.untested_critical == (("T2", "technologist"),)
    cell = assessment.rows[6].regulatory
    assert cell.status is Status.PARTLY
    assert any("T2 by technologist" in need.what for need in cell.needs)


def test_a_whole_study_answers_the_obligations_and_row_seven(tmp_path):
    assessment = assessed(written(tmp_path, table()))

    of = {one.obligation.id: one for one in assessment.obligations}
    assert of["across.usability.summative"].status is Status.MET
    assert of["across.usability.scenarios"].reason == "2 of 3 tasks traced to hazards and risks"
    assert of["across.usability.formative"].status is Status.MET
    assert assessment.rows[6].regulatory.status is Status.MET


def test_too_few_of_a_group_leave_the_obligation_partly_met(tmp_path):
    assessment = assessed(written(tmp_path, table(per_group=4)))

    (one,) = (
        each
        for each in assessment.obligations
        if each.obligation.id == "across.usability.summative"
    )
    assert (one.status, one.reason) == (
        Status.PARTLY,
        "S-use: 4 participants of the smallest user group, 5 asked",
    )
    assert assessment.rows[6].regulatory.status is Status.PARTLY


def test_a_bound_of_the_plan_is_tested_at_each_critical_task(tmp_path):
    root = written(tmp_path, table(), analysis={"level": 0.95, "use_error_below": 0.15})
    dossier = load(root)

    results = run(dossier)

    met = {dict(one.measurement.stratum.levels)["task"]: one.met for one in results[0].criteria}
    assert met == {"T1": False, "T2": True}  # 1 and 0 of 30: upper limits 0.172 and 0.116
    shown = verification.demonstrated(Verification(study="S-use"), dossier, results)
    assert not shown.holds
    assert "1 of 2 criteria unmet" in shown.why


def test_a_hazard_that_is_not_there_is_an_error_where_the_task_names_it(tmp_path):
    tasks = [{"id": "T1", "text": "Opens.", "critical": True, "hazards": ["H9"]}]

    with pytest.raises(DossierError, match="there is no hazard H9"):
        load(written(tmp_path, table(), tasks=tasks))


def test_a_usability_study_comes_back_from_its_seal_as_it_was(tmp_path):
    result = run(load(written(tmp_path, table())))[0]

    assert result_of(plain(result)) == result
