"""Regulatory facts as data, held against an intended use and the words of labeling.

Here: packs, matcher, classification, obligations; the language of labeling has a door of its own,
`regulation.language`, which whoever only classifies need not open. Not here: any fact of law in
Python (see `packs/`).
"""

from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    Match,
    SchemeAnswer,
)
from defensible.regulation.classify import classify
from defensible.regulation.known import facts_of
from defensible.regulation.obligation_pack import ObligationKind
from defensible.regulation.obligations import Obligation, obligations
from defensible.regulation.owed_change import OwedChange, owed_change, owed_since

__all__ = [
    "Classification",
    "MarketAnswer",
    "Match",
    "Obligation",
    "ObligationKind",
    "OwedChange",
    "SchemeAnswer",
    "classify",
    "facts_of",
    "obligations",
    "owed_change",
    "owed_since",
]
