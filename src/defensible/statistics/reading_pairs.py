"""Readings of a long table in pairs: the same reader and case, unaided and aided."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from defensible.statistics.arrays import Bools, Ints, bools
from defensible.statistics.automation_bias import Paired, paired

Names = NDArray[np.str_]


def from_long(
    *,
    reader: ArrayLike,
    case: ArrayLike,
    modality: ArrayLike,
    truth: ArrayLike,
    decision: ArrayLike,
    device: ArrayLike,
    patient: ArrayLike | None = None,
    unaided: str = "unaided",
    aided: str = "aided",
) -> Paired:
    """The pairs of readings of a study given as one row a reading.

    Parameters
    ----------
    reader, case, modality : arrays, shape (n_readings,)
        Names of reader, case and reading condition.
    truth, decision, device : bool or 0/1 arrays, shape (n_readings,)
        Reference standard, the reader's decision, the device's; truth and device are those of the
        case, the same in all its rows.
    patient : array, shape (n_readings,), or None
        Name of the patient; each case its own where not given.
    unaided, aided : str
        The two conditions; rows of others are not looked at.

    Raises
    ------
    ValueError
        A condition without a row, a reading that occurs twice, rows of a case that disagree about
        truth, device or patient, or what `automation_bias.paired` refuses.
    """
    conditions = np.asarray(modality, dtype=np.str_)
    for name in (unaided, aided):
        if not (conditions == name).any():
            known = ", ".join(sorted(set(conditions.tolist()))[:6])
            raise ValueError(f"there is no reading of modality '{name}'; there are: {known}")
    kept = np.isin(conditions, [unaided, aided])
    cases, at_case = np.unique(np.asarray(case, dtype=np.str_)[kept], return_inverse=True)
    readers, at_reader = np.unique(np.asarray(reader, dtype=np.str_)[kept], return_inverse=True)
    of_case = {
        name: _of_case(name, bools(name, values)[kept], at_case, cases)
        for name, values in (("truth", truth), ("device", device))
    }
    with_device = (conditions[kept] == aided).astype(np.int64)
    place = (with_device * readers.size + at_reader) * cases.size + at_case
    _once(place, (cases, at_case), (readers, at_reader))
    decided, seen = (np.zeros(2 * readers.size * cases.size, dtype=np.bool_) for _ in range(2))
    decided[place], seen[place] = bools("decision", decision)[kept], True
    shape = (2, readers.size, cases.size)
    both = np.asarray(seen.reshape(shape).all(axis=0))
    before, after = decided.reshape(shape)
    return paired(
        of_case["truth"],
        of_case["device"],
        before & both,
        after & both,
        read=both,
        patient=None if patient is None else _patients(patient, kept, at_case, cases),
    )


def _of_case(name: str, values: Bools, at_case: Ints, cases: Names) -> Bools:
    """The value of each case; its rows must agree."""
    yes = np.bincount(at_case, weights=values, minlength=cases.size)
    rows = np.bincount(at_case, minlength=cases.size)
    split = (yes > 0) & (yes < rows)
    if split.any():
        raise ValueError(f"the rows of case '{cases[int(np.argmax(split))]}' disagree about {name}")
    return np.asarray(yes > 0)


def _once(
    place: Ints,
    cases: tuple[Names, Ints],
    readers: tuple[Names, Ints],
) -> None:
    ordered = np.argsort(place, kind="stable")
    again = np.flatnonzero(np.diff(place[ordered]) == 0)
    if again.size:
        row = int(ordered[int(again[0]) + 1])
        raise ValueError(
            f"reader '{readers[0][readers[1][row]]}' read case '{cases[0][cases[1][row]]}' twice "
            "in one modality"
        )


def _patients(
    patient: ArrayLike,
    kept: Bools,
    at_case: Ints,
    cases: Names,
) -> Ints:
    _, codes = np.unique(np.asarray(patient, dtype=np.str_)[kept], return_inverse=True)
    of = np.zeros(cases.size, dtype=np.int64)
    of[at_case] = codes
    if (of[at_case] != codes).any():
        row = int(np.argmax(of[at_case] != codes))
        raise ValueError(f"the rows of case '{cases[at_case[row]]}' disagree about patient")
    return of
