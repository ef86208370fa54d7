"""Tables in, findings out: case tables, strata, and one module a kind of study.

Not here: what the findings mean for a claim's scope or the rubric (see `assessment`).
"""

from defensible.evidence.run import run
from defensible.evidence.strata import band_names

__all__ = ["band_names", "run"]
