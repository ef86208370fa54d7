"""The corpus of labeled sentences, and what the rules make of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from defensible.dossier import IntendedUse
from defensible.dossier.labeling import words
from defensible.regulation.language import Document, review_documents

ROOT = Path(__file__).parents[3]
SPLITS = ("development", "held_out", "fresh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence, the intended use that it is held against, and the rule that it breaks, if any."""

    text: str
    use: str
    rule: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the rules made of one part of the corpus."""

    right: int
    wrong: tuple[tuple[str, str], ...]
    """Hits that should not be: rule and sentence."""
    missed: tuple[tuple[str, str], ...]
    """Rules that should have spoken: rule and sentence."""

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


@cache
def _whole() -> Any:
    return YAML(typ="safe", pure=True).load(Path(__file__).with_name("corpus.yaml"))


def examples(split: str) -> Iterator[Example]:
    for block in _whole()[split]:
        for rule, sentences in block["claims"].items():
            for text in sentences:
                yield Example(text=text, use=block["use"], rule=rule)
        for text in block["traps"]:
            yield Example(text=text, use=block["use"], rule=None)


def broken_by(text: str, use: str) -> set[str]:
    """Rules that a sentence alone breaks."""
    known = _whole()["uses"][use]
    document = Document(path="one.md", said=words("one.md", text.encode()))
    intended = IntendedUse.model_validate(known["use"])
    return {one.rule for one in review_documents(intended, [document], name=known["name"]).hits}


@cache
def tally(split: str) -> Tally:
    right, wrong, missed = 0, [], []
    for one in examples(split):
        found = broken_by(one.text, one.use)
        right += one.rule in found
        wrong += [(rule, one.text) for rule in sorted(found - {one.rule})]
        if one.rule is not None and one.rule not in found:
            missed.append((one.rule, one.text))
    return Tally(right=right, wrong=tuple(wrong), missed=tuple(missed))
