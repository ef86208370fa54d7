"""Matching of marks to lesions: which lesion, if any, each mark on an image has found.

A match is a lesion's index, or -1 for a mark that found none (a non-lesion localisation). Marks
and lesions are matched within their image only. Two rules for several marks on one lesion, each a
function: every mark takes its nearest lesion (repeats are then no fault), or each lesion takes one
mark at most (repeats are then non-lesion marks).
"""

import numpy as np
from numpy.typing import ArrayLike

from defensible.statistics.arrays import Floats, Ints


def nearest_within(
    mark_image: ArrayLike,
    mark_centres: ArrayLike,
    lesion_image: ArrayLike,
    lesion_centres: ArrayLike,
    *,
    radius: float | ArrayLike,
) -> Ints:
    """For each mark the nearest lesion in its image whose centre is within the radius, or -1.

    Parameters
    ----------
    mark_image, lesion_image : arrays, shape (n_marks,) and (n_lesions,)
        Image of each mark and lesion: names or numbers.
    mark_centres, lesion_centres : float arrays, shape (n_marks, d) and (n_lesions, d)
        Coordinates in one unit (mm rather than pixels).
    radius : float, or float array of shape (n_lesions,)
        Acceptance radius in that unit, one for all or one a lesion. Above 0.

    Returns
    -------
    int array, shape (n_marks,)
        Index of the lesion; the first of two at the same distance.

    Raises
    ------
    ValueError
        Shapes do not agree, a coordinate is not finite, or a radius is not above 0.
    """
    pairs, distance, reach = _near(mark_image, mark_centres, lesion_image, lesion_centres, radius)
    close = distance <= reach
    return _best(pairs[:, close], -distance[close], _rows(mark_image))


def lesions_within(
    mark_image: ArrayLike,
    mark_centres: ArrayLike,
    lesion_image: ArrayLike,
    lesion_centres: ArrayLike,
    *,
    radius: float | ArrayLike,
) -> Ints:
    """For each mark how many lesions of its image have their centre within the radius.

    With two or more it is the rule, and not the mark, that says which one was found. Arguments as
    in `nearest_within`.
    """
    pairs, distance, reach = _near(mark_image, mark_centres, lesion_image, lesion_centres, radius)
    return np.bincount(pairs[0, distance <= reach], minlength=_rows(mark_image)).astype(np.int64)


def one_to_one_within(
    mark_image: ArrayLike,
    mark_centres: ArrayLike,
    mark_ratings: ArrayLike,
    lesion_image: ArrayLike,
    lesion_centres: ArrayLike,
    *,
    radius: float | ArrayLike,
) -> Ints:
    """For each mark a lesion within the radius that no higher-rated mark has taken, or -1.

    Marks choose in order of rating, then of distance; arguments as in `nearest_within`.
    """
    ratings = np.asarray(mark_ratings, dtype=np.float64)
    pairs, distance, reach = _near(mark_image, mark_centres, lesion_image, lesion_centres, radius)
    _same("mark_ratings", ratings.shape[0], _rows(mark_image))
    close = distance <= reach
    return _in_turn(pairs[:, close], ratings, distance[close], _rows(mark_image))


def most_overlapping(
    mark_image: ArrayLike,
    mark_boxes: ArrayLike,
    lesion_image: ArrayLike,
    lesion_boxes: ArrayLike,
    *,
    least: float,
) -> Ints:
    """For each mark the lesion in its image with the largest intersection over union, or -1.

    Parameters
    ----------
    mark_image, lesion_image : arrays, shape (n_marks,) and (n_lesions,)
        Image of each mark and lesion.
    mark_boxes, lesion_boxes : float arrays, shape (n_marks, 2 d) and (n_lesions, 2 d)
        Lower corner, then upper corner, in one unit.
    least : float in (0, 1]
        Smallest intersection over union that counts as found.

    Raises
    ------
    ValueError
        Shapes do not agree, a box has no extent, or `least` is out of range.
    """
    pairs, overlap = _overlaps(mark_image, mark_boxes, lesion_image, lesion_boxes, least)
    enough = overlap >= least
    return _best(pairs[:, enough], overlap[enough], _rows(mark_image))


def one_to_one_overlapping(
    mark_image: ArrayLike,
    mark_boxes: ArrayLike,
    mark_ratings: ArrayLike,
    lesion_image: ArrayLike,
    lesion_boxes: ArrayLike,
    *,
    least: float,
) -> Ints:
    """For each mark an overlapping lesion that no higher-rated mark has taken, or -1.

    Marks choose in order of rating, then of overlap; arguments as in `most_overlapping`.
    """
    ratings = np.asarray(mark_ratings, dtype=np.float64)
    pairs, overlap = _overlaps(mark_image, mark_boxes, lesion_image, lesion_boxes, least)
    _same("mark_ratings", ratings.shape[0], _rows(mark_image))
    enough = overlap >= least
    return _in_turn(pairs[:, enough], ratings, -overlap[enough], _rows(mark_image))


