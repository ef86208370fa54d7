"""Sentences that allow conditions or only name them, and what the reading makes of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from defensible.dossier import IntendedUse
from defensible.dossier.labeling import words
from defensible.evidence.dicom.spelling import makers
from defensible.regulation.language import Document, allowed

PARTS = ("development", "held_out", "fresh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What the reading made of one part of the corpus."""

    n_traps: int
    right: int
    wrong: tuple[tuple[str, str, str], ...]
    """Dimension, level and sentence of finds that should not be."""
    missed: tuple[tuple[str, str, str], ...]

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed))


@cache
def _whole() -> Any:
    return YAML(typ="safe", pure=True).load(Path(__file__).with_name("conditions.yaml"))


def examples(part: str) -> Iterator[tuple[str, frozenset[tuple[str, str]]]]:
    for one in _whole()[part]:
        yield one["text"], frozenset((kind, str(level)) for kind, level in one["allows"])


def finds(text: str) -> set[tuple[str, str]]:
    """Dimension and level of what a text alone allows."""
    known = _whole()
    declared = {name: {one: [one] for one in each} for name, each in known["declared"].items()}
    document = Document(path="one.md", said=words("one.md", text.encode()))
    use = IntendedUse.model_validate(known["use"])
    found = allowed(use, [document], {"vendor": makers(), **declared}, name="HeadFlag")
    return {(one.kind.dimension, one.level) for one in found}


@cache
def tally(part: str) -> Tally:
    right, n_traps = 0, 0
    wrong, missed = [], []
    for text, expected in examples(part):
        found = finds(text)
        right += len(found & expected)
        n_traps += not expected
        wrong += [(*one, text) for one in sorted(found - expected)]
        missed += [(*one, text) for one in sorted(expected - found)]
    return Tally(n_traps=n_traps, right=right, wrong=tuple(wrong), missed=tuple(missed))
