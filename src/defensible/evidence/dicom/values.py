"""Bytes of one element as text or number; what is neither is odd, and never passed on.

A value with a control character in it is odd: it is how an element looks whose length is wrong
and which has swallowed its neighbours, names among them.
"""

import math
import re
import struct
from functools import lru_cache
from typing import Final

from defensible.evidence.dicom.charset import decoded
from defensible.evidence.dicom.syntax import Encoding

ODD: Final = "\0"
"""Stands for a value that is there and cannot be used."""
MOST_CHARACTERS: Final = 64
"""Longest value of a short text, by the standard; several values are held one by one."""
_MOST_VALUES = 16
_NUMBER: Final = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?")
_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@lru_cache(maxsize=8192)
def text(raw: bytes, charset: bytes = b"") -> str | None:
    r"""The text without padding, `\\` between its values; None if empty, `ODD` if unusable."""
    plain = raw.isascii() and b"\x1b" not in raw
    said = (raw.decode("ascii") if plain else decoded(raw, charset)).rstrip("\0 ")
    if _CONTROL.search(said):
        return ODD
    parts = [one.strip() for one in said.split("\\")]
    if len(parts) > _MOST_VALUES or any(len(one) > MOST_CHARACTERS for one in parts):
        return ODD
    return "\\".join(parts) if any(parts) else None


@lru_cache(maxsize=8192)
def numbers(raw: bytes) -> tuple[float, ...] | None:
    r"""The decimal numbers between `\\`; None if empty, no number at all if one is none."""
    parts = [one.strip(b" \0") for one in raw.split(b"\\")]
    if not any(parts):
        return None
    if not all(_NUMBER.fullmatch(one) for one in parts):
        return ()
    found = tuple(float(one) for one in parts)
    return found if all(map(math.isfinite, found)) else ()


def binary(raw: bytes, encoding: Encoding) -> tuple[float, ...]:
    """One binary number of eight or four bytes; no number if it is not finite."""
    kind = {8: "d", 4: "f"}.get(len(raw))
    if kind is None:
        return ()
    (found,) = struct.unpack(encoding.order + kind, raw)
    return (found,) if math.isfinite(found) else ()


def whole(raw: bytes, encoding: Encoding) -> int | None:
    """An unsigned whole number of two or four bytes, the first of several; None if it is none."""
    if len(raw) == 4:
        value: int = encoding.long.unpack(raw)[0]
        return value
    if len(raw) >= 2:
        short: int = encoding.short.unpack_from(raw)[0]
        return short
    return None
