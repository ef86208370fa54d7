"""Texts in the character sets of DICOM, as Python's own codecs know them.

Only texts that are not ASCII come here. A text that no stated set can read keeps what can be
read, so that the same bytes always give the same text.
"""

import re
from typing import Final

_ALONE: Final = {
    "ISO_IR 6": "ascii",
    "ISO_IR 13": "shift_jis",
    "ISO_IR 100": "latin_1",
    "ISO_IR 101": "iso8859_2",
    "ISO_IR 109": "iso8859_3",
    "ISO_IR 110": "iso8859_4",
    "ISO_IR 126": "iso8859_7",
    "ISO_IR 127": "iso8859_6",
    "ISO_IR 138": "iso8859_8",
    "ISO_IR 144": "iso8859_5",
    "ISO_IR 148": "iso8859_9",
    "ISO_IR 166": "tis_620",
    "ISO_IR 192": "utf_8",
    "ISO_IR 203": "iso8859_15",
    "GB18030": "gb18030",
    "GBK": "gb18030",
}
_ESCAPED: Final = {
    b"(B": "ascii",
    b"(J": "shift_jis",
    b")I": "shift_jis",
    b"-A": "latin_1",
    b"-B": "iso8859_2",
    b"-C": "iso8859_3",
    b"-D": "iso8859_4",
    b"-F": "iso8859_7",
    b"-G": "iso8859_6",
    b"-H": "iso8859_8",
    b"-L": "iso8859_5",
    b"-M": "iso8859_9",
    b"-T": "tis_620",
    b"-b": "iso8859_15",
    b"$B": "iso2022_jp",
    b"$(D": "iso2022_jp_2",
    b"$)C": "euc_kr",
    b"$)A": "gb2312",
}
"""What follows an escape character, and the codec of the text after it."""
_KEEP_ESCAPE: Final = frozenset({"iso2022_jp", "iso2022_jp_2"})
_ESCAPE: Final = re.compile(rb"\x1b(\$[()][A-Z]|\$B|[()-][A-Za-z])")


def decoded(raw: bytes, charset: bytes) -> str:
    """The text of `raw` under a Specific Character Set as it stands in the file."""
    stated = [one.strip() for one in charset.decode("ascii", "replace").strip(" \0").split("\\")]
    first = _ALONE.get(stated[0].replace("ISO 2022 IR", "ISO_IR"), "latin_1")
    if b"\x1b" not in raw:
        return raw.decode(first, errors="replace")
    pieces = _ESCAPE.split(raw)
    texts = [pieces[0].decode(first, errors="replace")]
    for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        codec = _ESCAPED.get(mark, first)
        escaped = b"\x1b" + mark + piece if codec in _KEEP_ESCAPE else piece
        texts.append(escaped.decode(codec, errors="replace"))
    return "".join(texts)
