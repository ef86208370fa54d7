"""Canonical JSON (RFC 8785), so that the same declaration has the same digest everywhere."""

import hashlib

import rfc8785
from pydantic import BaseModel


def digest(declared: BaseModel) -> str:
    """SHA-256 of a declaration in canonical JSON, as 64 hexadecimal digits.

    Every field takes part, also those that are not declared; comments, order of keys and layout
    of the file do not.

    References
    ----------
    Rundgren, Jordan, Erdtman. JSON Canonicalization Scheme, RFC 8785, 2020.
    """
    return hashlib.sha256(
        rfc8785.dumps(declared.model_dump(mode="json", by_alias=True))
    ).hexdigest()
