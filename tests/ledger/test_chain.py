"""The chain: what a writer leaves behind, however it ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from defensible.dossier import DossierError
from defensible.ledger import SealError, writing
from defensible.ledger.chain import held, incomplete, read
from defensible.ledger.event import Opened, Table
from defensible.ledger.lock import locked
from tests.sealed.seal import key, scribe

ROOT = Path(__file__).parents[2]
LEDGER = "evidence/ledger.jsonl"


def opened(number):
    table = Table(source=f"data/{number}.csv", sha256=f"{number:064x}")
    return Opened(study="S1", table=table, plan="0" * 64)


def append(root, *numbers):
    writer = scribe(None)
    for number in numbers:
        with writing(root, writer) as book:
            book.append(opened(number))


def sources(chain):
    return [one.payload.table.source for one in chain.events]


def test_lines_are_numbered_and_name_the_line_before(tmp_path):
    append(tmp_path, 1, 2, 3)

    chain = held(tmp_path)
    assert [one.sequence for one in chain.events] == [1, 2, 3]
    assert [one.previous for one in chain.events] == ["0" * 64, *chain.digests[:2]]
    assert (tmp_path / LEDGER).read_bytes().endswith(b"}\n")


def test_a_ledger_that_is_not_there_is_an_empty_chain(tmp_path):
    assert read(tmp_path).events == ()
    assert list(tmp_path.iterdir()) == []


def test_git_is_told_to_leave_line_ends_alone_and_parts_out(tmp_path):
    append(tmp_path, 1)

    assert (tmp_path / "evidence/.gitattributes").read_bytes() == b"* -text\n"
    assert (tmp_path / "evidence/.gitignore").read_bytes() == b".part-*\n"


def test_a_line_cut_off_at_any_byte_costs_that_line_and_no_other(tmp_path):
    append(tmp_path, 1, 2)
    path = tmp_path / LEDGER
    whole = path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1

    for cut in (*range(last + 1, len(whole) - 1, 7), len(whole) - 2):
        path.write_bytes(whole[:cut])
        assert incomplete(whole[last:cut])
        append(tmp_path, 3)
        assert sources(held(tmp_path)) == ["data/1.csv", "data/3.csv"]


def test_a_whole_line_that_lost_its_end_is_kept(tmp_path):
    append(tmp_path, 1, 2)
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes()[:-1])

    assert sources(held(tmp_path)) == ["data/1.csv"]
    append(tmp_path, 3)

    assert sources(held(tmp_path)) == ["data/1.csv", "data/2.csv", "data/3.csv"]


@pytest.mark.parametrize("end", [b"note to self", b'{"form":"other', b"\0\0\0", b"{}"])
def test_an_end_that_no_writer_of_ours_left_is_not_touched(tmp_path, end):
    append(tmp_path, 1)
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes() + end)
    before = path.read_bytes()

    with pytest.raises(SealError, match="L003 what follows line 1 was not written by this program"):
        append(tmp_path, 2)

    assert path.read_bytes() == before


def test_nothing_is_written_after_a_line_that_was_tampered_with(tmp_path):
    append(tmp_path, 1, 2)
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes().replace(b"data/1.csv", b"data/9.csv"))

    with pytest.raises(SealError, match="L002"):
        append(tmp_path, 3)


def test_a_second_writer_waits_and_then_says_who_is_in_the_way(tmp_path):
    append(tmp_path, 1)
    with (tmp_path / LEDGER).open("rb") as first, (tmp_path / LEDGER).open("rb") as second:
        with (
            locked(first.fileno(), most_s=0.05),
            pytest.raises(DossierError, match="L013 another process has been writing for"),
            locked(second.fileno(), most_s=0.05),
        ):
            raise AssertionError("two writers at once")
        with locked(second.fileno(), most_s=0.05):
            pass


def test_a_signed_line_is_the_same_line_with_a_signature(tmp_path):
    writer = scribe(key())
    with writing(tmp_path, writer) as book:
        event = book.append(opened(1))

    assert event.signature is not None
    assert held(tmp_path).events == (event,)


@pytest.mark.skipif(os.name != "posix", reason="needs symbolic links")
def test_nothing_is_written_through_a_link_that_leads_out_of_the_dossier(tmp_path):
    root, elsewhere = tmp_path / "flag", tmp_path / "elsewhere"
    root.mkdir()
    elsewhere.mkdir()
    (root / "evidence").symlink_to(elsewhere)

    with pytest.raises(OSError, match="a symbolic link leads out of the dossier"):
        append(root, 1)

    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="needs named pipes")
def test_a_pipe_in_the_place_of_the_ledger_is_not_waited_for(tmp_path):
    (tmp_path / "evidence").mkdir()
    os.mkfifo(tmp_path / LEDGER)

    with pytest.raises(SealError, match="L001 this is no plain file"):
        held(tmp_path)
    with pytest.raises(SealError, match="L001 this is no plain file"):
        append(tmp_path, 1)


def test_a_line_nested_ten_thousand_deep_is_no_line(tmp_path):
    append(tmp_path, 1)
    with (tmp_path / LEDGER).open("ab") as file:
        file.write(b'{"form":' + b"[" * 20_000 + b"\n")

    assert [one.code for one in read(tmp_path).problems] == ["L001"]


def test_a_line_whose_study_is_a_path_is_no_line(tmp_path):
    append(tmp_path, 1)
    path = tmp_path / LEDGER
    path.write_bytes(path.read_bytes().replace(b'"study":"S1"', b'"study":"../S1"'))

    assert [one.code for one in read(tmp_path).problems] == ["L001"]


DRIVER = """\
import os, random, resource, signal, sys, time
from pathlib import Path
from defensible.ledger import held, writing
from defensible.ledger.chain import read
from tests.ledger.test_chain import opened
from tests.sealed.seal import scribe

