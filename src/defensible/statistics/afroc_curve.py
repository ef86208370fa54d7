"""Curves of the AFROC family: lesions found against cases with a false mark, at every threshold.

    false_positive, found = afroc_curve.points(table, froc.WAFROC, "aided", "R1")

References
----------
Chakraborty, Zhai. Medical Physics 2016;43:2548-2557 (wAFROC).
"""

import numpy as np

from defensible.statistics.arrays import Floats
from defensible.statistics.froc import PairFigure
from defensible.statistics.froc_table import FrocTable, two_classes


def points(
    table: FrocTable, figure: PairFigure, modality: str, reader: str
) -> tuple[Floats, Floats]:
    """The curve of one reader whose area is a figure of the AFROC family.

    Parameters
    ----------
    table : FrocTable
        Marks; the reader read two or more cases of each class.
    figure : PairFigure
        Which lesions and cases count, such as `froc.WAFROC`.
    modality, reader : str
        Names in the table.

    Returns
    -------
    false_positive, found : float arrays, shape (n_points,)
        Share of cases with a false mark at or above a threshold, and share of lesions marked there
        (weighted where the figure is), from (0, 0) to (1, 1). The last stretch, from all that was
        marked to (1, 1), is straight: what is not marked has no order.

    Raises
    ------
    ValueError
        There is no such reader or modality; somebody read fewer than two cases of a class.

    Notes
    -----
    O(n log n). The area by trapezoids is the figure of merit. Reference values: RJafroc 2.1.3.
    """
    two_classes(table)
    if modality not in table.modalities or reader not in table.readers:
        raise ValueError(f"there is no reader {reader!r} in modality {modality!r}")
    cell = table.modalities.index(modality), table.readers.index(reader)
    read = table.read[cell]
    kept = read[table.lesion_case]
    false, lesion = table.false_rating[cell], table.lesion_rating[cell][kept]
    highest = np.sort(false[read if figure.all_cases else read & ~table.truth])
    weight = table.lesion_weight[kept] if figure.weighted else np.ones(lesion.size)
    order = np.argsort(lesion)
    below = np.concatenate([np.zeros(1), np.cumsum(weight[order])])
    marked = np.concatenate([highest, lesion])
    thresholds = np.unique(marked[np.isfinite(marked)])[::-1]
    x = 1 - np.searchsorted(highest, thresholds) / highest.size
    y = 1 - below[np.searchsorted(lesion[order], thresholds)] / below[-1]
    start, end = np.zeros(1), np.ones(1)
    return np.concatenate([start, x, end]), np.concatenate([start, y, end])
