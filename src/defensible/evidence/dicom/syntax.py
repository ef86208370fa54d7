"""Transfer syntaxes: how a data set is written, and what each is called.

What the first element looks like counts for more than what the file says of itself: files that
state one encoding and use another are common, and the two cannot be mistaken.
"""

from dataclasses import dataclass
from struct import Struct
from typing import Final

from defensible.evidence.dicom.elements import HEAD

DEFLATED: Final = frozenset({"1.2.840.10008.1.2.1.99"})
_BIG = "1.2.840.10008.1.2.2"
_IMPLICIT = "1.2.840.10008.1.2"
SYNTAXES: Final = {
    _IMPLICIT: "implicit little endian",
    "1.2.840.10008.1.2.1": "explicit little endian",
    "1.2.840.10008.1.2.1.98": "encapsulated uncompressed",
    "1.2.840.10008.1.2.1.99": "deflated",
    _BIG: "explicit big endian",
    "1.2.840.10008.1.2.4.50": "JPEG baseline",
    "1.2.840.10008.1.2.4.51": "JPEG extended",
    "1.2.840.10008.1.2.4.57": "JPEG lossless",
    "1.2.840.10008.1.2.4.70": "JPEG lossless, first order",
    "1.2.840.10008.1.2.4.80": "JPEG-LS lossless",
    "1.2.840.10008.1.2.4.81": "JPEG-LS near-lossless",
    "1.2.840.10008.1.2.4.90": "JPEG 2000 lossless",
    "1.2.840.10008.1.2.4.91": "JPEG 2000",
    "1.2.840.10008.1.2.4.92": "JPEG 2000 multi-component lossless",
    "1.2.840.10008.1.2.4.93": "JPEG 2000 multi-component",
    "1.2.840.10008.1.2.4.100": "MPEG-2 main",
    "1.2.840.10008.1.2.4.101": "MPEG-2 high",
    "1.2.840.10008.1.2.4.102": "MPEG-4",
    "1.2.840.10008.1.2.4.103": "MPEG-4 Blu-ray",
    "1.2.840.10008.1.2.4.107": "HEVC main",
    "1.2.840.10008.1.2.4.108": "HEVC main 10",
    "1.2.840.10008.1.2.4.110": "JPEG XL lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.4.201": "HTJ2K lossless",
    "1.2.840.10008.1.2.4.202": "HTJ2K RPCL lossless",
    "1.2.840.10008.1.2.4.203": "HTJ2K",
    "1.2.840.10008.1.2.5": "RLE",
}
"""What each is called in the table; any other is `private` or `not known`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoding:
    """How the elements of a data set are written; there are four, each its own.

    Attributes
    ----------
    explicit : bool
        Whether elements state their value representation.
    head : Struct
        Group, element, value representation, short length: of an explicit element.
    tag : Struct
        Group, element, long length: of an implicit element, and of items.
    short, long : Struct
        Whole numbers of two and four bytes.
    order : {"<", ">"}
        Byte order, as `struct` writes it.
    """

    explicit: bool
    head: Struct
    tag: Struct
    short: Struct
    long: Struct
    order: str


def _encoding(order: str, *, explicit: bool) -> Encoding:
    return Encoding(
        explicit=explicit,
        head=Struct(f"{order}HH2sH"),
        tag=Struct(f"{order}HHI"),
        short=Struct(f"{order}H"),
        long=Struct(f"{order}I"),
        order=order,
    )


EXPLICIT_LITTLE = _encoding("<", explicit=True)
EXPLICIT_BIG = _encoding(">", explicit=True)
IMPLICIT_LITTLE = _encoding("<", explicit=False)
IMPLICIT_BIG = _encoding(">", explicit=False)


def seen(data: bytes, at: int) -> Encoding:
    """The encoding of the element at `at`, by its looks.

    Groups that data sets begin with have a number below 256, so the byte that is zero says which
    order the bytes are in.
    """
    big = data[at : at + 1] == b"\0" and data[at + 1 : at + 2] != b"\0"
    if data[at + 4 : at + 6] in HEAD:
        return EXPLICIT_BIG if big else EXPLICIT_LITTLE
    return IMPLICIT_BIG if big else IMPLICIT_LITTLE


def called(uid: str | None) -> str | None:
    """The name of a transfer syntax; `private` or `not known` where there is none."""
    if not uid:
        return None
    return SYNTAXES.get(uid) or ("not known" if uid.startswith("1.2.840.10008.") else "private")
