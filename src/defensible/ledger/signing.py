"""Ed25519 keys (extra `sign`): made outside every dossier, and signatures over DSSE's encoding.

- What is signed is the pre-authentication encoding of DSSE: type and length are signed, too.
- A key's identifier is the SHA-256 of its 32 public bytes: a hint, never a proof.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from defensible.dossier.problem import DossierError, Problem
from defensible.ledger.canonical import sha256
from defensible.ledger.event import Signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True, slots=True)
class Key:
    """A private key that signs."""

    private: "Ed25519PrivateKey"

    @property
    def public(self) -> str:
        """The public key as `device.yaml` lists it: base64 of its 32 bytes."""
        return base64.b64encode(self.private.public_key().public_bytes_raw()).decode()

    def sign(self, kind: str, data: bytes) -> Signature:
        """The signature of `data` as one of `kind`."""
        made = self.private.sign(encoding(kind, data))
        return Signature(keyid=key_id(self.public), sig=base64.b64encode(made).decode())


def encoding(kind: str, data: bytes) -> bytes:
    """The pre-authentication encoding (PAE) of DSSE, version 1.

    References
    ----------
    Dead Simple Signing Envelope 1.0.2, protocol.
    """
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(data), data)


def key_id(public: str) -> str:
    """The identifier of a public key that is given as base64."""
    return sha256(base64.b64decode(public))


def holds(signature: Signature, public: str, kind: str, data: bytes) -> bool:
    """Whether the key made this signature of these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public))
        key.verify(base64.b64decode(signature.sig, validate=True), encoding(kind, data))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def available() -> bool:
    """Whether the extra that signs and checks signatures is installed."""
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


def new(path: Path) -> Key:
    """A new key pair: the private key in `path` (0600), the public one in `path` + `.pub`.

    Raises
    ------
    DossierError
        The place lies inside a dossier, is taken, or cannot be written; the extra is missing.
    """
    inside = next((one for one in path.resolve().parents if (one / "device.yaml").exists()), None)
    if inside is not None:
        what = f"this place lies inside the dossier '{inside.name}'"
        raise _refused(path, what, "keep the private key where only its owner reads it")
    _needs_extra(path)
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Key(Ed25519PrivateKey.generate())
    pem = key.private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    beside = path.with_name(f"{path.name}.pub")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _create(beside, f"{key.public}\n".encode(), 0o644)
        try:
            _create(path, pem, 0o600)
        except OSError:
            beside.unlink()
            raise
    except FileExistsError as error:
        mend = "name another file: a key is never replaced"
        raise _refused(Path(error.filename), "there is a file of this name", mend) from None
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _refused(path, f"this cannot be written: {why}", "check path and rights") from None
    return key


def load(path: Path) -> Key:
    """The private key in `path`.

    Raises
    ------
    DossierError
        It cannot be read, or is no Ed25519 key in PEM.
    """
    _needs_extra(path)
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _refused(path, f"this key cannot be read: {why}", "check path and rights") from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found = None
    if not isinstance(found, Ed25519PrivateKey):
        mend = "make one with `defensible key new`"
        raise _refused(path, "this is no Ed25519 private key in PEM without a password", mend)
    return Key(found)


def public_key(path: Path) -> str:
    """The public key in a `.pub` file, as base64.

    Raises
    ------
    DossierError
        It cannot be read, or is not 32 bytes in base64.
    """
    try:
        text = path.read_bytes()[:1000].decode("ascii", "replace").strip()
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _refused(path, f"this key cannot be read: {why}", "check path and rights") from None
    try:
        if len(base64.b64decode(text, validate=True)) == 32:
            return text
    except (ValueError, binascii.Error):
        pass
    raise _refused(path, "this is no public key: 32 bytes in base64", "name the `.pub` file")


def _create(path: Path, data: bytes, mode: int) -> None:
    """A file that was not there before, with its rights from the first byte."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _needs_extra(path: Path) -> None:
    if not available():
        what = "signing needs a package that is not here"
        raise _refused(path, what, "install the extra for it: pip install 'defensible[sign]'")


def _refused(path: Path, what: str, mend: str) -> DossierError:
    problem = Problem(file=str(path), line=1, column=1, code="L010", what=what, mend=mend)
    return DossierError((problem,))
