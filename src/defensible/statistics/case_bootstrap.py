"""Figures of merit in bootstrap samples of cases, for every reader and modality.

Diseased and non-diseased cases are resampled apart, each with its own number, and a case brings
all its readings with it. The seed is an argument; the same seed gives the same replicates.
"""

from dataclasses import dataclass

import numpy as np

from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.leave_one_out import Figure
from defensible.statistics.reader_table import ReaderTable, two_classes

_BLOCK = 4_000_000  # numbers held at once in a block of replicates: 32 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBootstrap:
    """A figure of merit per cell, and in each bootstrap sample of cases.

    Attributes
    ----------
    figure : str
        Name of the figure of merit.
    modalities, readers : tuple of str
        Names along the axes.
    values : float array, shape (n_modalities, n_readers)
        In the study's cases.
    replicates : float array, shape (n_replicates, n_modalities, n_readers)
        In each sample.
    seed : int
        Seed of NumPy's PCG64 generator.
    n_cases, n_diseased : int
        Sizes of the study.
    lowest, highest : float
        Range of the figure.
    """

    figure: str
    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    values: Floats
    replicates: Floats
    seed: int
    n_cases: int
    n_diseased: int
    lowest: float = 0.0
    highest: float = 1.0


def auc(table: ReaderTable, *, seed: int, replicates: int = 2000) -> CaseBootstrap:
    """Empirical AUC in bootstrap samples of cases, from one sort a cell.

    Raises
    ------
    ValueError
        Fewer than 2 replicates; a reader read fewer than two cases of a class in a modality, or
        none in some sample.

    Notes
    -----
    A sample is a vector of case counts along the sorted ratings; the AUC of all samples is a
    cumulative sum and a product. O(replicates * cells * n) time, 32 MB blocks.
    """
    two_classes(table)
    generator = _generator(seed, replicates)
    m, n = table.n_diseased, table.n_cases - table.n_diseased
    shape = (len(table.modalities), len(table.readers))
    drawn = np.empty((replicates, *shape))
    block = max(1, _BLOCK // table.n_cases)
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        weights = np.empty((size, table.n_cases))
        weights[:, table.truth] = generator.multinomial(m, np.full(m, 1 / m), size=size)
        weights[:, ~table.truth] = generator.multinomial(n, np.full(n, 1 / n), size=size)
        for cell in np.ndindex(*shape):
            drawn[start : start + size, *cell] = _weighted_auc(
                table.truth, table.ratings[cell], table.read[cell], weights
            )
    whole = np.ones((1, table.n_cases))
    values = [
        _weighted_auc(table.truth, table.ratings[cell], table.read[cell], whole)[0]
        for cell in np.ndindex(*shape)
    ]
    return _result(table, "AUC", np.reshape(values, shape), drawn, seed, (0.0, 1.0))


def of(table: ReaderTable, figure: Figure, *, seed: int, replicates: int = 2000) -> CaseBootstrap:
    """Any figure of merit in bootstrap samples of cases, by calling it once a sample and cell.

    Raises
    ------
    ValueError
        Fewer than 2 replicates, a cell with fewer than two cases of a class, or a figure that is
        not finite in some sample.
    """
    two_classes(table)
    generator = _generator(seed, replicates)
    diseased, healthy = np.flatnonzero(table.truth), np.flatnonzero(~table.truth)
    shape = (len(table.modalities), len(table.readers))
    drawn, values = np.empty((replicates, *shape)), np.empty(shape)
    for replicate in range(replicates):
        sample = np.concatenate(
            [generator.choice(group, group.size) for group in (diseased, healthy)]
        )
        for cell in np.ndindex(*shape):
            kept = sample[table.read[cell][sample]]
            drawn[replicate, *cell] = figure.of(table.truth[kept], table.ratings[cell][kept])
    for cell in np.ndindex(*shape):
        read = table.read[cell]
        values[cell] = figure.of(table.truth[read], table.ratings[cell][read])
    if not (np.isfinite(values).all() and np.isfinite(drawn).all()):
        raise ValueError(f"{figure.name} must be finite in every bootstrap sample; it is not")
    return _result(table, figure.name, values, drawn, seed, (figure.lowest, figure.highest))


def _weighted_auc(truth: Bools, ratings: Floats, read: Bools, weights: Floats) -> Floats:
    diseased, healthy = np.flatnonzero(truth & read), np.flatnonzero(~truth & read)
    healthy = healthy[np.argsort(ratings[healthy], kind="stable")]
    weight_diseased, weight_healthy = weights[:, diseased], weights[:, healthy]
    below = np.zeros((weights.shape[0], healthy.size + 1))
    np.cumsum(weight_healthy, axis=1, out=below[:, 1:])
    down = ratings[healthy]
    wins = below[:, np.searchsorted(down, ratings[diseased])]
    wins += below[:, np.searchsorted(down, ratings[diseased], side="right")]
    pairs = weight_diseased.sum(axis=1) * below[:, -1]
    if not pairs.all():
        raise ValueError(
            "each reader must have read cases of both classes in every bootstrap sample; "
            "a sample has none, so few were read: use the DeLong or jackknife covariance"
        )
    areas: Floats = np.einsum("bd,bd->b", weight_diseased, wins) / (2 * pairs)
    return areas


def _generator(seed: int, replicates: int) -> np.random.Generator:
    if replicates < 2:
        raise ValueError(f"replicates must be 2 or more; {replicates} found")
    return np.random.default_rng(seed)


def _result(
    table: ReaderTable,
    figure: str,
    values: Floats,
    drawn: Floats,
    seed: int,
    bounds: tuple[float, float],
) -> CaseBootstrap:
    return CaseBootstrap(
        figure=figure,
        modalities=table.modalities,
        readers=table.readers,
        values=values,
        replicates=drawn,
        seed=seed,
        n_cases=table.n_cases,
        n_diseased=table.n_diseased,
        lowest=bounds[0],
        highest=bounds[1],
    )
