"""RFC 3161 time-stamps of ledger lines (extra `timestamps`): that a line was there by then.

A line names the one before it, so one time-stamp dates everything up to its line. Asking for one
can fail, and costs nothing then: the line stands, without a time-stamp.
"""

import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from defensible.dossier.problem import DossierError, Problem
from defensible.ledger import storage

if TYPE_CHECKING:
    from rfc3161_client import TimeStampResponse

_SECONDS = 20
_MOST_BYTES = 2**20
_SHA256 = "2.16.840.1.101.3.4.2.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A time-stamp that is of the line it is kept for.

    `by` is the authority's name where its certificate was checked, else None.
    """

    time: datetime
    by: str | None


def stamp(root: Path, line: bytes, digest: str, url: str) -> str | None:
    """Keep a time-stamp of a line; why there is none, in words, where that failed."""
    try:
        from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response
    except ImportError:
        return "the extra for it is not here: pip install 'defensible[timestamps]'"
    if not url.startswith(("http://", "https://")):
        return "its address begins with neither https:// nor http://"
    builder = TimestampRequestBuilder().data(line).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.build()
    asked = urllib.request.Request(  # noqa: S310 - http and https alone, see above
        url,
        data=request.as_bytes(),
        headers={"Content-Type": "application/timestamp-query"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=_SECONDS) as answer:  # noqa: S310 - see above
            data: bytes = answer.read(_MOST_BYTES)
        given = decode_timestamp_response(data)
        if not _of(given, digest) or given.tst_info.nonce != request.nonce:
            return "the answer is a time-stamp of something else"
        storage.put(root, storage.timestamp(digest), data)
    except urllib.error.HTTPError as error:
        return f"the server answered with status {error.code}"
    except (OSError, ValueError) as error:
        return f"there was no answer that can be read ({type(error).__name__})"
    return None


def read(data: bytes, digest: str, root_pem: bytes | None) -> Stamp | str:
    """The time-stamp in `data`; in words what is wrong, where it is not one of this line.

    Parameters
    ----------
    root_pem : bytes or None
        Certificate of the authority that the reader trusts; without one, the signature inside
        is not checked.
    """
    from cryptography.x509 import load_pem_x509_certificate
    from rfc3161_client import VerificationError, VerifierBuilder, decode_timestamp_response

    try:
        given = decode_timestamp_response(data)
        if not _of(given, digest):
            return "it is a time-stamp of something else"
        if root_pem is None:
            return Stamp(time=given.tst_info.gen_time, by=None)
        root = load_pem_x509_certificate(root_pem)
        verifier = VerifierBuilder().add_root_certificate(root).build()
        verifier.verify(given, bytes.fromhex(digest))
    except VerificationError:
        return "the authority's signature does not hold under the certificate that was given"
    except ValueError:
        return "it is no time-stamp that can be read"
    return Stamp(time=given.tst_info.gen_time, by=root.subject.rfc4514_string())


def certificate(path: Path) -> bytes:
    """The certificate in `path`, in PEM.

    Raises
    ------
    DossierError
        It cannot be read, or is no certificate.
    """
    from cryptography.x509 import load_pem_x509_certificate

    try:
        data = path.read_bytes()
        load_pem_x509_certificate(data)
    except OSError as error:
        what = f"this cannot be read: {(error.strerror or 'unknown reason').lower()}"
    except ValueError:
        what = "this is no certificate in PEM"
    else:
        return data
    mend = "name the authority's root certificate, in PEM"
    problem = Problem(file=str(path), line=1, column=1, code="L010", what=what, mend=mend)
    raise DossierError((problem,))


def available() -> bool:
    """Whether the extra that reads time-stamps is installed."""
    from importlib.util import find_spec

    return find_spec("rfc3161_client") is not None


def _of(given: "TimeStampResponse", digest: str) -> bool:
    """Whether a time-stamp was granted for this SHA-256."""
    imprint = given.tst_info.message_imprint
    algorithm = imprint.hash_algorithm.dotted_string
    return given.status == 0 and (algorithm, imprint.message.hex()) == (_SHA256, digest)
