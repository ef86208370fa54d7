"""Gallas's one-shot analysis by U-statistics: random readers and cases in any design.

Fully crossed, split-plot, or with any readings missing: the readings that are there say which
products can be formed. Unbiased moments give a variance that may fall below zero in small studies;
biased moments (V-statistics, "MLE" in iMRMC) never do in a crossed study, and err upwards.

Moments with missing readings run over different pairs, and what these share leaves noise in the
variance: with a fifth of the readings missing at random intervals then hold the truth too rarely
(`docs/methods/coverage.md`). `centred` takes the same moments about each modality's mean.

Rule for an unbiased variance that is not above 0: the interval and p-value then rest on the biased
one, the method says so, and the estimate carries `Caution.NEGATIVE_COMPONENT`. Degrees of freedom
are fractional here; `mrmc_inference.whole_degrees_of_freedom` gives iMRMC's convention.

References
----------
Gallas, Bandos, Samuelson, Wagner. Commun Stat Theory Methods 2009;38:2586-2603.
Obuchowski, Gallas, Hillis. Academic Radiology 2012;19:1508-1517 (degrees of freedom).
"""

from dataclasses import dataclass, replace
from itertools import combinations
from math import inf

from defensible.statistics import (
    dense_pairs,
    u_equality,
    u_moments,
    u_readers,
    variance_components,
)
from defensible.statistics import mrmc_inference as inference
from defensible.statistics.arrays import confidence_level
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.froc_table import FrocTable
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.u_moments import ModalityCovariance, UMoments

Result = inference.MrmcResult[tuple[ModalityCovariance, ...]]
_UNBIASED, _CENTRED = "U-statistics (unbiased)", "U-statistics (centred)"
_BIASED = "V-statistics (biased)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What the pairs of a table stand for."""

    figure: str
    n_units: int
    n_diseased: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Variance:
    """Variance of a mean or difference, both ways, and the parts that give degrees of freedom."""

    unbiased: float
    biased: float
    parts: float  # what they are a difference of
    random: tuple[tuple[float, int], ...]  # biased component and units less one, of each source

    @property
    def least(self) -> int:
        return min((df for _, df in self.random), default=0)


def unbiased(table: ReaderTable, *, level: float = 0.95) -> Result:
    """AUC by unbiased moments, with the degrees of freedom of Obuchowski, Gallas and Hillis.

    Parameters
    ----------
    table : ReaderTable
        Any design; each modality read by two or more readers.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Returns
    -------
    MrmcResult
        `variance_components` holds moments and components of each modality and pair. Readers'
        own intervals are normal and take the reader as fixed; who read no pair is left out.

    Raises
    ------
    ValueError
        A modality with fewer than two readers, or a class that is missing.

    Notes
    -----
    A reader counts by the case pairs she read. Reference values: iMRMC 2.1.2 and 4.0.3.
    """
    return analysis(table, level=level)


def biased(table: ReaderTable, *, level: float = 0.95) -> Result:
    """AUC by biased moments (V-statistics; iMRMC's "MLE"), which err upwards."""
    return _analysis(table, u_moments.of_table(table), _areas(table), level, _BIASED)


def unbiased_of_marks(table: FrocTable, *, level: float = 0.95) -> Result:
    """The wAFROC by unbiased moments: `unbiased` with the success of lesions in place of a case's.

    Parameters
    ----------
    table : FrocTable
        Any design; each modality read by two or more readers.
    level : float in (0, 1)
        Confidence level of the two-sided intervals.

    Raises
    ------
    ValueError
        A modality with fewer than two readers, or no cases with, or without, lesions.

    Notes
    -----
    With one lesion a case it is the AUC of ratings in which a miss, and a case without false marks,
    lie below every mark.
    """
    return _analysis(table, dense_pairs.plain(table), _areas(table), level, _UNBIASED)


def centred(
    table: ReaderTable | FrocTable,
    *,
    level: float = 0.95,
    figure: str | None = None,
    n_units: int | None = None,
    n_diseased: int | None = None,
) -> Result:
    """AUC of ratings, or wAFROC of marks, by moments about each modality's mean.

    The estimates are those of `unbiased`, and so are the variances where every reader read every
    case in every modality. Where readings are missing the variance loses the noise of moments that
    run over different pairs. Parameters and errors as `analysis`.
    """
    study = _study(table, figure, n_units, n_diseased)
    return _analysis(table, dense_pairs.centred(table), study, level, _CENTRED)


