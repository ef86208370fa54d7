"""What a device owes is held against the dossier and its evidence, one by one."""

import hashlib
from datetime import date

import pytest

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment.obligations import CHECKS
from defensible.assessment.result import Status
from defensible.dossier.kinds import KINDS
from defensible.regulation.reading import owing, read_obligations
from tests.assessment import small

TODAY = date(2026, 11, 25)


def owed(folder, change=None, **more):
    """The obligations of the small dossier, by identifier."""
    files = small.files()
    files["device.yaml"]["markets"] = ["us", "eu"]
    if change:
        change(files)
    loaded = dossier.load(small.write(folder, files, **more))
    return held(loaded)


def held(loaded):
    facts = regulation.facts_of(loaded.risks)
    found = regulation.classify(loaded.intended_use, loaded.device.markets, facts=facts)
    record = evidence.record(loaded)
    results = evidence.results(loaded, record)
    made = assessment.assess(loaded, found, results, today=TODAY, record=record)
    return {one.obligation.id: one for one in made.obligations}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return owed(tmp_path_factory.mktemp("good"))


def test_every_check_that_a_pack_names_is_there_and_every_check_is_named():
    packs = [read_obligations(name) for name in owing()]
    named = {one.check.name for pack in packs for one in pack.obligations}
    named |= {one.name for pack in packs for one in pack.controls.values()}

    assert named <= set(CHECKS)
    assert set(CHECKS) <= named


def test_every_kind_of_study_of_a_dossier_answers_some_obligation():
    packs = [read_obligations(name) for name in owing()]
    checks = [one.check for pack in packs for one in pack.obligations]
    checks += [one for pack in packs for one in pack.controls.values()]
    kinds = {kind for one in checks for kind in one.kinds}

    assert kinds - {"bench", "literature", "stress"} == set(KINDS)


def test_a_study_without_a_goal_answers_in_part(tmp_path):
    def aimless(files):
        files["claims.yaml"] = {"claims": []}
        for name, study in files.items():
            if name.startswith("studies/"):
                study.pop("claims")
                study.pop("acceptance")

    found = owed(tmp_path, aimless)["us.evidence.standalone"]

    assert found.status is Status.PARTLY
    assert found.reason == "S1 (standalone); no goal is set for S1"


def test_every_control_with_a_check_is_a_control_of_a_device_type():
    from defensible.regulation.reading import read

    controls = {each.id for rule in read("us").rules for each in rule.then.special_controls}

    assert set(read_obligations("us").controls) <= controls


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("us.evidence.standalone", Status.MET, "S1 (standalone): goals met overall"),
        ("us.evidence.accuracy", Status.MET, "sensitivity and specificity estimated"),
        ("us.evidence.claims", Status.MET, "1 claim supported overall"),
        ("us.evidence.independent", Status.MET, "no identifier of development is among"),
        ("us.evidence.sampling", Status.MET, "S1: consecutive"),
        ("us.evidence.subgroups", Status.MET, "by age, sex and site"),
        ("us.evidence.sites", Status.MET, "4 sites"),
        ("us.evidence.acquisition", Status.OPEN, "no results by vendor"),
        ("us.evidence.prespecified", Status.OPEN, "nothing shows that protocol and goals"),
        ("us.evidence.reuse", Status.OPEN, "S1 never ran under seal"),
        ("us.evidence.failures", Status.MET, "The device answered for every case"),
        ("us.human-factors.validation", Status.OPEN, "there is no usability study"),
        ("us.risk.file", Status.OPEN, "there is no risk in the file"),
        ("us.labeling.statement", Status.MET, "1 text of statement found word for word"),
        ("us.labeling.limits", Status.OPEN, "1 of 1 text of contraindications and limitations"),
        ("us.document.description", Status.MET, "device, software, inputs"),
        ("us.document.predicate", Status.OPEN, "no judgement is on record"),
        ("us.control.tr-3", Status.MET, "sensitivity, specificity, ppv and npv estimated"),
        ("us.control.tr-1", Status.OPEN, "no judgement is on record"),
        ("eu.clinical.literature", Status.OPEN, "there is no literature study"),
        ("eu.technical.verification", Status.MET, "1 acceptance criterion met"),
        ("across.usability.specification", Status.MET, "condition, population"),
        ("across.software.architecture", Status.OPEN, "whether it applies is open: iec62304"),
    ],
)
def test_each_is_answered_by_what_the_dossier_shows(good, name, status, reason):
    assert good[name].status is status
    assert good[name].reason.startswith(reason)
    assert (good[name].close is None) == (status is Status.MET)


