"""The dossier: everything declared, with the place of each thing in its file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from defensible.dossier.claims import Claim
from defensible.dossier.device import Device, LabelingKind
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.kinds import Study
from defensible.dossier.labeling import Words
from defensible.dossier.plan import Plan
from defensible.dossier.risks import Risks


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Place:
    """Where something stands: a file relative to the dossier, one-based line and column."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        """`file:line`, as an editor opens it."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeling:
    """A labeling file and its words."""

    path: str
    kind: LabelingKind
    words: Words

    @property
    def text(self) -> str:
        """All that it says."""
        return self.words.text

    def carries(self, words: str) -> bool:
        """Whether these words stand in the text, whatever its line breaks, quoting or emphasis."""
        return _plain(words) in _plain(self.text)


def _plain(text: str) -> str:
    return " ".join(text.replace("> ", " ").replace("*", "").split()).casefold()


KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is declared of one device. Only `load` makes one, so it is whole and consistent.

    Attributes
    ----------
    root : Path
        The folder.
    device, intended_use, claims, studies, risks, plan
        The files as frozen values; `risks` and `plan` are None where there is no such file.
    labeling : tuple of Labeling
        Labeling files in the order of `device.yaml`.
    places : mapping
        For each file, the place of each key path ("claims", 0, "endpoints", 1, "goal").
    identified : mapping
        For each identifier, where it is declared.
    """

    root: Path
    device: Device
    intended_use: IntendedUse
    claims: tuple[Claim, ...]
    studies: tuple[Study, ...]
    risks: Risks | None
    plan: Plan | None
    labeling: tuple[Labeling, ...]
    places: Mapping[str, Mapping[KeyPath, Place]]
    identified: Mapping[str, Place]

    def place(self, file: str, *keys: str | int) -> Place:
        """Where `keys` stand in `file`; the nearest enclosing key if they are absent."""
        known = self.places.get(file, {})
        for length in range(len(keys), -1, -1):
            if (found := known.get(keys[:length])) is not None:
                return found
        return Place(file=file)