root = Path(sys.argv[1])


def appending(root, first, n, done=None):
    writer = scribe(None)
    for number in range(first, first + n):
        with writing(root, writer) as book:
            book.append(opened(number))
        if done is not None:
            os.write(done, b"%d\\n" % number)


def child(work):
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid

"""
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs fork and signals of POSIX")


def driven(root, script):
    """What a script prints that runs in a process of its own, with `root` as its argument."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", DRIVER + script, str(root)],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@POSIX
def test_a_writer_killed_at_any_moment_loses_nothing_that_it_had_written(tmp_path):
    script = """
chance = random.Random(20261125)
kept = []
for turn in range(30):
    out, into = os.pipe()
    pid = child(lambda: appending(root, turn * 1000, 1000, into))
    os.close(into)
    time.sleep(chance.uniform(0.0, 0.03))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with os.fdopen(out) as file:
        kept += [f"data/{line.strip()}.csv" for line in file]
    found = [one.payload.table.source for one in held(root).events]
    assert set(kept) <= set(found), "an event that was written is gone"
    assert len(found) - len(kept) <= turn + 1, "more than one event a kill is unaccounted for"
appending(root, 90000, 1)
assert read(root).tail == b""
print(len(held(root).events))
"""

    (n_events,) = driven(tmp_path, script)

    assert int(n_events) > 1  # how many depends on how fast the machine is


@POSIX
def test_four_writers_at_once_make_one_chain(tmp_path):
    script = """
pids = [child(lambda first=first: appending(root, first, 25)) for first in (0, 100, 200, 300)]
for pid in pids:
    os.waitpid(pid, 0)
found = [one.payload.table.source for one in held(root).events]
print(len(found), len(set(found)))
"""

    assert driven(tmp_path, script) == ["100", "100"]


@POSIX
def test_a_full_disk_takes_back_what_it_did_not_take_whole(tmp_path):
    script = """
appending(root, 1, 2)
path = root / "evidence/ledger.jsonl"
before = path.read_bytes()
resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 100, resource.RLIM_INFINITY))
try:
    appending(root, 3, 1)
except OSError as error:
    print(error.strerror.replace(" ", "-"))
print(path.read_bytes() == before)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
appending(root, 3, 1)
print(len(held(root).events))
"""

    assert driven(tmp_path, script) == ["File-too-large", "True", "3"]