def test_what_another_function_owes_is_not_asked(good):
    assert "us.evidence.readers" not in good
    assert "us.evidence.measurement" not in good
    assert "gxp.category" not in good


def test_a_second_reader_owes_a_reader_study(tmp_path):
    def second(files):
        use = files["intended-use.yaml"]
        use |= {"function": "detection", "output": ["mark-or-box"], "workflow": "second-read"}

    found = owed(tmp_path, second)

    assert found["us.evidence.readers"].reason == "there is no readers study"
    assert found["us.control.ar-3"].status is Status.OPEN


def test_without_a_decided_class_what_depends_on_it_may_apply(tmp_path):
    def undecided(files):
        files["intended-use.yaml"]["output"] = ["worklist-flag", "plan"]

    found = owed(tmp_path, undecided)

    assert (
        found["us.document.predicate"].reason == "whether it applies is open: us.pathway not known"
    )
    assert found["us.document.predicate"].close == "settle the pathway in the US"


def judged(**changes):
    """A judgement of the predicate, with a file that is there."""

    def change(files):
        entry = {
            "obligation": "us.document.predicate",
            "file": "predicate.md",
            "sha256": hashlib.sha256(b"the comparison").hexdigest(),
            "version": "1.0.0",
            "role": "regulatory lead",
            "on": "2026-11-20",
            "judgement": "Same intended use; technology raises no new questions.",
            **changes,
        }
        files["device.yaml"]["judgements"] = [entry]

    return change


def with_file(folder, change):
    (folder / "predicate.md").write_bytes(b"the comparison")
    return owed(folder, change)["us.document.predicate"]


def test_a_persons_judgement_of_a_file_answers_what_no_computation_can(tmp_path):
    found = with_file(tmp_path, judged())

    assert found.status is Status.MET
    assert found.reason == (
        "judged by the regulatory lead on 2026-11-20: Same intended use; technology raises no new "
        "questions. (predicate.md)"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": "0.9.0"}, "judged for version 0.9.0, and this is 1.0.0"),
        ({"on": "2027-01-01"}, "judged on 2027-01-01, which is in the future"),
        ({"file": "gone.md"}, "gone.md is not there"),
        ({"sha256": "0a" * 32}, "predicate.md has changed since it was judged on 2026-11-20"),
    ],
)
def test_a_judgement_of_something_else_counts_in_part_only(tmp_path, changes, reason):
    found = with_file(tmp_path, judged(**changes))

    assert (found.status, found.reason) == (Status.PARTLY, reason)


def test_no_judgement_stands_in_for_a_figure(tmp_path):
    found = owed(tmp_path, judged(obligation="us.evidence.acquisition"))

    assert found["us.evidence.acquisition"].status is Status.OPEN


def test_frozen_and_run_under_seal_the_evidence_is_prespecified(tmp_path):
    from defensible.cli.edge import run

    files = small.files()
    files["device.yaml"]["markets"] = ["us"]
    root = small.write(tmp_path, files)
    assert run(["freeze", str(root)]) == 0
    assert run(["run", str(root)]) == 0

    found = held(dossier.load(root))

    assert found["us.evidence.prespecified"].status is Status.MET
    assert found["us.evidence.reuse"].status is Status.MET


def test_row_8_counts_what_is_open_by_kind(tmp_path):
    files = small.files()
    loaded = dossier.load(small.write(tmp_path, files))
    found = regulation.classify(loaded.intended_use, loaded.device.markets)
    made = assessment.assess(loaded, found, evidence.run(loaded), today=TODAY)

    row = made.rows[7].regulatory
    told = [need.what for need in row.needs]
    assert row.status is Status.PARTLY
    assert any(one.startswith("US: 4 of 6 special controls open (us.control.tr-1") for one in told)
    assert all(need.kind == "package" for need in row.needs)


