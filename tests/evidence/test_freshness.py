"""Current, early, stale, missing: each with its reason in words, and what rests on it."""

import pytest
from ruamel.yaml import YAML

from defensible import dossier, evidence
from defensible.ledger import held
from tests.assessment import small
from tests.evidence import sealing

EARLY = (
    "data/cases.csv was first opened on 2026-11-25 (line 1), "
    "before the freeze of 2026-11-25 (line 3)"
)


@pytest.fixture
def root(tmp_path):
    """Frozen, then run: everything in its order."""
    sealing.write(tmp_path)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)
    return tmp_path


def change(root, file, *path, to):
    yaml = YAML()
    data = yaml.load(root / file)
    here = data
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = to
    with (root / file).open("w", encoding="utf-8") as out:
        yaml.dump(data, out)


def goal(root, to):
    change(root, "claims.yaml", "claims", 0, "endpoints", 0, "goal", "above", to=to)


def test_a_study_that_never_ran_under_seal_is_missing(tmp_path):
    assert sealing.words(sealing.write(tmp_path)) == ("missing", ("it was never run under seal",))


def test_what_ran_after_the_freeze_is_current_and_does_not_run_again(root):
    assert sealing.words(root) == ("current", ())
    assert sealing.run(root) == ()
    assert len(held(root).events) == 3


def test_what_ran_before_the_freeze_is_early_and_running_again_does_not_cure_it(tmp_path):
    sealing.write(tmp_path)
    sealing.run(tmp_path)
    assert sealing.words(tmp_path) == ("early", ("nothing is frozen",))

    sealing.freeze(tmp_path)

    assert sealing.words(tmp_path) == ("early", (EARLY,))
    assert sealing.run(tmp_path) == ()


def test_rows_added_do_not_make_the_others_unseen(tmp_path):
    sealing.write(tmp_path)
    sealing.run(tmp_path)
    sealing.freeze(tmp_path)
    _append_rows(tmp_path, 12)
    sealing.run(tmp_path)

    state, why = sealing.words(tmp_path)
    assert state == "early"
    assert why[0].startswith("data/cases.csv, with other bytes, was first opened")


def test_a_changed_goal_is_said_and_only_its_studies_run_again(root):
    goal(root, 0.75)

    state, why = sealing.words(root)
    assert (state, why) == ("stale", ("claim C1 goal of sensitivity, above 0.70 → 0.75",))
    assert sealing.run(root) == ("S1",)
    assert sealing.words(root) == (
        "early",
        ("claim C1 is not as it was frozen: goal of sensitivity, above 0.70 → 0.75",),
    )


def test_a_changed_function_is_said(root):
    change(root, "intended-use.yaml", "function", to="diagnosis")

    assert sealing.words(root) == ("stale", ("intended use function triage → diagnosis",))


def test_twelve_rows_added_are_counted(root):
    _append_rows(root, 12)

    assert sealing.words(root) == (
        "stale",
        ("data/cases.csv differs: 12 rows added at its end",),
    )


def test_rows_taken_away_and_rows_changed_are_told_apart(root):
    table = root / "data/cases.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)

    table.write_text("".join(lines[:-5]), encoding="utf-8")
    assert sealing.words(root)[1] == ("data/cases.csv differs: 5 rows fewer (80 → 75)",)
    table.write_text("".join([lines[0], *reversed(lines[1:])]), encoding="utf-8")
    assert sealing.words(root)[1] == ("data/cases.csv differs: as many rows (80), other bytes",)
    table.unlink()
    assert sealing.words(root)[1] == ("data/cases.csv cannot be read",)


def test_another_model_makes_its_evidence_stale(root):
    (root / "model.bin").write_bytes(b"other weights")

    state, why = sealing.words(root)
    assert state == "stale"
    assert why[0].startswith("model on file 9a129038d9a0 → ")


def test_layout_and_comments_change_nothing(root):
    path = root / "claims.yaml"
    path.write_text(f"# a comment\n\n{path.read_text(encoding='utf-8')}", encoding="utf-8")

    assert sealing.words(root) == ("current", ())


def test_a_freeze_of_something_else_leaves_a_study_current(root):
    change(
        root, "claims.yaml", "claims", to=[small.CLAIM, {**small.CLAIM, "id": "C2", "studies": []}]
    )
    sealing.freeze(root)

    assert sealing.words(root) == ("current", ())


def test_a_plan_changed_after_a_look_is_counted_and_stays_early(root):
    goal(root, 0.75)
    sealing.freeze(root)
    sealing.run(root)

    one = sealing.standing(root)
    assert one.state.value == "early"
    assert [each.words for each in one.reuse] == ["data/cases.csv was opened 2 times under 2 plans"]


