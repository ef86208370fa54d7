"""The readings of a reader study: one row a reading, sorted out, then by condition, reader, case.

0. Readings of the device, where it is one of the readers, become its output (`device_reader`).
1. Rows of the declared conditions; others are counted. 2. Each row has a reader and a case. 3. What
a reading lacks is an error or is left out, as the plan says. 4. A reader reads a case once in a
condition. 5. The rows of a case agree about the reference standard, the device and the patient.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import device_reader, joins, matching, reference
from defensible.evidence.account import Account
from defensible.evidence.faults import Faults, counted, names, shown
from defensible.evidence.finding import JoinLedger, Tally
from defensible.evidence.joins import Rows
from defensible.statistics import froc_table
from defensible.statistics.arrays import Bools, Floats, Ints
from defensible.statistics.froc_table import FrocTable

if TYPE_CHECKING:
    import polars as pl

_ROLES = (
    *("reader", "case", "patient", "modality", "reference", "rating", "decision"),
    *("device", "time_s", "session", "order", "day", "experience"),
)
UNAIDED, AIDED = 0, 1
MOST_READERS, MOST_CELLS = 500, 20_000_000
"""Most readers, and most readers times cases, that are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings:
    """Readings as arrays of shape (n_conditions, n_readers, n_cases): unaided, aided, then others.

    Attributes
    ----------
    conditions, written : tuple of str
        Reading conditions by our names, and as the table writes them.
    truth : bool array, shape (n_cases,)
        Reference standard.
    patient : int array, shape (n_cases,)
        Code of the patient of each case.
    read : bool array
        Where there is a reading.
    rating, decision : arrays or None
        None where the study takes none; 0 where not read.
    device : bool array, shape (n_cases,), or None
        What the device said.
    device_score : float array, shape (n_cases,), or None
        Its score; None where it is no number in every row, or another in two rows of a case.
    experience : tuple of str or None
        One a reader, as the table has it.
    first_row : int array, shape (n_cases,)
        A row of `frame` for each case.
    marks : FrocTable or None
        Marks with a location, along the same axes; None where the study has none.
    """

    conditions: tuple[str, ...]
    written: tuple[str, ...]
    readers: tuple[str, ...]
    cases: tuple[str, ...]
    truth: Bools
    patient: Ints
    read: Bools
    rating: Floats | None
    decision: Bools | None
    device: Bools | None
    time_s: Floats | None
    order: Floats | None
    day: Floats | None
    session: "tuple[tuple[str, ...], Ints] | None"
    experience: tuple[str | None, ...] | None
    frame: "pl.DataFrame"
    first_row: Ints
    ledger: JoinLedger
    marks: FrocTable | None = None
    device_score: Floats | None = None

    @property
    def crossed(self) -> bool:
        """Whether every reader read every case in every condition."""
        return bool(self.read.all())

    @property
    def n_repeated(self) -> int:
        """Patients with more than one case."""
        return int((np.bincount(self.patient) > 1).sum())


def pair(of: Readings, against: int = UNAIDED, new: int = AIDED) -> Readings:
    """The readings of two conditions, the one held against first; readers and cases all stay."""
    if (len(of.conditions), against, new) == (2, UNAIDED, AIDED):
        return of
    at = np.array([against, new])

    def both(values: Floats | None) -> Floats | None:
        return None if values is None else values[at]

    return replace(
        of,
        conditions=("unaided", "aided"),
        written=(of.written[against], of.written[new]),
        read=of.read[at],
        rating=both(of.rating),
        decision=None if of.decision is None else of.decision[at],
        time_s=both(of.time_s),
        order=both(of.order),
        day=both(of.day),
        session=None if of.session is None else (of.session[0], of.session[1][at]),
        marks=None
        if of.marks is None
        else froc_table.part(
            of.marks,
            modalities=at,
            readers=np.ones(len(of.readers), dtype=np.bool_),
            cases=np.ones(len(of.cases), dtype=np.bool_),
        ),
    )


def read(study: ReaderStudy, faults: Faults) -> Readings | None:
    """The readings of `study`; None, and problems in `faults`, where they do not fit."""
    rows = joins.gathered(study, joins.wanted_by(study, _ROLES), faults)
    if rows is None or not rows.frame.height:
        return None
    whole, of_device = device_reader.apart(rows.frame, study, faults)
    frame, tallies = _of_conditions(whole, study, faults)
    frame, of_it = device_reader.beside(frame, of_device, study, faults)
    tallies += of_it
    if not frame.height or faults.problems:
        return None
    account = Account(
        row=frame[joins.ROW].to_numpy().astype(np.int64),
        inside=np.ones(frame.height, dtype=np.bool_),
        wrong=np.zeros(frame.height, dtype=np.bool_),
        faults=faults,
    )
    _identified(frame, study, account)
    _complete(frame, study, account, tallies)
    if faults.problems:
        return None
    kept = account.inside
    truth, _ = reference.truth(frame[study.data.columns.reference], study, account)
    if faults.problems:
        return None
    inside = account.row[kept]
    return _arranged(rows, frame.filter(kept), truth[kept], inside, study, tallies, faults)


