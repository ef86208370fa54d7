"""Readings of a reader study as dense arrays: modality, reader, case, with a mask of what was read.

A table is made once from long columns and never changed. Where a reader did not read a case the
rating is 0 and the mask is False, so that every function has to look at the mask.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defensible.statistics.arrays import Bools, Floats, Ints, bools, finite_floats, same_length


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTable:
    """Ratings of one reader study.

    Attributes
    ----------
    modalities, readers, cases : tuple of str
        Names along the three axes, in sorted order.
    truth : bool array, shape (n_cases,)
        Reference standard: True where the condition is present.
    ratings : float array, shape (n_modalities, n_readers, n_cases)
        Higher is more suspicious; 0 where not read.
    read : bool array, shape (n_modalities, n_readers, n_cases)
        True where the reader read the case in the modality.
    """

    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    cases: tuple[str, ...]
    truth: Bools
    ratings: Floats
    read: Bools

    @property
    def crossed(self) -> bool:
        """Whether every reader read every case in every modality."""
        return bool(self.read.all())

    @property
    def n_cases(self) -> int:
        """Number of cases that somebody read."""
        return len(self.cases)

    @property
    def n_diseased(self) -> int:
        """Number of cases with the condition."""
        return int(self.truth.sum())


def from_long(
    *, reader: ArrayLike, case: ArrayLike, modality: ArrayLike, truth: ArrayLike, rating: ArrayLike
) -> ReaderTable:
    """The table of a study given as one row a reading.

    Parameters
    ----------
    reader, case, modality : arrays, shape (n_readings,)
        Names or numbers of reader, case and reading condition.
    truth : bool or 0/1 array, shape (n_readings,)
        Reference standard of the row's case; the same in every row of a case.
    rating : float array, shape (n_readings,)
        Any scale, higher is more suspicious. Finite.

    Returns
    -------
    ReaderTable
        Axes in sorted order of the names given.

    Raises
    ------
    ValueError
        Columns differ in length, a rating is not finite, a reading occurs twice, the rows of
        a case disagree about its truth, or there is no row.
    """
    truths, ratings = bools("truth", truth), finite_floats("rating", rating)
    readers, at_reader = _axis("reader", reader)
    cases, at_case = _axis("case", case)
    modalities, at_modality = _axis("modality", modality)
    n = same_length(
        reader=at_reader, case=at_case, modality=at_modality, truth=truths, rating=ratings
    )
    if n == 0:
        raise ValueError("the table must have at least one reading; it has none")
    present = _truth_of_cases(cases, at_case, truths)
    shape = (len(modalities), len(readers), len(cases))
    cell = np.ravel_multi_index((at_modality, at_reader, at_case), shape)
    _no_cell_twice(cell, at_modality, at_reader, at_case, (modalities, readers, cases))
    dense, read = np.zeros(shape), np.zeros(shape, dtype=np.bool_)
    dense.flat[cell] = ratings
    read.flat[cell] = True
    return _frozen(modalities, readers, cases, present, dense, read)


def from_dense(truth: ArrayLike, ratings: ArrayLike) -> ReaderTable:
    """The table of a fully crossed study given as an array (n_modalities, n_readers, n_cases).

    Names are counts from 1. Raises `ValueError` if shapes do not agree or a rating is not finite.
    """
    present, dense = bools("truth", truth), np.array(ratings, dtype=np.float64)
    if dense.ndim != 3 or dense.shape[2] != present.size or dense.size == 0:
        raise ValueError(
            "ratings must have the shape (n_modalities, n_readers, n_cases) with "
            f"{present.size} cases as in truth; its shape is {dense.shape}"
        )
    finite_floats("ratings", dense.ravel())
    names = [tuple(str(i + 1) for i in range(size)) for size in dense.shape]
    read = np.ones(dense.shape, dtype=np.bool_)
    return _frozen(names[0], names[1], names[2], present, dense, read)


def select(
    table: ReaderTable,
    *,
    modalities: tuple[str, ...] | None = None,
    readers: tuple[str, ...] | None = None,
) -> ReaderTable:
    """The part of a table with the named modalities and readers, and the cases read there.

    Raises `ValueError` if a name is not in the table or nothing was read.
    """
    at_modality = _positions("modality", table.modalities, modalities)
    at_reader = _positions("reader", table.readers, readers)
    read = table.read[np.ix_(at_modality, at_reader)]
    seen: Bools = np.asarray(read.any(axis=(0, 1)))
    if not seen.any():
        raise ValueError("no case was read by these readers in these modalities")
    return _frozen(
        tuple(table.modalities[i] for i in at_modality),
        tuple(table.readers[i] for i in at_reader),
        tuple(np.array(table.cases)[seen].tolist()),
        table.truth[seen],
        table.ratings[np.ix_(at_modality, at_reader)][:, :, seen],
        read[:, :, seen],
    )


def decisions(table: ReaderTable, threshold: float) -> ReaderTable:
    """The table of binary reads: 1 where the rating is at or above `threshold`, else 0."""
    if not np.isfinite(threshold):
        raise ValueError(f"threshold must be finite; {threshold} found")
    positive = (table.ratings >= threshold) & table.read
    return replace(table, ratings=_locked(positive.astype(np.float64)))


def two_classes(table: ReaderTable, *, least: int = 2) -> None:
    """Nothing, or a `ValueError` if a cell of the table lacks `least` cases of either class."""
    for word, of_class in (("diseased", table.truth), ("non-diseased", ~table.truth)):
        counts = table.read[:, :, of_class].sum(axis=2)
        if counts.size and counts.min() < least:
            modality, reader = np.unravel_index(int(np.argmin(counts)), counts.shape)
            raise ValueError(
                f"each reader must have read {least} or more {word} cases in each modality; "
                f"reader {table.readers[reader]} read {counts.min()} "
                f"in modality {table.modalities[modality]}"
            )


def _axis(name: str, values: ArrayLike) -> tuple[tuple[str, ...], Ints]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    if array.dtype.kind == "f":
        finite_floats(name, array)
    names, positions = np.unique(array, return_inverse=True)
    return tuple(str(value) for value in names.tolist()), positions.astype(np.int64)


def _truth_of_cases(cases: tuple[str, ...], at_case: Ints, truths: Bools) -> Bools:
    rows = np.bincount(at_case, minlength=len(cases))
    positive = np.bincount(at_case, weights=truths, minlength=len(cases))
    mixed = (positive > 0) & (positive < rows)
    if mixed.any():
        raise ValueError(
            "truth must be the same in all rows of a case; "
            f"it differs in case {cases[int(np.argmax(mixed))]}"
        )
    return np.asarray(positive > 0)


def _no_cell_twice(
    cell: NDArray[np.intp],
    at_modality: Ints,
    at_reader: Ints,
    at_case: Ints,
    names: tuple[tuple[str, ...], ...],
) -> None:
    order = np.argsort(cell, kind="stable")
    twice = np.flatnonzero(cell[order][1:] == cell[order][:-1])
    if twice.size:
        row = int(order[twice[0] + 1])
        modalities, readers, cases = names
        raise ValueError(
            "a reader must read a case once in a modality; "
            f"reader {readers[at_reader[row]]}, case {cases[at_case[row]]}, "
            f"modality {modalities[at_modality[row]]} occurs again at index {row}"
        )


def _positions(kind: str, known: tuple[str, ...], wanted: tuple[str, ...] | None) -> list[int]:
    if wanted is None:
        return list(range(len(known)))
    for name in wanted:
        if name not in known:
            raise ValueError(f"there is no {kind} {name!r}; there are {', '.join(known)}")
    return [known.index(name) for name in wanted]


def _frozen(
    modalities: tuple[str, ...],
    readers: tuple[str, ...],
    cases: tuple[str, ...],
    truth: Bools,
    ratings: Floats,
    read: Bools,
) -> ReaderTable:
    truth, read = truth.copy(), read.copy()
    truth.flags.writeable = False
    read.flags.writeable = False
    return ReaderTable(
        modalities=modalities,
        readers=readers,
        cases=cases,
        truth=truth,
        ratings=_locked(ratings),
        read=read,
    )


def _locked(ratings: Floats) -> Floats:
    ratings = ratings.copy()
    ratings.flags.writeable = False
    return ratings
