"""Studies of marks of the planned size, simulated and analysed by the program's own intervals.

As `planned_studies`, for devices that mark lesions and for readers who do. Marks come from the
search model. Readers see a case alike as far as the published correlations of their figures say: a
normal number behind each lesion and each case, shared in parts, decides whether it is marked and
how it is rated.
"""

from functools import cache
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from defensible.statistics import (
    clustered,
    device_marks,
    error_covariance,
    froc,
    obuchowski_rockette,
    search_model,
    sizing_froc,
    sizing_marks,
    sizing_readers,
    sizing_wafroc,
)
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.mrmc_inference import difference
from defensible.statistics.search_model import Search
from tests.statistics.planned_studies import Cleared, Planned

Array = NDArray[np.float64]


def lesion_ratings(of: Search, mu: Array | float, normal: Array) -> Array:
    """Ratings of lesions from a normal number each; minus infinity where it is missed."""
    with np.errstate(invalid="ignore", divide="ignore"):
        place = (ndtr(normal) - (1 - of.found)) / of.found
        return np.where(place > 0, mu + ndtri(np.maximum(place, 1e-300)), -np.inf)


def false_ratings(of: Search, normal: Array) -> Array:
    """Highest false mark of cases from a normal number each; minus infinity without one."""
    share = -np.log(ndtr(normal)) / of.false_marks
    return np.where(share < 1, -ndtri(np.minimum(share, 1 - 1e-16)), -np.inf)


def table(
    of: Search,
    lesions_of: NDArray[np.int64],
    n_healthy: int,
    mu: Array,
    normals: tuple[Array, Array],
) -> FrocTable:
    """A study of given lesions of diseased cases, with mu of each modality and reader."""
    n_diseased = lesions_of.size
    n = n_diseased + n_healthy
    modalities, readers = mu.shape
    case = np.repeat(np.arange(n_diseased), lesions_of)
    highest = np.full((modalities, readers, n), -np.inf)
    highest[:, :, n_diseased:] = false_ratings(of, normals[1])
    return FrocTable(
        modalities=tuple(f"m{one}" for one in range(modalities)),
        readers=tuple(f"r{one:02}" for one in range(readers)),
        cases=tuple(f"c{one:05}" for one in range(n)),
        truth=np.arange(n) < n_diseased,
        lesion_case=case,
        lesion_weight=1 / lesions_of[case],
        lesion_rating=lesion_ratings(of, mu[:, :, None], normals[0]),
        false_rating=highest,
        n_false=np.isfinite(highest).astype(np.int64),
        false_marks=np.zeros((0, 4)),
        n_repeated=0,
        read=np.ones(highest.shape, dtype=np.bool_),
    )


def _found(correlation: float) -> Planned:
    expected, goal, lesions = 0.85, 0.75, 1.6
    size = sizing_marks.lesions_found(
        expected=expected, goal=goal, lesions=lesions, correlation=correlation
    )

    def one(rng: np.random.Generator) -> bool:
        patient = np.repeat(np.arange(size.n), 1 + rng.poisson(lesions - 1, size.n))
        share = np.full(size.n, expected)
        if correlation:
            weight = 1 / correlation - 1
            share = rng.beta(expected * weight, (1 - expected) * weight, size.n)
        found = rng.random(patient.size) < share[patient]
        return clustered.proportion(found, patient).low > goal

    alike = f"correlated by {correlation:g}" if correlation else "independent"
    return Planned(
        name=f"lesions found 0.85 against 0.75, 1.6 a patient, {alike}, clustered",
        size=f"{size.n} patients",
        power=size.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,  # the number of lesions varies, and their tie is estimated
        slow=4,
    )


def _false_marks() -> list[Planned]:
    planned = []
    for expected, goal, dispersion in ((0.3, 0.45, 1.0), (0.3, 0.45, 2.0), (2.0, 2.5, 3.0)):
        size = sizing_marks.false_marks(expected=expected, goal=goal, dispersion=dispersion)
        counts = "Poisson" if dispersion == 1 else f"variance {dispersion:g} times the mean"
        planned.append(
            Planned(
                name=f"false marks a case {expected:g} below {goal:g}, {counts}, t of its log",
                size=f"{size.n} cases",
                power=size.power,
                cleared=_marks(expected, goal, dispersion, size.n),
                exact=False,
                slow=2,
            )
        )
    return planned


def _marks(expected: float, goal: float, dispersion: float, n: int) -> Cleared:
    def one(rng: np.random.Generator) -> bool:
        if dispersion == 1:
            counts = rng.poisson(expected, n)
        else:
            counts = rng.negative_binomial(expected / (dispersion - 1), 1 / dispersion, n)
        return device_marks.marks_per_case(counts, np.arange(n)).high < goal

    return lambda rng, times: np.array([one(rng) for _ in range(times)])


