"""The language of labeling held against the intended use.

Here: sentences, what turns them round, and what the language pack allows which intended use to say.
Not here: any word or rule of that pack.
"""

from defensible.regulation.language.hit import Document, Hit, HitKind, LanguageReview, Spot
from defensible.regulation.language.review import review, review_documents

__all__ = [
    "Document",
    "Hit",
    "HitKind",
    "LanguageReview",
    "Spot",
    "review",
    "review_documents",
]
