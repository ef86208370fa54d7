"""Whatever bytes lie there: an answer, never a crash; and no byte of a seal changes unseen."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible import dossier, evidence
from defensible.cli.edge import run
from defensible.dossier import DossierError
from defensible.ledger import storage, writing
from defensible.ledger.canonical import sha256
from defensible.ledger.chain import of_bytes
from defensible.ledger.changes import changes
from defensible.ledger.event import Frozen, Run
from defensible.ledger.statement import enveloped, statement
from defensible.ledger.verify import declared_trust, verify
from tests.assessment import small
from tests.ledger.test_broken import SEALED
from tests.sealed.seal import scribe

LEDGER = (SEALED / "evidence/ledger.jsonl").read_bytes()
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab\x1b\u202e", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=2), inner),
    max_leaves=12,
)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_chain_or_a_problem(data):
    chain = of_bytes(data)

    assert chain.events == ()
    assert bool(chain.problems) == (b"\n" in data)


@given(st.integers(0, len(LEDGER) - 1), st.integers(1, 255))
def test_a_changed_byte_of_any_line_but_the_last_breaks_the_chain(at, change):
    last = LEDGER.rstrip(b"\n").rfind(b"\n")
    at %= last
    data = bytearray(LEDGER)
    data[at] ^= change

    assert of_bytes(bytes(data)).problems


def test_a_changed_byte_of_the_last_line_breaks_its_signature_or_its_form(tmp_path):
    root = shutil.copytree(SEALED, tmp_path / "flag")
    shutil.rmtree(root / "evidence/timestamps")
    loaded = dossier.load(root)
    first = LEDGER.rstrip(b"\n").rfind(b"\n") + 1

    for at in range(first, len(LEDGER) - 1, 9):
        data = bytearray(LEDGER)
        data[at] ^= 1
        (root / "evidence/ledger.jsonl").write_bytes(bytes(data))
        try:
            steps = verify(loaded, declared_trust(loaded), None)
        except DossierError:
            continue
        assert any(step.problems for step in steps), at


@given(PLAIN, PLAIN)
def test_what_differs_is_said_and_what_is_the_same_is_not(before, after):
    said = changes(before, after)

    assert changes(before, before) == ()
    assert all(one.isprintable() for one in said)


@given(st.integers(), st.integers())
def test_two_numbers_differ_exactly_where_they_are_not_equal(before, after):
    assert bool(changes({"n": before % 1000}, {"n": after % 1000})) == (
        before % 1000 != after % 1000
    )


HOSTILE = [b"{}", b"[]", b'"x"', b"not json", b"[" * 5000 + b"]" * 5000, b"\xff", b"9" * 400]


@pytest.mark.parametrize("content", HOSTILE)
@pytest.mark.parametrize("part", ["intended use", "claim C1", "study S1", "trusted keys", "other"])
def test_hostile_content_under_a_digest_that_holds_is_an_answer_and_no_crash(
    tmp_path, part, content
):
    root = small.write(tmp_path, table=small.cases(per_site=20))
    digest = sha256(content)
    storage.put(root, storage.declared(digest), content)
    with writing(root, scribe(None)) as book:
        book.append(Frozen(parts={part: digest}))

    assert run(["check", str(root)]) in {0, 3}
    assert run(["verify", str(root)]) in {0, 3}
    assert run(["run", str(root)]) in {0, 3}


@pytest.mark.parametrize("predicate", [{}, {"form": 1}, {"form": 1, "tables": [1], "result": []}])
def test_a_hostile_statement_under_digests_that_hold_is_stale_and_no_crash(tmp_path, predicate):
    root = small.write(tmp_path, table=small.cases(per_site=20))
    payload = statement({}, predicate)
    data = enveloped(payload, None)
    storage.put(root, storage.result("S1", sha256(data)), data)
    with writing(root, scribe(None)) as book:
        book.append(
            Run(
                study="S1",
                plan="0" * 64,
                tables=(),
                statement=sha256(payload),
                envelope=sha256(data),
                tool="x",
            )
        )

    (standing,) = evidence.record(dossier.load(root)).standings
    assert standing.why == ("defensible x sealed it in another form",)
    assert run(["assess", str(root)]) == 0
    assert run(["verify", str(root)]) == 3


def test_a_number_that_json_cannot_keep_is_no_line():
    line = LEDGER.splitlines()[4].replace(b'"role":"head of engineering"', b'"role":1' + b"0" * 40)

    assert b'"role":10' in line
    (found,) = of_bytes(line + b"\n").problems
    assert found.code == "L001"
