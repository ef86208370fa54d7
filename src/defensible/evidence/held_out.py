"""Whether development cases are among the study's: identifiers compared, as text or as hashes.

With hashes nobody needs to share the identifiers of development: `defensible blind` makes them.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.problem import DossierError
from defensible.dossier.reader_study import ReaderStudy
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence import blinding, matching, tables
from defensible.evidence.dicom import keys
from defensible.evidence.dicom.identity import key_name
from defensible.evidence.faults import Faults
from defensible.evidence.finding import HeldOut

if TYPE_CHECKING:
    import polars as pl

Study = StandaloneStudy | ReaderStudy | AgreementStudy | LocalizationStudy
"""Studies with cases."""
OTHER_NUMBERING = (
    "no development identifier has the form of a study identifier (letters, digits, length of "
    "neither agree): that none is shared may only mean two numberings"
)


def identifiers(study: Study, faults: Faults) -> "pl.Series | None":
    """Identifiers of the development cases; None where none are declared or they cannot be read."""
    declared = study.development
    if declared is None:
        return None
    table = tables.opened(declared.source, declared.sha256, faults, ("development",))
    if table is None or not tables.has(table, declared.case, faults, ("development", "case")):
        return None
    read = tables.rows(table, [declared.case], study.data.null_values, faults)
    return None if read is None else matching.keys(read[1][declared.case]).drop_nulls().unique()


def key_of(study: Study, faults: Faults) -> bytes | None:
    """The key by which development's identifiers are hashed; None where they are plain."""
    declared = study.development
    if declared is None or declared.key_name is None:
        return None
    path = os.environ.get(blinding.KEY_FILE)
    try:
        key = keys.read(Path(path)) if path else None
    except (DossierError, OSError):
        key = None
    if key is None or key_name(key) != declared.key_name:
        what = f"{blinding.KEY_FILE} names {'another key' if key else 'no key file'}"
        mend = f"set {blinding.KEY_FILE} to the key file that `defensible blind` used"
        faults.add("E046", ("development", "key_name"), what, mend)
        return None
    return key


def held_out(
    study: Study, frame: "pl.DataFrame", development: "pl.Series | None", key: bytes | None = None
) -> tuple[HeldOut | None, str | None]:
    """How many identifiers are shared, and a caution where that may say nothing."""
    if development is None or study.development is None:
        return None, None
    compared = study.development.compare
    columns = study.data.columns
    column = columns.patient if compared == "patient" else columns.case
    assert column is not None  # noqa: S101 - the plan was checked: compare by patient has a column
    own = matching.keys(frame[column]).unique()
    if key is not None:
        own = blinding.hashed(own, key, "patient" if compared == "patient" else "image")
    shared = int(own.is_in(development.implode()).sum())
    held = HeldOut(
        compared=compared, n_development=len(development), n_study=len(own), n_shared=shared
    )
    apart = not shared and not _forms(own) & _forms(development)
    return held, OTHER_NUMBERING if apart else None


def _forms(identifiers: "pl.Series") -> set[str]:
    """The forms that identifiers have: runs of digits as 9, of letters as A."""
    reduced = identifiers.str.replace_all(r"\d+", "9").str.replace_all(r"[A-Za-z]+", "A")
    return set(reduced.unique().to_list())
