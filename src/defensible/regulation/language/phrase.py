"""Phrases as a pack writes them, found among the words of a sentence.

Words stand apart by spaces. `a|b` is either, `word*` any word that begins so, `?word` may be left
out, `..3` up to three words of any kind, `{group}` a phrase of that group, `{number}` a number.
Nothing in it can take more than linear time: gaps are bounded, and there are two at most.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

MOST_GAP = 8
MOST_GAPS = 2
_WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?![^\W_])|[^\W_]+(?:['’‐‑-][^\W_]+)*|[%<>≥≤]|(?<=\d)[-–—](?=\d)"
)
_PLAIN = str.maketrans({"’": "'", "‐": "-", "‑": "-", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, in small letters, and its characters in the text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Step:
    """One place of a phrase: any of these, each a chain of words; or a gap."""

    chains: tuple[tuple[str, ...], ...] = ()
    optional: bool = False
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase, ready to be looked for."""

    steps: tuple[_Step, ...]

    def end(self, words: Sequence[str], at: int) -> int | None:
        """Where the phrase that begins at a word ends; None if none does. The shortest wins."""
        return _end(self.steps, words, at)


@dataclass(frozen=True, slots=True)
class Span:
    """A phrase that was found: whose it is, its first word and the word after its last."""

    name: str
    first: int
    end: int


class Phrases:
    """Named phrases, found in one pass by the first two letters of their first words."""

    def __init__(self, named: Iterable[tuple[str, Phrase]]) -> None:
        self._by_first: dict[str, list[tuple[str, Phrase]]] = {}
        for name, one in named:
            for first in dict.fromkeys(_firsts(one.steps)):
                self._by_first.setdefault(first, []).append((name, one))

    def spans(self, words: Sequence[str], begin: int = 0) -> Iterator[Span]:
        """Each place where a phrase stands; of one name, one at a place."""
        by_first = self._by_first
        for at in range(begin, len(words)):
            named: set[str] = set()
            for name, one in by_first.get(words[at][:2], ()):
                if name not in named and (end := one.end(words, at)) is not None:
                    named.add(name)
                    yield Span(name, at, end)

    def among(self, words: Sequence[str]) -> bool:
        """Whether any stands there."""
        return next(self.spans(words), None) is not None


def tokens(text: str) -> list[Token]:
    """The words of a text; punctuation is left out."""
    return [
        Token(found[0].casefold().translate(_PLAIN), found.start(), found.end())
        for found in _WORD.finditer(text)
    ]


def phrase(written: str, groups: Mapping[str, Sequence[str]]) -> Phrase:
    """A phrase as it is written in a pack.

    Raises
    ------
    ValueError
        A group is not there, a gap is too wide, or the phrase begins or ends in one.
    """
    steps = tuple(_step(one, groups) for one in written.split())
    gaps = [one.gap for one in steps if one.gap]
    if not steps or steps[0].gap or steps[-1].gap or all(one.optional for one in steps):
        raise ValueError(f"'{written}' begins or ends in nothing that could be found")
    if len(gaps) > MOST_GAPS or max(gaps, default=0) > MOST_GAP:
        raise ValueError(f"'{written}' has more than {MOST_GAPS} gaps, or one past {MOST_GAP}")
    return Phrase(steps)


def _step(written: str, groups: Mapping[str, Sequence[str]]) -> _Step:
    if written.startswith(".."):
        return _Step(gap=int(written[2:]))
    optional = written.startswith("?")
    chains: list[tuple[str, ...]] = []
    for one in written.removeprefix("?").casefold().split("|"):
        if one.startswith("{") and one != "{number}":
            name = one.strip("{}")
            if name not in groups:
                raise ValueError(f"'{written}': there is no group '{name}'")
            chains += [tuple(each.casefold().split()) for each in groups[name]]
        else:
            if one.endswith("*") and len(one) < 3:
                raise ValueError(f"'{written}' begins like too many words")
            chains.append((one,))
    return _Step(chains=tuple(sorted(chains, key=len, reverse=True)), optional=optional)


def _end(steps: tuple[_Step, ...], words: Sequence[str], at: int) -> int | None:
    if not steps:
        return at
    step, rest = steps[0], steps[1:]
    if step.gap:
        for skipped in range(step.gap + 1):
            if (end := _end(rest, words, at + skipped)) is not None:
                return end
        return None
    for chain in step.chains:
        if _chain(chain, words, at) and (end := _end(rest, words, at + len(chain))) is not None:
            return end
    return _end(rest, words, at) if step.optional else None


def _chain(chain: tuple[str, ...], words: Sequence[str], at: int) -> bool:
    if at + len(chain) > len(words):
        return False
    return all(_same(one, words[at + index]) for index, one in enumerate(chain))


def _same(written: str, word: str) -> bool:
    if written == "{number}":
        return word[0].isdigit()
    return word.startswith(written[:-1]) if written.endswith("*") else word == written


def _firsts(steps: tuple[_Step, ...]) -> Iterator[str]:
    """The first two letters of every word that a phrase can begin with."""
    for step in steps:
        for chain in step.chains:
            if chain[0] == "{number}":
                yield from _NUMBERS
            else:
                yield chain[0].rstrip("*")[:2]
        if not step.optional:
            return


_NUMBERS = tuple(f"{a}{b}" for a in "0123456789" for b in ("", *"0123456789.,"))
