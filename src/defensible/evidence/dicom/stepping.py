"""One element at a time, where speed does not count: inside sequences and past what is wanted."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypeAlias

from defensible.evidence.dicom.elements import (
    HEAD,
    ITEM,
    ITEM_END,
    NO_VR,
    SEQUENCE_END,
    UNDEFINED,
)
from defensible.evidence.dicom.skipping import MOST_STEPS, past
from defensible.evidence.dicom.source import TooMuchError
from defensible.evidence.dicom.syntax import Encoding
from defensible.evidence.dicom.window import Window

MOST_VALUE = 4096
"""Longest wanted value that is kept; real ones have up to a few hundred bytes."""
Table: TypeAlias = "Mapping[int, frozenset[bytes] | Table]"
"""What is wanted: by tag the accepted representations, or for a sequence a table of its items."""


class Element(NamedTuple):
    """Tag, representation, where the value begins, and its length as stated."""

    tag: int
    vr: bytes
    begin: int
    length: int


class Inner(NamedTuple):
    """A wanted value inside sequences: the outermost sequence, which of its items, tag, bytes."""

    sequence: int
    item: int
    tag: int
    value: bytes


class _Level(NamedTuple):
    end: int | None
    table: Table


def element(window: Window, at: int, encoding: Encoding) -> Element | None:
    """The element at `at`; None where the object ends before."""
    data, here = window.around(at, 12)
    if len(data) - here < 8:
        return None
    group, number, length = encoding.tag.unpack_from(data, here)
    tag = group << 16 | number
    if not encoding.explicit or group == 0xFFFE:
        return Element(tag, NO_VR, at + 8, length)
    _, _, vr, short = encoding.head.unpack_from(data, here)
    space = HEAD.get(vr)
    if space == 12 and len(data) - here >= 12:
        return Element(tag, vr, at + 12, encoding.long.unpack_from(data, here + 8)[0])
    if space == 8:
        return Element(tag, vr, at + 8, short)
    return Element(tag, NO_VR, at + 8, length)


def inside(  # noqa: C901 - one loop, so that depth costs no stack
    window: Window, at: int, encoding: Encoding, table: Table, last: int
) -> Iterator[Inner]:
    """The wanted values inside sequences, from `at` to the first outermost tag past `last`.

    One loop with a stack of the levels that `table` enters, so at most as deep as `table`.

    Raises
    ------
    TooMuchError
        There are more elements than any object has.
    """
    stack = [_Level(None, table)]
    outermost, item = 0, 0
    for _ in range(MOST_STEPS):
        while (end := stack[-1].end) is not None and at >= end and len(stack) > 1:
            stack.pop()
        one = element(window, at, encoding)
        if one is None or (len(stack) == 1 and one.tag > last):
            return
        at = one.begin
        end = None if one.length == UNDEFINED else at + one.length
        if one.tag in {ITEM_END, SEQUENCE_END}:
            if len(stack) > 1:
                stack.pop()
            continue
        if one.tag == ITEM:
            item += len(stack) == 2
            if len(stack) > 1 + 2 * _depth(table):
                return
            stack.append(_Level(end, stack[-1].table))
            continue
        wanted = stack[-1].table.get(one.tag)
        if isinstance(wanted, Mapping):
            if len(stack) == 1:
                outermost, item = one.tag, 0
            stack.append(_Level(end, wanted))
            continue
        if end is None:
            ended = past(window, at, encoding, items_implicit=one.vr == b"UN")
            if ended is None:
                return
            at = ended
            continue
        if wanted is not None and one.vr in wanted and one.length <= MOST_VALUE:
            data, here = window.around(at, one.length)
            yield Inner(outermost, item, one.tag, data[here : here + one.length])
        at = end
    raise TooMuchError


def _depth(table: Table) -> int:
    return 1 + max((_depth(one) for one in table.values() if isinstance(one, Mapping)), default=0)