def _of_conditions(
    frame: "pl.DataFrame", study: ReaderStudy, faults: Faults
) -> "tuple[pl.DataFrame, list[Tally]]":
    said = matching.texts(frame[study.data.columns.modality])
    seen = sorted(said.drop_nulls().unique().to_list())
    written = study.conditions.written
    for index, name in enumerate(written):
        if name not in seen:
            key = ("unaided", "aided")[index : index + 1] or ("others", index - 2)
            what = f"no row is read in the condition {shown(name)}"
            faults.add("E063", ("conditions", *key), what, f"conditions there: {names(seen)}")
    held = said.is_in(list(written)).fill_null(value=False)
    other = int((~held).sum())
    tally = Tally(reason="read in another condition", n=other, treated="left out")
    return frame.filter(held), [tally] if other else []


def _identified(frame: "pl.DataFrame", study: ReaderStudy, account: Account) -> None:
    for role in ("reader", "case", "patient"):
        column = getattr(study.data.columns, role)
        if column is None:
            continue
        empty = frame[column].is_null().to_numpy()
        if empty.any():
            what = (
                f"{counted(int(empty.sum()), 'reading')} without {column}, "
                f"the first in {account.first(empty)}"
            )
            mend = "fill it, or name a column that every row fills"
            account.faults.add("E056", ("data", "columns", role), what, mend)


def _complete(
    frame: "pl.DataFrame", study: ReaderStudy, account: Account, tallies: list[Tally]
) -> None:
    """What a reading must have: reference, rating, decision and the device's output."""
    columns = study.data.columns
    for role, words in (
        ("reference", "no reference standard"),
        ("rating", "no rating"),
        ("decision", "no decision"),
        ("device", "no output of the device"),
        ("time_s", "no reading time"),
    ):
        column = device_reader.call_column(study) if role == "device" else getattr(columns, role)
        if column is None:
            continue
        if role in {"rating", "time_s"}:
            given = matching.numbers(frame[column]).is_finite().fill_null(value=False)
        else:
            given = frame[column].is_not_null()
        lacking = ~given.to_numpy() & account.inside
        n = int(lacking.sum())
        if n and study.analysis.missing == "error":
            what = f"{counted(n, 'reading')}: {words}, the first in {account.first(lacking)}"
            mend = "mend the table, or write `missing: exclude`"
            keys = device_reader.keys(study) if role == "device" else ("data", "columns", role)
            account.faults.add("E057", keys, what, mend)
        elif n:
            tallies.append(Tally(reason=words, n=n, treated="excluded"))
            account.inside[lacking] = False
    if not account.inside.any():
        what = "every reading lacks something that the plan asks for"
        account.faults.add("E006", ("data", "columns"), what, "look at the columns named there")


def _codes(column: "pl.Series") -> tuple[tuple[str, ...], Ints]:
    """Names in sorted order, and the place of each row's among them."""
    import polars as pl

    written = matching.texts(column)
    found = sorted(written.unique().to_list())
    return tuple(found), written.cast(pl.Enum(found)).to_physical().to_numpy().astype(np.int64)


def _arranged(
    rows: Rows,
    frame: "pl.DataFrame",
    truth: Bools,
    row: Ints,
    study: ReaderStudy,
    tallies: list[Tally],
    faults: Faults,
) -> Readings | None:
    columns = study.data.columns
    readers, at_reader = _codes(frame[columns.reader])
    cases, at_case = _codes(frame[columns.case])
    written = study.conditions.written
    at_condition = matching.places(frame[columns.modality], written)
    if len(readers) > MOST_READERS or len(readers) * len(cases) > MOST_CELLS:
        _too_many(len(readers), len(cases), faults)
        return None
    shape = (len(written), len(readers), len(cases))
    place = np.ravel_multi_index((at_condition, at_reader, at_case), shape)
    _once(place, row, faults)
    _, first = np.unique(at_case, return_index=True)
    patient = at_case if columns.patient is None else _codes(frame[columns.patient])[1]
    device = _rule(frame, device_reader.call_column(study), study, "device_positive")
    of_case = {"reference": truth.astype(np.int64), "patient": patient}
    if device is not None:
        of_case["device"] = device.astype(np.int64)
    for role, values in of_case.items():
        _same_in_case(role, values, first[at_case], row, faults)
    if faults.problems:
        return None

    def dense(values: Floats | Bools) -> Floats:
        found = np.zeros(shape)
        found.flat[place] = values
        return found

    def numbers(column: str | None, default: float = np.nan) -> Floats | None:
        if column is None:
            return None
        given = matching.numbers(frame[column]).fill_null(default).to_numpy()
        return dense(given.astype(np.float64))

    seen = dense(np.ones(place.size, dtype=np.bool_)).astype(np.bool_)
    decided = _rule(frame, columns.decision or columns.rating, study, "positive")
    levels, codes = _codes(frame[columns.session].fill_null("")) if columns.session else ((), None)
    return Readings(
        conditions=_names(len(written)),
        written=written,
        readers=readers,
        cases=cases,
        truth=truth[first],
        patient=np.unique(patient[first], return_inverse=True)[1].astype(np.int64),
        read=seen,
        rating=numbers(columns.rating),
        decision=None if decided is None else dense(decided).astype(np.bool_),
        device=None if device is None else device[first],
        device_score=_score(frame, device_reader.score_column(study), first, at_case),
        time_s=numbers(columns.time_s),
        order=numbers(columns.order),
        day=numbers(columns.day),
        session=None
        if codes is None
        else (levels, dense(codes.astype(np.float64)).astype(np.int64)),
        experience=_of_readers(frame, columns.experience, at_reader, row, faults),
        frame=frame,
        first_row=first.astype(np.int64),
        ledger=_ledger(rows, tallies, patient if columns.patient else None, truth[first], row),
    )


