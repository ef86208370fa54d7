"""Dimensions: levels, spellings, bands, and what is not known."""

import pytest

from defensible.dossier.studies import Dimension
from defensible.evidence import band_names
from tests.evidence.dossiers import at, problems, result


def table(column: str, *cells: str) -> str:
    lines = [f"K{i},{0.9 - i / 100},{i % 2},{cell}" for i, cell in enumerate(cells)]
    return "\n".join([f"case,score,truth,{column}", *lines]) + "\n"


def seen(one):
    (dimension,) = one.dimensions
    return dimension


@pytest.mark.parametrize(
    ("bands", "names"),
    [
        ((45,), ("<45", "45+")),
        ((45, 60), ("<45", "45-59", "60+")),
        ((0, 1, 2), ("<0", "0", "1", "2+")),
        ((18.5, 25, 30), ("<18.5", "18.5 to <25", "25 to <30", "30+")),
    ],
)
def test_bands_are_named_by_their_edges(bands, names):
    assert band_names(Dimension(name="age", column="age", bands=bands)) == names


def test_a_dimension_without_bands_has_no_band_names():
    assert band_names(Dimension(name="sex", column="sex")) == ()


def test_a_band_holds_its_lower_edge_and_the_range_seen_is_kept(tmp_path):
    cells = table("age", "44.9", "45", "59", "60", "", "90")
    dimension = {"name": "age", "column": "age", "bands": [45, 60]}

    one = result(tmp_path, {"dimensions": [dimension]}, table=cells)

    assert seen(one).levels == (("<45", 1), ("45-59", 2), ("60+", 2))
    assert (seen(one).low, seen(one).high, seen(one).n_missing) == (44.9, 90, 1)
    assert at(one, "sensitivity", ("age", "not known")).n_cases == 1


def test_a_text_among_numbers_goes_to_the_band_that_levels_names_for_it(tmp_path):
    cells = table("age", "30", "> 89", "70", "> 89")
    dimension = {"name": "age", "column": "age", "bands": [65], "levels": {"65+": ["> 89"]}}

    one = result(tmp_path, {"dimensions": [dimension]}, table=cells)

    assert seen(one).levels == (("<65", 1), ("65+", 3))


def test_a_text_among_numbers_without_a_band_is_a_problem_with_its_mend(tmp_path):
    cells = table("age", "30", "> 89", "70", "70")
    dimension = {"name": "age", "column": "age", "bands": [65]}

    (found,) = problems(tmp_path, {"dimensions": [dimension]}, table=cells)

    assert "E022 1 value of column 'age' is no number, so in no band; one is '> 89'" in found
    assert "`levels: {65+: ['> 89']}`" in found


def test_spellings_become_one_level_and_others_keep_their_words_with_a_caution(tmp_path):
    cells = table("maker", "GE", "GE MEDICAL", "ge", "Siemens", "Siemens")
    dimension = {
        "name": "vendor",
        "column": "maker",
        "levels": {"Philips": ["PHILIPS"], "GE": ["GE", "GE MEDICAL", "ge"]},
    }

    one = result(tmp_path, {"dimensions": [dimension]}, table=cells)

    assert seen(one).levels == (("Philips", 0), ("GE", 3), ("Siemens", 2))
    assert "Dimension vendor: Siemens is not named in levels, and kept as found." in one.cautions


def test_levels_are_named_as_claims_write_them_and_stand_in_natural_order(tmp_path):
    cells = table("grade", "10", "2.0", "TRUE", "b", "2", "10")

    one = result(tmp_path, {"dimensions": [{"name": "grade", "column": "grade"}]}, table=cells)

    assert seen(one).levels == (("2", 2), ("10", 2), ("b", 1), ("true", 1))


def test_a_level_that_says_not_known_is_what_is_missing(tmp_path):
    cells = table("site", "North", "", "not known", "UNK", "North")
    dimension = {"name": "site", "column": "site", "levels": {"not known": ["UNK"]}}

    one = result(tmp_path, {"dimensions": [dimension]}, table=cells)

    assert seen(one).levels == (("North", 2),)
    assert seen(one).n_missing == 3


@pytest.mark.parametrize("n", [1001, 100_000])
def test_too_many_levels_are_one_clear_problem(tmp_path, n):
    cells = table("seconds", *(f"t{i}" for i in range(n)))
    changes = {"dimensions": [{"name": "time", "column": "seconds"}], "output": {}}

    (found,) = problems(tmp_path, changes, table=cells)

    assert f"E021 column 'seconds' has {n:,} levels; 1,000 at most" in found


def test_every_case_is_in_one_stratum_of_every_dimension(tmp_path):
    cells = table("age", "30", "", "70", "50", "", "64")
    dimensions = [
        {"name": "age", "column": "age", "bands": [45, 65]},
        {"name": "exact", "column": "age"},
    ]

    one = result(tmp_path, {"dimensions": dimensions}, table=cells)

    for name in ("age", "exact"):
        strata = [
            m for m in one.measurements if m.stratum.levels and m.stratum.levels[0][0] == name
        ]
        assert sum(m.n_cases for m in strata if m.metric.value == "auc") == 6