def _device() -> Planned:
    told = {"marks": 0.5, "found": 0.85, "lesions": 1.5}
    size = sizing_wafroc.one(expected=0.78, goal=0.70, correlation=0.0, **told)
    of = search_model.of_wafroc(0.78, false_marks=0.5, found=0.85)

    def one(rng: np.random.Generator) -> bool:
        lesions = 1 + rng.poisson(0.5, size.n)
        normals = rng.normal(size=(1, 1, lesions.sum())), rng.normal(size=(1, 1, size.n))
        drawn = table(of, lesions, size.n, np.full((1, 1), of.mu), normals)
        marks = device_marks.CaseMarks(
            lesion_case=drawn.lesion_case,
            lesion_weight=drawn.lesion_weight,
            lesion_rating=drawn.lesion_rating[0, 0],
            false_rating=drawn.false_rating[0, 0],
            patient=np.arange(2 * size.n),
        )
        return device_marks.wafroc(marks).low > 0.70

    return Planned(
        name="wAFROC of a device 0.78 against 0.70, 0.5 false marks, 0.85 found, jackknife",
        size=f"{size.n} of each class",
        power=size.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=4,
    )


@cache
def latent(of: Search, wanted: float) -> tuple[float, float]:
    """Correlations of the normal numbers of lesions and of cases that tie their parts as wanted."""
    rng = np.random.default_rng(5)
    shared, own = rng.normal(size=(2, 200_000)), rng.normal(size=(2, 200_000))

    def parts(lesions: bool, normal: Array) -> Array:  # noqa: FBT001 - which of two
        if lesions:
            rating = lesion_ratings(of, of.mu, normal)
            above = np.exp(-of.false_marks * ndtr(-rating))
            return np.where(np.isfinite(rating), above, exp(-of.false_marks) / 2)
        rating = false_ratings(of, normal)
        return np.where(np.isfinite(rating), of.found * ndtr(of.mu - rating), (1 + of.found) / 2)

    found = []
    for lesions in (True, False):
        low, high = 0.0, 1.0
        for _ in range(20):
            at = (low + high) / 2
            first, second = (sqrt(at) * shared[0] + sqrt(1 - at) * one for one in own)
            met = np.corrcoef(parts(lesions, first), parts(lesions, second))[0, 1]
            low, high = (at, high) if met < wanted else (low, at)
        found.append(at)
    return found[0], found[1]


def _reader_study(n_readers: int, variability: str) -> Planned:
    told = {"false_marks": 0.8, "found": 0.9}
    unaided, middle, aided = (search_model.of_wafroc(one, **told) for one in (0.68, 0.71, 0.74))
    lesions = 1.5
    of = sizing_froc.conjecture(unaided, aided, lesions=lesions, correlation=0.0)
    gap = of.difference
    point = sizing_readers.frontier(
        lambda n: of.pilot(n, variability), expected=gap, goal=0.0, readers=(n_readers,)
    )[0]
    assert point.n_cases is not None
    assert point.power is not None
    n = point.n_cases
    mus = np.array([[unaided.mu], [aided.mu]])
    slope = gap / float(mus[1, 0] - mus[0, 0])
    parts = of.pilot(n_readers, variability).components

    def normals(rng: np.random.Generator, ties: tuple[float, float], size: int) -> Array:
        # one number of the lesion or case, one of each reader, one of each reading
        other, same = ties
        return np.asarray(
            sqrt(other) * rng.normal(size=size)
            + sqrt(same - other) * rng.normal(size=(1, n_readers, size))
            + sqrt(1 - same) * rng.normal(size=(2, n_readers, size))
        )

    def one(rng: np.random.Generator) -> bool:
        ties = [
            latent(middle, r) for r in (sizing_readers.OTHER_READER, sizing_readers.SAME_READER)
        ]
        lesions_of = 1 + rng.poisson(lesions - 1, n)
        shifts = sqrt(parts.reader) * rng.normal(size=(1, n_readers))
        shifts = shifts + sqrt(parts.modality_reader) * rng.normal(size=(2, n_readers))
        drawn = table(
            middle,
            lesions_of,
            n,
            mus + shifts / slope,
            (
                normals(rng, (ties[0][0], ties[1][0]), int(lesions_of.sum())),
                normals(rng, (ties[0][1], ties[1][1]), n),
            ),
        )
        errors = error_covariance.jackknife(froc.leave_one_out(drawn, froc.WAFROC))
        found = obuchowski_rockette.random_readers(errors)
        return difference(found, new="m1", reference="m0").low > 0

    return Planned(
        name=f"reader study, wAFROC 0.68 to 0.74, {variability} differences of readers, no pilot",
        size=f"{n_readers} readers, {n} cases of each class",
        power=point.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=20,
    )


@cache
def studies() -> tuple[Planned, ...]:
    """Every closed form for marks, in the order of its documentation."""
    return (
        _found(0.0),
        _found(0.3),
        *_false_marks(),
        _device(),
        _reader_study(10, "moderate"),
        _reader_study(4, "small"),
    )
