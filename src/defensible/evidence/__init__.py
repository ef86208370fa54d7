"""Tables in, findings out: case tables, strata, one module a kind of study; results under seal.

Not here: what the findings mean for a claim's scope or the rubric (see `assessment`).
"""

from defensible.evidence.bands import band_names
from defensible.evidence.freshness import Standing, State
from defensible.evidence.record import Record, record, results
from defensible.evidence.run import run
from defensible.evidence.sealing import seal
from defensible.evidence.travel import touched

__all__ = [
    "Record",
    "Standing",
    "State",
    "band_names",
    "record",
    "results",
    "run",
    "seal",
    "touched",
]
