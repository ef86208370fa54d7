"""Marks of a free-response reader study as dense arrays: what each reader found and marked falsely.

An unmarked lesion and an unmarked case have the rating minus infinity: below every mark. Several
marks on one lesion count as the highest of them.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defensible.statistics.arrays import Bools, Floats, Ints, finite_floats, same_length


@dataclass(frozen=True, slots=True, kw_only=True)
class FrocTable:
    """A free-response study: what readers marked on the cases that they read.

    Attributes
    ----------
    modalities, readers, cases : tuple of str
        Names along the axes, in sorted order.
    truth : bool array, shape (n_cases,)
        True where the case has a lesion.
    lesion_case : int array, shape (n_lesions,)
        Index of each lesion's case, ascending.
    lesion_weight : float array, shape (n_lesions,)
        Clinical weight; weights of a case sum to 1.
    lesion_rating : float array, shape (n_modalities, n_readers, n_lesions)
        Highest mark on the lesion; minus infinity where missed.
    false_rating : float array, shape (n_modalities, n_readers, n_cases)
        Highest non-lesion mark on the case; minus infinity where there is none.
    n_false : int array, shape (n_modalities, n_readers, n_cases)
        Number of non-lesion marks on the case.
    false_marks : float array, shape (n_false_marks, 4)
        Every non-lesion mark: modality, reader and case index, rating.
    n_repeated : int
        Marks on a lesion that had a higher one from the same reader; they count for nothing.
    read : bool array, shape (n_modalities, n_readers, n_cases)
        True where the reader read the case in the modality, with marks or without.
    """

    modalities: tuple[str, ...]
    readers: tuple[str, ...]
    cases: tuple[str, ...]
    truth: Bools
    lesion_case: Ints
    lesion_weight: Floats
    lesion_rating: Floats
    false_rating: Floats
    n_false: Ints
    false_marks: Floats
    n_repeated: int
    read: Bools

    @property
    def crossed(self) -> bool:
        """Whether every reader read every case in every modality."""
        return bool(self.read.all())


def from_marks(
    *,
    cases: ArrayLike,
    lesion_case: ArrayLike,
    lesion_weight: ArrayLike | None = None,
    reader: ArrayLike,
    case: ArrayLike,
    modality: ArrayLike,
    found: ArrayLike,
    rating: ArrayLike,
    readings: tuple[ArrayLike, ArrayLike, ArrayLike] | None = None,
) -> FrocTable:
    """The table of a study given as its cases, its lesions and one row a mark.

    Parameters
    ----------
    cases : array, shape (n_cases,)
        Names or numbers of all cases read; those without a lesion are non-diseased.
    lesion_case : array, shape (n_lesions,)
        Case of each lesion.
    lesion_weight : float array, shape (n_lesions,), optional
        At least 0, summing to 1 in each case; equal in a case if None.
    reader, case, modality : arrays, shape (n_marks,)
        Who marked what, reading how. A reader or modality without any mark is known by `readings`.
    found : int array, shape (n_marks,)
        Index into the lesions, or -1 for a non-lesion mark (`marks` computes it).
    rating : float array, shape (n_marks,)
        Finite; higher is more suspicious.
    readings : three arrays, shape (n_readings,), optional
        Reader, case and modality of every reading, marked or not. If None, every reader who made
        a mark read every case in every modality.

    Raises
    ------
    ValueError
        Lengths differ, a name is unknown or occurs twice, weights do not sum to 1, a mark is
        said to have found a lesion of another case, or stands where there is no reading.
    """
    names, lesions_at, marks_at = _cases(cases, lesion_case, case)
    order = np.argsort(lesions_at, kind="stable")
    weights = _weights(lesion_weight, lesions_at, names)[order]
    ratings = finite_floats("rating", rating)
    (modalities, at_modality), (readers, at_reader), read = _read(
        reader, modality, readings, np.unique(np.asarray(cases))
    )
    lesions = _found(found, order, lesions_at, marks_at, names)
    same_length(
        reader=at_reader, case=marks_at, modality=at_modality, found=lesions, rating=ratings
    )
    if not ratings.size:
        raise ValueError("the table must have at least one mark; it has none")
    return coded(
        modalities=modalities,
        readers=readers,
        cases=names,
        lesion_case=lesions_at[order],
        lesion_weight=weights,
        at=np.stack([at_modality, at_reader, marks_at]),
        found=lesions,
        rating=ratings,
        read=read,
    )


def coded(
    *,
    modalities: tuple[str, ...],
    readers: tuple[str, ...],
    cases: tuple[str, ...],
    lesion_case: Ints,
    lesion_weight: Floats,
    at: Ints,
    found: Ints,
    rating: Floats,
    read: Bools | None = None,
) -> FrocTable:
    """The table of a study whose names are already codes; readers without a mark are among them.

    Parameters
    ----------
    modalities, readers, cases : tuple of str
        Names along the axes.
    lesion_case, lesion_weight : arrays, shape (n_lesions,)
        Index of each lesion's case, ascending, and its weight.
    at : int array, shape (3, n_marks)
        Modality, reader and case of each mark.
    found : int array, shape (n_marks,)
        Index into the lesions, or -1 for a non-lesion mark.
    rating : float array, shape (n_marks,)
        Finite; higher is more suspicious.
    read : bool array, shape (n_modalities, n_readers, n_cases), optional
        What was read; everything if None.

    Raises
    ------
    ValueError
        A mark stands where there is no reading.
    """
    shape = (len(modalities), len(readers))
    seen: Bools = np.ones((*shape, len(cases)), dtype=np.bool_) if read is None else read
    unread = np.flatnonzero(~seen[tuple(at)])
    if unread.size:
        modality, reader, case = at[:, unread[0]]
        raise ValueError(
            "a mark must stand on a case that its reader read; the mark at index "
            f"{unread[0]}, reader {readers[reader]}, case {cases[case]}, modality "
            f"{modalities[modality]}, does not"
        )
    hit = found >= 0
    lesion_rating = np.full((*shape, lesion_case.size), -np.inf)
    np.maximum.at(lesion_rating, (at[0, hit], at[1, hit], found[hit]), rating[hit])
    false_rating = np.full((*shape, len(cases)), -np.inf)
    n_false = np.zeros((*shape, len(cases)), dtype=np.int64)
    missed = tuple(at[:, ~hit])
    np.maximum.at(false_rating, missed, rating[~hit])
    np.add.at(n_false, missed, 1)
    truth = np.zeros(len(cases), dtype=np.bool_)
    truth[lesion_case] = True
    return FrocTable(
        modalities=modalities,
        readers=readers,
        cases=cases,
        truth=truth,
        lesion_case=lesion_case,
        lesion_weight=lesion_weight,
        lesion_rating=lesion_rating,
        false_rating=false_rating,
        n_false=n_false,
        false_marks=np.stack([*(part.astype(np.float64) for part in missed), rating[~hit]], 1),
        n_repeated=int(hit.sum() - np.isfinite(lesion_rating).sum()),
        read=seen,
    )


def part(table: FrocTable, *, modalities: Ints, readers: Bools, cases: Bools) -> FrocTable:
    """Some modalities, in the order given, some readers and some cases with their lesions."""
    at_reader, at_case = np.flatnonzero(readers), np.flatnonzero(cases)
    lesions: Bools = cases[table.lesion_case]
    cells = np.ix_(modalities, at_reader)
    places = [
        np.full(size, -1, dtype=np.int64)
        for size in (len(table.modalities), len(table.readers), len(table.cases))
    ]
    for place, kept in zip(places, (modalities, at_reader, at_case), strict=True):
        place[kept] = np.arange(kept.size)
    at = np.stack(
        [place[table.false_marks[:, axis].astype(np.int64)] for axis, place in enumerate(places)]
    )
    marks: Bools = np.asarray((at >= 0).all(axis=0))
    return FrocTable(
        modalities=tuple(table.modalities[i] for i in modalities),
        readers=tuple(table.readers[i] for i in at_reader),
        cases=tuple(table.cases[i] for i in at_case),
        truth=table.truth[at_case],
        lesion_case=places[2][table.lesion_case[lesions]],
        lesion_weight=table.lesion_weight[lesions],
        lesion_rating=table.lesion_rating[cells][:, :, lesions],
        false_rating=table.false_rating[cells][:, :, at_case],
        n_false=table.n_false[cells][:, :, at_case],
        false_marks=np.concatenate(
            [at[:, marks].T.astype(np.float64), table.false_marks[marks, 3:]], axis=1
        ),
        n_repeated=table.n_repeated,
        read=table.read[cells][:, :, at_case],
    )


def two_classes(table: FrocTable) -> None:
    """Nothing, or a `ValueError` if a reader read fewer than two cases with or without lesions."""
    for word, kind in (("with", table.truth), ("without", ~table.truth)):
        if kind.sum() < 2:
            raise ValueError(f"there must be two or more cases {word} lesions; {kind.sum()} found")
        counts = table.read[:, :, kind].sum(axis=2)
        if counts.min() < 2:
            modality, reader = np.unravel_index(int(np.argmin(counts)), counts.shape)
            raise ValueError(
                f"each reader must have read two or more cases {word} lesions in each modality; "
                f"reader {table.readers[reader]} read {counts.min()} in modality "
                f"{table.modalities[modality]}"
            )


def _cases(
    cases: ArrayLike, lesion_case: ArrayLike, case: ArrayLike
) -> tuple[tuple[str, ...], Ints, Ints]:
    given = np.asarray(cases)
    if given.ndim != 1 or given.size == 0:
        raise ValueError("cases must be one-dimensional and hold at least one case")
    known, counts = np.unique(given, return_counts=True)
    if counts.max() > 1:
        raise ValueError(
            f"a case must occur once in cases; {known[counts.argmax()]} is there twice"
        )
    return (
        tuple(str(name) for name in known.tolist()),
        _index(known, "lesion_case", lesion_case),
        _index(known, "case", case),
    )


def _index(known: NDArray[np.generic], name: str, values: ArrayLike, given: str = "cases") -> Ints:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    if not array.size:
        return np.zeros(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(known, array), known.size - 1)
    strange = known[at] != array
    if strange.any():
        kinds = f"{name}s" if given == "readings" else "cases"
        raise ValueError(
            f"{name} must name {kinds} given in {given}; {array[strange][0]} is not there"
        )
    return at.astype(np.int64)


def _weights(given: ArrayLike | None, lesions_at: Ints, names: tuple[str, ...]) -> Floats:
    counts = np.bincount(lesions_at, minlength=len(names))
    if given is None:
        equal: Floats = 1.0 / counts[lesions_at]
        return equal
    weights = finite_floats("lesion_weight", given)
    same_length(lesion_case=lesions_at, lesion_weight=weights)
    if (weights < 0).any():
        raise ValueError(f"lesion_weight must be 0 or above; {weights.min()} found")
    sums = np.bincount(lesions_at, weights=weights, minlength=len(names))
    off = (counts > 0) & (np.abs(sums - 1) > 1e-6)
    if off.any():
        at = int(np.argmax(off))
        raise ValueError(
            f"lesion weights must sum to 1 in a case; in case {names[at]} they sum to {sums[at]}"
        )
    return weights


def _found(
    found: ArrayLike,
    order: NDArray[np.intp],
    lesions_at: Ints,
    marks_at: Ints,
    names: tuple[str, ...],
) -> Ints:
    given = np.asarray(found)
    if given.ndim != 1 or (given.size and given.dtype.kind not in "iu"):
        raise ValueError("found must be one-dimensional and hold lesion indices, -1 for none")
    if given.size and not (given.min() >= -1 and given.max() < lesions_at.size):
        raise ValueError(
            f"found must lie between -1 and {lesions_at.size - 1}; "
            f"{given.min()} to {given.max()} found"
        )
    if given.size != marks_at.size:
        raise ValueError(
            f"case and found must have the same length; {marks_at.size} and {given.size} found"
        )
    hit = given >= 0
    other = lesions_at[given[hit]] != marks_at[hit]
    if other.any():
        at = int(np.flatnonzero(hit)[np.argmax(other)])
        raise ValueError(
            "a mark must find a lesion of its own case; "
            f"the mark at index {at} is on case {names[marks_at[at]]}"
        )
    place = np.empty(order.size, dtype=np.int64)
    place[order] = np.arange(order.size)
    lesions = np.full(given.size, -1, dtype=np.int64)
    lesions[hit] = place[given[hit]]
    return lesions


_Axis: TypeAlias = tuple[tuple[str, ...], Ints]


def _read(
    reader: ArrayLike,
    modality: ArrayLike,
    readings: tuple[ArrayLike, ArrayLike, ArrayLike] | None,
    cases: NDArray[np.generic],
) -> tuple[_Axis, _Axis, Bools | None]:
    """Modalities and readers with the places of the marks' own, and what was read."""
    if readings is None:
        return _axis("modality", modality), _axis("reader", reader), None
    (readers, at_reader), (modalities, at_modality) = (
        _axis(name, readings[axis]) for name, axis in (("reader", 0), ("modality", 2))
    )
    at_case = _index(cases, "case", readings[1])
    same_length(reader=at_reader, case=at_case, modality=at_modality)
    read = np.zeros((len(modalities), len(readers), cases.size), dtype=np.bool_)
    read[at_modality, at_reader, at_case] = True
    if read.sum() < at_case.size:
        raise ValueError(
            "a reader must read a case once in a modality; "
            f"{at_case.size - read.sum()} of {at_case.size} readings come again"
        )
    return (
        (modalities, _index(np.unique(readings[2]), "modality", modality, "readings")),
        (readers, _index(np.unique(readings[0]), "reader", reader, "readings")),
        read,
    )


def _axis(name: str, values: ArrayLike) -> tuple[tuple[str, ...], Ints]:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    names, at = np.unique(array, return_inverse=True)
    return tuple(str(item) for item in names.tolist()), at.astype(np.int64)
