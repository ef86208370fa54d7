"""The root of a function of one number."""

from math import cos, exp, pi

import pytest
from scipy.optimize import brentq

from defensible.statistics.root import root


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (cos, 0.0, 3.0),
        (lambda x: x**3 - 2, 0.0, 4.0),
        (lambda x: exp(-x) - 1e-9, 0.0, 100.0),
        (lambda x: 0.3 - x, -1.0, 1.0),
    ],
)
def test_a_root_is_where_another_program_finds_it(function, low, high):
    found = root(function, low, high)

    assert found == pytest.approx(brentq(function, low, high, xtol=1e-14), rel=1e-13)


def test_a_root_at_an_end_is_that_end():
    assert root(lambda x: x, 0.0, 1.0) == 0.0
    assert root(lambda x: x - 1, 0.0, 1.0) == 1.0


def test_a_function_without_a_change_of_sign_is_refused():
    with pytest.raises(ValueError, match="no change of sign between 0 and 1"):
        root(lambda x: x + pi, 0, 1)
