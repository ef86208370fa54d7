"""Tables in every packing give the same figures; what is no table gets one clear problem."""

import gzip
import hashlib
import io
import os
import zipfile

import fsspec
import polars as pl
import pytest

from tests.evidence.dossiers import REMOVED, SITE, TABLE, at, problems, result, tallies, write

SOURCE = "data.source"


def packed(name: str, content: bytes, **more: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for inside, cells in {name: content, **more}.items():
            archive.writestr(inside, cells)
    return into.getvalue()


def parquet() -> bytes:
    into = io.BytesIO()
    pl.read_csv(TABLE.encode()).write_parquet(into)
    return into.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cases.csv", TABLE.encode()),
        ("cases.csv", b"\xef\xbb\xbf" + TABLE.encode()),
        ("cases.csv", TABLE.replace("\n", "\r\n").encode()),
        ("cases.csv", TABLE.replace(",", " , ").encode()),
        ("cases.csv", TABLE.replace("North", '"North"').encode()),
        ("cases.csv", (TABLE + "\n\n").encode()),
        ("cases.csv.gz", gzip.compress(TABLE.encode(), mtime=0)),
        ("cases.zip", packed("cases.csv", TABLE.encode(), **{"__MACOSX/._cases.csv": b"x"})),
        ("cases.parquet", parquet()),
        ("cases.parquet.zip", packed("cases.parquet", parquet())),
    ],
    ids=["csv", "bom", "crlf", "spaces", "quoted", "blank end", "gz", "zip", "parquet", "zipped"],
)
def test_every_packing_gives_the_same_figures(tmp_path, name, content):
    changes = {SOURCE: f"data/{name}", "dimensions": [SITE]}

    one = result(tmp_path, changes, table=None, files={f"data/{name}": content})

    assert at(one, "sensitivity").estimate.count == 3
    assert at(one, "specificity", ("site", "North")).estimate.count == 1
    assert at(one, "specificity", ("site", "not known")).n_cases == 1
    assert at(one, "auc").estimate.value == 15 / 16
    assert one.ledger.sources[0].sha256 == hashlib.sha256(content).hexdigest()
    assert one.ledger.n_read == 8


def test_a_url_is_read_like_a_file(tmp_path):
    with fsspec.open("memory://cases.csv", "wb") as file:
        file.write(TABLE.encode())

    one = result(tmp_path, {SOURCE: "memory://cases.csv"}, table=None)

    assert one.ledger.sources[0].source == "memory://cases.csv"
    assert one.ledger.n_analysed == 8


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cases.csv", b"\xff\xfec\x00a\x00", "is not text, though its name says CSV"),
        ("cases.csv", TABLE.replace("South", "S\xfcd").encode("latin-1"), "not UTF-8: line 3"),
        ("cases.csv", TABLE.replace(",", ";").encode(), "has no comma in its first line"),
        ("cases.csv", TABLE.replace("K5,0.6", "K5,0.6,9").encode(), "has 5 cells in line 6"),
        ("cases.csv", TABLE.replace("0.6", '"0.6').encode(), "quotation mark that is never closed"),
        ("cases.csv", (TABLE + '"K9",1,1,x,y\n').encode(), "more cells than its header"),
        ("cases.csv", b"", "is empty"),
        ("cases.parquet", TABLE.encode(), "is not a Parquet file"),
        ("cases.zip", TABLE.encode(), "does not unpack"),
        ("cases.csv.gz", gzip.compress(TABLE.encode(), mtime=0)[:-9], "does not unpack"),
        ("cases.zip", packed("a.csv", b"a", **{"b.csv": b"b"}), "holds 2 tables (a.csv, b.csv)"),
        ("cases.xlsx", b"PK", "is neither CSV nor Parquet by its name"),
    ],
)
def test_what_is_no_table_is_said_in_one_line(tmp_path, name, content, said):
    changes = {SOURCE: f"data/{name}"}

    (found,) = problems(tmp_path, changes, table=None, files={f"data/{name}": content})

    assert found.startswith("studies/s1.yaml:5:")
    assert "E005" in found
    assert said in found


