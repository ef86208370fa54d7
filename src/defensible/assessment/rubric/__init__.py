"""The eight rows, one module each; a row is added here and nowhere else."""

from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

from defensible.assessment.basis import Basis
from defensible.assessment.result import Cell, Row
from defensible.assessment.rubric import (
    decision,
    failure_handling,
    generalization,
    human_factors,
    intended_use,
    performance,
    question,
    unit,
)


class Dimension(NamedTuple):
    """A row's name and the two functions that compute its cells."""

    name: str
    engineering: Callable[[Basis], Cell]
    regulatory: Callable[[Basis], Cell]


def _row(name: str, module: ModuleType) -> Dimension:
    return Dimension(name, module.engineering, module.regulatory)


ROWS: tuple[Dimension, ...] = (
    _row("Unit under review", unit),
    _row("Core question", question),
    _row("Performance evidence", performance),
    _row("Generalization", generalization),
    _row("Failure handling", failure_handling),
    _row("Intended use", intended_use),
    _row("Human factors", human_factors),
    _row("Who decides", decision),
)


def rows(basis: Basis) -> tuple[Row, ...]:
    """The eight rows, in order, each cell computed."""
    return tuple(
        Row(
            number=number,
            dimension=row.name,
            engineering=row.engineering(basis),
            regulatory=row.regulatory(basis),
        )
        for number, row in enumerate(ROWS, start=1)
    )
