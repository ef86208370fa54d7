"""In which way a table differs from the one that was sealed: its columns, its number of rows.

Any table that a study names is compared by the columns that the study names of it. The earlier
bytes are not kept: which rows were changed or taken away cannot be told, only how many fewer.
"""

from typing import Any

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.evidence import tables
from defensible.evidence.faults import Faults, counted, names, shown
from defensible.evidence.inputs import DATA, TableInput, sources
from defensible.evidence.location import contents
from defensible.evidence.sealed import SealedTable
from defensible.evidence.tables import Table
from defensible.ledger.canonical import content, sha256

_NO_ROWS = "E006"


def difference(
    dossier: Dossier,
    study: Study,
    table: TableInput,
    before: SealedTable,
    n_rows: int | None,
) -> str:
    """`differs: 12 rows added at its end`, as far as it can be told without the earlier bytes."""
    nowhere = Faults(dossier=dossier, file="")
    # the source as the study names it, which its spoken form may leave out parts of
    data = contents(sources(content(study))[table.role], nowhere, ())
    if data is None:
        return "cannot be read"
    found = tables.of_bytes(table.source, data, "", nowhere, ())
    own = _own_columns(content(study), table.role)
    lacking = [] if found is None else [one for one in own if one not in found.header]
    if lacking:
        return f"differs: no column {names([shown(one) for one in lacking])}, which the study names"
    now = None if found is None else _rows(study, found, own or _columns(study), nowhere)
    if now is None or n_rows is None:
        return f"differs: {len(data):,} bytes, {before.n_bytes:,} before"
    kept = sha256(data[: before.n_bytes]) == before.sha256
    if kept and now > n_rows:
        return f"differs: {counted(now - n_rows, 'row')} added at its end"
    if now == n_rows:
        return f"differs: as many rows ({now:,}), other bytes"
    more = "more" if now > n_rows else "fewer"
    return f"differs: {counted(abs(now - n_rows), 'row')} {more} ({n_rows:,} → {now:,})"


def _rows(study: Study, found: Table, named: list[str], nowhere: Faults) -> int | None:
    """Rows as the study counts them; None where it is no table that can be read."""
    columns = [one for one in dict.fromkeys(found.header) if one in named]
    if not columns or any(found.header.count(one) > 1 for one in columns):
        return None
    read = tables.rows(found, columns, study.data.null_values, nowhere)
    if read is None:
        return 0 if [one.code for one in nowhere.problems] == [_NO_ROWS] else None
    return read[1].height


def _own_columns(protocol: Any, role: str) -> list[str]:
    """The columns that the study names of this table alone: of marks, lesions, development cases.

    None of a table that others are joined to, or that is joined: a column may lie in either.
    """
    declared = protocol
    for key in role.split("."):
        declared = declared[int(key) - 1] if isinstance(declared, list) else declared[key]
    if role == DATA or "on" in declared:
        return []
    named = declared.get("columns") or {"case": declared.get("case")}
    return [one for one in named.values() if isinstance(one, str)]


def _columns(study: Study) -> list[str]:
    named = study.data.columns.model_dump().values()
    joined = [key for one in study.data.join for pair in one.on.items() for key in pair]
    columns = [one for one in named if isinstance(one, str)]
    return [
        *columns,
        *study.data.include,
        *(one.column for one in study.dimensions),
        *joined,
    ]