def test_the_ledger_counts_what_was_planned_run_and_not_planned(tmp_path):
    declared = small.files()
    declared["studies/s2.yaml"] = {**small.STUDY, "id": "S2", "claims": []}
    sealing.write(tmp_path, declared)
    sealing.freeze(tmp_path)
    (tmp_path / "studies/s2.yaml").unlink()
    change(tmp_path, "studies/s1.yaml", "id", to="S9")
    change(tmp_path, "claims.yaml", "claims", 0, "studies", to=["S9"])
    sealing.run(tmp_path)
    sealing.freeze(tmp_path)

    found = evidence.record(dossier.load(tmp_path)).analyses
    assert found.planned == ("S1", "S2", "S9")
    assert found.run == ("S9",)
    assert found.not_run == ("S1", "S2")
    assert found.unplanned == ("S9",)


def test_staleness_travels_to_claim_and_risk_by_the_shortest_chain(tmp_path):
    declared = small.files()
    declared["risks.yaml"] = _risks()
    sealing.write(tmp_path, declared)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)
    goal(tmp_path, 0.75)

    loaded = dossier.load(tmp_path)
    (one,) = evidence.record(loaded).standings
    chains = [str(each) for each in evidence.touched(loaded, one)]
    cause = "S1 ← claim C1 goal of sensitivity, above 0.70 → 0.75"
    assert chains == [
        f"findings on C1 of S1 ← {cause}",
        f"control K1 ← {cause}",
        f"claim C1 ← findings on C1 of S1 ← {cause}",
        f"risk R1 ← control K1 ← {cause}",
    ]


def test_staleness_travels_to_the_estimates_that_were_measured(tmp_path):
    declared = small.files()
    declared["risks.yaml"] = _risks()
    declared["risks.yaml"]["risks"][0]["initial"] = {
        "severity": "serious",
        "probability": "seldom",
        "rationale": "S1",
        "p1": {"from": "S1", "metric": "false_negative_rate"},
    }
    del declared["risks.yaml"]["controls"][0]["effectiveness"]
    sealing.write(tmp_path, declared)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)
    goal(tmp_path, 0.75)

    loaded = dossier.load(tmp_path)
    (one,) = evidence.record(loaded).standings
    chains = [str(each) for each in evidence.touched(loaded, one)]
    cause = "S1 ← claim C1 goal of sensitivity, above 0.70 → 0.75"
    assert f"estimate of R1 ← {cause}" in chains
    assert f"risk R1 ← estimate of R1 ← {cause}" in chains


def test_nothing_rests_badly_on_what_is_current(root):
    loaded = dossier.load(root)
    (one,) = evidence.record(loaded).standings

    assert evidence.touched(loaded, one) == ()


def test_sealed_figures_are_used_as_they_are_and_stale_ones_are_not(root):
    (computed,) = evidence.run(dossier.load(root))
    told = sealing.better(computed)
    sealing.forge(root, told)
    assert _results(root) == (told,)

    goal(root, 0.99)

    (again,) = _results(root)
    assert again.measurements == computed.measurements
    assert again.findings[0].goal.above == 0.99


def test_a_data_url_whose_content_changed_is_stale(tmp_path):
    import fsspec

    declared = small.files()
    declared["studies/s1.yaml"]["data"]["source"] = "memory://freshness/cases.csv"
    root = sealing.write(tmp_path, declared)
    store = fsspec.filesystem("memory")
    store.pipe("/freshness/cases.csv", small.cases(per_site=sealing.PER_SITE).encode())
    sealing.freeze(root)
    sealing.run(root)
    assert sealing.words(root) == ("current", ())

    store.pipe("/freshness/cases.csv", small.cases(1, per_site=sealing.PER_SITE).encode())

    assert sealing.words(root) == (
        "stale",
        ("memory://freshness/cases.csv differs: as many rows (80), other bytes",),
    )


def _append_rows(root, n):
    table = root / "data/cases.csv"
    rows = small.cases(5, per_site=sealing.PER_SITE).splitlines()[1 : n + 1]
    with table.open("a", encoding="utf-8") as file:
        file.writelines(f"N{row}\n" for row in rows)


def _results(root):
    loaded = dossier.load(root)
    return evidence.results(loaded, evidence.record(loaded))


def _risks():
    return {
        "hazards": [{"id": "H1", "text": "a missed finding"}],
        "risks": [
            {
                "id": "R1",
                "hazard": "H1",
                "sequence_of_events": "The device misses a finding.",
                "hazardous_situation": "The patient waits.",
                "harm": "Delay",
                "controls": ["K1"],
            }
        ],
        "controls": [
            {
                "id": "K1",
                "text": "The threshold",
                "kind": "inherently-safe-design",
                "reduces": ["probability"],
                "effectiveness": {"study": "S1"},
            }
        ],
    }
