"""Dorfman-Berbaum-Metz analysis: ANOVA of jackknife pseudovalues, with Hillis's corrections.

Gives what Obuchowski-Rockette gives with jackknife covariances, in the terms of pseudovalues::

    dorfman_berbaum_metz.random_readers(leave_one_out.auc(table))

Fully crossed studies. Pseudovalues are centred on the figure of merit of their cell.

References
----------
Dorfman, Berbaum, Metz. Investigative Radiology 1992;27:723-731.
Hillis, Berbaum, Metz. Academic Radiology 2008;15:647-661.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Floats, confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.leave_one_out import LeaveOneOut
from defensible.statistics.variance_components import (
    DorfmanBerbaumMetz,
    MeanSquares,
    components_of_mean_squares,
)

Result = inference.MrmcResult[DorfmanBerbaumMetz]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Anova:
    replicates: LeaveOneOut
    pseudovalues: Floats
    level: float
    squares: MeanSquares
    t: int
    r: int
    k: int


def pseudovalues(replicates: LeaveOneOut) -> Floats:
    """Jackknife pseudovalues (n_left_out, n_modalities, n_readers), centred on each cell's figure.

    For the AUC the centring changes nothing; for other figures it keeps means as observed.
    """
    n = replicates.left_out.shape[0]
    raw = n * replicates.values - (n - 1) * replicates.left_out
    centred: Floats = raw - raw.mean(axis=0) + replicates.values
    return centred


def mean_squares(replicates: LeaveOneOut) -> MeanSquares:
    """Mean squares of the modality-by-reader-by-case ANOVA of pseudovalues.

    A mean square without degrees of freedom (one modality, one reader) is 0.
    """
    return _squares(pseudovalues(replicates))


def random_readers(replicates: LeaveOneOut, *, level: float = 0.95) -> Result:
    """Readers and cases both random; the same test as Obuchowski-Rockette with the jackknife.

    Raises `ValueError` with fewer than two readers. A negative difference of mean squares
    (modality by case less three-way) counts as zero, and the result says so.
    """
    book = _anova(replicates, level, least_readers=2)
    squares, t, r = book.squares, book.t, book.r
    excess = inference.surplus(
        squares.modality_case, squares.modality_reader_case, parts=squares.modality_case
    )
    denominator = squares.modality_reader + max(excess, 0.0)
    df = _hillis(denominator, squares.modality_reader, (t - 1) * (r - 1))

    def modality(i: int) -> Estimate:
        one = _squares(book.pseudovalues[:, i : i + 1])
        surplus = inference.surplus(one.case, one.reader_case, parts=one.case)
        total = one.reader + max(surplus, 0.0)
        floored = (Caution.NEGATIVE_COMPONENT,) if surplus < 0 else ()
        return _mean(book, i, total, _hillis(total, one.reader, r - 1), floored)

    floored = (Caution.NEGATIVE_COMPONENT,) if t > 1 and excess < 0 else ()
    return _result(book, "random readers and cases", modality, denominator, df, floored)


def fixed_readers(replicates: LeaveOneOut, *, level: float = 0.95) -> Result:
    """These readers, random cases: modality by case is the error."""
    book = _anova(replicates, level, least_readers=1)
    error = book.squares.modality_case

    def modality(i: int) -> Estimate:
        one = _squares(book.pseudovalues[:, i : i + 1])
        return _mean(book, i, one.case, book.k - 1, ())

    df = (book.t - 1) * (book.k - 1)
    return _result(book, "fixed readers, random cases", modality, error, df, ())


def fixed_cases(replicates: LeaveOneOut, *, level: float = 0.95) -> Result:
    """These cases, random readers: modality by reader is the error."""
    book = _anova(replicates, level, least_readers=2)
    error = book.squares.modality_reader

    def modality(i: int) -> Estimate:
        one = _squares(book.pseudovalues[:, i : i + 1])
        return _mean(book, i, one.reader, book.r - 1, ())

    df = (book.t - 1) * (book.r - 1)
    return _result(book, "random readers, fixed cases", modality, error, df, (), cases_random=False)


def _anova(replicates: LeaveOneOut, level: float, *, least_readers: int) -> _Anova:
    confidence_level(level)
    k, t, r = replicates.left_out.shape
    if not replicates.crossed:
        raise ValueError(
            "pseudovalues need every reader to read every case in every modality; "
            "readings are missing: use obuchowski_rockette or u_statistics"
        )
    if r < least_readers:
        raise ValueError(
            f"random readers need {least_readers} or more; {r} found: use fixed_readers"
        )
    values = pseudovalues(replicates)
    return _Anova(
        replicates=replicates,
        pseudovalues=values,
        level=level,
        squares=_squares(values),
        t=t,
        r=r,
        k=k,
    )


def _squares(values: Floats) -> MeanSquares:
    k, t, r = values.shape
    mean = values.mean()
    of_t = values.mean(axis=(0, 2)) - mean
    of_r = values.mean(axis=(0, 1)) - mean
    of_k = values.mean(axis=(1, 2)) - mean
    of_tr = values.mean(axis=0) - mean - of_t[:, None] - of_r
    of_tk = values.mean(axis=2) - mean - of_t - of_k[:, None]
    of_rk = values.mean(axis=1) - mean - of_r - of_k[:, None]
    rest = values - mean - of_t[:, None] - of_r - of_k[:, None, None]
    rest = rest - of_tr - of_tk[:, :, None] - of_rk[:, None, :]

    def square(effects: Floats, repeats: int, df: int) -> float:
        return float(repeats * (effects**2).sum() / df) if df > 0 else 0.0

    return MeanSquares(
        modality=square(of_t, r * k, t - 1),
        reader=square(of_r, t * k, r - 1),
        case=square(of_k, t * r, k - 1),
        modality_reader=square(of_tr, k, (t - 1) * (r - 1)),
        modality_case=square(of_tk, r, (t - 1) * (k - 1)),
        reader_case=square(of_rk, t, (r - 1) * (k - 1)),
        modality_reader_case=square(rest, 1, (t - 1) * (r - 1) * (k - 1)),
    )


def _components(book: _Anova) -> DorfmanBerbaumMetz:
    if book.t > 1:
        return components_of_mean_squares(
            book.squares, n_modalities=book.t, n_readers=book.r, n_cases=book.k
        )
    squares = book.squares
    return DorfmanBerbaumMetz(
        reader=(squares.reader - squares.reader_case) / book.k,
        case=(squares.case - squares.reader_case) / book.r,
        modality_reader=0.0,
        modality_case=0.0,
        reader_case=0.0,
        error=squares.reader_case,
    )


def _hillis(total: float, between_readers: float, df: float) -> float:
    share = between_readers / total if total > 0 else 1.0
    return inf if share**2 == 0 else df / share**2


def _mean(
    book: _Anova, i: int, square: float, df: float, cautions: tuple[Caution, ...]
) -> Estimate:
    replicates = book.replicates
    return inference.interval(
        float(replicates.values[i].mean()),
        square / (book.r * book.k),
        df=df,
        level=book.level,
        method="Dorfman-Berbaum-Metz",
        n=replicates.n_cases,
        lowest=replicates.lowest,
        highest=replicates.highest,
        cautions=cautions,
    )


def _difference(
    book: _Anova, value: float, variance: float, df: float, cautions: tuple[Caution, ...]
) -> Estimate:
    span = book.replicates.highest - book.replicates.lowest
    return inference.interval(
        value,
        variance,
        df=df,
        level=book.level,
        method="Dorfman-Berbaum-Metz",
        n=book.replicates.n_cases,
        lowest=-span,
        highest=span,
        tested=True,
        cautions=cautions,
    )


def _result(
    book: _Anova,
    readers_are: str,
    modality: Callable[[int], Estimate],
    error: float,
    df: float,
    floored: tuple[Caution, ...],
    *,
    cases_random: bool = True,
) -> Result:
    replicates, components = book.replicates, _components(book)
    names = replicates.modalities
    means = replicates.values.mean(axis=1)
    averaged = tuple(
        inference.Difference(
            first=names[i],
            second=names[j],
            reader=None,
            estimate=_difference(
                book, float(means[i] - means[j]), 2 * error / (book.r * book.k), df, floored
            ),
        )
        for i, j in combinations(range(book.t), 2)
    )
    return inference.MrmcResult(
        method=f"Dorfman-Berbaum-Metz, {readers_are}",
        figure=replicates.figure,
        modalities=tuple(
            inference.ModalityEstimate(modality=name, estimate=modality(i))
            for i, name in enumerate(names)
        ),
        readers=_readers(book, cases_random=cases_random),
        differences=averaged + (_differences_of_readers(book) if cases_random else ()),
        equality=(
            inference.f_test(book.squares.modality or 0.0, error, book.t - 1, df)
            if book.t > 1
            else None
        ),
        variance_components=components,
        n_readers=book.r,
        n_cases=replicates.n_cases,
        n_diseased=replicates.n_diseased,
        cautions=(Caution.NEGATIVE_COMPONENT,) if components.negative else (),
    )


def _readers(book: _Anova, *, cases_random: bool) -> tuple[inference.ReaderEstimate, ...]:
    replicates = book.replicates
    variances = book.pseudovalues.var(axis=0, ddof=1) / book.k
    return tuple(
        inference.ReaderEstimate(
            modality=replicates.modalities[i],
            reader=replicates.readers[j],
            estimate=inference.interval(
                float(replicates.values[i, j]),
                float(variances[i, j]) if cases_random else 0.0,
                df=book.k - 1,
                level=book.level,
                method="t, jackknife variance" if cases_random else "fixed cases",
                n=replicates.n_cases,
                lowest=replicates.lowest,
                highest=replicates.highest,
            ),
        )
        for i, j in np.ndindex(book.t, book.r)
    )


def _differences_of_readers(book: _Anova) -> tuple[inference.Difference, ...]:
    replicates = book.replicates
    return tuple(
        inference.Difference(
            first=replicates.modalities[i],
            second=replicates.modalities[k],
            reader=reader,
            estimate=_difference(
                book,
                float(replicates.values[i, j] - replicates.values[k, j]),
                2 * _squares(book.pseudovalues[:, :, j : j + 1]).modality_case / book.k,
                (book.t - 1) * (book.k - 1),
                (),
            ),
        )
        for j, reader in enumerate(replicates.readers)
        for i, k in combinations(range(book.t), 2)
    )
