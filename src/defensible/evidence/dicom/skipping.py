"""Past a value of undefined length, however deep it nests: a loop and a count, no recursion."""

from defensible.evidence.dicom.elements import HEAD, UNDEFINED
from defensible.evidence.dicom.runs import INSIDE, Step
from defensible.evidence.dicom.source import TooMuchError
from defensible.evidence.dicom.syntax import IMPLICIT_LITTLE, Encoding
from defensible.evidence.dicom.window import Window

MOST_STEPS = 2_000_000
"""Most elements of one object that are stepped over inside sequences of undefined length."""


def past(  # noqa: C901, PLR0912 - one loop, so that depth costs no stack
    window: Window,
    at: int,
    encoding: Encoding,
    *,
    items_implicit: bool,
    steps: list[Step] | None = None,
) -> int | None:
    """Where a value of undefined length that begins at `at` ends; None where it never does.

    Items of undefined length open one more level, their delimiters close it. Whatever states its
    length is jumped over. `items_implicit` is for values of representation UN, whose items are
    implicit little endian in any data set. What is stepped over is added to `steps`, by its places
    in the window, until the window moves.

    Raises
    ------
    TooMuchError
        There are more elements than any object has.
    """
    encoding = IMPLICIT_LITTLE if items_implicit else encoding
    explicit, long_of = encoding.explicit, encoding.long.unpack_from
    tag_of, head_of, space_of = encoding.tag.unpack_from, encoding.head.unpack_from, HEAD.get
    data, base = window.data, window.base
    at -= base
    size = len(data)
    depth = 1
    for _ in range(MOST_STEPS):
        if at + 12 > size:
            data, steps = window.load(base + at), None
            base, at, size = window.base, 0, len(data)
            if size < 8:
                return None
        group, element, length = tag_of(data, at)
        head = at
        if group == 0xFFFE:
            at += 8
            if element != 0xE000:  # the end of an item or of a sequence
                depth -= 1
                if steps is not None:
                    steps.append((head, at, at, INSIDE))
                if not depth:
                    return base + at
                continue
        elif explicit:
            _, _, vr, short = head_of(data, at)
            space = space_of(vr)
            if space == 8:
                length = short
            elif space == 12 and at + 12 <= size:
                (length,) = long_of(data, at + 8)
            at += space or 8
        else:
            at += 8
        begin = at
        if length == UNDEFINED:
            depth += 1
        else:
            at += length
        if steps is not None:
            steps.append((head, begin, at, INSIDE))
    raise TooMuchError
