"""The device among the readers of a table: its readings taken off, and laid beside those of others.

1. Its readings, in whatever condition they stand, one a case. 2. What they say of the reference
standard and the patient is what the others say. 3. Each reading of a reader gets the device's
rating and decision of its case; what the device did not read has none.
"""

from typing import TYPE_CHECKING

from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import joins, matching
from defensible.evidence.faults import Faults, counted, names, shown
from defensible.evidence.finding import AS_OUTPUT, Tally

if TYPE_CHECKING:
    import polars as pl

_SCORE, _CALL, _CASE = "\0device score", "\0device call", "\0case"
"""Columns that no table has."""


def call_column(study: ReaderStudy) -> str | None:
    """The column of the device's call, to which `device_positive` is applied; None without one."""
    columns = study.data.columns
    if study.device_reader is None:
        return columns.device
    return _CALL if (columns.decision or columns.rating) is not None else None


def score_column(study: ReaderStudy) -> str | None:
    """The column of the device's score, on any scale; None without one."""
    columns = study.data.columns
    if study.device_reader is None:
        return columns.device
    return _SCORE if columns.rating is not None else None


def keys(study: ReaderStudy) -> tuple[str, ...]:
    """Where a study says what the device's output is."""
    return ("data", "columns", "device") if study.device_reader is None else ("device_reader",)


def apart(
    frame: "pl.DataFrame", study: ReaderStudy, faults: Faults
) -> "tuple[pl.DataFrame, pl.DataFrame | None]":
    """The readings of readers, and those of the device; None where the study has it in a column."""
    if study.device_reader is None:
        return frame, None
    readers = matching.texts(frame[study.data.columns.reader])
    mine = (readers == study.device_reader).fill_null(value=False)
    if not mine.any():
        known = sorted(readers.drop_nulls().unique().to_list())
        what = f"no reading is by the reader {shown(study.device_reader)}, who is the device"
        faults.add("E090", ("device_reader",), what, f"readers there: {names(known)}")
        return frame, None
    return frame.filter(~mine), frame.filter(mine)


def beside(
    frame: "pl.DataFrame", device: "pl.DataFrame | None", study: ReaderStudy, faults: Faults
) -> "tuple[pl.DataFrame, list[Tally]]":
    """The readings of readers with the device's output of each case, and what became of its own."""
    if device is None:
        return frame, []
    columns = study.data.columns
    cases = matching.texts(frame[columns.case])
    device = device.with_columns(matching.texts(device[columns.case]).alias(_CASE))
    _once(device, faults)
    if faults.problems:
        return frame, []
    used = device[_CASE].is_in(cases.drop_nulls().unique().implode())
    added = [device[_CASE]]
    if columns.rating is not None:
        added.append(device[columns.rating].alias(_SCORE))
    if (decided := columns.decision or columns.rating) is not None:
        added.append(device[decided].alias(_CALL))
    _same(frame.with_columns(cases.alias(_CASE)), device, study, faults)
    met = (
        frame.with_columns(cases.alias(_CASE))
        .join(device.select(added), on=_CASE, how="left", maintain_order="left")
        .drop(_CASE)
    )
    n, alone = int(used.sum()), int((~used).sum())
    tallies = (
        Tally(reason="read by the device", n=n, treated=AS_OUTPUT),
        Tally(reason="read by the device, and by no reader", n=alone, treated="left out"),
    )
    return met, [one for one in tallies if one.n]


def _once(device: "pl.DataFrame", faults: Faults) -> None:
    """The device has one reading of a case, and each has a case."""
    nameless = device.filter(device[_CASE].is_null())
    if nameless.height:
        what = (
            f"{counted(nameless.height, 'reading')} of the device without a case, the first in row "
            f"{nameless[joins.ROW][0]:,} below the header"
        )
        faults.add("E056", ("device_reader",), what, "fill it, or name a column that is filled")
    named = device.filter(device[_CASE].is_not_null())
    again = named.filter(~named[_CASE].is_first_distinct())
    if again.height:
        what = (
            f"{counted(again.height, 'reading')} of a case that the device has read before, the "
            f"first in row {again[joins.ROW][0]:,} below the header"
        )
        mend = "keep one output of the device for a case (`data.include`)"
        faults.add("E058", ("device_reader",), what, mend)


def _same(
    frame: "pl.DataFrame", device: "pl.DataFrame", study: ReaderStudy, faults: Faults
) -> None:
    """What the device's rows say of a case is what the rows of readers say."""
    columns = study.data.columns
    for role in ("reference", "patient"):
        column = getattr(columns, role)
        if column is None:
            continue
        own = device.select(_CASE, joins.ROW, matching.keys(device[column]).alias("own"))
        theirs = frame.select(_CASE, matching.keys(frame[column]).alias("theirs")).drop_nulls()
        both = own.join(theirs.unique(_CASE, keep="first"), on=_CASE, how="inner")
        other = both.filter(both["own"] != both["theirs"]).sort(joins.ROW)
        if other.height:
            what = (
                f"{counted(other.height, 'row')} of the device and those of readers disagree about "
                f"the {role} of a case, the first in row {other[joins.ROW][0]:,} below the header"
            )
            faults.add("E059", ("data", "columns", role), what, "find out which is right")
