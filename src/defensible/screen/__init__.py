"""Text for a screen: words made harmless, wrapped to 80 columns, with ink that is optional.

Here: what every face of the program needs to print, and nothing that takes long to load. Not here:
what is said.
"""

from defensible.screen.harmless import capped, clean, sentence, short
from defensible.screen.layout import WIDTH, Ink, apart, beside, cells, pad, table, wrap

__all__ = [
    "WIDTH",
    "Ink",
    "apart",
    "beside",
    "capped",
    "cells",
    "clean",
    "pad",
    "sentence",
    "short",
    "table",
    "wrap",
]
