"""How needs make a cell: nothing needed is met; a need that nothing offsets is open."""

from defensible.assessment.result import Cell, Link, Need, Status


def cell(reason: str, needs: list[Need], *, some: bool, links: tuple[Link, ...] = ()) -> Cell:
    """Met where there are no needs, partly where there is `some` ground to stand on, else open."""
    if not needs:
        return Cell(status=Status.MET, reason=reason, links=links)
    status = Status.PARTLY if some else Status.OPEN
    return Cell(status=status, reason=reason, links=links, needs=tuple(needs))


def not_applicable(reason: str) -> Cell:
    """A cell that this question does not ask."""
    return Cell(status=Status.NOT_APPLICABLE, reason=reason)
