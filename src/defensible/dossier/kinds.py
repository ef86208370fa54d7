"""Every kind of study; a kind is one module and one line here."""

from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import StandaloneStudy

Study = StandaloneStudy | ReaderStudy
"""Any study, told apart by `kind`."""

KINDS: dict[str, type[StandaloneStudy] | type[ReaderStudy]] = {
    "standalone": StandaloneStudy,
    "readers": ReaderStudy,
}
"""Kinds of study by the word that a protocol says."""
