"""Free-response figures of merit, and their jackknife and bootstrap for Obuchowski-Rockette.

    figures = froc.leave_one_out(table, froc.WAFROC)
    obuchowski_rockette.random_readers(error_covariance.jackknife(figures))

The AFROC family is the chance that a lesion is rated above the highest false mark of a case, ties
and two missing marks counting half: over lesions (AFROC) or over cases with clinical weights
(wAFROC); against non-diseased cases, or against all cases (AFROC1, wAFROC1).

References
----------
Chakraborty, Berbaum. Medical Physics 2004;31:2313-2330 (JAFROC).
Chakraborty, Zhai. Medical Physics 2016;43:2548-2557 (wAFROC).
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.case_bootstrap import CaseBootstrap
from defensible.statistics.froc_table import FrocTable, two_classes
from defensible.statistics.leave_one_out import LeaveOneOut, Uses


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFigure:
    """A mean over pairs of a lesion and a case: is the lesion rated above the case's false marks?

    `weighted`: lesions count by clinical weight and each case with lesions counts once; else each
    lesion counts once. `all_cases`: false marks of cases with lesions count, too.
    """

    name: str
    weighted: bool
    all_cases: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HighestRatingAuc:
    """The AUC of each case's highest mark, whether on a lesion or not."""

    name: str = "HrAuc"


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveArea:
    """The area under the FROC curve: every false mark counts; not bounded by 1."""

    name: str = "FROC"


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioFigure:
    """A sum over cases by a sum over cases.

    `counts` names what is summed: "marked" or "unmarked" cases, "found" lesions, "false" marks.
    """

    name: str
    counts: str
    uses: Uses
    highest: float


Figure: TypeAlias = PairFigure | HighestRatingAuc | CurveArea | RatioFigure

WAFROC = PairFigure(name="wAFROC", weighted=True, all_cases=False)
AFROC = PairFigure(name="AFROC", weighted=False, all_cases=False)
WAFROC1 = PairFigure(name="wAFROC1", weighted=True, all_cases=True)
AFROC1 = PairFigure(name="AFROC1", weighted=False, all_cases=True)
HR_AUC = HighestRatingAuc()
FROC = CurveArea()
HR_SE = RatioFigure(name="HrSe", counts="marked", uses=Uses.DISEASED, highest=1.0)
HR_SP = RatioFigure(name="HrSp", counts="unmarked", uses=Uses.HEALTHY, highest=1.0)
MAX_LLF = RatioFigure(name="MaxLLF", counts="found", uses=Uses.DISEASED, highest=1.0)
MAX_NLF = RatioFigure(name="MaxNLF", counts="false", uses=Uses.HEALTHY, highest=np.inf)
MAX_NLF_ALL_CASES = RatioFigure(
    name="MaxNLFAllCases", counts="false", uses=Uses.ALL, highest=np.inf
)

