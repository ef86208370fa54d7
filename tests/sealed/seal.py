"""A seal of the version at hand, for later versions to verify: `python -m tests.sealed.seal`.

Run once a release, and committed; never run again for a version that was released. The clock is
fixed and the key is made from a word, so that the same version writes the same bytes; the
time-stamp is from an authority that openssl makes up and that is thrown away.
"""

import hashlib
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from defensible import __version__, dossier, evidence, ledger
from defensible.ledger import approval, storage
from defensible.ledger.canonical import canonical, sha256
from defensible.ledger.signing import Key
from tests.assessment import small
from tests.ledger.authority import Authority

HERE = Path(__file__).parent


def key(word: str = "a throwaway key") -> Key:
    """A key that anybody can make again: it protects nothing."""
    return Key(Ed25519PrivateKey.from_private_bytes(hashlib.sha256(word.encode()).digest()))


def scribe(signing: Key | None, *, name: str = "A. Example") -> ledger.Scribe:
    """A scribe whose clock gives a second a line."""
    seconds = count()
    begin = datetime(2026, 11, 25, 9, tzinfo=UTC)
    return ledger.Scribe(
        clock=lambda: begin + timedelta(seconds=next(seconds)),
        who=ledger.Who(name=name, role="biostatistician"),
        key=signing,
    )


def seal(root: Path, authority: Authority) -> None:
    """Freeze, run, approve, put a decision on record, and date it all."""
    declared = small.files()
    signing = key()
    declared["device.yaml"]["trusted_keys"] = [
        {"name": "A. Example", "role": "biostatistician", "ed25519": signing.public}
    ]
    small.write(root, declared, table=small.cases(per_site=30))
    loaded = dossier.load(root)
    writer = scribe(signing)
    with ledger.writing(root, writer) as book:
        ledger.freeze(book, root, loaded)
    evidence.seal(loaded, loaded.studies, writer, lambda _: None)
    with ledger.writing(root, writer) as book:
        approval.approve(book, loaded, "approval")
        (event,) = approval.record_decisions(book, loaded)
    line = canonical(event.model_dump(mode="json"))
    storage.put(root, storage.timestamp(sha256(line)), authority.response(line))
    (root / "authority.pem").write_bytes(authority.certificate)
    (root / "key.pub").write_text(f"{signing.public}\n", encoding="ascii")


def main() -> int:
    """Write the seal of this version, unless there is one."""
    root = HERE / __version__
    if root.exists():
        sys.stderr.write(f"{root} is there, and stays as it is\n")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        seal(root, Authority(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
