"""A sealed result: an in-toto Statement v1 in a DSSE envelope, signed or not.

The statement has no time and no name in it: the same result of the same inputs is the same bytes.
When, and by whom, is said by the line of the ledger that names it.

References
----------
in-toto Attestation Framework, Statement layer v1.
Dead Simple Signing Envelope (DSSE) 1.0.2.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from defensible.ledger.canonical import canonical
from defensible.ledger.event import Signature
from defensible.ledger.signing import Key

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:defensible:study-result"
PAYLOAD = "application/vnd.in-toto+json"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A statement as it lay in its envelope, and the signatures beside it."""

    payload: bytes
    signatures: tuple[Signature, ...]


def statement(subjects: Mapping[str, str], predicate: Json) -> bytes:
    """The statement, in canonical JSON.

    Parameters
    ----------
    subjects : mapping of str to str
        What the result is about, by name, and the SHA-256 of each.
    predicate : JSON object
        The result; never anything about one patient.
    """
    return canonical(
        {
            "_type": STATEMENT,
            "subject": [
                {"name": name, "digest": {"sha256": digest}} for name, digest in subjects.items()
            ],
            "predicateType": PREDICATE,
            "predicate": predicate,
        }
    )


def enveloped(payload: bytes, key: Key | None) -> bytes:
    """The envelope of a statement, in canonical JSON; without signatures where there is no key."""
    made = () if key is None else (key.sign(PAYLOAD, payload),)
    return canonical(
        {
            "payload": base64.b64encode(payload).decode(),
            "payloadType": PAYLOAD,
            "signatures": [one.model_dump() for one in made],
        }
    )


def opened(data: bytes) -> Envelope | None:
    """What an envelope holds; None where it is none of ours."""
    try:
        value = json.loads(data)
        if value["payloadType"] != PAYLOAD:
            return None
        return Envelope(
            payload=base64.b64decode(value["payload"], validate=True),
            signatures=tuple(Signature.model_validate(one) for one in value["signatures"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, ValidationError):
        return None


def predicate(payload: bytes) -> Json | None:
    """The predicate of a statement about a study's result; None where it is about anything else."""
    try:
        value = json.loads(payload)
        found = value["predicate"]
        ours = (value["_type"], value["predicateType"]) == (STATEMENT, PREDICATE)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if ours and isinstance(found, dict) else None
