"""The ladder: each step needs all that the steps before it need; nothing can declare one."""

from defensible.assessment.basis import Basis
from defensible.assessment.result import OVERALL_DIMENSION, Cell, Row, Status, Verdict
from defensible.assessment.rubric.decision import decisions_on_file, undecided_markets
from defensible.evidence.finding import Answer

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
    pathway = any(one.pathway for one in basis.classification.markets)
    steps = (
        (Verdict.VALIDATED_MODEL, all(_met(cell) for cell in engineering)),
        (Verdict.PRE_REGULATORY_DEVICE, all(cell.status is not Status.OPEN for cell in device)),
        (Verdict.SUBMISSION_READY, pathway and all(_met(cell) for cell in regulatory)),
        (Verdict.CLEARED, _decided(basis)),
    )
    reached = Verdict.NOT_VALIDATED
    for step, holds in steps:
        if not holds:
            break
        reached = step
    return reached


def _decided(basis: Basis) -> bool:
    """Whether every declared market in which this is a device has a decision on file."""
    waiting = [one for one in undecided_markets(basis) if one.device is not False]
    return bool(decisions_on_file(basis)) and not waiting


def _met(cell: Cell) -> bool:
    return cell.status in {Status.MET, Status.NOT_APPLICABLE}


def words(reached: Verdict, basis: Basis) -> str:
    """The verdict in words, with the pathway that a submission would take."""
    if reached is not Verdict.SUBMISSION_READY:
        return str(reached)
    pathways = [
        f"{one.pathway} ({one.market.upper()})" for one in undecided_markets(basis) if one.pathway
    ]
    return f"{reached} against {', '.join(pathways)}"


def reason(reached: Verdict, rows: tuple[Row, ...], basis: Basis) -> str:
    """What holds, and what keeps the next step away, in a few short sentences."""
    by_number = {row.number: row for row in rows}
    if reached is Verdict.NOT_VALIDATED:
        return _first_open([by_number[number].engineering for number in ENGINEERING_ROWS])
    if reached >= Verdict.SUBMISSION_READY:
        return "Every regulatory row is met; the decision is the regulator's."
    n = len(basis.criteria)
    every = "The acceptance criterion is" if n == 1 else f"All {n} acceptance criteria are"
    holds = f"{every} met on held-out cases."
    if reached is Verdict.VALIDATED_MODEL:
        return f"{holds} {_first_open([by_number[one].regulatory for one in DEVICE_ROWS])}"
    n_open = sum(not _met(row.regulatory) for row in rows)
    said = [f"{n_open} of {len(rows)} regulatory rows are not met.", *_claims(basis)]
    return " ".join([holds, *said])


def _claims(basis: Basis) -> list[str]:
    """`C1 is supported in 2 of 11 declared levels, fails in 3, is not settled or unseen in 6.`."""
    said = []
    for claim in basis.dossier.claims:
        levels = [
            one.answer
            for one in basis.cells
            if one.claim == claim.id and one.dimension != OVERALL_DIMENSION
        ]
        supported, failed = levels.count(Answer.SUPPORTED), levels.count(Answer.FAILED)
        rest = len(levels) - supported - failed
        said.append(
            f"{claim.id} is supported in {supported} of {len(levels)} declared levels, "
            f"fails in {failed}, and is not settled in {rest}."
        )
    return said


def _first_open(cells: list[Cell]) -> str:
    return next((cell.reason for cell in cells if not _met(cell)), "")
