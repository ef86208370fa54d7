"""The ISO 14971 file held against the standard: matrix, completeness, verified controls.

Here: what the declared risks and their evidence amount to. Not here: reading the file.
"""

from defensible.risk.check import review
from defensible.risk.modes import ModeAnswer, answers, suggestion, unknown
from defensible.risk.review import Check, Held, RiskReview
from defensible.risk.view import RiskView, view

__all__ = [
    "Check",
    "Held",
    "ModeAnswer",
    "RiskReview",
    "RiskView",
    "answers",
    "review",
    "suggestion",
    "unknown",
    "view",
]
