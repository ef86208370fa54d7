"""Labeling files that stand in no dossier."""

from collections.abc import Sequence
from pathlib import Path

from defensible.dossier.files import UnreadableError, content
from defensible.dossier.labeling.reading import MAX_LABELING_BYTES, Words, words
from defensible.dossier.problem import DossierError, Problem


def lone(paths: Sequence[Path]) -> list[Words]:
    """The words of files, in their order.

    Raises
    ------
    DossierError
        Every file that cannot be read.
    """
    read = []
    problems = []
    for path in paths:
        try:
            whole = path.resolve()  # whoever names a lone file means what its links lead to
            read.append(
                words(path.name, content(whole.parent, whole.name, most=MAX_LABELING_BYTES))
            )
        except (UnreadableError, RuntimeError) as error:
            problems.append(_problem(path, error))
    if problems:
        raise DossierError(tuple(problems))
    return read


def _problem(path: Path, error: Exception) -> Problem:
    if not isinstance(error, UnreadableError):  # links that lead in a circle
        error = UnreadableError("D002", "there is no such file", "correct the path")
    return Problem(
        file=str(path), line=1, column=1, code=error.code, what=error.what, mend=error.mend
    )
