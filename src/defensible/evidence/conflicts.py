"""One case with two truths: in the table of one study diseased, in that of another healthy.

Two studies are compared where they declare the same reference standard (its description, whatever
its case and spaces). A description that differs says that another thing was established, or by
other means, and then two truths may both be right.

Identifiers are one numbering where they are more than short numbers and nothing that both tables
say of the shared cases (patient, dimensions of the same name) speaks against it; short numbers,
which every table begins at 1, only where such values agree. Where one table has keyed hashes and
`DEFENSIBLE_KEY_FILE` is set, the identifiers of the other are hashed by it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.problem import DossierError, Problem
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import Dimension, StandaloneStudy
from defensible.evidence import blinding, joins, matching, reference
from defensible.evidence.account import Account
from defensible.evidence.dicom import keys
from defensible.evidence.faults import Faults, counted

if TYPE_CHECKING:
    import polars as pl

WithTruth = StandaloneStudy | ReaderStudy | LocalizationStudy
"""Studies whose tables say of each case whether the condition is present."""
_CASE, _TRUTH, _ROW, _PATIENT = "case", "truth", "row", "patient"
_SHORT_NUMBER = r"^\d{1,6}$"
_HASH = r"^[0-9a-f]{32}$"
AGREES, SPEAKS_AGAINST = 0.8, 0.5
"""Agreement beyond chance of what two tables say of shared cases: from here on, and below it."""
_OF_CASES = ("image", "study", "series")
"""What the identifier of a case can be of, where it is hashed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Told:
    """What a study's tables tell of its cases whose truth is known, each once.

    `frame` has case, truth, row, patient where one is named, and each dimension by its name.
    """

    study: WithTruth
    frame: "pl.DataFrame"
    tables: frozenset[str]


class Truths:
    """The truths that studies tell, each study's tables read once."""

    def __init__(self, dossier: Dossier) -> None:
        self._dossier = dossier
        self._told: dict[str, _Told | None] = {}

    def problems(self, study: Study, others: Iterable[Study]) -> Iterator[Problem]:
        """Each other study that has another truth for a case of this one.

        Notes
        -----
        One join of identifiers a pair of studies; nothing is read where no two are comparable.
        """
        for other in others:
            if not comparable(study, other):
                continue
            here, there = self._of(study), self._of(other)
            if here is not None and there is not None:
                yield from self._conflict(here, there)

    def _of(self, study: Study) -> _Told | None:
        if study.id not in self._told:
            self._told[study.id] = _told(self._dossier, study)
        return self._told[study.id]

    def _conflict(self, here: _Told, there: _Told) -> Iterator[Problem]:
        import polars as pl

        if _same_column(here, there):
            return
        here, there = _by_one_key(here, there)
        both = here.frame.join(there.frame, on=_CASE, how="inner", suffix="_there")
        if not both.height or not _one_numbering(here, there, both):
            return
        torn = both.filter(pl.col(_TRUTH) != pl.col(f"{_TRUTH}_there")).sort(_ROW)
        if torn.height:
            yield self._problem(here.study, there.study, torn, both.height)

    def _problem(
        self, study: WithTruth, other: WithTruth, torn: "pl.DataFrame", n_shared: int
    ) -> Problem:
        """Both studies, counts and the first rows; an identifier is never said."""
        file = self._file(study)
        place = self._dossier.place(file, "reference_standard")
        n, n_here = torn.height, int(torn[_TRUTH].sum())
        rows = f"row {torn[_ROW][0]:,} here and row {torn[f'{_ROW}_there'][0]:,} there"
        what = (
            f"{n:,} of {counted(n_shared, 'case')} that {other.id} ({self._file(other)}) has, too, "
            f"{'has' if n == 1 else 'have'} another truth there: {n_here:,} present here and "
            f"absent there, {n - n_here:,} absent here and present there; the first in {rows}"
        )
        mend = (
            "find out which is right; if the two establish different things, say so in "
            "reference_standard.description"
        )
        return Problem(
            file=place.file, line=place.line, column=place.column, code="E068", what=what, mend=mend
        )

    def _file(self, study: WithTruth) -> str:
        place = self._dossier.identified.get(study.id)
        return place.file if place else f"studies/{study.id}.yaml"


def comparable(study: Study, other: Study) -> bool:
    """Whether two studies say that they establish the same thing by the same means."""
    if not isinstance(study, WithTruth) or not isinstance(other, WithTruth):
        return False
    one, two = study.reference_standard.description, other.reference_standard.description
    return study.id != other.id and one.casefold().split() == two.casefold().split()