def unbiased_with_hillis_df(table: ReaderTable, *, level: float = 0.95) -> Result:
    """AUC by unbiased moments with Hillis's degrees of freedom; fully crossed studies only.

    Raises
    ------
    ValueError
        The study is not fully crossed.
    """
    if not table.crossed:
        raise ValueError(
            "Hillis's degrees of freedom need every reader to read every case in every modality; "
            f"{int((~table.read).sum())} readings are missing: use unbiased"
        )
    moments = u_moments.of_table(table)
    result = _analysis(table, moments, _areas(table), level, _UNBIASED)
    return _with_hillis(table, moments, result, level)


def analysis(
    table: ReaderTable,
    *,
    level: float = 0.95,
    figure: str = "AUC",
    n_units: int | None = None,
    n_diseased: int | None = None,
) -> Result:
    """Unbiased analysis of a table whose pairs stand for another figure, such as sensitivity.

    `n_units` and `n_diseased` say how many cases that figure rests on; the table's if None.
    """
    study = _study(table, figure, n_units, n_diseased)
    return _analysis(table, u_moments.of_table(table), study, level, _UNBIASED)


def obuchowski_rockette_components(
    table: ReaderTable, result: Result, first: str, second: str
) -> variance_components.ObuchowskiRockette:
    """Obuchowski-Rockette components of two modalities of a fully crossed analysis.

    Raises `ValueError` if the study is not fully crossed or a modality is not in it.
    """
    if not table.crossed:
        raise ValueError("components convert only in fully crossed studies; readings are missing")
    found = {(item.first, item.second): item for item in result.variance_components}
    between = found.get((first, second)) or found.get((second, first))
    if between is None:
        raise ValueError(f"the analysis has no modalities {first!r} and {second!r}")
    return variance_components.obuchowski_rockette(
        (found[first, first].components, found[second, second].components),
        between.components,
        n_healthy=table.n_cases - table.n_diseased,
        n_diseased=table.n_diseased,
    )


def _analysis(
    table: ReaderTable | FrocTable, moments: UMoments, study: _Study, level: float, kind: str
) -> Result:
    confidence_level(level)
    biased = kind == _BIASED
    indices = range(len(table.modalities))

    def estimate(value: float, variance: _Variance, lowest: float, *, tested: bool) -> Estimate:
        return _estimate(
            value,
            variance,
            level,
            kind,
            n=study.n_units,
            lowest=lowest,
            tested=tested,
            biased=biased,
        )

    modalities = tuple(
        inference.ModalityEstimate(
            modality=table.modalities[i],
            estimate=estimate(float(moments.auc[i]), _mean(moments, i), 0.0, tested=False),
        )
        for i in indices
    )
    averaged = tuple(
        inference.Difference(
            first=table.modalities[i],
            second=table.modalities[j],
            reader=None,
            estimate=estimate(
                float(moments.auc[i] - moments.auc[j]), _gap(moments, i, j), -1.0, tested=True
            ),
        )
        for i, j in combinations(indices, 2)
    )
    estimates = [item.estimate for item in modalities] + [item.estimate for item in averaged]
    negative = any(Caution.NEGATIVE_COMPONENT in item.cautions for item in estimates)
    return inference.MrmcResult(
        method=f"{kind}, random readers and cases",
        figure=study.figure,
        modalities=modalities,
        readers=u_readers.estimates(table, moments, level, study.n_units),
        differences=averaged + u_readers.differences(table, moments, level, study.n_units),
        equality=u_equality.equal(moments, biased=biased),
        variance_components=tuple(moments.covariances.values()),
        n_readers=len(table.readers),
        n_cases=study.n_units,
        n_diseased=study.n_diseased,
        cautions=(Caution.NEGATIVE_COMPONENT,) if negative else (),
    )


def _areas(table: ReaderTable | FrocTable) -> _Study:
    return _study(table, None, None, None)


def _study(
    table: ReaderTable | FrocTable, figure: str | None, n_units: int | None, n_diseased: int | None
) -> _Study:
    return _Study(
        figure=figure or ("AUC" if isinstance(table, ReaderTable) else "wAFROC"),
        n_units=len(table.cases) if n_units is None else n_units,
        n_diseased=int(table.truth.sum()) if n_diseased is None else n_diseased,
    )


