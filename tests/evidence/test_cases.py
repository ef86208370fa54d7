"""From rows to cases: rules of handling, matching of values, joins, filters; all accounted for."""

import pytest

from tests.evidence.dossiers import REMOVED, TABLE, at, balanced, problems, result, tallies

HANDLING = "analysis.handling"


def rows(*lines: str) -> str:
    return "case,score,truth\n" + "".join(f"{line}\n" for line in lines)


GOOD = ("K1,0.9,1", "K2,0.8,1", "K3,0.4,1", "K4,0.7,1", "K5,0.6,0", "K6,0.3,0", "K7,0.2,0")


def test_rows_in_are_rows_out_and_each_leaves_for_one_reason(tmp_path):
    table = rows(
        *GOOD,
        "K1,0.1,1",  # the same case again
        "K8,,",  # neither score nor reference: counted where it is met first
        "K9,,1",
        "K10,-1,1",
        "K11,7,0",
        "K12,inf,0",
    )
    rules = {
        "missing_score": "exclude",
        "indeterminate": "exclude",
        "missing_reference": "exclude",
        "duplicate": "exclude",
        "out_of_range": "exclude",
    }
    changes = {HANDLING: rules, "output.indeterminate": [-1], "output.range": [0, 1]}

    one = result(tmp_path, changes, table=table)

    assert tallies(one) == {
        "the same case again": (1, "excluded"),
        "no reference standard": (1, "excluded"),
        "no output": (1, "excluded"),
        "indeterminate output": (1, "excluded"),
        "score is NaN or infinite": (1, "excluded"),
        "score outside 0 to 1": (1, "excluded"),
    }
    assert one.ledger.n_read == 13
    assert one.ledger.n_analysed == 7
    assert balanced(one)


def test_the_worst_case_is_a_miss_with_the_lowest_and_an_alarm_with_the_highest_score(tmp_path):
    table = rows("K1,0.9,1", "K2,,1", "K3,0.1,0", "K4,,0")

    one = result(tmp_path, {HANDLING: {"missing_score": "worst-case"}}, table=table)

    assert at(one, "sensitivity").estimate.value == 0.5
    assert at(one, "specificity").estimate.value == 0.5
    assert at(one, "auc").estimate.value == 0.25  # only K1 above K3 is right
    assert tallies(one) == {"no output": (2, "counted as wrong")}
    assert balanced(one)


def test_the_worst_case_of_every_output_is_an_auc_of_zero(tmp_path):
    table = rows("K1,,1", "K2,,1", "K3,,0", "K4,,0")

    one = result(tmp_path, {HANDLING: {"missing_score": "worst-case"}}, table=table)

    assert at(one, "auc").estimate.value == 0
    assert at(one, "sensitivity").estimate.value == 0
    assert at(one, "specificity").estimate.value == 0


def test_without_a_rule_every_trouble_is_a_problem_in_one_pass(tmp_path):
    table = rows(*GOOD, "K1,0.1,1", "K9,,1", "K10,-1,1", "K11,7,0", "K12,NaN,0", "K13,0.5,")
    changes = {"output.indeterminate": [-1], "output.range": [0, 1]}

    found = problems(tmp_path, changes, table=table)

    assert {one.split()[1] for one in found} == {"E012", "E013", "E014", "E015", "E016"}
    assert any("score is NaN or infinite, the first in row 12 below the header" in p for p in found)


def test_an_identifier_of_a_patient_is_never_shown(tmp_path):
    table = "case,patient,score,truth\nA,Jane Doe,0.9,1\nB,Jane Doe,0.8,1\nC,,0.2,0\nA,x,0.1,0\n"
    changes = {"data.columns.patient": "patient", "independent_cases": REMOVED}

    found = "\n".join(problems(tmp_path, changes, table=table))

    assert "E025 1 row without patient, the first in row 3 below the header" in found
    assert "E015 1 row: the same case again, the first in row 4" in found
    assert "Jane" not in found


def test_text_where_a_score_should_be_is_counted_and_the_first_is_shown_cut(tmp_path):
    table = rows(*GOOD, f"K8,{'x' * 80},0", "K9,y,1")

    (found,) = problems(tmp_path, table=table)

    assert "E011 2 values of column 'score' are no number, the first in row 8" in found
    assert f": '{'x' * 40}…'" in found


@pytest.mark.parametrize("yes", ["1", "1.0", "01"])
def test_numbers_are_matched_as_numbers(tmp_path, yes):
    table = TABLE.replace(",1,", f",{yes},")

    one = result(tmp_path, {"reference_standard.positive": {"is": [1]}}, table=table)

    assert one.ledger.n_diseased == 4


@pytest.mark.parametrize("yes", ["true", "TRUE", "True"])
@pytest.mark.parametrize("declared", [True, "true", "TRUE"])
def test_truths_are_matched_however_they_are_spelled(tmp_path, yes, declared):
    table = TABLE.replace(",1,", f",{yes},").replace(",0,", ",FALSE,")

    one = result(tmp_path, {"reference_standard.positive": {"is": [declared]}}, table=table)

    assert one.ledger.n_diseased == 4