def _told(dossier: Dossier, study: Study) -> _Told | None:
    """The known truths of a study; None where its tables do not fit: its own run says why."""
    import polars as pl

    if not isinstance(study, WithTruth):
        return None
    nowhere = Faults(dossier=dossier, file="")
    rows = joins.gathered(study, joins.wanted_by(study, ("case", "patient", "reference")), nowhere)
    if rows is None or nowhere.problems or not rows.frame.height:
        return None
    frame, columns = rows.frame, study.data.columns
    account = Account(
        row=frame[joins.ROW].to_numpy().astype(np.int64),
        inside=np.ones(frame.height, dtype=np.bool_),
        wrong=np.zeros(frame.height, dtype=np.bool_),
        faults=nowhere,
    )
    truth, known = reference.truth(frame[columns.reference], study, account)
    if nowhere.problems:
        return None
    told = {
        _CASE: matching.keys(frame[columns.case]),
        _TRUTH: pl.Series(truth),
        _ROW: frame[joins.ROW],
    }
    if columns.patient is not None:
        told[_PATIENT] = matching.keys(frame[columns.patient])
    told |= {f"by {one.name}": _named(one, frame[one.column]) for one in study.dimensions}
    made = pl.DataFrame(told).filter(pl.Series(known) & pl.col(_CASE).is_not_null())
    return _Told(
        study=study,
        frame=made.unique(_CASE, keep="first", maintain_order=True),
        tables=frozenset(one.sha256 for one in rows.sources),
    )


def _named(dimension: Dimension, column: "pl.Series") -> "pl.Series":
    """The cells of a dimension as levels of the study: its names, or the number of the band."""
    import polars as pl

    if dimension.bands is not None:
        cells = matching.numbers(column).to_numpy()
        band = pl.Series(np.searchsorted(dimension.bands, cells, side="right"))
        return band.set(pl.Series(np.isnan(cells)), None).cast(pl.String)
    written = matching.keys(column)
    spellings = {
        str(one): level for level, each in (dimension.levels or {}).items() for one in each
    }
    return (written.replace(spellings) if spellings else written).str.to_lowercase()


def _same_column(here: _Told, there: _Told) -> bool:
    """Whether both read one column of the same tables: only their rules can differ."""
    one, two = here.study.data.columns.reference, there.study.data.columns.reference
    return here.tables == there.tables and one == two


def _by_one_key(here: _Told, there: _Told) -> tuple[_Told, _Told]:
    """Both by keyed hashes where one of them is, and the key is at hand."""
    if _are(here, _HASH) == _are(there, _HASH):
        return here, there
    path = os.environ.get(blinding.KEY_FILE)
    try:
        key = keys.read(Path(path)) if path else None
    except (DossierError, OSError):
        key = None
    if key is None:
        return here, there
    if _are(here, _HASH):
        return here, _hashed(there, here, key)
    return _hashed(here, there, key), there


def _hashed(plain: _Told, other: _Told, key: bytes) -> _Told:
    """The identifiers of a study hashed, as those of the kind that most of the other's are."""
    import polars as pl

    known = other.frame[_CASE].implode()
    tried = [blinding.hashed(plain.frame[_CASE], key, kind) for kind in _OF_CASES]
    best = max(tried, key=lambda one: int(one.is_in(known).sum()))
    frame = plain.frame.with_columns(best.alias(_CASE))
    if _PATIENT in frame.columns:
        patients = blinding.hashed(frame[_PATIENT], key, "patient")
        frame = frame.with_columns(pl.Series(_PATIENT, patients))
    return replace(plain, frame=frame)


def _are(told: _Told, form: str) -> bool:
    """Whether every identifier has a form."""
    return bool(told.frame[_CASE].str.contains(form).all())


def _one_numbering(here: _Told, there: _Told, both: "pl.DataFrame") -> bool:
    """Whether the same identifier is the same case in both."""
    if here.tables == there.tables:
        return True
    said = [
        agreement
        for name in here.frame.columns
        if name not in {_CASE, _TRUTH, _ROW} and f"{name}_there" in both.columns
        and (agreement := _beyond_chance(both[name], both[f"{name}_there"])) is not None
    ]  # fmt: skip
    if _are(here, _SHORT_NUMBER) or _are(there, _SHORT_NUMBER):
        return bool(said) and min(said) >= AGREES
    return min(said, default=1.0) >= SPEAKS_AGAINST


def _beyond_chance(one: "pl.Series", other: "pl.Series") -> float | None:
    """Agreement of two columns beyond chance (Cohen's kappa); None where they tell nothing."""
    import polars as pl

    pairs = pl.DataFrame({"one": one, "other": other}).drop_nulls()
    n = pairs.height
    if not n:
        return None
    first = pairs["one"].value_counts(name="n")
    second = pairs["other"].value_counts(name="m")
    met = first.join(second, left_on="one", right_on="other", how="inner")
    by_chance = float((met["n"].cast(pl.Float64) * met["m"].cast(pl.Float64)).sum()) / n**2
    if by_chance >= 1:
        return None
    agree = int((pairs["one"] == pairs["other"]).sum()) / n
    return (agree - by_chance) / (1 - by_chance)


def between(dossier: Dossier, studies: Sequence[Study]) -> tuple[Problem, ...]:
    """Conflicts of some studies with any other of the dossier, each pair of studies once."""
    truths = Truths(dossier)
    asked = {one.id for one in studies}
    found: list[Problem] = []
    for at, study in enumerate(dossier.studies):
        if study.id in asked:
            others = [
                one
                for index, one in enumerate(dossier.studies)
                if index < at or one.id not in asked
            ]
            found += truths.problems(study, others)
    return tuple(found)
