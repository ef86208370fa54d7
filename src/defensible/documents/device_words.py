"""The device alone against unaided readers: sentences, and a table of each reader beside it."""

from dataclasses import dataclass

from defensible.documents import numbers
from defensible.documents.words import METRIC, METRIC_INSIDE, short
from defensible.evidence.device_finding import DeviceFigure, DeviceFindings
from defensible.evidence.finding import StudyResult
from defensible.statistics.estimate import Estimate

MOST_READERS = 40
"""Most readers that a report lists; the JSON has them all."""
HEAD = ("figure", "interval", "device less it", "interval")
_NOTHING = ("-", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One figure: the device, the average reader and each reader."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    """Who, then as `HEAD`."""
    n_more: int
    """Readers that are not listed."""


def said(found: DeviceFindings) -> list[str]:
    """`Device alone (reader 1), AUC: 0.817 (..); average reader 0.849 (..); device less ..`."""
    sentences = []
    for one in found.figures:
        readers = "" if one.readers is None else f"; average reader {figure(one.readers)}"
        sentences.append(
            f"Device alone ({short(found.named, 40)}), {name(one)}: {figure(one.device)}"
            f"{readers}; device less readers {figure(one.difference)}."
        )
    return sentences


def tables(result: StudyResult) -> tuple[Table, ...]:
    """A table a figure; none in studies that do not look at it."""
    found = result.against_readers
    return () if found is None else tuple(_table(one) for one in found.figures)


def name(one: DeviceFigure) -> str:
    """`AUC`, `sensitivity`."""
    return METRIC_INSIDE[one.metric]


def figure(estimate: Estimate) -> str:
    """`0.817 (0.752 to 0.882)`; `0.817 (no interval)` where nothing varies, as with fixed cases."""
    return f"{numbers.proportion(estimate.value)} ({_interval(estimate)})"


def _table(one: DeviceFigure) -> Table:
    listed = one.of_readers[:MOST_READERS]
    return Table(
        name=METRIC[one.metric],
        rows=(
            ("device alone", *_cells(one.device), *_NOTHING),
            ("average reader", *_cells(one.readers), *_cells(one.difference)),
            *(
                (short(each.reader, 24), *_cells(each.estimate), *_cells(each.difference))
                for each in listed
            ),
        ),
        n_more=len(one.of_readers) - len(listed),
    )


def _cells(estimate: Estimate | None) -> tuple[str, str]:
    if estimate is None:
        return _NOTHING
    return numbers.proportion(estimate.value), _interval(estimate)


def _interval(estimate: Estimate) -> str:
    return numbers.interval(estimate) if estimate.low < estimate.high else "no interval"
