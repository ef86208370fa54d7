"""What the device owes, held against the dossier and its evidence, one by one.

Here: the checks, one function each, and their answers. Not here: what is owed (see `regulation`).
A check is added to `CHECKS` and nowhere else; packs name it.
"""

from defensible.assessment.obligations.answers import CHECKS, answers, selected

__all__ = ["CHECKS", "answers", "selected"]
