"""Every way to break a seal, on a copy of one that holds, and the exact lines that it gets."""

import base64
import json
import shutil
from pathlib import Path

import pytest

from defensible import dossier
from defensible.ledger.canonical import canonical, sha256
from defensible.ledger.chain import LINE_KIND, of_bytes, unsigned
from defensible.ledger.event import NOTHING_BEFORE, Signature
from defensible.ledger.verify import Trust, declared_trust, verify
from tests.sealed.seal import key

ROOT = Path(__file__).parents[2]
SEALED = ROOT / "tests/sealed/0.1.0"
PAGES = ROOT / "docs/problems"
RUN = 2
"""Place of the run among the lines of the seal, counted from 0."""


@pytest.fixture
def root(tmp_path):
    return shutil.copytree(SEALED, tmp_path / "flag")


def lines(root):
    return (root / "evidence/ledger.jsonl").read_bytes().splitlines()


def rewrite(root, written):
    (root / "evidence/ledger.jsonl").write_bytes(b"".join(line + b"\n" for line in written))


def rechained(events):
    """Lines of a whole chain again, as someone without the key would forge them."""
    made, before = [], NOTHING_BEFORE
    for number, event in enumerate(events, start=1):
        made.append(canonical({**event, "sequence": number, "previous": before}))
        before = sha256(made[-1])
    return made


def events(root):
    return [json.loads(line) for line in lines(root)]


def envelope(root):
    (only,) = (root / "evidence/studies/S1").iterdir()
    return only


def changed_line(root):
    written = lines(root)
    written[0] = written[0].replace(b'"role":"biostatistician"', b'"role":"statistician"')
    rewrite(root, written)


def removed_line(root):
    written = lines(root)
    rewrite(root, [*written[:1], *written[2:]])


def reordered_lines(root):
    written = lines(root)
    rewrite(root, [written[0], written[2], written[1], *written[3:]])


def line_written_otherwise(root):
    written = lines(root)
    written[1] = written[1].replace(b'"kind":"open"', b'"kind": "open"')
    rewrite(root, written)


def strange_end(root):
    with (root / "evidence/ledger.jsonl").open("ab") as file:
        file.write(b"# checked, all good")


def declaration_gone(root):
    next((root / "evidence/declared").glob("a194*")).unlink()


def result_tampered(root):
    path = envelope(root)
    value = json.loads(path.read_bytes())
    statement = base64.b64decode(value["payload"]).replace(b'"answer":"failed"', b'"answer":"x"')
    value["payload"] = base64.b64encode(statement.replace(b"0.9", b"0.8", 1)).decode()
    path.write_bytes(canonical(value))


def forged_signature(root):
    """The figures changed, the chain made anew, and the signatures left as they were."""
    forged = events(root)
    forged[RUN]["who"]["name"] = "B. Example"
    rewrite(root, rechained(forged))
    for one in (root / "evidence/timestamps").iterdir():
        one.unlink()


def other_key(root):
    """Everything signed anew by a key of whoever did it."""
    other = key("another key")
    made, before = [], NOTHING_BEFORE
    for event in events(root):
        line = canonical({**event, "previous": before, "signature": None})
        (plain,) = of_bytes(b"".join(one + b"\n" for one in [*made, line])).events[len(made) :]
        signature = other.sign(LINE_KIND, unsigned(plain))
        made.append(canonical({**event, "previous": before, "signature": signature.model_dump()}))
        before = sha256(made[-1])
    rewrite(root, made)
    for one in (root / "evidence/timestamps").iterdir():
        one.unlink()


def last_lines_cut_off(root):
    rewrite(root, lines(root)[:RUN])
    for one in (root / "evidence/timestamps").iterdir():
        one.unlink()


def timestamp_of_another_line(root):
    (stamp,) = (root / "evidence/timestamps").iterdir()
    stamp.rename(stamp.with_name(f"{sha256(lines(root)[0])}.tsr"))


def statement_of_another_study(root):
    forged = events(root)
    forged[RUN]["payload"]["plan"] = "0" * 64
    rewrite(root, rechained(forged))
    for one in (root / "evidence/timestamps").iterdir():
        one.unlink()


def no_ledger(root):
    shutil.rmtree(root / "evidence")


BREAKS = {
    "L001": line_written_otherwise,
    "L002": removed_line,
    "L003": strange_end,
    "L004": declaration_gone,
    "L005": result_tampered,
    "L006": forged_signature,
    "L007": other_key,
    "L009": last_lines_cut_off,
    "L011": timestamp_of_another_line,
    "L016": no_ledger,
    "L018": statement_of_another_study,
}