def test_a_study_short_of_its_goals_answers_in_part(tmp_path):
    def high(files):
        for endpoint in files["claims.yaml"]["claims"][0]["endpoints"]:
            endpoint["goal"] = {"above": 0.99}

    found = owed(tmp_path, high)

    assert found["us.evidence.standalone"].status is Status.PARTLY
    assert found["us.evidence.claims"].status is Status.OPEN


def test_only_what_is_asked_for_is_selected(good):
    owed_ = tuple(good.values())

    some = assessment.selected(owed_, markets={"us"}, kinds={"labeling"}, unmet=True)

    assert {one.obligation.id for one in some} == {
        "us.labeling.limits", "us.labeling.performance", "us.labeling.language"
    }  # fmt: skip


def security(modes=(), *, aside=(), verified=False):
    """A change of the small dossier: a risk with these modes, others set aside."""
    shown = {"labeling": "labeling/ifu.md", "passage": "Flag"}
    report = {"report": "model.bin", "report_sha256": hashlib.sha256(b"weights").hexdigest()}
    control = {
        "id": "K1",
        "text": "Transport is encrypted.",
        "kind": "protective-measure",
        "reduces": ["probability"],
        "implementation": report if verified else shown,
        "effectiveness": report if verified else shown,
    }
    risk = {
        "id": "R1",
        "hazard": "H1",
        "sequence_of_events": "An image is changed on its way.",
        "hazardous_situation": "A false flag is believed.",
        "harm": "Late treatment",
        "controls": ["K1"],
        "modes": list(modes),
    }
    judged = {"why": "No network.", "role": "security lead", "on": "2026-11-20"}

    def change(files):
        files["risks.yaml"] = {
            "hazards": [{"id": "H1", "text": "An attack"}],
            "risks": [risk],
            "controls": [control],
            "not_applicable": [{"mode": one, **judged} for one in aside],
        }

    return change


ATTACKS = ("altered-input", "adversarial-input", "poisoned-model", "service-unavailable")


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        (None, Status.OPEN, "there is no risk in the file"),
        (security(), Status.OPEN, "no risk names "),
        (security(ATTACKS[:1]), Status.PARTLY, "adversarial-input"),
        (security(ATTACKS), Status.PARTLY, "R1: K1 not verified"),
        (security(ATTACKS, verified=True), Status.MET, "R1, with verified controls"),
        (security(aside=ATTACKS), Status.MET, "altered-input"),
    ],
)
def test_attacks_are_dealt_with_by_verified_risks_or_set_aside(tmp_path, change, status, reason):
    found = owed(tmp_path, change)

    for name in ("us.risk.cybersecurity", "eu.gspr.security-risks"):
        assert found[name].status is status
        assert reason in found[name].reason
    assert "524B" in found["us.risk.cybersecurity"].obligation.citation.source


def test_whether_it_is_a_cyber_device_follows_from_the_risk_file(tmp_path):
    named = owed(tmp_path / "named", security(ATTACKS[:1]))
    aside = owed(tmp_path / "aside", security(aside=ATTACKS))
    silent = owed(tmp_path / "silent", security(aside=ATTACKS[:3]))

    name = "us.document.cyber-device"
    assert named[name].reason == "no judgement is on record"
    assert name not in aside
    assert silent[name].reason == "whether it applies is open: risks.cybersecurity not known"
    assert silent[name].close.startswith("name the risks of attacks in risks.yaml")


def test_a_device_that_draws_marks_owes_lesions_found_and_false_marks(tmp_path):
    def marks(files):
        files["intended-use.yaml"] |= {"function": "detection", "output": ["mark-or-box"]}

    found = owed(tmp_path, marks)["us.evidence.localization"]

    assert found.status is Status.OPEN
    assert found.reason == "lesion_sensitivity and false_marks_per_case not estimated"
