"""What is wrong with a seal: problems like any other, told apart by their exit code."""

from defensible.dossier.problem import DossierError, Problem


class SealError(DossierError):
    """A seal does not hold; everything that was found wrong with it."""


def broken(file: str, code: str, what: str, mend: str, *, line: int = 1) -> Problem:
    """A problem of a file that the program wrote, whole lines of it at a time."""
    return Problem(file=file, line=line, column=1, code=code, what=what, mend=mend)


RESTORE = "bring back the file as it was sealed, from version control"
"""What to do with most of them: nothing in `evidence/` is written by hand."""
