"""`defensible stats ...`: every method of `defensible.statistics` that answers from a bare table.

Not here: any method itself, and studies of a dossier (see `defensible assess`).
"""

from defensible.cli.stats.listed import app

__all__ = ["app"]
