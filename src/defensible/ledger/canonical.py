"""Canonical JSON (RFC 8785), so that the same declaration has the same digest everywhere."""

import hashlib
from typing import Any

import rfc8785
from pydantic import BaseModel


def canonical(value: Any) -> bytes:
    """JSON of plain values in the one form that RFC 8785 allows.

    References
    ----------
    Rundgren, Jordan, Erdtman. JSON Canonicalization Scheme, RFC 8785, 2020.
    """
    return rfc8785.dumps(value)


def content(declared: BaseModel) -> Any:
    """A declaration as plain values: every field, also those that are not declared."""
    return declared.model_dump(mode="json", by_alias=True)


def sha256(data: bytes) -> str:
    """SHA-256 of bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def digest(declared: BaseModel) -> str:
    """SHA-256 of a declaration in canonical JSON, as 64 hexadecimal digits.

    Every field takes part, also those that are not declared; comments, order of keys and layout
    of the file do not.
    """
    return sha256(canonical(content(declared)))
