"""What could confound a study's figures: found where it is, said to be absent where it is not."""

import hmac

import pytest

from defensible.cli.edge import run as command
from defensible.evidence.dicom import keys
from defensible.evidence.dicom.identity import key_name
from defensible.evidence.finding import Presence
from defensible.statistics import proportions, verification
from defensible.statistics.verification import Verified
from tests.evidence.dossiers import SITE, result


def found(one, kind):
    return next(each for each in one.confounders if each.kind == kind)


def figure(one, kind, name):
    return next(each for each in found(one, kind).figures if each.name == name)


def rows(*columns, **cells):
    """A table of 40 cases, a score of its own each, half diseased; further columns by name."""
    lines = [",".join(["case", "score", "truth", *columns])]
    for at in range(40):
        truth = at % 2
        score = (0.5 if truth else 0.1) + at / 100
        more = [cells[name](at) for name in columns]
        lines.append(",".join([f"K{at}", f"{score:.3f}", str(truth), *map(str, more)]))
    return "\n".join(lines) + "\n"


def test_a_study_of_whole_and_distinct_cases_says_what_is_absent_and_what_it_cannot_show(tmp_path):
    one = result(tmp_path, table=rows())

    assert {each.kind: each.presence for each in one.confounders} == {
        "overlap with development": Presence.NOT_SHOWN,
        "near-duplicates": Presence.ABSENT,
        "case mix": Presence.NOT_SHOWN,
        "spectrum": Presence.NOT_SHOWN,
        "verification": Presence.ABSENT,
        "indeterminate results": Presence.ABSENT,
        "reference standard": Presence.NOT_SHOWN,
    }


def test_development_is_compared_by_hashes_and_its_identifiers_are_not_shared(
    tmp_path, monkeypatch, capsys
):
    key, hashes = tmp_path / "key.txt", tmp_path / "hashes.csv"
    (tmp_path / "own.csv").write_text("patient\nK3\nX1\nK9\nX1\n")
    told = ["--column", "patient", "--key", str(key), "--new-key", "--out", str(hashes)]
    told += ["--kind", "image"]
    assert command(["blind", str(tmp_path / "own.csv"), *told]) == 0
    assert "3 identifiers as hashes" in capsys.readouterr().out
    name = key_name(keys.read(key))
    development = {"source": "data/hashes.csv", "case": "hash", "key_name": name}
    monkeypatch.setenv("DEFENSIBLE_KEY_FILE", str(key))

    one = result(
        tmp_path / "dossier",
        {"development": development},
        table=rows(),
        files={"data/hashes.csv": hashes.read_text()},
    )

    overlap = found(one, "overlap with development")
    assert overlap.presence is Presence.PRESENT
    assert overlap.said == "Shared: 2 of 40 cases among the 3 of development, by keyed hashes."
    lines = hashes.read_text().splitlines()
    secret = bytes.fromhex(key.read_text())
    expected = hmac.new(secret, b"image\0K3", "sha256").hexdigest()[:32]
    assert expected in lines
    assert lines == ["hash", *sorted(lines[1:])]
    assert not {"K3", "X1", "K9"} & set(lines)


def test_a_key_is_never_written_over(tmp_path, capsys):
    key = tmp_path / "key.txt"
    key.write_text("ab" * 32)
    (tmp_path / "own.csv").write_text("patient\nK3\n")
    told = ["--column", "patient", "--key", str(key), "--new-key", "--out", str(tmp_path / "h.csv")]

    assert command(["blind", str(tmp_path / "own.csv"), *told]) == 2

    assert "this key is there already" in capsys.readouterr().err
    assert key.read_text() == "ab" * 32


def test_two_patients_with_the_same_score_reference_and_levels_are_near_duplicates(tmp_path):
    table = rows("site", site=lambda _: "North") + "K90,0.510,1,North\nK91,0.510,1,South\n"

    one = result(tmp_path, {"dimensions": [SITE]}, table=table)

    # K1 has 0.51, too, and is diseased at North
    assert found(one, "near-duplicates").presence is Presence.PRESENT
    assert figure(one, "near-duplicates", "alike").value == 2


def test_scores_that_many_share_tell_no_case_from_another(tmp_path):
    table = "case,score,truth\n" + "".join(f"K{at},{at % 3 / 2},{at % 2}\n" for at in range(40))

    one = result(tmp_path, table=table)

    assert found(one, "near-duplicates").presence is Presence.NOT_SHOWN