def _names(n: int) -> tuple[str, ...]:
    """Our names of so many conditions."""
    return ("unaided", "aided", *(f"condition {at + 1}" for at in range(2, n)))[:n]


def _score(frame: "pl.DataFrame", column: str | None, first: Ints, at_case: Ints) -> Floats | None:
    """The device's score of each case; None where a cell is no number, or rows of a case differ."""
    if column is None:
        return None
    given = matching.numbers(frame[column]).fill_null(np.nan).to_numpy().astype(np.float64)
    of_case = given[first]
    same = np.isfinite(given).all() and np.array_equal(of_case[at_case], given)
    return of_case if same else None


def _ledger(
    rows: Rows, tallies: list[Tally], patient: Ints | None, truth: Bools, row: Ints
) -> JoinLedger:
    diseased = int(truth.sum())
    return JoinLedger(
        sources=rows.sources,
        n_read=rows.n_read,
        tallies=(*rows.tallies, *tallies),
        n_analysed=row.size,
        n_patients=None if patient is None else int(np.unique(patient).size),
        n_diseased=diseased,
        n_healthy=truth.size - diseased,
        unit="reading",
    )


def _too_many(n_readers: int, n_cases: int, faults: Faults) -> None:
    what = (
        f"there are {n_readers:,} readers and {n_cases:,} cases; {MOST_READERS:,} readers and "
        f"{MOST_CELLS:,} pairs of them are the most that are analysed"
    )
    mend = "check which column names the reader"
    faults.add("E060", ("data", "columns", "reader"), what, mend)


def _rule(frame: "pl.DataFrame", column: str | None, study: ReaderStudy, key: str) -> Bools | None:
    """Whether each row is positive; None where the study has no column or no rule for it."""
    rule = getattr(study, key)
    if column is None or rule is None:
        return None
    return np.asarray(matching.holds(frame[column], rule).to_numpy())


def _once(place: Ints, row: Ints, faults: Faults) -> None:
    order = np.argsort(place, kind="stable")
    again = np.flatnonzero(np.diff(place[order]) == 0)
    if again.size:
        where = int(row[order[again + 1]].min())
        what = (
            f"{counted(again.size, 'reading')} of a case that the reader has read in that "
            f"condition before, the first in row {where:,} below the header"
        )
        mend = "keep one reading of a case by a reader in a condition (`data.include`)"
        faults.add("E058", ("data", "columns", "reader"), what, mend)


def _same_in_case(role: str, values: Ints, first: Ints, row: Ints, faults: Faults) -> None:
    """The rows of a case say the same as its first one."""
    other = values != values[first]
    if other.any():
        where = int(row[int(np.argmax(other))])
        what = (
            f"the rows of a case disagree about its {role}, the first in row {where:,} "
            "below the header"
        )
        faults.add("E059", ("data", "columns", role), what, "find out which is right")


def _of_readers(
    frame: "pl.DataFrame", column: str | None, at_reader: Ints, row: Ints, faults: Faults
) -> tuple[str | None, ...] | None:
    """The experience of each reader, the same in all rows of the reader."""
    if column is None:
        return None
    written = np.array(matching.texts(frame[column]).fill_null("").to_list(), dtype=np.str_)
    _, first = np.unique(at_reader, return_index=True)
    other = written != written[first[at_reader]]
    if other.any():
        where = int(row[int(np.argmax(other))])
        what = (
            f"the rows of a reader disagree about experience, the first in row {where:,} "
            "below the header"
        )
        faults.add("E059", ("data", "columns", "experience"), what, "write one for each reader")
    return tuple(str(one) or None for one in written[first])
