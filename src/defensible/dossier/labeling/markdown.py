"""Markdown and plain text as passages: a line at a time, in linear time; code is left out."""

import re
from collections.abc import Iterator

from defensible.dossier.labeling.passage import Form, Passage, joined

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,9}[.)])\s+")
_RULE = re.compile(r"[-=_*|:\s]+$")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\])")
_TAG = re.compile(r"<[^<>]*>")
_EMPHASIS = re.compile(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)")


def passages(text: str) -> Iterator[Passage]:
    """Headings, paragraphs, items and rows of tables, each with its lines."""
    held: list[tuple[str, int]] = []
    form = Form.PROSE
    fence: str | None = None
    for number, line in enumerate(without_comments(text).split("\n"), start=1):
        if (mark := _FENCE.match(line)) and (fence is None or mark[1].startswith(fence)):
            fence = None if fence else mark[1]
            kind, words = None, ""
        elif fence is not None:
            continue
        else:
            kind, words = _kind(line.lstrip("> \t") if line.lstrip().startswith(">") else line)
        if kind is Form.PROSE:
            held.append((_plain(words), number))
            continue
        if _underlines(line) and len(held) == 1 and form is Form.PROSE:
            form = Form.HEADING
        yield from _passage(held, form)
        held, form = ([(_plain(words), number)] if words else []), kind or Form.PROSE
        if kind is Form.HEADING or "|" in words:
            yield from _passage(held, form)
            held, form = [], Form.PROSE
    yield from _passage(held, form)


def _passage(held: list[tuple[str, int]], form: Form) -> Iterator[Passage]:
    if (made := joined(held, form)) is not None:
        yield made


def _kind(line: str) -> tuple[Form | None, str]:
    """What a line begins, and its words; PROSE goes on with what was begun; None ends it."""
    if not line.strip() or _RULE.match(line):
        return None, ""
    if mark := _HEADING.match(line):
        return Form.HEADING, line[mark.end() :].rstrip("# ")
    if mark := _ITEM.match(line):
        return Form.ITEM, line[mark.end() :]
    if line.lstrip().startswith("|"):
        cells = line.strip().strip("|").split("|")
        return Form.ITEM, " |; ".join(one.strip() for one in cells)
    return Form.PROSE, line


def _underlines(line: str) -> bool:
    """Whether the line makes a heading of the one above."""
    return len(line.strip()) > 1 and set(line.strip()) in ({"="}, {"-"})


def _plain(line: str) -> str:
    return _EMPHASIS.sub("", _TAG.sub(" ", _LINK.sub(r"\1", line))).replace(" |;", ";")


def without_comments(text: str) -> str:
    """The text without HTML comments, its line breaks kept."""
    parts, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        parts += [text[at:begin], "\n" * text.count("\n", begin, end)]
        at = end + 3
    return "".join([*parts, text[at:]])
