"""All studies of a dossier: their results, or every problem of all of them."""

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import StandaloneStudy
from defensible.dossier.usability_study import UsabilityStudy
from defensible.evidence.faults import Faults
from defensible.evidence.finding import StudyResult


def run(dossier: Dossier) -> tuple[StudyResult, ...]:
    """The result of each study, in the order of the dossier.

    Parameters
    ----------
    dossier : Dossier
        As loaded; the tables that its studies name are read from its folder or by URL.

    Returns
    -------
    tuple of StudyResult
        One a study: the join ledger first, then measurements, then findings.

    Raises
    ------
    DossierError
        What is wrong with the tables or plans of any study, all of it, in file order.

    Notes
    -----
    A table is read once a study; sorting by score is O(n log n), each dimension O(n) after it.
    """
    return run_these(dossier, dossier.studies)


def run_these(dossier: Dossier, studies: tuple[Study, ...]) -> tuple[StudyResult, ...]:
    """The result of each of some studies of a dossier, in their order.

    Raises
    ------
    DossierError
        What is wrong with the tables or plans of any of them, all of it, in file order; and cases
        to which another study gives another truth.
    """
    results: list[StudyResult] = []
    problems: list[Problem] = []
    for study in studies:
        try:
            results.append(run_one(dossier, study))
        except DossierError as error:
            problems += error.problems
    if len(dossier.studies) > 1:
        from defensible.evidence.conflicts import between  # NumPy comes with it

        problems += between(dossier, studies)
    if problems:
        raise DossierError(tuple(problems))
    return tuple(results)


def run_one(dossier: Dossier, study: Study) -> StudyResult:
    """The result of one study.

    Raises
    ------
    DossierError
        What is wrong with its tables or plan.
    """
    place = dossier.identified.get(study.id)
    faults = Faults(dossier=dossier, file=place.file if place else f"studies/{study.id}.yaml")
    return _result(study, faults)


def _result(study: Study, faults: Faults) -> StudyResult:
    """What runs a study of each kind; NumPy and SciPy come with them."""
    match study:
        case StandaloneStudy():
            from defensible.evidence.studies import standalone

            return standalone.result(study, faults)
        case ReaderStudy():
            from defensible.evidence.studies import readers

            return readers.result(study, faults)
        case UsabilityStudy():
            from defensible.evidence.studies import usability

            return usability.result(study, faults)
        case AgreementStudy():
            from defensible.evidence.studies import agreement

            return agreement.result(study, faults)
        case LocalizationStudy():
            from defensible.evidence.studies import localization

            return localization.result(study, faults)
