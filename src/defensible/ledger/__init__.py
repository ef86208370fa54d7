"""Bytes and their seals: canonical digests of what is declared.

Here: digests. Not here: what they are used for.
"""

from defensible.ledger.canonical import digest

__all__ = ["digest"]