def _mean(moments: UMoments, i: int) -> _Variance:
    item = moments.covariances[i, i]
    parts = zip(_sources(item), _units(item), strict=True)
    return _Variance(
        unbiased=item.value,
        biased=item.biased,
        parts=0.0,
        random=tuple((part, df) for part, df in parts if df > 0),
    )


def _gap(moments: UMoments, i: int, j: int) -> _Variance:
    one, two, both = (moments.covariances[at] for at in ((i, i), (j, j), (i, j)))
    parts = [
        a + b - 2 * c for a, b, c in zip(_sources(one), _sources(two), _sources(both), strict=True)
    ]
    units = [min(a, b) for a, b in zip(_units(one), _units(two), strict=True)]
    return _Variance(
        unbiased=one.value + two.value - 2 * both.value,
        biased=one.biased + two.biased - 2 * both.biased,
        parts=one.biased + two.biased,
        random=tuple((part, df) for part, df in zip(parts, units, strict=True) if df > 0),
    )


def _sources(item: ModalityCovariance) -> tuple[float, float, float]:
    parts = item.biased_components
    return parts.healthy, parts.diseased, parts.reader


def _units(item: ModalityCovariance) -> tuple[int, int, int]:
    """Effective numbers of non-diseased, diseased cases and readers, less one, in any design."""
    share = item.component_coefficients
    return _less_one(share.healthy), _less_one(share.diseased), _less_one(share.reader)


def _less_one(share: float) -> int:
    return round(1 / share - 1) if share > 0 else 0


def _satterthwaite(variance: float, parts: _Variance) -> float:
    spread = sum(part**2 / df**3 for part, df in parts.random)
    return max(variance**2 / spread, parts.least) if spread > 0 else inf


def _estimate(
    value: float,
    variance: _Variance,
    level: float,
    kind: str,
    *,
    n: int,
    lowest: float,
    tested: bool,
    biased: bool,
) -> Estimate:
    some = inference.surplus(variance.biased, 0.0, parts=variance.parts) > 0
    positive = inference.surplus(variance.unbiased, 0.0, parts=variance.biased) > 0
    fallen = some and not biased and not positive
    used = variance.biased if biased or fallen else variance.unbiased
    return inference.interval(
        value,
        used,
        df=_satterthwaite(used, variance),
        level=level,
        method=kind + (", biased variance since the unbiased is not above 0" if fallen else ""),
        n=n,
        lowest=lowest,
        highest=1.0,
        parts=variance.parts,
        tested=tested,
        cautions=(Caution.NEGATIVE_COMPONENT,) if fallen else (),
    )


def _with_hillis(table: ReaderTable, moments: UMoments, result: Result, level: float) -> Result:
    auc, r = moments.reader_auc, len(table.readers)
    sizes = {"n_healthy": table.n_cases - table.n_diseased, "n_diseased": table.n_diseased}

    def again(estimate: Estimate, spread: float, excess: float) -> Estimate:
        total = spread + r * max(excess, 0.0)
        df = (r - 1) * (total / spread) ** 2 if spread > 0 else inf
        if estimate.se is None:
            return estimate
        tested = estimate.p is not None
        return inference.interval(
            estimate.value,
            estimate.se**2,
            df=df,
            level=level,
            method=f"{estimate.method}, Hillis df",
            n=estimate.n,
            lowest=-1.0 if tested else 0.0,
            highest=1.0,
            tested=tested,
            cautions=tuple(
                item for item in estimate.cautions if item is Caution.NEGATIVE_COMPONENT
            ),
        )

    modalities = []
    for i, item in enumerate(result.modalities):
        parts = variance_components.single_modality(moments.covariances[i, i].components, **sizes)
        modalities.append(
            replace(item, estimate=again(item.estimate, float(auc[i].var(ddof=1)), parts.cov2))
        )
    averaged: list[inference.Difference] = []
    pairs = combinations(range(len(table.modalities)), 2)
    for (i, j), gap in zip(pairs, result.differences, strict=False):
        both = obuchowski_rockette_components(table, result, gap.first, gap.second)
        spread = float((auc[i] - auc[j]).var(ddof=1)) / 2
        averaged.append(replace(gap, estimate=again(gap.estimate, spread, both.cov2 - both.cov3)))
    return replace(
        result,
        method=f"{result.method}, Hillis df",
        modalities=tuple(modalities),
        differences=(*averaged, *result.differences[len(averaged) :]),
    )
