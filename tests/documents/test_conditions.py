"""Reports of reader studies with more than two conditions: each is drawn, tabled and said."""

from typing import Any

import pytest

from defensible.documents import as_json, html, reader_curves, reader_rows, reader_tables, text
from defensible.evidence.by_condition import by_condition
from tests.documents.test_people import TODAY, assessed
from tests.evidence import test_readers as readers
from tests.evidence.test_reader_marks import BY_NAME, marked
from tests.evidence.test_reader_sides import CONDITIONS, several


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    root = tmp_path_factory.mktemp("four")
    readers.dossier(root, several(), conditions=CONDITIONS, multiplicity="holm", **readers.FULL)
    return assessed(root)


def test_each_condition_has_its_panel_beside_the_unaided_average(four):
    (panels,) = reader_curves.pictures(four.results[0])

    assert [one.title for one in panels] == [
        "ROC curves of S1, 1",
        "ROC curves of S1, 2",
        "ROC curves of S1, 3",
        "ROC curves of S1, film",
    ]
    assert [len(one.lines) for one in panels] == [7, 8, 8, 8]
    for one in panels[1:]:
        assert [line.aided for line in one.lines if line.average] == [False, True]
        assert one.about.startswith("Average AUC 0.")
        assert one.legend == "Thin: each reader; thick: their average; dashed: average of 1."


def test_rows_of_all_conditions_share_a_scale(four):
    by_title = {one.title: one for one in reader_rows.pictures(four.results[0])}

    gaps = by_title["AUC difference of S1, reader by reader"]
    heads = [one.label for one in gaps.rows if not one.marks]
    assert heads == ["2 less 1", "3 less 1", "film less 1"]
    assert len(gaps.rows) == 3 * (1 + 6 + 1)
    assert gaps.about.startswith("Each condition less 1.")
    times = by_title["Reading time in S1"]
    assert [one.label for one in times.rows] == ["1", "2", "3", "film"]
    assert times.legend == "Ring and dashes: 1; discs: the other conditions."
    (wrong,) = reader_rows.conditional(four.results[0])
    assert [one.label for one in wrong.rows][:4] == ["diseased, device right", "1", "2", "3"]
    assert len(wrong.rows) == 4 * 4  # nobody saw the output on film


def test_many_readers_are_drawn_in_several_pictures_on_one_scale(tmp_path):
    readers.dossier(
        tmp_path, several(n_readers=20, n_cases=30), conditions=CONDITIONS, **readers.FULL
    )

    pictures = reader_rows.pictures(assessed(tmp_path).results[0])
    gaps = [one for one in pictures if one.title == "AUC difference of S1, reader by reader"]
    assert [len(one.rows) for one in gaps] == [44, 22]
    assert gaps[0].ticks == gaps[1].ticks


def test_a_table_has_each_reader_in_each_condition(four):
    auc = reader_tables.figures(four.results[0])[0]

    assert auc.heads == ("Reader", "1", "2", "3", "film")
    assert [one.name for one in auc.rows] == ["R0", "R1", "R2", "R3", "R4", "R5", "Average"]
    assert all(len(one.cells) == len(one.under) == 4 for one in auc.rows)


def test_levels_stand_in_a_table_with_their_joint_test(four):
    (_, third, _) = by_condition(four.results[0])

    auc = reader_tables.levels(third)[0]
    assert [one.name for one in auc.rows] == [
        "site",
        " North",
        " South",
        "experience",
        " <10",
        " 10+",
    ]
    site, north, *_ = auc.rows
    assert site.cells[1].startswith("F ")
    (joint, *_) = third.joint_interactions
    assert site.cells[2] == f"{joint.p:.3f}"
    assert north.cells[2] == f"{third.interactions[0].difference.p:.3f}"


def test_the_text_stays_within_its_width_and_names_each_pair(four):
    said = text(four, on=TODAY)

    assert max(map(len, said.splitlines())) <= 80
    places = [said.index(one) for one in ("'2' (aided) less '1'", "'3' less '1'")]
    places.append(said.index("'film' (output not seen) less '1'"))
    assert places == sorted(places)
    assert said.count("\n  Commission errors") == 2  # a row where the output is seen
    assert "All pairs of conditions" in said


def test_the_page_shows_every_condition(four):
    page = html(four, on=TODAY)

    assert page.count("<h4>&#39;3&#39; less &#39;1&#39;</h4>") == 1
    assert page.count('class="rocs three"') == 1
    assert page.count("AUC difference by level") == 3


def test_the_json_has_the_other_conditions_beside_what_it_had(four):
    (study,) = as_json(four, on=TODAY)["studies"]

    found: dict[str, Any] = study["readers"]
    third, film = found["others"]
    assert (third["condition"], third["shows_device"]) == ("3", True)
    assert (film["condition"], film["shows_device"]) == ("film", False)
    assert len(found["curves"]) == 14
    assert len(third["curves"]) == 7
    assert {one["aided"] for one in third["reading_times"]} == {True}
    assert found["wafroc_curves"] == []
    shared = {"figures", "interactions", "joint_interactions", "conditional", "break_even"}
    assert shared <= found.keys()
    assert shared <= third.keys()


def test_marks_have_their_curves_in_one_panel_where_there_are_two_conditions(tmp_path):
    table = readers.as_csv(readers.simulated(n_readers=3, n_cases=20))
    lesions = ["case,lesion,weight", *(f"K{case},L,1" for case in range(10))]
    made = ["reader,case,modality,rating,lesion"]
    for case in range(20):
        for condition in (1, 2):
            made += [
                f"R{n},K{case},{condition},{case % 7 + n},{'L' * (case < 8)}" for n in range(3)
            ]
    parts = {"readings": table, "marks": "\n".join(made), "lesions": "\n".join(lesions)}
    marked(tmp_path, parts, BY_NAME)

    result = assessed(tmp_path).results[0]
    ((panel,),) = reader_curves.pictures(result)
    assert panel.title == "wAFROC curves of the readers of S1"
    assert len(panel.lines) == 8
    assert (panel.x_axis, panel.y_axis) == (
        "Healthy cases with a false mark",
        "Lesions marked, weighted",
    )


def test_a_hostile_condition_stays_text(tmp_path):
    table = several(n_readers=2, n_cases=40).replace(",film,", ",<script>film</script>,")
    conditions = {"unaided": "1", "aided": "2", "others": ["3", "<script>film</script>"]}
    readers.dossier(tmp_path, table, conditions=conditions, **readers.FULL)

    page = html(assessed(tmp_path), on=TODAY)

    assert "<script" not in page
    assert "&lt;script&gt;film" in page
