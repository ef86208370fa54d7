"""What an assessment says, for people and programs: text in 80 columns, one HTML page, JSON.

Here: words, figures and layout. Not here: any computation of what is said (see `assessment`).
"""

from defensible.documents.text import text

__all__ = ["text"]
