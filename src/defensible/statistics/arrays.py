"""The array types of this room, and the checks that every function owes its arguments.

A check names the argument, the rule and the value found; it never repairs.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Bools: TypeAlias = NDArray[np.bool_]
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

_LARGEST = 1e100  # a measurement beyond it is a fault of its file, and its square overflows


def finite_floats(name: str, values: ArrayLike) -> Floats:
    """`values` as a one-dimensional float array, all finite, or a `ValueError` saying where not."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    bad = ~np.isfinite(array)
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(
            f"{name} must be finite; {int(bad.sum())} of {array.size} are not, "
            f"the first is {array[first]} at index {first}"
        )
    return array


def bools(name: str, values: ArrayLike) -> Bools:
    """`values` as a one-dimensional bool array; accepts bool, or 0 and 1, and nothing else."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    if array.dtype == np.bool_:
        return array
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{name} must hold booleans or 0 and 1; its type is {array.dtype}")
    bad = ~np.isin(array, (0, 1))
    if bad.any():
        first = int(np.argmax(bad))
        raise ValueError(
            f"{name} must hold booleans or 0 and 1; found {array[first]} at index {first}"
        )
    return array.astype(np.bool_)


def codes(name: str, values: ArrayLike) -> Ints:
    """`values` as group codes 0..k-1 in order of first sorted value; any hashable dtype."""
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"{name} must be one-dimensional; its shape is {array.shape}")
    return np.unique(array, return_inverse=True)[1].astype(np.int64)


def same_length(**arrays: NDArray[Any]) -> int:
    """The common length of the named arrays, or a `ValueError` naming the two that differ."""
    names = list(arrays)
    sizes = [arrays[name].size for name in names]
    for name, size in zip(names[1:], sizes[1:], strict=True):
        if size != sizes[0]:
            raise ValueError(
                f"{names[0]} and {name} must have the same length; {sizes[0]} and {size} found"
            )
    return sizes[0]


def confidence_level(level: float) -> float:
    """`level` if it lies strictly between 0 and 1, else a `ValueError`."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie strictly between 0 and 1; {level} found")
    return level


def finite_matrix(name: str, values: ArrayLike) -> Floats:
    """`values` as a two-dimensional float array, all finite, or a `ValueError` saying where not."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"{name} must be two-dimensional; its shape is {array.shape}")
    bad = ~np.isfinite(array)
    if bad.any():
        row, column = (int(place) for place in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must be finite; {int(bad.sum())} of {array.size} are not, "
            f"the first is {array[row, column]} at row {row}, column {column}"
        )
    return _squarable(name, array)


def measurements(name: str, values: ArrayLike) -> Floats:
    """`values` as `finite_floats` has them, and small enough that their squares are finite, too."""
    return _squarable(name, finite_floats(name, values))


def _squarable(name: str, array: Floats) -> Floats:
    largest = float(np.abs(array).max(initial=0.0))
    if largest > _LARGEST:
        raise ValueError(f"{name} must not exceed {_LARGEST:g} in size; {largest:g} found")
    return array


def whole_count(name: str, value: float, *, least: int = 0) -> int:
    """`value` if it is a whole number, `least` or more; else a `ValueError`."""
    if not (value >= least and value == value // 1):  # NaN fails both
        raise ValueError(f"{name} must be whole and {least} or more; {value} found")
    return int(value)
