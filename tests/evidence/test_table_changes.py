"""What is said of a table that is no longer the one under seal, whichever of a study it is."""

import pytest
from ruamel.yaml import YAML

from tests.evidence import sealing
from tests.evidence.test_reader_marks import BY_NAME, BY_PLACE, marked

READINGS = [
    f"R{reader},K{case},{modality},{int(case < 4)}"
    for reader in range(2)
    for modality in (1, 2)
    for case in range(8)
]
MARKS = {
    "by_name": (BY_NAME, "reader,case,modality,rating,lesion", "R{r},K{c},{m},{v},L"),
    "by_place": (BY_PLACE, "reader,case,modality,rating,x,y", "R{r},K{c},{m},{v},1,2"),
}
LESIONS = {
    "by_name": ("case,lesion,weight", "K{c},L,1"),
    "by_place": ("case,x,y", "K{c},1,3"),
}


@pytest.fixture(params=["by_name", "by_place"])
def how(request):
    return request.param


@pytest.fixture
def root(tmp_path, how):
    declared, header, row = MARKS[how]
    marks = [
        row.format(r=r, c=c, m=m, v=1 + (r + c + m) % 5)
        for r in range(2)
        for m in (1, 2)
        for c in range(4)
    ]
    head, lesion = LESIONS[how]
    lesions = [lesion.format(c=c) for c in range(4)]
    parts = {
        "readings": "\n".join(["reader,case,modality,truth", *READINGS, ""]),
        "marks": "\n".join([header, *marks, ""]),
        "lesions": "\n".join([head, *lesions, ""]),
    }
    marked(tmp_path, parts, declared)
    sealing.freeze(tmp_path)
    sealing.run(tmp_path)
    return tmp_path


def said(root):
    state, why = sealing.words(root)
    assert state == "stale"
    return why


def lines(root, name):
    return (root / f"data/{name}.csv").read_text(encoding="utf-8").splitlines()


def put(root, name, rows):
    (root / f"data/{name}.csv").write_text("\n".join([*rows, ""]), encoding="utf-8")


@pytest.mark.parametrize(("name", "n"), [("marks", 16), ("lesions", 4), ("readings", 32)])
def test_rows_added_taken_away_and_changed_are_told_of_each_table(root, name, n):
    was = lines(root, name)

    put(root, name, [*was, was[-1], was[-1]])
    assert said(root) == (f"data/{name}.csv differs: 2 rows added at its end",)
    put(root, name, [was[0], was[-1], *was[1:]])
    assert said(root) == (f"data/{name}.csv differs: 1 row more ({n} → {n + 1})",)
    put(root, name, was[:-3])
    assert said(root) == (f"data/{name}.csv differs: 3 rows fewer ({n} → {n - 3})",)
    put(root, name, [was[0], *reversed(was[1:])])
    assert said(root) == (f"data/{name}.csv differs: as many rows ({n}), other bytes",)
    put(root, name, was[:1])
    assert said(root) == (f"data/{name}.csv differs: {n} rows fewer ({n} → 0)",)


def test_a_column_that_the_study_names_and_that_is_gone_is_named(root, how):
    was = lines(root, "lesions")
    column = {"by_name": "lesion", "by_place": "x"}[how]

    put(root, "lesions", [was[0].replace(column, "other"), *was[1:]])

    assert said(root) == (f"data/lesions.csv differs: no column '{column}', which the study names",)


def test_columns_of_the_readings_are_no_measure_of_another_table(root):
    """Marks whose columns have no name in common with those of the readings."""
    study = root / "studies/s1.yaml"
    declared = YAML().load(study)
    columns = declared["data"]["marks"]["columns"]
    header = lines(root, "marks")[0].split(",")
    declared["data"]["marks"]["columns"] = {role: f"mark_{one}" for role, one in columns.items()}
    with study.open("w") as file:
        YAML().dump(declared, file)
    was = lines(root, "marks")
    put(root, "marks", [",".join(f"mark_{one}" for one in header), *was[1:]])
    sealing.run(root)

    put(root, "marks", [*lines(root, "marks"), was[-1]])

    assert said(root) == ("data/marks.csv differs: 1 row added at its end",)
