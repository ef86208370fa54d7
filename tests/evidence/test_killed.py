"""Runs under seal that are killed at any moment, or go on at once: nothing lost, nothing half."""

import json
import os
from pathlib import Path

import pytest

from defensible import dossier, evidence
from defensible.ledger import held
from defensible.ledger.event import OpenEvent, RunEvent
from defensible.ledger.verify import declared_trust, verify
from tests.evidence import sealing
from tests.ledger.test_chain import driven

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs fork and signals of POSIX")

RUNNING = """
from tests.evidence import sealing
from defensible import dossier, evidence
import defensible.evidence.studies

def running():
    loaded = dossier.load(root)
    evidence.seal(loaded, loaded.studies, scribe(None), lambda _: None)
"""


def test_a_run_killed_at_any_moment_leaves_a_chain_that_holds(tmp_path):
    sealing.write(tmp_path)
    sealing.freeze(tmp_path)
    script = (
        RUNNING
        + """
chance = random.Random(20261125)
for turn in range(15):
    pid = child(running)
    time.sleep(chance.uniform(0.0, 0.12))
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    held(root)
running()
"""
    )

    driven(tmp_path, script)

    loaded = dossier.load(tmp_path)
    steps = verify(loaded, declared_trust(loaded), None)
    assert [one for step in steps for one in step.problems] == []
    assert sealing.words(tmp_path) == ("current", ())
    for one in (tmp_path / "evidence").rglob("*.json"):
        json.loads(one.read_bytes())


def test_two_runs_at_once_are_two_runs_and_one_first_look(tmp_path):
    sealing.write(tmp_path)
    script = (
        RUNNING
        + """
for pid in [child(running), child(running)]:
    os.waitpid(pid, 0)
"""
    )

    driven(tmp_path, script)

    chain = held(tmp_path)
    assert sum(isinstance(one, OpenEvent) for one in chain.events) == 1
    runs = [one for one in chain.events if isinstance(one, RunEvent)]
    assert len(runs) == 2
    assert runs[0].payload.statement == runs[1].payload.statement
    (one,) = evidence.record(dossier.load(tmp_path)).standings
    assert one.reuse[0].n_runs == 2


def test_what_a_killed_writer_leaves_beside_a_file_is_no_result(tmp_path):
    sealing.write(tmp_path)
    sealing.run(tmp_path)
    part = tmp_path / "evidence/studies/S1" / ".part-killed"
    Path(part).write_bytes(b"half of a resu")

    loaded = dossier.load(tmp_path)

    steps = verify(loaded, declared_trust(loaded), None)
    assert [one for step in steps for one in step.problems] == []
