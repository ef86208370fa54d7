"""The sample against the population of the intended use: prevalence, and the mix of levels."""

from collections.abc import Iterator

import numpy as np

from defensible.evidence.confounders.basis import Basis
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.statistics import proportions
from defensible.statistics.estimate import Estimate

KIND = "case mix"


def found(basis: Basis) -> Confounder:
    """Where the sample's share differs from the declared one by more than chance."""
    differing = [*_prevalence(basis), *_mix(basis)]
    population = basis.dossier.intended_use.population
    if population is None or (population.prevalence is None and not population.mix):
        said = "The intended use declares neither prevalence nor mix, so nothing is compared."
        return Confounder(kind=KIND, presence=Presence.NOT_SHOWN, said=said)
    if not differing:
        said = "The sample's prevalence and mix agree with those that the intended use declares."
        return Confounder(kind=KIND, presence=Presence.ABSENT, said=said)
    said = "; ".join(words for words, _ in differing)
    return Confounder(
        kind=KIND,
        presence=Presence.PRESENT,
        said=f"The sample is not the declared population: {said}.",
        figures=tuple(figure for _, figure in differing),
    )


def _prevalence(basis: Basis) -> Iterator[tuple[str, Figure]]:
    population = basis.dossier.intended_use.population
    declared = population.prevalence if population else None
    if declared is None:
        return
    truth = basis.cases.truth
    estimate = proportions.wilson(int(truth.sum()), truth.size, level=basis.study.analysis.level)
    low, high = declared.from_ or 0.0, 1.0 if declared.to is None else declared.to
    if estimate.high < low or estimate.low > high:
        figure = Figure(name="prevalence", value=estimate.value, estimate=estimate)
        yield f"prevalence {estimate.value:.3f}, declared {low:g} to {high:g}", figure


def _mix(basis: Basis) -> Iterator[tuple[str, Figure]]:
    population = basis.dossier.intended_use.population
    for name, shares in ((population.mix if population else None) or {}).items():
        seen = basis.dimension(name)
        if seen is None:
            figure = Figure(name=name, value=0.0)
            yield f"no dimension {name}, of which a mix is declared", figure
            continue
        grouping, _ = seen
        counts = np.bincount(grouping.codes, minlength=len(grouping.strata))
        by_level = {
            stratum.levels[0][1]: int(n)
            for stratum, n in zip(grouping.strata, counts.tolist(), strict=True)
        }
        for level, share in shares.items():
            estimate = _share(by_level.get(level, 0), int(counts.sum()), basis)
            if not estimate.low <= share <= estimate.high:
                figure = Figure(name=f"{name} {level}", value=estimate.value, estimate=estimate)
                yield f"{name} {level} {estimate.value:.2f}, declared {share:g}", figure


def _share(count: int, n: int, basis: Basis) -> Estimate:
    return proportions.wilson(count, n, level=basis.study.analysis.level)