def problems(root, *, trust=None):
    loaded = dossier.load(root)
    steps = verify(loaded, trust or declared_trust(loaded), None)
    return [problem for step in steps for problem in step.problems]


def test_the_seal_that_is_broken_here_holds(root):
    assert problems(root) == []


@pytest.mark.parametrize("code", BREAKS)
def test_a_broken_seal_gets_exactly_the_lines_of_its_page(code, root):
    BREAKS[code](root)

    found = [str(one) for one in problems(root) if one.code == code]
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert f"```text\n{found[0]}\n```" in page


def test_a_removed_line_is_found_where_it_was(root):
    removed_line(root)

    (found,) = [one for one in problems(root) if one.code == "L002"]
    assert (found.line, found.what) == (
        2,
        "line 2 is event 3: lines were removed, added or re-ordered",
    )


def test_reordered_lines_are_found_at_the_first_of_them(root):
    reordered_lines(root)

    (found,) = [one for one in problems(root) if one.code == "L002"]
    assert found.what == "line 2 is event 3: lines were removed, added or re-ordered"


def test_a_changed_line_is_found_by_the_line_after_it(root):
    changed_line(root)

    (found,) = [one for one in problems(root) if one.code == "L002"]
    assert found.line == 2
    assert found.what.startswith("event 2 follows a line of digest ")
    assert found.what.endswith("one of them was changed")


def test_a_tampered_result_is_found_by_its_digest(root):
    result_tampered(root)

    (found,) = problems(root)
    assert (found.code, found.file) == ("L005", str(envelope(root).relative_to(root)))


def test_a_chain_made_anew_without_the_key_is_found_by_the_signatures(root):
    forged_signature(root)

    found = problems(root)
    assert {one.code for one in found} == {"L006"}
    assert [one.line for one in found] == [3, 4, 5]


def test_stripped_signatures_are_a_breach_for_whoever_names_the_key(root):
    stripped = [{**one, "signature": None} for one in events(root)]
    rewrite(root, rechained(stripped))
    trust = Trust(keys={key().public: "the key"}, all_signed=True)

    assert "L007" in {one.code for one in problems(root, trust=trust)}


def test_a_forger_who_lists_his_own_key_is_found_by_whoever_names_the_right_one(root):
    other_key(root)
    listed = (root / "device.yaml").read_text(encoding="utf-8")
    theirs = listed.replace(key().public, key("another key").public)
    (root / "device.yaml").write_text(theirs, encoding="utf-8")

    right = Trust(keys={key().public: "the key"}, all_signed=True)

    assert {one.code for one in problems(root, trust=right)} == {"L007"}


def test_a_clock_that_goes_backwards_is_reported_and_breaks_nothing(root):
    back = events(root)
    back[1]["time"] = "2026-11-24T08:00:00.000000Z"
    rewrite(root, rechained(back))
    loaded = dossier.load(root)

    step = verify(loaded, declared_trust(loaded), None)[4]

    assert step.problems == ()
    assert step.said[0] == (
        "L008 the clock went backwards: line 2 is of 2026-11-24T08:00:00.000000Z, "
        "line 1 before it of 2026-11-25T09:00:00.000000Z"
    )


def test_a_cut_off_end_is_found_by_the_time_stamp_that_is_left(root):
    rewrite(root, lines(root)[:-1])

    (found,) = problems(root)
    assert found.code == "L011"
    assert found.what == (
        "this time-stamp is of no line of the ledger: a line was removed or changed"
    )


def test_a_signature_of_other_bytes_never_holds():
    signing = key()
    made = signing.sign(LINE_KIND, b"one thing")

    from defensible.ledger.signing import holds

    assert holds(made, signing.public, LINE_KIND, b"one thing")
    assert not holds(made, signing.public, LINE_KIND, b"another thing")
    assert not holds(made, signing.public, "another kind", b"one thing")
    assert not holds(made, key("another key").public, LINE_KIND, b"one thing")
    broken = Signature(keyid=made.keyid, sig="not base64!")
    assert not holds(broken, signing.public, LINE_KIND, b"one thing")


def test_frozen_content_that_was_tampered_with_is_not_compared_but_refused(root):
    path = next((root / "evidence/declared").glob("a194*"))
    path.write_bytes(path.read_bytes().replace(b"triage", b"diagnosis"))

    from defensible.cli import edge

    assert edge.run(["verify", str(root)]) == 3