def _near(
    mark_image: ArrayLike,
    mark_centres: ArrayLike,
    lesion_image: ArrayLike,
    lesion_centres: ArrayLike,
    radius: float | ArrayLike,
) -> tuple[Ints, Floats, Floats]:
    marks = _table("mark_centres", mark_centres, _rows(mark_image))
    lesions = _table("lesion_centres", lesion_centres, _rows(lesion_image))
    given = np.asarray(radius, dtype=np.float64)
    if given.ndim:
        _same("radius", given.size, lesions.shape[0])
    reach = np.broadcast_to(given, lesions.shape[:1])
    if not (reach > 0).all():
        raise ValueError(f"radius must be above 0; the least found is {reach.min()}")
    _same_width("mark_centres", marks, "lesion_centres", lesions)
    pairs = _within_images(mark_image, lesion_image)
    gap = marks[pairs[0]] - lesions[pairs[1]]
    return pairs, np.sqrt((gap**2).sum(axis=1)), reach[pairs[1]]


def _overlaps(
    mark_image: ArrayLike,
    mark_boxes: ArrayLike,
    lesion_image: ArrayLike,
    lesion_boxes: ArrayLike,
    least: float,
) -> tuple[Ints, Floats]:
    if not 0 < least <= 1:
        raise ValueError(f"least must lie above 0 and at most at 1; {least} found")
    marks = _table("mark_boxes", mark_boxes, _rows(mark_image))
    lesions = _table("lesion_boxes", lesion_boxes, _rows(lesion_image))
    _same_width("mark_boxes", marks, "lesion_boxes", lesions)
    half = marks.shape[1] // 2
    for name, boxes in (("mark_boxes", marks), ("lesion_boxes", lesions)):
        if boxes.shape[1] % 2 or (boxes[:, half:] <= boxes[:, :half]).any():
            raise ValueError(
                f"{name} must hold a lower corner, then an upper corner above it in every "
                "dimension; some box has no extent"
            )
    pairs = _within_images(mark_image, lesion_image)
    a, b = marks[pairs[0]], lesions[pairs[1]]
    sides = np.minimum(a[:, half:], b[:, half:]) - np.maximum(a[:, :half], b[:, :half])
    shared = np.prod(np.maximum(sides, 0), axis=1)
    whole = np.prod(a[:, half:] - a[:, :half], axis=1) + np.prod(b[:, half:] - b[:, :half], axis=1)
    return pairs, shared / (whole - shared)


def _within_images(mark_image: ArrayLike, lesion_image: ArrayLike) -> Ints:
    """All (mark, lesion) pairs of the same image, by mark, then lesion; no loop over images."""
    marks, lesions = np.asarray(mark_image), np.asarray(lesion_image)
    order = np.argsort(lesions, kind="stable")
    ranked = lesions[order]
    first = np.searchsorted(ranked, marks)
    count = np.searchsorted(ranked, marks, side="right") - first
    mark = np.repeat(np.arange(marks.size), count)
    within = np.arange(mark.size) - np.repeat(np.cumsum(count) - count, count)
    lesion = order[np.repeat(first, count) + within] if mark.size else mark
    return np.stack([mark, lesion]).astype(np.int64)


def _best(pairs: Ints, worth: Floats, n_marks: int) -> Ints:
    found = np.full(n_marks, -1, dtype=np.int64)
    order = np.lexsort((pairs[1], -worth, pairs[0]))
    mark, lesion = pairs[:, order]
    first = np.ones(mark.size, dtype=np.bool_)
    first[1:] = mark[1:] != mark[:-1]
    found[mark[first]] = lesion[first]
    return found


def _in_turn(pairs: Ints, ratings: Floats, distance: Floats, n_marks: int) -> Ints:
    found = np.full(n_marks, -1, dtype=np.int64)
    # A choice binds those after it, so this is a loop: over close pairs, of which there are few.
    taken: set[int] = set()
    for at in np.lexsort((pairs[1], distance, -ratings[pairs[0]])).tolist():
        mark, lesion = int(pairs[0, at]), int(pairs[1, at])
        if found[mark] < 0 and lesion not in taken:
            found[mark] = lesion
            taken.add(lesion)
    return found


def _rows(values: ArrayLike) -> int:
    array = np.asarray(values)
    if array.ndim != 1:
        raise ValueError(f"images must be one-dimensional; a shape is {array.shape}")
    return int(array.size)


def _table(name: str, values: ArrayLike, rows: int) -> Floats:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError(f"{name} must have two dimensions; its shape is {table.shape}")
    _same(name, table.shape[0], rows)
    if not np.isfinite(table).all():
        raise ValueError(f"{name} must be finite; some value is not")
    return table


def _same(name: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise ValueError(f"{name} must have an entry for each image; {found} for {wanted} found")


def _same_width(one: str, first: Floats, two: str, second: Floats) -> None:
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"{one} and {two} must have as many columns; "
            f"{first.shape[1]} and {second.shape[1]} found"
        )
