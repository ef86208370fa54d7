"""What makes untrusted words harmless where they are shown: nothing hidden, nothing too long."""

import unicodedata

_JOINERS = {0x200C, 0x200D}
"""Invisible characters that scripts need to be written rightly."""
_SPACES = frozenset("\t\n\r\f\v\u2028\u2029")


def clean(text: str) -> str:
    """The text with every hidden character made visible: controls, direction marks, surrogates.

    A terminal obeys escape sequences and a page obeys direction marks; a report obeys neither.
    Line breaks become spaces.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or ord(character) in _JOINERS:
        return character
    if character in _SPACES or unicodedata.category(character) == "Zs":
        return " "
    return f"\\u{{{ord(character):04x}}}"


def short(text: str, most: int) -> str:
    """The text in at most `most` characters, cleaned, its middle cut out where it is longer."""
    text = clean(text)
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def sentence(text: str) -> str:
    """The text with its first letter large, unless its first word is a path or a name in code."""
    first = text.partition(" ")[0]
    return text if set("/._") & set(first.rstrip(".,:;")) else text[:1].upper() + text[1:]


def capped(text: str, most: int = 1200) -> str:
    """A sentence that is cut at `most` characters, and says so."""
    text = clean(text)
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}… ({len(text):,} characters; the JSON form has all)"