def test_a_message_about_a_table_never_shows_what_a_library_said_of_its_cells(tmp_path):
    table = TABLE + '"Secret, Name",1,1,x,y\n'

    (found,) = problems(tmp_path, table=table)

    assert "Secret" not in found


def test_cells_of_lists_are_no_values(tmp_path):
    into = io.BytesIO()
    pl.DataFrame({"case": ["a"], "score": [[0.5]], "truth": [1]}).write_parquet(into)

    (found,) = problems(
        tmp_path,
        {SOURCE: "data/c.parquet"},
        table=None,
        files={"data/c.parquet": into.getvalue()},
    )

    assert "holds lists or records in score" in found


def test_a_path_that_a_link_takes_out_of_the_dossier_is_refused(tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_text(TABLE)
    root = write(tmp_path / "dossier", {SOURCE: "data/cases.csv"}, table=None)
    from defensible.dossier import DossierError, load
    from defensible.evidence import run

    (root / "data/cases.csv").write_text(TABLE)
    dossier = load(root)
    (root / "data/cases.csv").unlink()
    (root / "data/cases.csv").symlink_to(outside)

    with pytest.raises(DossierError, match="E002 'data/cases"):
        run(dossier)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_table_without_the_right_to_read_is_said_so(tmp_path):
    root = write(tmp_path)
    (root / "data/cases.csv").chmod(0)

    (found,) = problems(tmp_path, table=None)

    assert "E001 'data/cases.csv' may not be read" in found


def test_a_folder_is_no_table(tmp_path):
    (tmp_path / "data/cases.csv").mkdir(parents=True)

    (found,) = problems(tmp_path, table=None)

    assert "E001 'data/cases.csv' is not a file" in found


@pytest.mark.parametrize("url", ["local:///etc/passwd", "simplecache::memory://x", "ftp://h/x.csv"])
def test_a_url_of_another_scheme_is_refused(tmp_path, url):
    (found,) = problems(tmp_path, {SOURCE: url}, table=None)

    assert "E002" in found


def test_an_address_with_nothing_behind_it_is_said_in_one_line(tmp_path):
    (found,) = problems(tmp_path, {SOURCE: "memory://nothing.csv"}, table=None)

    assert "E001 'memory://nothing.csv' cannot be read (FileNotFoundError)" in found


def test_a_column_that_the_table_has_twice_is_a_problem(tmp_path):
    (found,) = problems(tmp_path, table=TABLE.replace("site", "score"))

    assert "E007 'data/cases.csv' has 2 columns 'score'" in found


def test_every_missing_column_is_named_with_its_nearest_spelling(tmp_path):
    changes = {
        "data.columns.patient": "patient",
        "data.columns.reference": "Truth",
        "independent_cases": REMOVED,
        "dimensions": [{"name": "site", "column": "sites"}],
    }

    found = problems(tmp_path, changes)

    assert [one.split(": ", 1)[1] for one in found] == [
        "E007 'data/cases.csv' has no column 'Truth'\n  did you mean 'truth'?",
        "E007 'data/cases.csv' has no column 'patient'\n  there are: case, score, truth, site",
        "E007 'data/cases.csv' has no column 'sites'\n  did you mean 'site'?",
    ]


def test_null_values_name_what_is_missing_in_text_and_in_parquet(tmp_path):
    frame = pl.read_csv(TABLE.encode()).with_columns(
        score=pl.when(pl.col("case") == "K1").then(float("nan")).otherwise(pl.col("score"))
    )
    into = io.BytesIO()
    frame.write_parquet(into)
    rule = {"analysis.handling": {"missing_score": "exclude"}, "data.null_values": ["NA", "NaN"]}

    text = result(tmp_path / "a", rule, table=TABLE.replace("0.9", " NA "))
    binary = result(
        tmp_path / "b",
        {**rule, SOURCE: "data/c.parquet"},
        table=None,
        files={"data/c.parquet": into.getvalue()},
    )

    assert tallies(text) == tallies(binary) == {"no output": (1, "excluded")}
