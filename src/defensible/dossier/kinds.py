"""Every kind of study; a kind is one module and one line here."""

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import StandaloneStudy
from defensible.dossier.usability_study import UsabilityStudy

Study = StandaloneStudy | ReaderStudy | UsabilityStudy | AgreementStudy
"""Any study, told apart by `kind`."""

KINDS: dict[
    str,
    type[StandaloneStudy] | type[ReaderStudy] | type[UsabilityStudy] | type[AgreementStudy],
] = {
    "standalone": StandaloneStudy,
    "readers": ReaderStudy,
    "usability": UsabilityStudy,
    "agreement": AgreementStudy,
}
"""Kinds of study by the word that a protocol says."""
