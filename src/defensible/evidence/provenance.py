"""Whether the rows of a study say that the declared model gave them."""

from defensible.dossier.dossier import Dossier
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence import matching
from defensible.evidence.cases import Cases
from defensible.evidence.finding import Provenance


def provenance(dossier: Dossier, study: StandaloneStudy, cases: Cases) -> Provenance | None:
    """Analysed rows by the model that they name; None where no column names one.

    Where the device declares no model, no row can be of it: all are unknown.
    """
    column = study.data.columns.model_sha256
    if column is None:
        return None
    named = matching.texts(cases.frame[column]).str.to_lowercase()
    declared = dossier.device.model
    if declared is None:
        return Provenance(n_declared_model=0, n_other_model=0, n_unknown=len(named))
    n_unknown = int(named.is_null().sum())
    n_declared = int((named == declared.sha256).sum())
    return Provenance(
        n_declared_model=n_declared,
        n_other_model=len(named) - n_unknown - n_declared,
        n_unknown=n_unknown,
    )
