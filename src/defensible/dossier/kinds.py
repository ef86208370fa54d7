"""Every kind of study; a kind is one module and one line here."""

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import Dimension, StandaloneStudy
from defensible.dossier.usability_study import UsabilityStudy

Study = StandaloneStudy | ReaderStudy | UsabilityStudy | AgreementStudy | LocalizationStudy
"""Any study, told apart by `kind`."""

KINDS: dict[
    str,
    type[StandaloneStudy]
    | type[ReaderStudy]
    | type[UsabilityStudy]
    | type[AgreementStudy]
    | type[LocalizationStudy],
] = {
    "standalone": StandaloneStudy,
    "readers": ReaderStudy,
    "usability": UsabilityStudy,
    "agreement": AgreementStudy,
    "localization": LocalizationStudy,
}
"""Kinds of study by the word that a protocol says."""


def dimensions_of(study: Study) -> tuple[Dimension, ...]:
    """Every dimension by which a study gives results: of cases, and of lesions where it has any."""
    if isinstance(study, LocalizationStudy):
        return (*study.dimensions, *study.lesion_dimensions)
    return study.dimensions
