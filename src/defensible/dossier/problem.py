"""A problem is a value: where, what, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong with an input, for the person who has to mend it.

    Attributes
    ----------
    file : str
        Path relative to the dossier, as the person would type it.
    line, column : int
        One-based; 1, 1 where the whole file is meant.
    code : str
        A letter for the room (D dossier, R regulation, E evidence, K risk, L ledger) and three
        digits; never used twice; `docs/problems/` has a page for each.
    what : str
        What was found, and the rule it misses.
    mend : str
        What to write or do instead.
    """

    file: str
    line: int
    column: int
    code: str
    what: str
    mend: str

    def __str__(self) -> str:
        """`file:line:column: code what`, and the mend on a second line."""
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.what}\n  {self.mend}"


class DossierError(Exception):
    """Everything that is wrong with an input, once, in file order."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))
