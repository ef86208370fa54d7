"""Keys and what they sign."""

import base64
import json
import os
import stat

import pytest

from defensible.dossier import DossierError
from defensible.ledger import signing, statement
from defensible.ledger.canonical import sha256
from tests.sealed.seal import key


def test_what_is_signed_is_encoded_as_the_specification_of_dsse_shows():
    encoded = signing.encoding("http://example.com/HelloWorld", b"hello world")

    assert encoded == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_a_new_key_is_read_by_its_owner_alone_and_never_replaced(tmp_path):
    path = tmp_path / "keys" / "mine.pem"

    made = signing.new(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name != "posix"
    assert signing.load(path).public == made.public
    assert signing.public_key(path.with_name("mine.pem.pub")) == made.public
    assert len(base64.b64decode(made.public)) == 32
    with pytest.raises(
        DossierError, match=r"mine\.pem\.pub:1:1: L010 there is a file of this name"
    ):
        signing.new(path)


def test_a_key_that_could_not_be_written_leaves_nothing(tmp_path):
    path = tmp_path / "mine.pem"
    path.write_text("not ours")

    with pytest.raises(DossierError, match="L010 there is a file of this name"):
        signing.new(path)

    assert [one.name for one in tmp_path.iterdir()] == ["mine.pem"]
    assert path.read_text() == "not ours"


def test_no_private_key_goes_into_a_dossier(tmp_path):
    (tmp_path / "device.yaml").write_text("name: Flag\n")

    with pytest.raises(DossierError, match="L010 this place lies inside the dossier"):
        signing.new(tmp_path / "evidence" / "mine.pem")

    assert [one.name for one in tmp_path.iterdir()] == ["device.yaml"]


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n", b"\xff\xfe"])
def test_what_is_no_key_is_refused_in_words(tmp_path, content):
    path = tmp_path / "mine.pem"
    path.write_bytes(content)

    with pytest.raises(DossierError, match="L010 this is no Ed25519 private key"):
        signing.load(path)
    with pytest.raises(DossierError, match="L010 this is no public key"):
        signing.public_key(path)


def test_the_page_shows_what_a_key_in_a_dossier_gets(tmp_path, monkeypatch):
    from pathlib import Path

    page = Path(__file__).parents[2] / "docs/problems/L010.md"
    (tmp_path / "flag").mkdir()
    (tmp_path / "flag/device.yaml").write_text("name: Flag\n")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DossierError) as caught:
        signing.new(Path("flag/key.pem"))

    assert f"```text\n{caught.value}\n```" in page.read_text(encoding="utf-8")


def test_an_envelope_is_one_that_any_dsse_reader_can_open():
    payload = statement.statement({"data/cases.csv": "0" * 64}, {"form": 1})
    signing_key = key()

    value = json.loads(statement.enveloped(payload, signing_key))

    assert value["payloadType"] == "application/vnd.in-toto+json"
    assert base64.b64decode(value["payload"]) == payload
    (signature,) = value["signatures"]
    assert signature["keyid"] == sha256(base64.b64decode(signing_key.public))
    assert json.loads(payload) == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "data/cases.csv", "digest": {"sha256": "0" * 64}}],
        "predicateType": "urn:defensible:study-result",
        "predicate": {"form": 1},
    }


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"payloadType":"x"}', b"[" * 100_000, b"\xff"]
)
def test_what_is_no_envelope_is_none(data):
    assert statement.opened(data) is None
    assert statement.predicate(data) is None
