"""What says who a person is: hashed under a key, or held against other texts, and let go.

- An identifier becomes HMAC-SHA256 under the key, with the kind of identifier before it, cut to
  128 bits: the same identifier gives the same hash in every table made with that key.
- A text of the allow-list in which a name, an identifier, the birth date or the institution of
  the same file stands is withheld.
"""

import hmac
import re
from functools import lru_cache
from typing import Final

from defensible.evidence.dicom import elements as tags

_HEX = 32
_SITE_HEX = 12
_WORD: Final = re.compile(rb"[^\s\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")
_SHORTEST_WORD = 3
_SHORTEST_ID = 4


def hashed_once(key: bytes, kind: str, identifier: str) -> str:
    """The keyed hash of an identifier of a `kind` (image, series, study, patient, path)."""
    message = f"{kind}\0{identifier}".encode("utf-8", errors="surrogateescape")
    return hmac.digest(key, message, "sha256").hex()[:_HEX]


hashed = lru_cache(maxsize=16384)(hashed_once)
"""The same, remembered: for what many images share."""


def site(key: bytes, institution: str) -> str:
    """A pseudonym of an institution, the same for spellings that differ in case and spaces."""
    folded = " ".join(institution.casefold().split())
    return f"site-{hashed(key, 'site', folded)[:_SITE_HEX]}"


def key_name(key: bytes) -> str:
    """A name of the key by which two tables can be seen to share it; it does not give it away."""
    return hashed(key, "key", "name")[:16]


@lru_cache(maxsize=8192)
def _words(raw: bytes) -> frozenset[bytes]:
    """The words of a text, in small letters, as bytes: both texts are in the same encoding."""
    return frozenset(_WORD.findall(raw.lower()))


class Screen:
    """Texts of one file that no other text of it may hold.

    Of a file that is `damaged` no text passes: what stands in it may be a piece of a name.
    """

    __slots__ = ("_damaged", "_numbers", "_words")

    def __init__(self, values: dict[int, bytes], *, damaged: bool) -> None:
        self._damaged = damaged
        words: set[bytes] = set()
        for tag in tags.NAMES:
            if raw := values.get(tag):
                words |= _words(raw)
        wholes = [
            values.get(tag, b"").strip(b"\0 ")
            for tag in (*tags.NUMBERS_OF_PERSONS, tags.INSTITUTION)
        ]
        self._words = words
        self._numbers = [one for one in wholes if len(one) >= _SHORTEST_ID]
        born = values.get(tags.BIRTH_DATE, b"").strip(b"\0 ")
        if len(born) >= 8:
            self._numbers += [born, born[:4] + b"-" + born[4:6] + b"-" + born[6:8]]

    def holds(self, raw: bytes) -> bool:
        """Whether a name, an identifier, the birth date or the institution stands in `raw`."""
        if self._damaged or b"^" in raw:
            return True  # ^ is how names are written, and nothing else
        words = _words(raw)
        if not words.isdisjoint(self._words):
            shared = words & self._words
            if words == shared or any(len(one) >= _SHORTEST_WORD for one in shared):
                return True
        found = False
        for one in self._numbers:  # no generator: this runs for every text of every file
            found = found or one in raw
        return found
