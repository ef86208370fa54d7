"""What a review of language gives: hits, each with its place, reason, rule and remedy."""

from dataclasses import dataclass
from enum import StrEnum

from defensible.dossier.labeling import Unit
from defensible.dossier.labeling import Words as Said
from defensible.regulation.classification import Citation
from defensible.regulation.pack import Cite

SHOWN = 200
"""Characters of a sentence that a hit repeats."""


class HitKind(StrEnum):
    """What is wrong with the words."""

    CLAIM = "claim"
    POPULATION = "population"
    MODALITY = "modality"
    USER = "user"
    MISSING = "missing"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A labeling file to be read.

    Attributes
    ----------
    path : str
        Its name, as the person would type it.
    instructs : bool
        Whether it is the instructions for use, which must carry limitations.
    """

    path: str
    said: Said
    instructs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place in a document: a line, a page or a paragraph."""

    file: str
    unit: Unit
    number: int

    def __str__(self) -> str:
        """`file:12`, as an editor opens it; `file: page 3` where there are no lines."""
        if self.unit is Unit.LINE:
            return f"{self.file}:{self.number}"
        return f"{self.file}: {self.unit} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Words that say more, less or other than the intended use.

    Attributes
    ----------
    words : str
        The words that count, as they stand; empty where words are missing.
    sentence : str
        The sentence around them, cut to be shown.
    against : Spot, optional
        Where a contradiction has its other side.
    """

    kind: HitKind
    rule: str
    title: str
    spot: Spot
    words: str
    sentence: str
    why: str
    suggestion: str
    citation: Citation
    against: Spot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageReview:
    """Labeling held against the intended use.

    Attributes
    ----------
    pack : str
        Pack and its version.
    documents : tuple of str
        Files that were read.
    not_checked : tuple of str
        What could not be held against anything, and why.
    """

    pack: str
    documents: tuple[str, ...]
    hits: tuple[Hit, ...]
    not_checked: tuple[str, ...]


def citation(cite: Cite) -> Citation:
    """A citation of a pack as a value of an answer."""
    return Citation(source=cite.source, read_on=cite.read_on, confidence=cite.confidence)


def shown(text: str) -> str:
    """Text on one line, without characters that cannot be seen, and short."""
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 1]}…"