@pytest.mark.parametrize(
    ("prevalence", "share", "presence"),
    [(0.5, 0.5, Presence.ABSENT), (0.05, 0.5, Presence.PRESENT), (0.5, 0.9, Presence.PRESENT)],
)
def test_the_sample_is_held_against_the_declared_population(tmp_path, prevalence, share, presence):
    from ruamel.yaml import YAML

    from tests.evidence import dossiers

    table = rows("sex", sex=lambda at: "female" if at % 4 < 2 else "male")
    root = dossiers.write(tmp_path, {"dimensions": [{"name": "sex", "column": "sex"}]}, table=table)
    population = {
        "prevalence": {"from": prevalence, "to": prevalence + 0.01},
        "mix": {"sex": {"female": share, "male": 1 - share}},
    }
    with (root / "intended-use.yaml").open("w") as file:
        YAML().dump({"function": "triage", "population": population}, file)
    one = dossiers.outcome(dossiers.load(root))

    mix = found(one, "case mix")
    assert mix.presence is presence
    if prevalence < 0.5:
        assert mix.figures[0].estimate == proportions.wilson(20, 40)
        assert "prevalence 0.500, declared 0.05 to 0.06" in mix.said


def test_partial_verification_is_corrected_by_begg_and_greenes(tmp_path):
    table = rows().splitlines()
    unverified = [
        ",".join([*row.split(",")[:2], ""]) if at in {1, 3, 5, 7, 9, 11, 13, 20} else row
        for at, row in enumerate(table)
    ]
    handling = {"analysis.handling.missing_reference": "exclude"}

    one = result(tmp_path, handling, table="\n".join(unverified) + "\n")

    kept = [row.split(",") for row in unverified[1:] if row.split(",")[2]]
    cells = [(float(score) >= 0.5, truth == "1") for _, score, truth in kept]
    counts = Verified(
        tp=cells.count((True, True)),
        fp=cells.count((True, False)),
        fn=cells.count((False, True)),
        tn=cells.count((False, False)),
        unverified_positive=1,
        unverified_negative=7,
    )
    corrected = figure(one, "verification", "specificity, corrected").estimate
    assert corrected == verification.specificity(counts)
    assert found(one, "verification").presence is Presence.PRESENT
    assert "8 cases have no reference standard: 1 positive and 7 negative" in (
        found(one, "verification").said
    )


def test_a_procedure_that_goes_with_the_decision_is_differential_verification(tmp_path):
    table = rows("by", by=lambda at: "biopsy" if at % 2 else "follow-up")

    one = result(tmp_path, {"data.columns.verified_by": "by"}, table=table)

    assert found(one, "verification").presence is Presence.PRESENT
    assert "Verified by biopsy: 20 of" in found(one, "verification").said


@pytest.mark.parametrize("handling", ["exclude", "worst-case"])
def test_unanswered_cases_give_a_best_and_a_worst_case_whatever_the_handling(tmp_path, handling):
    table = rows() + "".join(f"S{at},,{int(at < 4)}\n" for at in range(6))
    rules = {"analysis.handling.missing_score": handling}

    one = result(tmp_path, rules, table=table)

    kind = "indeterminate results"
    assert figure(one, kind, "sensitivity, worst case").estimate == proportions.wilson(20, 24)
    assert figure(one, kind, "sensitivity, best case").estimate == proportions.wilson(24, 24)
    assert "No answer for 6 cases (4 diseased, 2 healthy)" in found(one, kind).said


def test_people_who_disagree_on_the_reference_are_counted(tmp_path):
    table = rows("a", "b", a=lambda at: at % 2, b=lambda at: at % 2 if at > 9 else 0)

    one = result(tmp_path, {"data.columns.truthers": ["a", "b"]}, table=table)

    kind = "reference standard"
    assert figure(one, kind, "disagreement").estimate == proportions.wilson(5, 40)
    assert found(one, kind).said.startswith("2 people disagree on 5 of 40 cases; device right in")


def test_diseased_cases_are_counted_by_stage(tmp_path):
    table = rows("stage", stage=lambda at: "late" if at > 9 else "early")
    stage = {"name": "stage", "column": "stage"}

    one = result(tmp_path, {"dimensions": [stage]}, table=table)

    assert found(one, "spectrum").said == (
        "Diseased cases by stage: early 5, late 15; fewer than 10 of early."
    )
