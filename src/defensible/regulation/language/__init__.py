"""The language of labeling held against the intended use.

Here: sentences, what turns them round, what the language pack allows which intended use to say, and
the conditions of use that labeling allows. Not here: any word or rule of those packs.
"""

from defensible.regulation.language.condition_names import ANY
from defensible.regulation.language.condition_pack import AGE, ConditionKind, condition_pack
from defensible.regulation.language.conditions import Allowed, Vocabulary, allowed, names_in
from defensible.regulation.language.hit import Document, Hit, HitKind, LanguageReview, Spot
from defensible.regulation.language.review import documents_of, review, review_documents

__all__ = [
    "AGE",
    "ANY",
    "Allowed",
    "ConditionKind",
    "Document",
    "Hit",
    "HitKind",
    "LanguageReview",
    "Spot",
    "Vocabulary",
    "allowed",
    "condition_pack",
    "documents_of",
    "names_in",
    "review",
    "review_documents",
]
