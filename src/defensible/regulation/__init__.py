"""Regulatory facts as data, held against an intended use: packs, matcher, classification.

Here: what follows from the intended use. Not here: any fact of law in Python (see `packs/`).
"""

from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    Match,
    SchemeAnswer,
)
from defensible.regulation.classify import classify
from defensible.regulation.known import facts_of

__all__ = ["Classification", "MarketAnswer", "Match", "SchemeAnswer", "classify", "facts_of"]
