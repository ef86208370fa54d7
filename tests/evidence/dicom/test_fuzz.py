"""A few thousand mutated files; `python -m tests.evidence.dicom.fuzz N` makes N."""

from tests.evidence.dicom import fuzz


def test_mutated_files_neither_stop_intake_nor_give_anyone_away(tmp_path):
    tally = fuzz.fuzzed(3_000, seed=1, place=tmp_path)

    assert (tally.n, tally.leaks, tally.unparsed) == (3_000, (), 0)
    assert tally.rows > 100
    assert tally.refused > 100


def test_a_leak_would_be_seen():
    assert fuzz.leaks("model: Xuixote") == ("ixote", "uixot")
