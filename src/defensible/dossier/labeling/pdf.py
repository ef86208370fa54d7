"""The text of a PDF, page by page, and its lines put back together.

Runs in a process of its own (`apart.py`): a PDF can be made to exhaust whoever reads it.
"""

from collections.abc import Iterator
from io import BytesIO

from defensible.dossier.labeling.passage import Form, Passage, joined

MOST_PAGES = 2_000
MOST_CHARACTERS = 10_485_760
_ENDS = (".", "!", "?", ":", ";", ".”", '."')
_BULLETS = ("•", "-", "–", "▪", "●", "*", "‣", "◦")


def pieces(data: bytes) -> list[tuple[str, int]] | str:
    """The lines of text, each with its page, a page without any as one empty line; or why none."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        return "it is encrypted"
    found: list[tuple[str, int]] = []
    length = 0
    for number, page in enumerate(reader.pages, start=1):
        text = page.extract_text()
        length += len(text)
        if number > MOST_PAGES or length > MOST_CHARACTERS:
            return "it holds more text than labeling needs"
        lines = [(line, number) for line in text.splitlines() if line.strip()]
        found += lines or [("", number)]
    return found if any(text for text, _ in found) else "no text can be taken from it"


def passages(lines: list[tuple[str, int]]) -> Iterator[Passage]:
    """Lines that belong together; a PDF does not say which, so their ends and widths do."""
    widths = sorted(len(text.strip()) for text, _ in lines)
    full = 0.7 * widths[int(0.9 * len(widths))] if widths else 0
    held: list[tuple[str, int]] = []
    form = Form.PROSE
    for text, number in lines:
        words = text.strip()
        if held and (words.startswith(_BULLETS) or _ended(held[-1][0], words, full)):
            if (made := joined(held, form)) is not None:
                yield made
            held = []
        if not held:
            form = Form.ITEM if words.startswith(_BULLETS) else Form.PROSE
        held.append((words.lstrip("".join(_BULLETS)), number))
    if (made := joined(held, form)) is not None:
        yield made


def _ended(last: str, following: str, full: float) -> bool:
    """Whether a passage ended with the line before this one."""
    short = len(last) < full
    return short and (last.endswith(_ENDS) or not following[:1].islower())