def test_words_are_matched_letter_by_letter(tmp_path):
    table = TABLE.replace(",1,", ",Cancer,").replace(",0,", ",cancer,")

    one = result(tmp_path, {"reference_standard.positive": {"is": ["Cancer"]}}, table=table)

    assert one.ledger.n_diseased == 4
    assert not any("condition absent" in caution for caution in one.cautions)


def test_other_values_of_a_reference_are_named_where_there_are_several(tmp_path):
    table = TABLE.replace(",1,", ",MALIGNANT,").replace(",0,", ",BENIGN,")
    table = table.replace("0.1,BENIGN", "0.1,BENIGN_WITHOUT_CALLBACK")

    one = result(tmp_path, {"reference_standard.positive": {"is": ["MALIGNANT"]}}, table=table)

    said = (
        "Counted as the condition absent: 'BENIGN' (3 cases), 'BENIGN_WITHOUT_CALLBACK' (1 case)."
    )
    assert said in one.cautions


@pytest.mark.parametrize(("rule", "n"), [({"above": 1}, 3), ({"at_least": 1}, 4)])
def test_an_ordinal_reference_is_cut_by_a_bound(tmp_path, rule, n):
    table = rows("K1,0.9,4", "K2,0.8,2", "K3,0.4,3", "K4,0.7,1", "K5,0.6,0", "K6,0.3,0")

    one = result(tmp_path, {"reference_standard.positive": rule}, table=table)

    assert one.ledger.n_diseased == n


def test_a_reference_that_is_neither_is_a_missing_reference(tmp_path):
    table = rows(*GOOD, "K8,0.5,unclear", "K9,0.5,")
    changes = {
        "reference_standard.negative": {"is": [0]},
        HANDLING: {"missing_reference": "exclude"},
    }

    one = result(tmp_path, changes, table=table)

    assert tallies(one) == {"no reference standard": (2, "excluded")}


def test_nan_is_never_every_other_value_of_a_reference(tmp_path):
    (found,) = problems(tmp_path, table=rows(*GOOD, "K8,0.5,NaN"))

    assert "E010 1 reference of column 'truth' is no number" in found


def test_a_decision_alone_gives_rates_and_no_area(tmp_path):
    table = "case,flag,truth\nA,yes,1\nB,no,1\nC,no,0\nD,no,0\nE,maybe,0\n"
    changes = {
        "data.columns": {"case": "case", "decision": "flag", "reference": "truth"},
        "output": {"positive": {"is": ["yes"]}, "negative": {"is": ["no"]}},
        "analysis.auc": REMOVED,
        HANDLING: {"out_of_range": "worst-case"},
    }

    one = result(tmp_path, changes, table=table)

    assert (at(one, "sensitivity").estimate.count, at(one, "specificity").estimate.count) == (1, 2)
    assert tallies(one) == {"decision of no declared value": (1, "counted as wrong")}
    assert one.curve is None


def test_a_score_without_an_operating_point_gives_an_area_and_no_rates(tmp_path):
    one = result(tmp_path, {"output": {}})

    assert {measurement.metric.value for measurement in one.measurements} == {"auc"}
    assert one.errors == ()
    assert one.curve is not None
    assert one.curve.operating_point is None


def test_a_filter_counts_what_it_leaves_out(tmp_path):
    one = result(tmp_path, {"data.include": {"site": ["North"]}})

    assert tallies(one) == {"site is not North": (4, "left out")}
    assert one.ledger.n_analysed == 4
    assert balanced(one)


def test_a_filter_that_leaves_nothing_says_what_it_looked_for(tmp_path):
    (found,) = problems(tmp_path, {"data.include": {"site": ["Nrth"]}})

    assert "E006 no row is left: 8 where site is not Nrth" in found


def test_everything_excluded_is_a_problem_not_an_empty_result(tmp_path):
    changes = {HANDLING: {"missing_score": "exclude"}}

    (found,) = problems(tmp_path, changes, table=rows("A,,1", "B,,0"))

    assert "E006 every row is excluded" in found


def test_joined_columns_come_by_key_and_what_finds_no_match_is_counted_on_both_sides(tmp_path):
    scores = "case,score,hospital\nA,0.9,1\nB,0.2,2.0\nC,0.8,1\nD,0.1,9\n"
    reads = "id,truth\nA,1\nB,0\nC,1\nX,1\n"
    hospitals = "hospital,region\n1,East\n2,West\n3,North\n"
    changes = {
        "data.join": [
            {"source": "data/reads.csv", "on": {"case": "id"}},
            {"source": "data/hospitals.csv", "on": {"hospital": "hospital"}},
        ],
        HANDLING: {"missing_reference": "exclude"},
        "dimensions": [{"name": "region", "column": "region"}],
    }
    files = {"data/reads.csv": reads, "data/hospitals.csv": hospitals}

    one = result(tmp_path, changes, table=scores, files=files)

    assert tallies(one) == {
        "no row in data/reads.csv": (1, "kept"),
        "rows of data/reads.csv that no case uses": (1, "not used"),
        "no row in data/hospitals.csv": (1, "kept"),
        "rows of data/hospitals.csv that no case uses": (1, "not used"),
        "no reference standard": (1, "excluded"),
    }
    assert [source.n_rows for source in one.ledger.sources] == [4, 4, 3]
    assert one.dimensions[0].levels == (("East", 2), ("West", 1))
    assert balanced(one)


