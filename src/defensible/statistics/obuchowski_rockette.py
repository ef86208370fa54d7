"""Obuchowski-Rockette analysis of a reader study, with Hillis's degrees of freedom.

Start from an error covariance (`error_covariance`), of any figure of merit and by any estimator::

    obuchowski_rockette.random_readers(error_covariance.delong(table))

`Cov2` below zero counts as zero in the interval of one modality. With readers as a random sample
`Cov2 - Cov3` below zero counts as zero, too, as in MRMCaov and RJafroc. With fixed readers there
are two conventions for it, each a function: signed (MRMCaov) and floored at zero (RJafroc).

References
----------
Obuchowski, Rockette. Commun Stat Simul Comput 1995;24:285-308.
Hillis. Statistics in Medicine 2007;26:596-619 and 2014;33:330-360.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from math import inf

import numpy as np

from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import Floats, confidence_level
from defensible.statistics.error_covariance import ErrorCovariance
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.variance_components import ObuchowskiRockette

Result = inference.MrmcResult[ObuchowskiRockette]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ledger:
    """Mean squares and averaged covariances, overall, by modality and by reader."""

    errors: ErrorCovariance
    level: float
    t: int
    r: int
    mst: float
    msr: float
    mstr: float
    msr_in: Floats
    variance_in: Floats
    cov2_in: Floats
    variance_of: Floats
    cov1_of: Floats
    cov1: float
    cov2: float
    cov3: float

    @property
    def variance(self) -> float:
        return float(self.variance_in.mean())

    @property
    def excess(self) -> float:
        return inference.surplus(self.cov2, self.cov3, parts=self.variance)

    @property
    def components(self) -> ObuchowskiRockette:
        if self.r == 1:
            reader = modality_reader = 0.0
        elif self.t == 1:
            reader, modality_reader = self.msr - self.variance + self.cov2, 0.0
        else:
            reader = (self.msr - self.mstr) / self.t - self.cov1 + self.cov3
            modality_reader = self.mstr - self.variance + self.cov1 + self.cov2 - self.cov3
        return ObuchowskiRockette(
            reader=reader,
            modality_reader=modality_reader,
            error=self.variance,
            cov1=self.cov1,
            cov2=self.cov2,
            cov3=self.cov3,
        )


def random_readers(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """Readers and cases both random: what holds for such readers reading such cases.

    Parameters
    ----------
    errors : ErrorCovariance
        Figures of merit and their covariance due to cases; two or more readers.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Returns
    -------
    MrmcResult
        t intervals with Hillis's degrees of freedom; readers' own intervals are normal and
        take the reader as fixed.

    Raises
    ------
    ValueError
        Fewer than two readers.

    Notes
    -----
    `Cov2 - Cov3` below zero counts as zero; the result then carries
    `Caution.NEGATIVE_COMPONENT`. Reference values: MRMCaov, RJafroc.
    """
    book = _ledger(errors, level, least_readers=2)
    t, r = book.t, book.r
    excess = max(book.excess, 0.0)
    denominator = book.mstr + r * excess
    df = _hillis(denominator, book.mstr, (t - 1) * (r - 1))

    def modality(i: int) -> Estimate:
        total = float(book.msr_in[i]) + r * max(float(book.cov2_in[i]), 0.0)
        floored = (Caution.NEGATIVE_COMPONENT,) if book.cov2_in[i] < 0 else ()
        return _mean(book, i, total / r, _hillis(total, float(book.msr_in[i]), r - 1), floored)

    return _result(
        book,
        readers_are="random readers and cases",
        modality=modality,
        variance_of_difference=2 / r * denominator,
        df=df,
        equality=inference.f_test(book.mst, denominator, t - 1, df) if t > 1 else None,
        floored=t > 1 and book.excess < 0,
    )


def fixed_readers(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """These readers, random cases: what holds for these readers reading such cases.

    `Cov2 - Cov3` is kept as estimated (MRMCaov's convention); the variance of a difference is
    then that of the average over these readers. One reader is enough.
    """
    book = _ledger(errors, level, least_readers=1)
    return _with_fixed_readers(book, book.excess, "fixed readers, random cases")


def fixed_readers_floored(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """These readers, random cases, with `Cov2 - Cov3` below zero counted as zero (RJafroc)."""
    book = _ledger(errors, level, least_readers=1)
    excess = max(book.cov2 - book.cov3, 0.0)
    return _with_fixed_readers(book, excess, "fixed readers, random cases, Cov2 - Cov3 not below 0")


def fixed_cases(errors: ErrorCovariance, *, level: float = 0.95) -> Result:
    """These cases, random readers: what holds for such readers reading these cases.

    Rests on the spread between readers alone; two or more readers. A reader's own estimate has
    no error then.
    """
    book = _ledger(errors, level, least_readers=2)
    t, r = book.t, book.r
    df = (t - 1) * (r - 1)
    return _result(
        book,
        readers_are="random readers, fixed cases",
        modality=lambda i: _mean(book, i, float(book.msr_in[i]) / r, r - 1, ()),
        variance_of_difference=2 / r * book.mstr,
        df=df,
        equality=inference.f_test(book.mst, book.mstr, t - 1, df) if t > 1 else None,
        floored=False,
        cases_random=False,
    )


def _with_fixed_readers(book: _Ledger, excess: float, readers_are: str) -> Result:
    t, r = book.t, book.r
    denominator = book.variance - book.cov1 + (r - 1) * excess

    def modality(i: int) -> Estimate:
        variance = float(book.variance_in[i]) + (r - 1) * max(float(book.cov2_in[i]), 0.0)
        floored = (Caution.NEGATIVE_COMPONENT,) if book.cov2_in[i] < 0 else ()
        return _mean(book, i, variance / r, inf, floored)

    return _result(
        book,
        readers_are=readers_are,
        modality=modality,
        variance_of_difference=2 / r * denominator,
        df=inf,
        equality=(
            inference.chi_square_test((t - 1) * book.mst, denominator, t - 1, parts=book.variance)
            if t > 1
            else None
        ),
        floored=t > 1 and (book.excess < 0 or denominator < 0),
        parts=book.variance,
    )


def _ledger(errors: ErrorCovariance, level: float, *, least_readers: int) -> _Ledger:
    confidence_level(level)
    values, (t, r) = errors.values, errors.values.shape
    if r < least_readers:
        raise ValueError(
            f"random readers need {least_readers} or more; {r} found: use fixed_readers"
        )
    matrix = errors.matrix.reshape(t, r, t, r)
    own = np.einsum("irir->ir", matrix)
    between_modalities = np.einsum("irjr->rij", matrix)
    between_readers = np.einsum("iris->irs", matrix)
    rows, columns, mean = values.mean(axis=1), values.mean(axis=0), values.mean()
    residual = values - rows[:, None] - columns + mean
    cov1_of = _off_diagonal_means(between_modalities)
    cov2_in = _off_diagonal_means(between_readers)
    crossed = matrix.sum() - between_modalities.sum() - between_readers.sum() + own.sum()
    return _Ledger(
        errors=errors,
        level=level,
        t=t,
        r=r,
        mst=float(r * ((rows - mean) ** 2).sum() / max(t - 1, 1)),
        msr=float(t * ((columns - mean) ** 2).sum() / max(r - 1, 1)),
        mstr=float((residual**2).sum() / max((t - 1) * (r - 1), 1)),
        msr_in=((values - rows[:, None]) ** 2).sum(axis=1) / max(r - 1, 1),
        variance_in=own.mean(axis=1),
        cov2_in=cov2_in,
        variance_of=own.mean(axis=0),
        cov1_of=cov1_of,
        cov1=float(cov1_of.mean()),
        cov2=float(cov2_in.mean()),
        cov3=float(crossed / max(t * (t - 1) * r * (r - 1), 1)),
    )


def _off_diagonal_means(blocks: Floats) -> Floats:
    size = blocks.shape[1]
    total = blocks.sum(axis=(1, 2)) - np.einsum("bii->b", blocks)
    means: Floats = total / max(size * (size - 1), 1)
    return means


def _hillis(total: float, between_readers: float, df: float) -> float:
    """Hillis's degrees of freedom; infinite where readers do not differ at all."""
    share = between_readers / total if total > 0 else 1.0
    return inf if share**2 == 0 else df / share**2


def _mean(
    book: _Ledger, i: int, variance: float, df: float, cautions: tuple[Caution, ...]
) -> Estimate:
    return inference.interval(
        float(book.errors.values[i].mean()),
        variance,
        df=df,
        level=book.level,
        method="Obuchowski-Rockette",
        n=book.errors.n_cases,
        lowest=book.errors.lowest,
        highest=book.errors.highest,
        cautions=cautions,
    )


def _result(
    book: _Ledger,
    *,
    readers_are: str,
    modality: Callable[[int], Estimate],
    variance_of_difference: float,
    df: float,
    equality: inference.EqualityTest | None,
    floored: bool,
    parts: float = 0.0,
    cases_random: bool = True,
) -> Result:
    errors, components = book.errors, book.components
    cautions = (Caution.NEGATIVE_COMPONENT,) if components.negative else ()
    averaged = tuple(
        inference.Difference(
            first=errors.modalities[i],
            second=errors.modalities[j],
            reader=None,
            estimate=_difference(
                book,
                float(errors.values[i].mean() - errors.values[j].mean()),
                variance_of_difference,
                df,
                parts=parts,
                cautions=(Caution.NEGATIVE_COMPONENT,) if floored else (),
            ),
        )
        for i, j in combinations(range(book.t), 2)
    )
    return inference.MrmcResult(
        method=f"Obuchowski-Rockette, {readers_are}, {errors.method} covariance",
        figure=errors.figure,
        modalities=tuple(
            inference.ModalityEstimate(modality=name, estimate=modality(i))
            for i, name in enumerate(errors.modalities)
        ),
        readers=_readers(book, cases_random=cases_random),
        differences=averaged + (_differences_of_readers(book) if cases_random else ()),
        equality=equality,
        variance_components=components,
        n_readers=book.r,
        n_cases=errors.n_cases,
        n_diseased=errors.n_diseased,
        cautions=cautions,
    )


def _difference(
    book: _Ledger,
    value: float,
    variance: float,
    df: float,
    *,
    parts: float,
    cautions: tuple[Caution, ...] = (),
) -> Estimate:
    span = book.errors.highest - book.errors.lowest
    return inference.interval(
        value,
        variance,
        df=df,
        level=book.level,
        method="Obuchowski-Rockette",
        n=book.errors.n_cases,
        lowest=-span,
        highest=span,
        parts=parts,
        tested=True,
        cautions=cautions,
    )


def _readers(book: _Ledger, *, cases_random: bool) -> tuple[inference.ReaderEstimate, ...]:
    errors = book.errors
    variances = np.diag(errors.matrix).reshape(book.t, book.r)
    return tuple(
        inference.ReaderEstimate(
            modality=modality,
            reader=reader,
            estimate=inference.interval(
                float(errors.values[i, j]),
                float(variances[i, j]) if cases_random else 0.0,
                df=inf,
                level=book.level,
                method=f"normal, {errors.method} variance" if cases_random else "fixed cases",
                n=errors.n_cases,
                lowest=errors.lowest,
                highest=errors.highest,
            ),
        )
        for i, modality in enumerate(errors.modalities)
        for j, reader in enumerate(errors.readers)
    )


def _differences_of_readers(book: _Ledger) -> tuple[inference.Difference, ...]:
    errors = book.errors
    return tuple(
        inference.Difference(
            first=errors.modalities[i],
            second=errors.modalities[k],
            reader=reader,
            estimate=_difference(
                book,
                float(errors.values[i, j] - errors.values[k, j]),
                2 * float(book.variance_of[j] - book.cov1_of[j]),
                inf,
                parts=float(book.variance_of[j]),
            ),
        )
        for j, reader in enumerate(errors.readers)
        for i, k in combinations(range(book.t), 2)
    )
