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
MOST_REMEMBERED = 50_000
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


_Named = tuple[tuple[str, Phrase], ...]


class Phrases:
    """Named phrases, found in one pass by their first words."""

    def __init__(self, named: Iterable[tuple[str, Phrase]]) -> None:
        self._all = tuple(
            (tuple(dict.fromkeys(_firsts(one.steps))), name, one) for name, one in named
        )
        self._begun: dict[str, _Named] = {}

    def spans(self, words: Sequence[str], begin: int = 0) -> Iterator[Span]:
        """Each place where a phrase stands; of one name, one at a place."""
        begun = self._begun
        for at in range(begin, len(words)):
            candidates = begun.get(words[at])
            if candidates is None:
                candidates = self._beginning(words[at])
            if not candidates:
                continue
            named: set[str] = set()
            for name, one in candidates:
                if name not in named and (end := one.end(words, at)) is not None:
                    named.add(name)
                    yield Span(name, at, end)

    def _beginning(self, word: str) -> _Named:
        """Phrases that can begin with a word; remembered, since a text has few words, often."""
        if len(self._begun) > MOST_REMEMBERED:
            self._begun.clear()
        found = tuple(
            (name, one)
            for firsts, name, one in self._all
            if any(_same(first, word) for first in firsts)
        )
        self._begun[word] = found
        return found

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
    """Every word, as it is written, that a phrase can begin with."""
    for step in steps:
        yield from (chain[0] for chain in step.chains)
        if not step.optional:
            return
