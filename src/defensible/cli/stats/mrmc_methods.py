"""Which function answers for a reader study: method, covariance, what is random, figure of merit.

Every combination that has no method is refused with the ones that have.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from defensible.cli.stats.methods import known
from defensible.cli.stats.options import seeded

if TYPE_CHECKING:
    from defensible.statistics.case_bootstrap import CaseBootstrap
    from defensible.statistics.error_covariance import ErrorCovariance
    from defensible.statistics.leave_one_out import Figure, LeaveOneOut
    from defensible.statistics.mrmc_inference import MrmcResult
    from defensible.statistics.reader_table import ReaderTable

_GALLAS = "Gallas et al. Communications in Statistics: Theory and Methods 2009;38:2586-2603"

_LIANG = "Liang, Zeger. Biometrika 1986;73:13-22"

METHODS = {
    "obuchowski-rockette": (
        "Obuchowski, Rockette. Communications in Statistics 1995;24:285-308; "
        "Hillis. Statistics in Medicine 2007;26:596-619"
    ),
    "dbm": (
        "Dorfman, Berbaum, Metz. Investigative Radiology 1992;27:723-731; "
        "Hillis, Berbaum, Metz. Academic Radiology 2008;15:647-661"
    ),
    "u-statistic": _GALLAS,
    "u-statistic-centred": _GALLAS,
    "u-statistic-biased": _GALLAS,
    "gee": _LIANG,
    "gee-exchangeable": _LIANG,
    "u-statistic-hillis": f"{_GALLAS}; Obuchowski, Gallas, Hillis. Academic Radiology 2012;19:1508",
}
"""Method and its source."""
COVARIANCES = ("delong", "unbiased", "jackknife", "bootstrap")
FIGURES = {
    "auc": None,
    "sensitivity": "threshold at or above which a rating is positive",
    "specificity": "threshold at or above which a rating is positive",
    "sensitivity-at-specificity": "specificity",
    "specificity-at-sensitivity": "sensitivity",
    "partial-auc": "lowest specificity",
}
"""Figure of merit, and what `--at` is for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An analysis as the call names it."""

    method: str
    covariance: str | None
    readers: str
    cases: str
    figure: str
    at: float | None
    seed: int | None
    replicates: int
    level: float


def analysis(table: "ReaderTable", asked: Asked) -> "MrmcResult[Any]":
    """The analysis of a table of ratings; usage errors as `typer.BadParameter`.

    Raises `ValueError` where the method can't answer on this table.
    """
    figure = _figure(asked)
    if asked.method.startswith("u-statistic"):
        return _u_statistics(table, asked)
    if asked.method.startswith("gee"):
        return _gee(table, asked)
    return inferred(
        asked,
        covariance=lambda kind: _covariance(table, figure, kind, asked),
        jackknife=lambda: _left_out(table, figure),
        delong=figure is None,
        crossed=table.crossed,
    )


def inferred(
    asked: Asked,
    *,
    covariance: "Callable[[str], ErrorCovariance]",
    jackknife: "Callable[[], LeaveOneOut]",
    delong: bool,
    crossed: bool,
) -> "MrmcResult[Any]":
    """Obuchowski-Rockette, or Dorfman-Berbaum-Metz, on whatever figure these give."""
    from defensible.statistics import (
        dorfman_berbaum_metz,
        obuchowski_rockette,
        unequal_readings,
    )

    if asked.method == "dbm":
        if asked.covariance not in {None, "jackknife"}:
            raise typer.BadParameter(
                "dbm rests on jackknife pseudovalues; for another covariance take "
                "obuchowski-rockette, which is the same analysis",
                param_hint="--covariance",
            )
        dbm: MrmcResult[Any] = getattr(dorfman_berbaum_metz, _randomness(asked))(
            jackknife(), level=asked.level
        )
        return dbm
    kind = asked.covariance or ("delong" if delong else "jackknife")
    known(dict.fromkeys(COVARIANCES), kind, "--covariance")
    if kind in {"delong", "unbiased"} and not delong:
        raise typer.BadParameter(
            f"{kind} is for the AUC; take jackknife or bootstrap", param_hint="--covariance"
        )
    by = obuchowski_rockette if crossed else unequal_readings
    found: MrmcResult[Any] = getattr(by, _randomness(asked))(covariance(kind), level=asked.level)
    return found


def _randomness(asked: Asked) -> str:
    """The name of the function for what is random."""
    for option, value in (("--readers", asked.readers), ("--cases", asked.cases)):
        if value not in {"random", "fixed"}:
            raise typer.BadParameter(f"'{value[:20]}' is not random or fixed", param_hint=option)
    if (asked.readers, asked.cases) == ("fixed", "fixed"):
        raise typer.BadParameter(
            "with readers and cases fixed nothing varies: no inference is left",
            param_hint="--readers",
        )
    if asked.readers == "fixed":
        return "fixed_readers"
    return "fixed_cases" if asked.cases == "fixed" else "random_readers"


def _figure(asked: Asked) -> "Figure | None":
    """The figure of merit; None is the AUC."""
    meaning = FIGURES[asked.figure]
    if meaning is None:
        if asked.at is not None:
            raise typer.BadParameter(f"{asked.figure} takes none", param_hint="--at")
        return None
    if asked.at is None:
        raise typer.BadParameter(f"{asked.figure} needs it: {meaning}", param_hint="--at")
    from defensible.statistics import figures_of_merit as figures

    of = {
        "sensitivity": figures.sensitivity,
        "specificity": figures.specificity,
        "sensitivity-at-specificity": figures.sensitivity_at_specificity,
        "specificity-at-sensitivity": figures.specificity_at_sensitivity,
        "partial-auc": figures.partial_auc_over_specificity,
    }
    try:
        return of[asked.figure](asked.at)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--at") from None


def _u_statistics(table: "ReaderTable", asked: Asked) -> "MrmcResult[Any]":
    if (asked.readers, asked.cases) != ("random", "random") or asked.covariance is not None:
        raise typer.BadParameter(
            "the U-statistics take readers and cases as random, and no covariance is named",
            param_hint="--method",
        )
    from defensible.statistics import binary_endpoints, u_statistics

    if asked.figure == "auc":
        of = {
            "u-statistic": u_statistics.unbiased,
            "u-statistic-centred": u_statistics.centred,
            "u-statistic-biased": u_statistics.biased,
            "u-statistic-hillis": u_statistics.unbiased_with_hillis_df,
        }
        return of[asked.method](table, level=asked.level)
    of_decisions = asked.figure in {"sensitivity", "specificity"}
    if of_decisions and asked.method in {"u-statistic", "u-statistic-centred"}:
        endpoint = getattr(binary_endpoints, asked.figure)
        found: MrmcResult[Any] = endpoint(table, threshold=asked.at, level=asked.level)
        return found
    raise typer.BadParameter(
        f"{asked.method} has no {asked.figure}; u-statistic has auc, sensitivity, specificity",
        param_hint="--figure",
    )


def _gee(table: "ReaderTable", asked: Asked) -> "MrmcResult[Any]":
    if (asked.readers, asked.cases) != ("fixed", "random") or asked.covariance is not None:
        raise typer.BadParameter(
            "gee takes these readers as fixed and the cases as random, and no covariance is named",
            param_hint="--readers",
        )
    if asked.figure not in {"sensitivity", "specificity"}:
        raise typer.BadParameter("gee has sensitivity and specificity", param_hint="--figure")
    from defensible.statistics import gee

    name = asked.figure if asked.method == "gee" else f"{asked.figure}_exchangeable"
    try:
        found: MrmcResult[Any] = getattr(gee, name)(table, threshold=asked.at, level=asked.level)
    except ImportError as error:
        raise typer.BadParameter(str(error), param_hint="--method") from None
    return found


def _left_out(table: "ReaderTable", figure: "Figure | None") -> "LeaveOneOut":
    from defensible.statistics import leave_one_out

    return leave_one_out.auc(table) if figure is None else leave_one_out.of(table, figure)


def _covariance(
    table: "ReaderTable", figure: "Figure | None", kind: str, asked: Asked
) -> "ErrorCovariance":
    from defensible.statistics import error_covariance

    if kind == "delong":
        return error_covariance.delong(table)
    if kind == "unbiased":
        return error_covariance.unbiased(table)
    if kind == "jackknife":
        return error_covariance.jackknife(_left_out(table, figure))
    return error_covariance.bootstrap(_resampled(table, figure, asked))


def _resampled(table: "ReaderTable", figure: "Figure | None", asked: Asked) -> "CaseBootstrap":
    from defensible.statistics import case_bootstrap

    seed = seeded(asked.seed, "the bootstrap")
    if figure is None:
        return case_bootstrap.auc(table, seed=seed, replicates=asked.replicates)
    return case_bootstrap.of(table, figure, seed=seed, replicates=asked.replicates)
