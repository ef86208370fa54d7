"""Past a value of undefined length, however deep it nests: a loop and a count, no recursion."""

from defensible.evidence.dicom.elements import HEAD, ITEM, ITEM_END, SEQUENCE_END, UNDEFINED
from defensible.evidence.dicom.source import TooMuchError
from defensible.evidence.dicom.syntax import IMPLICIT_LITTLE, Encoding
from defensible.evidence.dicom.window import Window

MOST_STEPS = 2_000_000
"""Most elements of one object that are stepped over inside sequences of undefined length."""


def past(window: Window, at: int, encoding: Encoding, *, items_implicit: bool) -> int | None:
    """Where a value of undefined length that begins at `at` ends; None where it never does.

    Items of undefined length open one more level, their delimiters close it. Whatever states its
    length is jumped over. `items_implicit` is for values of representation UN, whose items are
    implicit little endian in any data set.

    Raises
    ------
    TooMuchError
        There are more elements than any object has.
    """
    encoding = IMPLICIT_LITTLE if items_implicit else encoding
    explicit = encoding.explicit
    tag_of, head_of = encoding.tag.unpack_from, encoding.head.unpack_from
    depth = 1
    for _ in range(MOST_STEPS):
        data, here = window.around(at, 12)
        if len(data) - here < 8:
            return None
        group, element, length = tag_of(data, here)
        tag = group << 16 | element
        if tag in {ITEM_END, SEQUENCE_END}:
            depth -= 1
            at += 8
            if not depth:
                return at
            continue
        space = 8
        if tag != ITEM and explicit:
            _, _, vr, short = head_of(data, here)
            space = HEAD.get(vr, 8)
            if space == 12:
                if len(data) - here < 12:
                    return None
                length = encoding.long.unpack_from(data, here + 8)[0]
            elif vr in HEAD:
                length = short
        at += space
        if length == UNDEFINED:
            depth += 1
        else:
            at += length
    raise TooMuchError
