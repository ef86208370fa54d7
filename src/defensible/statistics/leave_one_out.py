"""Figures of merit with one case left out at a time, for every reader and modality.

The replicates feed the jackknife covariance of Obuchowski-Rockette and the pseudovalues of
Dorfman-Berbaum-Metz. For the AUC they come in closed form from placement values.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from defensible.statistics import placements
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.reader_table import ReaderTable, two_classes


class Uses(Enum):
    """Which cases a figure of merit depends on; only those are left out."""

    ALL = "all cases"
    DISEASED = "diseased cases"
    HEALTHY = "non-diseased cases"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of merit.

    Attributes
    ----------
    name : str
        By its name in the field, with its bounds ("sensitivity at specificity 0.8").
    of : function of (truth, ratings) returning float
        The figure of one reader in one modality; it must be defined with any one case left out.
    uses : Uses
        The cases it depends on.
    lowest, highest : float
        Its range; intervals are cut there.
    """

    name: str
    of: Callable[[Bools, Floats], float]
    uses: Uses = Uses.ALL
    lowest: float = 0.0
    highest: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOneOut:
    """A figure of merit per cell, and the same without each case.

    Attributes
    ----------
    figure : str
        Name of the figure of merit.
    modalities, readers : tuple of str
        Names along the axes.
    values : float array, shape (n_modalities, n_readers)
        With all cases.
    left_out : float array, shape (n_left_out, n_modalities, n_readers)
        Without each case in turn.
    n_cases, n_diseased : int
        Sizes of the study; `n_left_out` is smaller where the figure uses one class only.
    lowest, highest : float
        Range of the figure.
    crossed : bool
        Every reader read every case in every modality.
    read : bool array, shape (n_left_out, n_modalities, n_readers), or None
        Which cells read what is left out; None where all did, or it is not kept.
    """

    figure: str
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    values: Floats
    left_out: Floats
    n_cases: int
    n_diseased: int
    lowest: float = 0.0
    highest: float = 1.0
    crossed: bool = True
    read: Bools | None = None


def auc(table: ReaderTable) -> LeaveOneOut:
    """Empirical AUC without each case, in closed form.

    Raises
    ------
    ValueError
        A reader read fewer than two cases of a class in a modality.

    Notes
    -----
    O(cells * n log n). With placement v of a diseased case, the AUC without it is
    (m * AUC - v) / (m - 1), and likewise for the other class.
    """
    two_classes(table)
    placed = placements.of_table(table)
    shape = (len(table.modalities), len(table.readers))
    left_out = np.empty((placed.auc.size, table.n_cases))
    left_out[:, table.truth] = _without(placed.auc, placed.diseased, placed.read_diseased)
    left_out[:, ~table.truth] = _without(placed.auc, placed.healthy, placed.read_healthy)
    return LeaveOneOut(
        figure="AUC",
        modalities=table.modalities,
        readers=table.readers,
        values=placed.auc.reshape(shape),
        left_out=left_out.T.reshape(-1, *shape),
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
        crossed=table.crossed,
        read=np.moveaxis(table.read, 2, 0),
    )


def of(table: ReaderTable, figure: Figure) -> LeaveOneOut:
    """Any figure of merit without each case, by calling it once for each.

    Raises
    ------
    ValueError
        A reader read fewer than two cases of a class in a modality, or the figure is not finite.

    Notes
    -----
    Costs n_cases + 1 calls a cell; for the AUC use `auc`.
    """
    two_classes(table)
    used = {
        Uses.ALL: np.ones(table.n_cases, dtype=np.bool_),
        Uses.DISEASED: table.truth,
        Uses.HEALTHY: ~table.truth,
    }[figure.uses]
    out = np.flatnonzero(used)
    values = np.empty((len(table.modalities), len(table.readers)))
    left_out = np.empty((out.size, *values.shape))
    for modality, reader in np.ndindex(*values.shape):
        read = table.read[modality, reader]
        ratings = table.ratings[modality, reader]
        whole = figure.of(table.truth[read], ratings[read])
        values[modality, reader] = whole
        for position, case in enumerate(out):
            if not read[case]:
                left_out[position, modality, reader] = whole
                continue
            kept = read.copy()
            kept[case] = False
            left_out[position, modality, reader] = figure.of(table.truth[kept], ratings[kept])
    if not (np.isfinite(values).all() and np.isfinite(left_out).all()):
        raise ValueError(f"{figure.name} must be finite with any one case left out; it is not")
    return LeaveOneOut(
        figure=figure.name,
        modalities=table.modalities,
        readers=table.readers,
        values=values,
        left_out=left_out,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
        lowest=figure.lowest,
        highest=figure.highest,
        crossed=table.crossed,
        read=np.moveaxis(table.read[:, :, out], 2, 0),
    )


def _without(auc_of_cell: Floats, placed: Floats, read: Bools) -> Floats:
    size = read.sum(axis=1)[:, None]
    whole = auc_of_cell[:, None]
    return np.where(read, (size * whole - placed) / (size - 1), whole)
