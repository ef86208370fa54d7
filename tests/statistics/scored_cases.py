"""Cases for property tests, and the reference values that lie beside the repository."""

import csv
import json
from pathlib import Path

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

SHARED = Path(__file__).parents[3] / "shared"
REFERENCE = SHARED / "reference"
quick = settings(
    max_examples=40, derandomize=True, deadline=None
)  # each law is tried on some 40 tables
NO_REFERENCE = "the reference values (../shared/reference) are not here"


def records(name, file):
    return json.loads((REFERENCE / "values" / name / f"{file}.json").read_text())["records"]


def record(name, file, start):
    return next(item for item in records(name, file) if item["method"].startswith(start))


def columns(name):
    with (REFERENCE / "data" / f"{name}.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {key: [row[key] for row in rows] for key in rows[0]}


def scored(name, *scores):
    table = columns(name)
    truth = np.array(table["truth"], dtype=float) == 1
    return truth, *(np.array(table[score], dtype=float) for score in scores)


@st.composite
def scored_cases(draw, fewest=2, most=10):
    """Truth and scores with ties, `fewest` or more of either class."""
    n_diseased = draw(st.integers(fewest, most))
    n_healthy = draw(st.integers(fewest, most))
    n = n_diseased + n_healthy
    score = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e6, 1e6))
    scores = np.array(draw(st.lists(score, min_size=n, max_size=n)))
    truth = np.array(draw(st.permutations([True] * n_diseased + [False] * n_healthy)))
    return truth, scores


@st.composite
def grouped_cases(draw, groups=4, patients=12):
    """Truth, scores, group code (-1 for none) and patient of each case; there may be few."""
    n = draw(st.integers(0, 60))
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    return (
        rng.random(n) < draw(st.sampled_from([0.1, 0.5])),
        np.round(rng.normal(size=n), draw(st.integers(0, 3))),
        rng.integers(-1, groups, n),
        rng.integers(0, patients, n),
    )
