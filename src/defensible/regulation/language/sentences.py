"""Passages as sentences: what is asked and what is quoted is known, lists keep their lead."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defensible.dossier.labeling import Form, Passage
from defensible.regulation.language.phrase import Token, tokens

MOST_CHARACTERS = 1_500
"""A longer run without an end is cut: it is a table or no language at all."""
MOST_BEFORE = 200
"""Characters of a heading or lead that stand for it, and items that one lead is before."""

_END = re.compile(r"[.!?]{1,8}[\"”’)]{0,4} (?=[\"“‘(]?[^\W_])")
_LAST_WORD = re.compile(r"[^\s(]{1,12}$")
_BREAK = re.compile(r"[;:–—]|\s-\s")
_QUOTED = re.compile(r"“[^“”]{0,80}”|\"[^\"]{0,80}\"|«[^«»]{0,80}»")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document, as words and as text.

    Attributes
    ----------
    text : str
        As it stands, with the end of the lead before it where it is an item of a list.
    words, tokens, clauses
        Each word in small letters, with its place in `text` and the clause that it is in.
    begin, own : int
        The first character and the first word that are its own and not its lead's.
    heading : str
        The last heading above it.
    asks : bool
        Whether it is a question.
    quoted : tuple of (start, end)
        Short quotations: words that are mentioned rather than used.
    """

    text: str
    passage: Passage
    offset: int
    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    clauses: tuple[int, ...]
    begin: int
    own: int
    heading: str
    asks: bool
    quoted: tuple[tuple[int, int], ...]

    def number(self, token: int) -> int:
        """The line, page or paragraph of a word."""
        return self.passage.number(self.offset + max(self.tokens[token].start - self.begin, 0))

    def said(self, first: int, end: int) -> str:
        """The words as they stand."""
        return self.text[self.tokens[first].start : self.tokens[end - 1].end]

    def mentions(self, token: int) -> bool:
        """Whether a word stands in a short quotation."""
        at = self.tokens[token].start
        return any(start <= at < end for start, end in self.quoted)


def sentences(passages: Iterable[Passage], abbreviations: Iterable[str]) -> Iterator[Sentence]:
    """Every sentence below headings; headings themselves are where, not what.

    Linear in the length of the text.
    """
    known = frozenset(abbreviations)
    heading = lead = ""
    n_items = 0
    for passage in passages:
        if passage.form is Form.HEADING:
            heading, lead = passage.text[:MOST_BEFORE], ""
            continue
        n_items = n_items + 1 if passage.form is Form.ITEM else 0
        if n_items == 0 or n_items > MOST_BEFORE:
            lead = ""
        before = lead
        last = ""
        for start, end in _spans(passage.text, known):
            last = passage.text[start:end]
            made = _sentence(passage, start, last, before, heading)
            if made.own < len(made.words):
                yield made
        if passage.form is Form.PROSE and last.endswith(":"):
            lead = last.removesuffix(":")[-MOST_BEFORE:]


def of_text(text: str, abbreviations: Iterable[str]) -> Iterator[Sentence]:
    """The sentences of a text that stands alone."""
    passage = Passage(text=" ".join(text.split()), form=Form.PROSE, starts=((0, 1),))
    return sentences([passage], abbreviations)


def _sentence(passage: Passage, start: int, text: str, lead: str, heading: str) -> Sentence:
    whole = f"{lead} {text}" if lead else text
    found = tokens(whole)
    begin = len(whole) - len(text)
    breaks = [one.start() for one in _BREAK.finditer(whole)] if _BREAK.search(whole) else []
    clauses = []
    passed = 0
    for one in found:
        while passed < len(breaks) and breaks[passed] < one.start:
            passed += 1
        clauses.append(passed)
    return Sentence(
        text=whole,
        passage=passage,
        offset=start,
        tokens=tuple(found),
        words=tuple(one.word for one in found),
        clauses=tuple(clauses),
        begin=begin,
        own=sum(one.start < begin for one in found),
        heading=heading,
        asks=text.rstrip(' "”’)').endswith("?"),
        quoted=tuple(one.span() for one in _QUOTED.finditer(whole)),
    )


def _spans(text: str, abbreviations: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where sentences begin and end; a full stop after an abbreviation ends none."""
    start = 0
    for found in _END.finditer(text):
        before = _LAST_WORD.search(text, max(start, found.start() - 12), found.start() + 1)
        if before and before[0].casefold() in abbreviations:
            continue
        yield from _cut(text, start, found.end())
        start = found.end()
    yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MOST_CHARACTERS:
        space = text.rfind(" ", start + MOST_CHARACTERS // 2, start + MOST_CHARACTERS)
        middle = space if space > start else start + MOST_CHARACTERS
        yield start, middle
        start = middle
    yield start, start + len(text[start:end].rstrip())
