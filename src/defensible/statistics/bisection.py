"""Roots of monotone functions, found by halving: slow, sure, and exact to the last bit or two."""

from collections.abc import Callable

_HALVINGS = 120  # past the digits of any limit that is not itself 0


def turning_point(holds: Callable[[float], bool], inside: float, outside: float) -> float:
    """The last point, going from `inside` to `outside`, at which a condition still holds.

    `holds` is taken to be true at `inside` and to change once; where it never changes the answer is
    `outside` itself.
    """
    if holds(outside):
        return outside
    for _ in range(_HALVINGS):
        middle = inside + (outside - inside) / 2
        if middle in {inside, outside}:
            break
        if holds(middle):
            inside = middle
        else:
            outside = middle
    return inside