def test_a_filter_on_a_joined_column_comes_after_the_join(tmp_path):
    changes = {
        "data.join": [{"source": "data/split.csv", "on": {"case": "case"}}],
        "data.include": {"split": ["test"]},
    }
    split = "case,split\n" + "".join(
        f"K{k},{'train' if k in {1, 8} else 'test'}\n" for k in range(1, 9)
    )

    one = result(tmp_path, changes, files={"data/split.csv": split})

    assert tallies(one) == {"split is not test": (2, "left out")}
    assert one.ledger.n_analysed == 6


def test_a_key_that_names_two_rows_is_refused(tmp_path):
    changes = {"data.join": [{"source": "data/r.csv", "on": {"case": "case"}}]}

    (found,) = problems(tmp_path, changes, files={"data/r.csv": "case,x\nK1,1\nK1,2\nK2,3\n"})

    assert "E008 'data/r.csv' has 1 row whose key (case) is that of an earlier row" in found


def test_a_key_column_that_is_not_there_is_named(tmp_path):
    changes = {"data.join": [{"source": "data/r.csv", "on": {"cases": "id"}}]}

    found = problems(tmp_path, changes, files={"data/r.csv": "idd,x\nK1,1\n"})

    assert [one.split(" ", 2)[2] for one in found] == [
        "'data/r.csv' has no column 'id'\n  did you mean 'idd'?",
    ]


def test_one_class_alone_is_a_problem_that_shows_what_the_column_holds(tmp_path):
    (found,) = problems(
        tmp_path,
        table=TABLE.replace(",0,", ",2,"),
        changes={"reference_standard.positive": {"at_least": 1}},
    )

    assert "E017 all 8 references of column 'truth' are positive" in found
    assert "the table holds '1' (4 cases), '2' (4 cases)" in found


@pytest.mark.parametrize("name", ["count", "value", "n", "code", "spelling", "literal"])
def test_a_column_may_have_any_name(tmp_path, name):
    changes = {
        "data.columns.reference": name,
        "data.columns.patient": "case",
        "dimensions": [{"name": "again", "column": name}],
    }

    one = result(tmp_path, changes, table=TABLE.replace("truth", name))
    (found,) = problems(tmp_path, changes, table=TABLE.replace("truth", name).replace(",0,", ",1,"))

    assert one.dimensions[0].levels == (("0", 4), ("1", 4))
    assert f"E017 all 8 references of column '{name}' are positive" in found


def test_problems_of_all_studies_come_in_one_pass(tmp_path):
    from defensible.dossier import DossierError, load
    from defensible.evidence import run
    from tests.evidence.dossiers import write

    root = write(tmp_path, {"data.columns.score": "scoer"})
    text = (root / "studies/s1.yaml").read_text().replace("id: S1", "id: S2")
    (root / "studies/s2.yaml").write_text(text.replace("scoer", "skore"))
    dossier = load(root)

    with pytest.raises(DossierError) as caught:
        run(dossier)

    assert [problem.file for problem in caught.value.problems] == [
        "studies/s1.yaml",
        "studies/s2.yaml",
    ]


def test_values_are_matched_alike_in_short_and_in_long_columns(tmp_path):
    cells = ["1", "1.0", "TRUE", "x", "0", ""] * 400
    table = rows(*(f"K{i},{i % 7},{cell}" for i, cell in enumerate(cells)))
    changes = {
        "reference_standard.positive": {"is": [1, True]},
        "reference_standard.negative": {"is": ["0", "x"]},
        "output": {},
        HANDLING: {"missing_reference": "exclude"},
    }

    one = result(tmp_path, changes, table=table)

    assert (one.ledger.n_diseased, one.ledger.n_healthy) == (1200, 800)
    assert tallies(one) == {"no reference standard": (400, "excluded")}


def test_faults_of_dimensions_and_patients_are_said_with_those_of_scores(tmp_path):
    table = "case,patient,score,truth,age\nA,P1,high,1,30\nB,P1,0.4,0,> 89\nC,P2,0.2,0,50\n"
    changes = {
        "data.columns.patient": "patient",
        "independent_cases": REMOVED,
        "dimensions": [{"name": "age", "column": "age", "bands": [65]}],
    }

    found = problems(tmp_path, changes, table=table)

    assert {one.split()[1] for one in found} == {"E011", "E018", "E022"}
