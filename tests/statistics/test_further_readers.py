"""Further readers and cases, against a look at every pair of numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import stdtrit

from defensible.statistics import further_readers, variance_split
from defensible.statistics.further_readers import Further
from defensible.statistics.split import Split

GRID_READERS, GRID_CASES = 40, 400
PART = st.floats(0.0, 1e-3)


def settles_beyond(gap):
    def settles(variance, df):
        return stdtrit(np.minimum(df, 1e6), 0.975) * np.sqrt(variance) < gap

    return settles


@given(PART, PART, PART, st.floats(0.02, 0.1), st.sampled_from([None, 59.0]))
def test_the_numbers_are_the_fewest_of_all(readers, cases, both, gap, df_of_cases):
    split = Split(
        readers=readers,
        cases=cases,
        both=both + 1e-6,
        n_readers=4,
        n_cases=60,
        df_of_cases=df_of_cases,
    )

    found = further_readers.further(split, settles_beyond(gap))

    grid = np.indices((GRID_READERS + 1, GRID_CASES + 1))
    size = grid[0] + 4, grid[1] + 60
    settled = settles_beyond(gap)(*variance_split.at(split, *size))
    ever = size[0][:, :1], np.full((GRID_READERS + 1, 1), 60 + further_readers.MOST_CASES)
    for_good = settles_beyond(gap)(*variance_split.at(split, *ever))
    settled &= for_good | (grid[1] == 0)
    by_readers, by_cases = np.flatnonzero(settled[:, 0]), np.flatnonzero(settled[0])
    if by_readers.size:
        assert found.readers == by_readers[0]
    elif found.readers is not None:
        assert found.readers > GRID_READERS
    if by_cases.size:
        assert found.cases == by_cases[0]
    elif found.cases is not None:
        assert found.cases > GRID_CASES
    if settled.any():
        readings = np.where(settled, size[0] * size[1], np.inf)
        assert (4 + found.both[0]) * (60 + found.both[1]) <= readings.min()


def test_readers_who_vary_too_much_are_not_mended_by_cases_nor_the_reverse():
    split = Split(readers=4e-3, cases=4e-3, both=0.0, n_readers=4, n_cases=60)

    found = further_readers.further(split, settles_beyond(0.1))

    assert (found.readers, found.cases) == (None, None)
    assert found.both is not None
    assert min(found.both) > 0


def test_what_is_fixed_is_not_asked_for():
    readers = variance_split.readers_fixed(0.01, n_readers=4, n_cases=60)
    cases = variance_split.cases_fixed(0.01, n_readers=4, n_cases=60)

    # t of 1.96 with as many cases as bring 0.01 down to (0.1 / 1.96)^2; t of n - 1 for readers
    assert further_readers.further(readers, settles_beyond(0.1)) == Further(
        readers=None, cases=171, both=None
    )
    assert further_readers.further(cases, settles_beyond(0.1)).readers == 14
    assert further_readers.further(cases, settles_beyond(0.1)).cases is None


def test_nothing_settles_where_no_number_up_to_the_most_does():
    split = variance_split.readers_fixed(0.01, n_readers=4, n_cases=60)

    found = further_readers.further(split, settles_beyond(1e-6))

    assert found == Further(readers=None, cases=None, both=None)
