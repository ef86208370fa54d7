"""Whether the intervals of the plan fit cases that belong together by patient."""

from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.studies import AucInterval, ProportionInterval, StandaloneStudy
from defensible.evidence import matching
from defensible.evidence.device_output import rule_column
from defensible.evidence.faults import Faults, counted
from defensible.statistics.arrays import Bools, Ints

if TYPE_CHECKING:
    import polars as pl


def first_of_each(identifiers: "pl.Series") -> Bools:
    """Whether a row is the first with its identifier; rows without one are all first."""
    # distinct hashes are distinct identifiers: one sort, against a table of strings
    hashes = np.sort(identifiers.hash().to_numpy())
    if not (hashes[1:] == hashes[:-1]).any():
        return np.ones(len(identifiers), dtype=np.bool_)
    first: Bools = (identifiers.is_first_distinct() | identifiers.is_null()).to_numpy()
    return first


def coded(identifiers: "pl.Series") -> tuple[Ints, int]:
    """Codes of the patients in order of appearance, and how many of them have several cases."""
    written = matching.texts(identifiers).alias("patient")
    n = len(written)
    if first_of_each(written).all():
        return np.arange(n, dtype=np.int64), 0
    distinct = written.unique(maintain_order=True).to_frame().with_row_index("code")
    codes = written.to_frame().join(distinct, on="patient", how="left", maintain_order="left")
    found = codes["code"].to_numpy().astype(np.int64)
    return found, int((np.bincount(found) > 1).sum())


def checked(study: StandaloneStudy, patients: Ints, n_repeated: int, faults: Faults) -> None:
    """Intervals for independent cases do not hold where patients have several: problems."""
    if not n_repeated:
        return
    has = "has" if n_repeated == 1 else "have"
    n_patients = counted(int(patients.max()) + 1, "patient")
    seen = (
        f"{counted(n_repeated, 'patient')} {has} more than one case "
        f"({patients.size:,} cases of {n_patients})"
    )
    if study.independent_cases:
        mend = "take `independent_cases: true` away, and write `clustered` intervals"
        faults.add("E018", ("independent_cases",), seen, mend)
    analysis = study.analysis
    decides = rule_column(study) is not None
    if decides and analysis.proportions is not ProportionInterval.CLUSTERED:
        what = f"{seen}; {analysis.proportions.value} needs independent cases"
        mend = "write `proportions: clustered`, which respects them"
        faults.add("E018", ("analysis", "proportions"), what, mend)
    if analysis.auc is not None and analysis.auc is not AucInterval.CLUSTERED:
        what = f"{seen}; {analysis.auc.value} needs independent cases"
        faults.add("E018", ("analysis", "auc"), what, "write `auc: clustered`, which respects them")
