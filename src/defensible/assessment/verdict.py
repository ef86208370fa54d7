"""The ladder: each step needs all that the steps before it need; nothing can declare one."""

from defensible.assessment.basis import Basis
from defensible.assessment.result import Cell, Row, Status, Verdict
from defensible.assessment.rubric.decision import decision_on_file

ENGINEERING_ROWS = (1, 2, 3)
"""Identified artifact, criteria met, held-out data: what "validated model" means."""
DEVICE_ROWS = (1, 6)
"""A described device and an explicit intended use: what makes a model a device."""


def verdict(rows: tuple[Row, ...], basis: Basis) -> Verdict:
    """The highest step whose conditions, and those of all steps below it, are met."""
    by_number = {row.number: row for row in rows}
    engineering = [by_number[number].engineering for number in ENGINEERING_ROWS]
    device = [by_number[number].regulatory for number in DEVICE_ROWS]
    regulatory = [row.regulatory for row in rows]
    steps = (
        (Verdict.VALIDATED_MODEL, all(_met(cell) for cell in engineering)),
        (Verdict.PRE_REGULATORY_DEVICE, all(cell.status is not Status.OPEN for cell in device)),
        (Verdict.SUBMISSION_READY, all(_met(cell) for cell in regulatory)),
        (Verdict.CLEARED, decision_on_file(basis) is not None),
    )
    reached = Verdict.NOT_VALIDATED
    for step, holds in steps:
        if not holds:
            break
        reached = step
    return reached


def _met(cell: Cell) -> bool:
    return cell.status in {Status.MET, Status.NOT_APPLICABLE}


def words(reached: Verdict, basis: Basis) -> str:
    """The verdict in words, with the pathway that a submission would take."""
    if reached is not Verdict.SUBMISSION_READY:
        return str(reached)
    pathways = [
        f"{one.pathway} ({one.market.upper()})"
        for one in basis.classification.markets
        if one.pathway
    ]
    return f"{reached} against {', '.join(pathways)}"


def reason(reached: Verdict, rows: tuple[Row, ...]) -> str:
    """One or two sentences: what holds, and what keeps the next step away."""
    by_number = {row.number: row for row in rows}
    if reached is Verdict.NOT_VALIDATED:
        return _first_open([by_number[number].engineering for number in ENGINEERING_ROWS])
    holds = by_number[2].engineering.reason
    if reached is Verdict.VALIDATED_MODEL:
        blocked = _first_open([by_number[number].regulatory for number in DEVICE_ROWS])
    elif reached is Verdict.PRE_REGULATORY_DEVICE:
        open_rows = [row for row in rows if not _met(row.regulatory)]
        names = ", ".join(row.dimension.lower() for row in open_rows)
        first = by_number[4].regulatory if not _met(by_number[4].regulatory) else None
        because = (first or open_rows[0].regulatory).reason
        blocked = f"{len(open_rows)} of 8 regulatory rows are open ({names}). {because}"
    else:
        return "Every regulatory row is met; the decision is the regulator's."
    return f"{holds} {blocked}"


def _first_open(cells: list[Cell]) -> str:
    return next((cell.reason for cell in cells if not _met(cell)), "")
