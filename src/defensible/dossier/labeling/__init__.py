"""The words of labeling files, each with its place: Markdown, HTML, PDF, DOCX.

Here: text out of files that nobody has checked. Not here: what the words mean.
"""

from defensible.dossier.labeling.lone import lone
from defensible.dossier.labeling.passage import Form, Passage, Unit
from defensible.dossier.labeling.reading import MAX_LABELING_BYTES, Words, words

__all__ = ["MAX_LABELING_BYTES", "Form", "Passage", "Unit", "Words", "lone", "words"]
