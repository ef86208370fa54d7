"""Figures of each reader and of their average, in one condition and in the unaided one."""

from dataclasses import replace

from defensible.dossier.claims import MetricName
from defensible.evidence.reader_differences import FIGURES, Taken
from defensible.evidence.reader_finding import ReaderFigure
from defensible.statistics.estimate import Estimate


def figures(overall: dict[MetricName, Taken], aided: str) -> tuple[ReaderFigure, ...]:
    """Average and readers, in both conditions, where an analysis gives them.

    Parameters
    ----------
    overall : dict
        Differences of `aided` less the unaided condition, with their analyses.
    aided : str
        The condition by our name.
    """
    found = []
    for metric, one in overall.items():
        if one.analysis is None:
            continue
        analysis, name = one.analysis, FIGURES[metric]
        mean = {each.modality: each.estimate for each in analysis.modalities}
        own = {(each.modality, each.reader): each.estimate for each in analysis.readers}
        gap = {
            each.reader: _turned(each.estimate, each.first == aided)
            for each in analysis.differences
            if each.reader is not None and {each.first, each.second} == {"unaided", aided}
        }
        found.append(
            ReaderFigure(
                metric=name,
                reader=None,
                unaided=mean.get("unaided"),
                aided=mean.get(aided),
                difference=one.estimate,
            )
        )
        found += [
            ReaderFigure(
                metric=name,
                reader=reader,
                unaided=own.get(("unaided", reader)),
                aided=own.get((aided, reader)),
                difference=gap.get(reader),
            )
            for reader in dict.fromkeys(reader for _, reader in own)
        ]
    return tuple(found)


def _turned(estimate: Estimate, aided_first: bool) -> Estimate:  # noqa: FBT001 - a fact, not a mode
    if aided_first:
        return estimate
    return replace(estimate, value=-estimate.value, low=-estimate.high, high=-estimate.low)
