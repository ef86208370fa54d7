"""Patients in groups: which cases of one patient stand in one group, found once for all figures.

A patient with one case in a group counts there as an independent case does. So only the others are
sought out: a stay is one patient in one group with two cases or more.
"""

from typing import NamedTuple

import numpy as np

from defensible.statistics.arrays import Bools, Floats, Ints, same_length
from defensible.statistics.grouped_runs import BLOCK, Codes, group_codes, narrow
from defensible.statistics.ranking import increasing_codes

_PATIENTS = 1 << 18  # cases that are sorted at a time


class Patients(NamedTuple):
    """The cases of patients with two or more, patient after patient.

    `cases` are they, `begins` is True at the first of each patient; `n_cases` counts all.
    """

    cases: Codes
    begins: Bools
    n_cases: int


class Stays(NamedTuple):
    """The cases of patients with two or more in one group, stay after stay.

    `bounds` parts `cases` into stays, `group` is the group of each stay.
    """

    cases: Codes
    bounds: Codes
    group: Codes


def by_patient(patient: Codes) -> Patients:
    """Cases sorted by patient, once for all groupings of them.

    Parameters
    ----------
    patient : int array, shape (n_cases,)
        Patient of each case as a code 0, 1, ..., such as `arrays.codes` gives.

    Raises
    ------
    ValueError
        A patient's code is no whole number from 0 on.
    """
    who = np.asarray(patient)
    if who.dtype.kind not in "iu" or (who.size and who.min() < 0):
        raise ValueError(f"patient must hold codes 0, 1, ...; type {who.dtype}, or one below 0")
    kind = narrow(who.size)
    if (who[1:] >= who[:-1]).all():
        order, along = np.arange(who.size, dtype=kind), who
    else:
        order = increasing_codes(who).astype(kind)
        along = who[order]
    several, begins = _several(along)
    return Patients(order[several], begins, who.size)


def _several(along: Codes) -> tuple[Bools, Bools]:
    """Which entries of sorted numbers stand there more than once; where such numbers begin."""
    again = np.zeros(along.size + 1, dtype=np.bool_)
    np.equal(along[1:], along[:-1], out=again[1:-1])
    several = again[1:] | again[:-1]
    return several, ~again[:-1][several]


def stays(patients: Patients, codes: Codes, n_groups: int) -> Stays:
    """The stays of two cases or more, for one grouping.

    Parameters
    ----------
    patients : Patients
        What `by_patient` returned.
    codes : int array, shape (n_cases,)
        Group of each case, 0 to `n_groups` - 1, or -1 for none.
    n_groups : int
        Groups, empty ones included.

    Raises
    ------
    ValueError
        Lengths differ, or a code lies outside -1..n_groups - 1.
    """
    group = group_codes(codes, n_groups)
    same_length(codes=group, patient=np.broadcast_to(np.int8(0), patients.n_cases))
    kind = narrow(patients.n_cases)
    held, firsts, groups, n = [np.empty(0, kind)], [], [np.empty(0, group.dtype)], 0
    at, size = 0, patients.cases.size
    while at < size:
        end = at + _PATIENTS
        later = patients.begins[end:]
        end = end + int(np.argmax(later)) if later.any() else size
        cases, first, of = _of_some(patients, slice(at, end), group, n_groups)
        held.append(cases)
        firsts.append((first + n).astype(kind))
        groups.append(of)
        n += cases.size
        at = end
    bounds = np.concatenate([*firsts, np.array([n], dtype=kind)])
    return Stays(np.concatenate(held), bounds, np.concatenate(groups))


def _of_some(
    patients: Patients, part: slice, group: Codes, n_groups: int
) -> tuple[Codes, Ints, Codes]:
    """Cases in stays, the first case of each stay, and its group, of whole patients."""
    cases, who = patients.cases[part], np.cumsum(patients.begins[part], dtype=np.int64)
    here = group[cases]
    inside = here >= 0
    if not inside.all():
        cases, who, here = cases[inside], who[inside], here[inside]
    who *= n_groups
    who += here
    order = increasing_codes(who)
    several, begins = _several(who[order])
    cases = cases[order[several]]
    first = np.flatnonzero(begins)
    return cases, first, group[cases[first]]


def sums_in_stays(held: Stays, values: Floats, first: int, past: int) -> Floats:
    """Sum of each of the stays `first` to `past`, from the values of their cases."""
    bounds = held.bounds[first:past].astype(np.int64)
    sums: Floats = np.add.reduceat(values, bounds - bounds[0])
    return sums


def blocks_of_stays(held: Stays) -> list[tuple[int, int, slice]]:
    """Stays a block at a time, with the slice of their cases."""
    found, first, n = [], 0, held.group.size
    while first < n:
        most = int(held.bounds[first]) + BLOCK
        past = max(first + 1, int(np.searchsorted(held.bounds, most, side="right")) - 1)
        past = min(past, n)
        found.append((first, past, slice(int(held.bounds[first]), int(held.bounds[past]))))
        first = past
    return found
