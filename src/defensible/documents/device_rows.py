"""A picture in rows: each unaided reader, their average, and the device alone."""

from defensible.documents import device_words
from defensible.documents.reader_rows import FOOT, HEAD, MOST_READERS, ROW, Row, Rows, mark, scaled
from defensible.documents.words import METRIC, short
from defensible.evidence.device_finding import DeviceFigure
from defensible.evidence.finding import StudyResult


def pictures(result: StudyResult) -> tuple[Rows, ...]:
    """A picture a figure; none in studies that do not hold the device against readers."""
    found = result.against_readers
    return () if found is None else tuple(_picture(result, one) for one in found.figures)


def _picture(result: StudyResult, figure: DeviceFigure) -> Rows:
    listed = [
        *((short(one.reader, 24), one.estimate) for one in figure.of_readers[:MOST_READERS]),
        *([("Average reader", figure.readers)] if figure.readers is not None else []),
        ("Device alone", figure.device),
    ]
    scale, ticks = scaled([v for _, one in listed for v in (one.low, one.high)], 0, 1)
    rows = []
    for index, (label, one) in enumerate(listed):
        y = HEAD + (index + 0.5) * ROW
        device = index == len(listed) - 1
        rows.append(
            Row(
                label=label,
                y=y,
                words=device_words.figure(one),
                marks=(mark("aided" if device else "unaided", one, y, scale),),
                strong=index >= len(figure.of_readers[:MOST_READERS]),
            )
        )
    name = METRIC[figure.metric]
    return Rows(
        title=f"{name} of readers and of the device alone, {short(result.study, 40)}",
        about=(
            f"Device less average reader: {device_words.figure(figure.difference)}. Ring and "
            "dashes: readers; disc: the device. A reader's own interval takes that reader as fixed."
        ),
        axis=name,
        height=HEAD + len(rows) * ROW + FOOT,
        rows=tuple(rows),
        ticks=ticks,
        zero=None,
        legend="",
    )
