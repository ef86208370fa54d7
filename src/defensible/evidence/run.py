"""All studies of a dossier: their results, or every problem of all of them."""

from defensible.dossier.dossier import Dossier
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.studies import StandaloneStudy
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


def run_these(dossier: Dossier, studies: tuple[StandaloneStudy, ...]) -> tuple[StudyResult, ...]:
    """The result of each of some studies of a dossier, in their order.

    Raises
    ------
    DossierError
        What is wrong with the tables or plans of any of them, all of it, in file order.
    """
    results: list[StudyResult] = []
    problems: list[Problem] = []
    for study in studies:
        try:
            results.append(run_one(dossier, study))
        except DossierError as error:
            problems += error.problems
    if problems:
        raise DossierError(tuple(problems))
    return tuple(results)


def run_one(dossier: Dossier, study: StandaloneStudy) -> StudyResult:
    """The result of one study.

    Raises
    ------
    DossierError
        What is wrong with its tables or plan.
    """
    from defensible.evidence.studies import KINDS  # NumPy and SciPy come with these

    place = dossier.identified.get(study.id)
    faults = Faults(dossier=dossier, file=place.file if place else f"studies/{study.id}.yaml")
    return KINDS[study.kind](study, faults)
