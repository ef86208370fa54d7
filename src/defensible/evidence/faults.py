"""Where the problems of one study gather, each with its place in the study's file.

A study is read to its end where that is possible, so that a person mends it once.
"""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Protocol

from defensible.dossier.dossier import Dossier
from defensible.dossier.problem import DossierError, Problem

MOST_CHARACTERS = 40
"""Longest piece of a cell that a message shows."""
MOST_NAMES = 12
"""Longest list of names that a message shows."""


class Notes(Protocol):
    """Anything that takes down a problem with its place."""

    def add(self, code: str, keys: tuple[str | int, ...], what: str, mend: str) -> None:
        """Note one problem at `keys`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The problems found so far in one study's file."""

    dossier: Dossier
    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: str, keys: tuple[str | int, ...], what: str, mend: str) -> None:
        """Note one problem at `keys` of the study's file."""
        place = self.dossier.place(self.file, *keys)
        problem = Problem(
            file=place.file,
            line=place.line,
            column=place.column,
            code=code,
            what=what,
            mend=mend,
        )
        if problem not in self.problems:
            self.problems.append(problem)

    def stop(self) -> None:
        """Go no further if anything was found.

        Raises
        ------
        DossierError
            With everything found so far.
        """
        if self.problems:
            raise DossierError(tuple(self.problems))


def shown(value: object) -> str:
    """A cell as a message may show it: in quotes, cut, on one line, without control characters."""
    return f"'{_short(str(value))}'"


def names(values: list[str]) -> str:
    """`a, b, c`, cut after a dozen with the number of the others."""
    more = f" and {len(values) - MOST_NAMES} more" if len(values) > MOST_NAMES else ""
    return ", ".join(map(_short, values[:MOST_NAMES])) + more


def nearest(name: str, known: list[str]) -> str:
    """`did you mean 'x'?`, or the names that there are."""
    by_lower = {one.lower(): one for one in known}
    close = get_close_matches(name.lower(), list(by_lower), n=1, cutoff=0.6)
    if close:
        return f"did you mean '{_short(by_lower[close[0]])}'?"
    return f"there are: {names(known)}"


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """`1 case`, `2,000 cases`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def _short(text: str) -> str:
    line = "".join(one for one in " ".join(text.split()) if one.isprintable())
    return line if len(line) <= MOST_CHARACTERS else f"{line[:MOST_CHARACTERS]}…"
