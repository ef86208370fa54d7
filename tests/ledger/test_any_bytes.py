"""Whatever bytes lie there: an answer, never a crash; and no byte of a seal changes unseen."""

import shutil

from hypothesis import given
from hypothesis import strategies as st

from defensible import dossier
from defensible.dossier import DossierError
from defensible.ledger.chain import of_bytes
from defensible.ledger.changes import changes
from defensible.ledger.verify import declared_trust, verify
from tests.ledger.test_broken import SEALED

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
