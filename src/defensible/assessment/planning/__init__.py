"""The plan: what remains as tasks, how long it takes, and how much evidence each claim needs.

All of it is derived from the gaps, the claims and `plan.yaml`; nothing here changes a status.
"""

from defensible.assessment.planning.needed import CellNeeded, Needed
from defensible.assessment.planning.plan import plan
from defensible.assessment.planning.result import (
    Late,
    Planned,
    PlanTask,
    Range,
    Step,
    Timetable,
)
from defensible.assessment.planning.timetable import timetable

__all__ = [
    "CellNeeded",
    "Late",
    "Needed",
    "PlanTask",
    "Planned",
    "Range",
    "Step",
    "Timetable",
    "plan",
    "timetable",
]
