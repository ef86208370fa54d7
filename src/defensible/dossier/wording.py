"""How a found word is shown, and the nearest of those that are known."""

from collections.abc import Iterable
from difflib import get_close_matches

SHOWN = 40
"""Characters of a found value that a message repeats."""
LISTED = 20
"""Known words that a message lists."""


def cut(value: object) -> str:
    """A found value on one line, without characters that cannot be seen, and short."""
    text = "".join(c for c in " ".join(str(value).split()) if c.isprintable())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'? There are: x, y`; empty where nothing is known."""
    words = list(dict.fromkeys(known))
    if not words:
        return ""
    by_plain = {_plain(one): one for one in words}
    close = get_close_matches(_plain(word[:80]), list(by_plain)[:500], n=1, cutoff=0.6)
    asked = f"did you mean '{cut(by_plain[close[0]])}'? " if close else ""
    more = f" and {len(words) - LISTED} more" if len(words) > LISTED else ""
    return f"{asked}There are: {', '.join(map(cut, words[:LISTED]))}{more}"


def _plain(word: str) -> str:
    """Spellings that differ by case, hyphen or underscore only are the same word."""
    return word.casefold().replace("_", "-").replace(" ", "-")
