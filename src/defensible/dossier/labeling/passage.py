"""A passage: words that belong together, and where each of them stands in its file."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What places in a file are counted in."""

    LINE = "line"
    PAGE = "page"
    PARAGRAPH = "paragraph"


class Form(StrEnum):
    """How a passage stands in its document."""

    PROSE = "prose"
    HEADING = "heading"
    ITEM = "item"
    """An item of a list, or a row of a table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words that belong together: a paragraph, a heading, an item of a list.

    Attributes
    ----------
    text : str
        The words, markup taken off.
    starts : tuple of (offset, number)
        From which character of `text` on which line, page or paragraph is meant, ascending.
    """

    text: str
    form: Form
    starts: tuple[tuple[int, int], ...]

    def number(self, offset: int) -> int:
        """The line, page or paragraph of a character."""
        at = bisect_right(self.starts, offset, key=lambda one: one[0])
        return self.starts[max(at - 1, 0)][1]


def joined(pieces: Iterable[tuple[str, int]], form: Form) -> Passage | None:
    """Pieces of text, each with its number, as one passage; None where there is no word."""
    parts: list[str] = []
    starts: list[tuple[int, int]] = []
    length = 0
    for text, number in pieces:
        if not (words := " ".join(text.split())):
            continue
        if parts:
            parts.append(" ")
            length += 1
        if not starts or starts[-1][1] != number:
            starts.append((length, number))
        parts.append(words)
        length += len(words)
    if not parts:
        return None
    return Passage(text="".join(parts), form=form, starts=tuple(starts))
