"""Where two dimensions of a claim meet, as a table of answers: rows and columns are levels."""

from collections.abc import Mapping
from dataclasses import dataclass

from defensible.assessment.result import ClaimScope, ScopeCell
from defensible.dossier.claims import PAIR

MOST_COLUMNS = 12
"""Levels across a table; the dimension with more of them runs down."""
MOST_ROWS = 60
"""Levels down a table that is drawn; the JSON form has all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """One table: a cell for each level of `down` at each level of `across`.

    Attributes
    ----------
    down, across : str
        The dimensions.
    rows, columns : tuple of str
        Their levels.
    cells : mapping
        By level down and level across.
    n_left_out : int
        Levels down that are not drawn.
    """

    down: str
    across: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: Mapping[tuple[str, str], ScopeCell]
    n_left_out: int = 0


def tables(scope: ClaimScope) -> tuple[Heat, ...]:
    """A table for each two dimensions of the scope, in the order of the claim."""
    by_dimensions: dict[str, list[ScopeCell]] = {}
    for cell in scope.pairs:
        by_dimensions.setdefault(cell.dimension, []).append(cell)
    return tuple(_table(name, cells) for name, cells in by_dimensions.items())


def _table(name: str, cells: list[ScopeCell]) -> Heat:
    down, across = name.split(PAIR)
    levels = {
        dimension: tuple(dict.fromkeys(dict(one.stratum.levels)[dimension] for one in cells))
        for dimension in (down, across)
    }
    if len(levels[across]) > len(levels[down]):
        down, across = across, down
    return Heat(
        down=down,
        across=across,
        rows=levels[down][:MOST_ROWS],
        columns=levels[across][:MOST_COLUMNS],
        cells={
            (dict(one.stratum.levels)[down], dict(one.stratum.levels)[across]): one for one in cells
        },
        n_left_out=max(len(levels[down]) - MOST_ROWS, 0)
        + max(len(levels[across]) - MOST_COLUMNS, 0),
    )
