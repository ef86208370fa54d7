"""The plan of an assessment: its timetable, and how much evidence each claim needs."""

from datetime import date

from defensible.assessment.planning.evidence import needed
from defensible.assessment.planning.result import Planned
from defensible.assessment.planning.timetable import timetable
from defensible.assessment.result import Assessment
from defensible.dossier.plan import Plan


def plan(assessment: Assessment, *, today: date) -> Planned:
    """What remains, how long it takes, and how much evidence each claim needs.

    Parameters
    ----------
    assessment : Assessment
        Its gaps are the work; its findings say what performance to expect.
    today : date
        The start where `plan.yaml` declares none.
    """
    return Planned(
        schedule=timetable(assessment, today=today),
        needed=needed(assessment, assessment.dossier.plan or Plan()),
    )
