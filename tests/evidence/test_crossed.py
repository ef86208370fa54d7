"""Cases of two dimensions together, as counts."""

from tests.evidence.dossiers import SITE, TABLE, result


def test_pairs_of_levels_have_their_counts_and_add_up(tmp_path):
    lines = TABLE.splitlines()
    sexes = ("f", "m", "f", "f", "m", "f", "", "f")
    table = "\n".join(
        [f"{lines[0]},sex", *(f"{a},{b}" for a, b in zip(lines[1:], sexes, strict=True))]
    )

    one = result(
        tmp_path,
        {"dimensions": [SITE, {"name": "sex", "column": "sex"}]},
        table=table + "\n",
    )

    found = {str(cell.stratum): (cell.n_diseased, cell.n_healthy) for cell in one.crossed}
    assert found == {
        "site North, sex f": (2, 0),
        "site North, sex m": (0, 1),
        "site North, sex not known": (0, 1),
        "site South, sex f": (1, 1),
        "site South, sex m": (1, 0),
        "site South, sex not known": (0, 0),
        "site not known, sex f": (0, 1),
        "site not known, sex m": (0, 0),
        "site not known, sex not known": (0, 0),
    }
