"""Bytes and their seals: canonical digests, the chain of events, signatures, time-stamps.

Here: what is written under `evidence/`, and whether it holds. Not here: what a study's result
says, and what follows from it (see `evidence`, `assessment`).
"""

from defensible.ledger.canonical import digest
from defensible.ledger.chain import Chain, Scribe, held, writing
from defensible.ledger.event import Who
from defensible.ledger.frozen import freeze
from defensible.ledger.problem import SealError

__all__ = ["Chain", "Scribe", "SealError", "Who", "digest", "freeze", "held", "writing"]