FIGURES: dict[str, Figure] = {
    figure.name: figure
    for figure in (
        WAFROC,
        AFROC,
        WAFROC1,
        AFROC1,
        HR_AUC,
        FROC,
        HR_SE,
        HR_SP,
        MAX_LLF,
        MAX_NLF,
        MAX_NLF_ALL_CASES,
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """One cell's figure as sums: success[f, d] over `falses` and `lesioned` cases.

    `size` is what a case with lesions adds to the denominator; both index arrays are into cases.
    """

    success: Floats
    size: Floats
    falses: Bools
    lesioned: Bools


def values(table: FrocTable, figure: Figure) -> Floats:
    """Figures of merit, shape (n_modalities, n_readers)."""
    return leave_one_out(table, figure).values


def leave_one_out(table: FrocTable, figure: Figure) -> LeaveOneOut:
    """A figure of merit with all cases and without each case that it depends on.

    Parameters
    ----------
    table : FrocTable
        Marks; each reader read two or more cases with and without lesions in each modality.
    figure : Figure
        One of those above (`FIGURES` has them by name).

    Returns
    -------
    LeaveOneOut
        For `error_covariance.jackknife` and `dorfman_berbaum_metz`.

    Raises
    ------
    ValueError
        Fewer than two cases with or without lesions.

    Notes
    -----
    Closed form: sums less the case's row and column. O(cells * n_lesions * n_cases). Reference
    values: RJafroc 2.1.3.
    """
    two_classes(table)
    shape = (len(table.modalities), len(table.readers))
    whole = np.ones((1, len(table.cases)))
    used = _used(table, figure)
    figures = np.empty(shape)
    without = np.empty((int(used.sum()), *shape))
    for cell in np.ndindex(*shape):
        if isinstance(figure, RatioFigure):
            top, bottom = _sums(table, figure, cell)
            figures[cell] = top.sum() / bottom.sum()
            without[:, *cell] = (top.sum() - top[used]) / (bottom.sum() - bottom[used])
        else:
            parts = pairs(table, figure, cell)
            figures[cell] = _of_weights(parts, whole)[0]
            without[:, *cell] = _without(parts)
    return LeaveOneOut(
        figure=figure.name,
        modalities=table.modalities,
        readers=table.readers,
        values=figures,
        left_out=without,
        n_cases=len(table.cases),
        n_diseased=int(table.truth.sum()),
        highest=_highest(figure),
        crossed=table.crossed,
        read=np.moveaxis(table.read[:, :, used], 2, 0),
    )


def bootstrap(
    table: FrocTable, figure: Figure, *, seed: int, replicates: int = 2000
) -> CaseBootstrap:
    """A figure of merit in bootstrap samples of cases, for `error_covariance.bootstrap`.

    Cases with and without lesions are drawn apart; a case brings its lesions and marks. Raises
    `ValueError` with fewer than two replicates, or two cases with or without lesions.
    """
    two_classes(table)
    if replicates < 2:
        raise ValueError(f"replicates must be 2 or more; {replicates} found")
    generator = np.random.default_rng(seed)
    weights = np.empty((replicates, len(table.cases)))
    for group in (table.truth, ~table.truth):
        size = int(group.sum())
        weights[:, group] = generator.multinomial(size, np.full(size, 1 / size), size=replicates)
    shape = (len(table.modalities), len(table.readers))
    drawn, figures = np.empty((replicates, *shape)), np.empty(shape)
    whole = np.ones((1, len(table.cases)))
    for cell in np.ndindex(*shape):
        with np.errstate(invalid="ignore"):  # a sample may leave a reader with gaps no case
            if isinstance(figure, RatioFigure):
                top, bottom = _sums(table, figure, cell)
                drawn[:, *cell] = (weights @ top) / (weights @ bottom)
                figures[cell] = top.sum() / bottom.sum()
            else:
                parts = pairs(table, figure, cell)
                drawn[:, *cell] = _of_weights(parts, weights)
                figures[cell] = _of_weights(parts, whole)[0]
    if not np.isfinite(drawn).all():
        raise ValueError(
            f"{figure.name} is not defined in every sample: some reader read too few cases"
        )
    return CaseBootstrap(
        figure=figure.name,
        modalities=table.modalities,
        readers=table.readers,
        values=figures,
        replicates=drawn,
        seed=seed,
        n_cases=len(table.cases),
        n_diseased=int(table.truth.sum()),
        highest=_highest(figure),
    )


def operating_points(table: FrocTable, modality: str, reader: str) -> tuple[Floats, Floats, Floats]:
    """Thresholds and the FROC curve of one reader: marks a case, and share of lesions found.

    Returns thresholds (descending), non-lesion marks per case (all cases), lesion fraction, with
    (inf, 0, 0) first. Raises `ValueError` for an unknown name.
    """
    if modality not in table.modalities or reader not in table.readers:
        raise ValueError(f"there is no reader {reader!r} in modality {modality!r}")
    cell = (table.modalities.index(modality), table.readers.index(reader))
    lesions = table.lesion_rating[cell][table.read[cell][table.lesion_case]]
    own = (table.false_marks[:, 0] == cell[0]) & (table.false_marks[:, 1] == cell[1])
    falses = np.sort(table.false_marks[own, 3])
    thresholds = np.unique(np.concatenate([lesions[np.isfinite(lesions)], falses]))[::-1]
    found = np.sort(lesions)
    nlf = (falses.size - np.searchsorted(falses, thresholds)) / table.read[cell].sum()
    llf = (found.size - np.searchsorted(found, thresholds)) / found.size
    start = np.zeros(1)
    return (
        np.concatenate([[np.inf], thresholds]),
        np.concatenate([start, nlf]),
        np.concatenate([start, llf]),
    )


def pairs(
    table: FrocTable, figure: PairFigure | HighestRatingAuc | CurveArea, cell: tuple[int, ...]
) -> Pairs:
    """The sums that a figure of one modality and reader is made of, over the cases read."""
    read = table.read[cell]
    lesioned = table.truth & read
    kept = read[table.lesion_case]
    of_case = (np.cumsum(lesioned) - 1)[table.lesion_case[kept]]
    false, lesion = table.false_rating[cell], table.lesion_rating[cell][kept]
    if isinstance(figure, HighestRatingAuc):
        highest = false.copy()
        np.maximum.at(highest, table.lesion_case[kept], lesion)
        healthy = read & ~table.truth
        return Pairs(
            success=_success(highest[healthy], highest[lesioned]),
            size=np.ones(int(lesioned.sum())),
            falses=healthy,
            lesioned=lesioned,
        )
    every_mark = isinstance(figure, CurveArea)
    weighted = isinstance(figure, PairFigure) and figure.weighted
    if every_mark or (isinstance(figure, PairFigure) and figure.all_cases):
        falses = read
    else:
        falses = read & ~table.truth
    if every_mark:
        against = _of_every_mark(table, cell)[read][:, kept]
    else:
        against = _success(false[falses], lesion)
    first = np.searchsorted(table.lesion_case[kept], np.flatnonzero(lesioned))
    weight = table.lesion_weight[kept] if weighted else np.ones(lesion.size)
    success = np.add.reduceat(against * weight, first, axis=1)
    counts = np.bincount(of_case, minlength=int(lesioned.sum())).astype(np.float64)
    return Pairs(
        success=success,
        size=np.ones(counts.size) if weighted else counts,
        falses=falses,
        lesioned=lesioned,
    )


def _of_every_mark(table: FrocTable, cell: tuple[int, ...]) -> Floats:
    """Successes of each lesion against all false marks of each case, shape (cases, lesions)."""
    own = (table.false_marks[:, 0] == cell[0]) & (table.false_marks[:, 1] == cell[1])
    total = np.zeros((len(table.cases), table.lesion_case.size))
    at = table.false_marks[own, 2].astype(np.int64)
    np.add.at(total, at, _success(table.false_marks[own, 3], table.lesion_rating[cell]))
    return total


def _success(false: Floats, found: Floats) -> Floats:
    success: Floats = (false[:, None] < found) + 0.5 * (false[:, None] == found)
    return success


def _of_weights(pairs: Pairs, weights: Floats) -> Floats:
    against, lesioned = weights[:, pairs.falses], weights[:, pairs.lesioned]
    top = np.einsum("bd,bd->b", against @ pairs.success, lesioned)
    figures: Floats = top / (against.sum(axis=1) * (lesioned @ pairs.size))
    return figures


def _without(pairs: Pairs) -> Floats:
    n = pairs.falses.size
    row, column, own, size = np.zeros((4, n))
    row[pairs.lesioned] = pairs.success.sum(axis=0)
    column[pairs.falses] = pairs.success.sum(axis=1)
    size[pairs.lesioned] = pairs.size
    both = np.flatnonzero(pairs.falses & pairs.lesioned)
    at_false, at_lesion = np.cumsum(pairs.falses) - 1, np.cumsum(pairs.lesioned) - 1
    own[both] = pairs.success[at_false[both], at_lesion[both]]
    top = pairs.success.sum() - row - column + own
    figures: Floats = top / ((pairs.falses.sum() - pairs.falses) * (size.sum() - size))
    return figures


def _sums(table: FrocTable, figure: RatioFigure, cell: tuple[int, ...]) -> tuple[Floats, Floats]:
    n = len(table.cases)
    found = np.isfinite(table.lesion_rating[cell])
    of_lesions = np.bincount(table.lesion_case[found], minlength=n)
    marked = (table.n_false[cell] > 0) | (of_lesions > 0)
    tops = {
        "marked": marked,
        "unmarked": ~marked,
        "found": of_lesions,
        "false": table.n_false[cell],
    }
    per_case = np.bincount(table.lesion_case, minlength=n) if figure.counts == "found" else 1
    used = (_used(table, figure) & table.read[cell]).astype(np.float64)
    top: Floats = tops[figure.counts] * used
    bottom: Floats = per_case * used
    return top, bottom


def _used(table: FrocTable, figure: Figure) -> Bools:
    uses = figure.uses if isinstance(figure, RatioFigure) else Uses.ALL
    if uses is Uses.ALL:
        return np.ones(len(table.cases), dtype=np.bool_)
    return table.truth if uses is Uses.DISEASED else ~table.truth


def _highest(figure: Figure) -> float:
    if isinstance(figure, CurveArea):
        return np.inf
    return figure.highest if isinstance(figure, RatioFigure) else 1.0
