"""Whatever a table holds, a study gives a balanced account or problems; never anything else."""

import io
import math
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defensible.evidence.finding import StudyResult
from tests.evidence.dossiers import TABLE, balanced, loaded, outcome, problems, result

CELLS = st.sampled_from(
    ["", "0", "1", "0.5", "-1", "NaN", "inf", "1e400", "TRUE", "x", "é", " ", "> 89"]
)
BREAKING = st.one_of(CELLS, CELLS, CELLS, st.sampled_from(['"', ",", "\n", "\0"]))
RULES = {
    "missing_score": "worst-case",
    "indeterminate": "exclude",
    "missing_reference": "exclude",
    "duplicate": "exclude",
    "out_of_range": "worst-case",
}
CHANGES = {
    "analysis.handling": RULES,
    "output.indeterminate": [-1],
    "reference_standard.negative": {"is": [0]},
    "dimensions": [
        {"name": "site", "column": "site"},
        {"name": "age", "column": "site", "bands": [0.5, 1]},
    ],
}


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS, BREAKING), max_size=12),
    cut=st.integers(0, 400),
    banded=st.booleans(),
)
def test_any_cells_give_a_balanced_account_or_problems(tmp_path_factory, rows, cut, banded):
    lines = [f"K{i}{row[0]},{row[1]},{row[2]},{row[3]}" for i, row in enumerate(rows)]
    table = TABLE + "\n".join(lines)
    changes = {**CHANGES, "dimensions": CHANGES["dimensions"][: 1 + banded]}
    root = tmp_path_factory.mktemp("any")
    dossier = loaded(root, changes, table=table.encode()[: len(table) - cut if cut < 200 else None])

    one = outcome(dossier)

    assert one
    if isinstance(one, StudyResult):
        assert balanced(one)
        for measurement in one.measurements:
            estimate = measurement.estimate
            assert estimate or measurement.why
            assert not estimate or 0 <= estimate.low <= estimate.value <= estimate.high <= 1


@pytest.mark.parametrize(
    "reference",
    [
        pl.Series([True, True, False, False]),
        pl.Series([1, 1, 0, 0], dtype=pl.Int8),
        pl.Series([1.0, 1.0, 0.0, math.nan]),
        pl.Series([Decimal("1.00"), Decimal("1.00"), Decimal("0.00"), None]),
        pl.Series(["1", "1", "0", "0"], dtype=pl.Categorical),
        pl.Series([date(2026, 1, 1)] * 4),
        pl.Series([datetime(2026, 1, 1, tzinfo=UTC)] * 4),
        pl.Series([b"\xff", b"1", b"0", b"0"]),
        pl.Series([None, None, None, None]),
    ],
    ids=["bool", "int", "nan", "decimal", "category", "date", "time", "bytes", "null"],
)
@pytest.mark.parametrize("rule", [{"is": [1, True]}, {"at_least": 1}], ids=["is", "at least"])
def test_any_type_of_parquet_column_gives_a_result_or_problems(tmp_path, reference, rule):
    into = io.BytesIO()
    frame = pl.DataFrame({"case": list("abcd"), "score": [0.9, 0.8, 0.1, 0.2], "truth": reference})
    frame.write_parquet(into)
    changes = {
        "data.source": "data/c.parquet",
        "reference_standard.positive": rule,
        "analysis.handling": {"missing_reference": "exclude"},
    }
    dossier = loaded(tmp_path, changes, table=None, files={"data/c.parquet": into.getvalue()})

    one = outcome(dossier)

    assert one
    if isinstance(one, StudyResult):
        assert one.ledger.n_diseased == 2
        assert balanced(one)


def test_a_password_in_an_address_is_not_repeated(tmp_path):
    source = "memory://user:secret@nothing.csv?token=secret"

    (found,) = problems(tmp_path, {"data.source": source}, table=None)

    assert "'memory://nothing.csv' cannot be read" in found
    assert "secret" not in found


def test_the_room_opens_without_the_table_library():
    code = "import sys, defensible.evidence; sys.exit('polars' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], check=False)  # noqa: S603 - our own words

    assert done.returncode == 0


def test_scores_at_the_ends_of_the_floats_are_ranked(tmp_path):
    table = "case,score,truth\nA,1e308,1\nB,-1e308,0\nC,,1\nD,,0\n"

    one = result(tmp_path, {"analysis.handling": RULES, "output": {}}, table=table)

    assert [m.estimate.value for m in one.measurements] == [0.25]
