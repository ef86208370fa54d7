"""Plain text in columns: wrapping by the width that a terminal shows, and ink that is optional.

Widths are counted in terminal cells: wide characters take two, combining ones none.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

WIDTH = 80

_WIDE = frozenset("WF")
_PAINT = re.compile("\x1b\\[[0-9]+m")
"""Our own ink: the only escape sequences that can be left in cleaned text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ink:
    """Emphasis for a terminal; without colour every method gives its text back."""

    colour: bool

    def strong(self, text: str) -> str:
        """Bold."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """Dim."""
        return self._paint("2", text)

    def good(self, text: str) -> str:
        """For what is met or supported; the mark and word beside it say the same."""
        return self._paint("32", text)

    def middling(self, text: str) -> str:
        """For what is partly met or not settled."""
        return self._paint("33", text)

    def bad(self, text: str) -> str:
        """For what fails or is open."""
        return self._paint("31", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


def cells(text: str) -> int:
    """Terminal cells that the text takes; ink takes none."""
    if "\x1b" in text:
        text = _PAINT.sub("", text)
    return len(text) if text.isascii() else sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def wrap(text: str, *, width: int = WIDTH, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most `width` cells; `first` opens the first line, `rest` the others.

    Words longer than a line are broken. An empty text gives one line with `first`.
    """
    rest = " " * cells(first) if rest is None else rest
    lines: list[str] = []
    line, empty = first, True
    for word in _pieces(text, width - max(cells(first), cells(rest))):
        if not empty and cells(line) + 1 + cells(word) > width:
            lines.append(line)
            line, empty = rest, True
        line += word if empty else f" {word}"
        empty = False
    return [*lines, line]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Words, those longer than the room in pieces that fit."""
    for word in text.split():
        if cells(word) <= room:
            yield word
            continue
        piece = ""
        for character in word:
            if cells(piece) + _cells_of(character) > room:
                yield piece
                piece = ""
            piece += character
        yield piece


def pad(text: str, width: int) -> str:
    """The text with blanks up to `width` cells."""
    return text + " " * (width - cells(text))


def apart(left: str, right: str, *, width: int = WIDTH) -> str:
    """One line with `right` at its right edge."""
    return pad(left, width - cells(right)) + right


def beside(left: Sequence[str], right: Sequence[str], *, gap: str = " | ") -> list[str]:
    """Two blocks side by side; each line of `left` is already as wide as its column."""
    width = (WIDTH - len(gap)) // 2
    return [
        f"{pad(one, width)}{gap}{other}".rstrip()
        for one, other in zip_longest(left, right, fillvalue="")
    ]


def table(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """Columns two blanks apart, each as wide as its widest cell; `right` columns end flush."""
    widths = [max(cells(row[at]) for row in rows) for at in range(len(rows[0]))] if rows else []
    return [
        "  ".join(
            " " * (width - cells(cell)) + cell if at in right else pad(cell, width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
