"""In which way a table differs from the one that was sealed, in rows."""

from defensible.dossier.dossier import Dossier
from defensible.dossier.kinds import Study
from defensible.dossier.usability_study import UsabilityStudy
from defensible.evidence import tables
from defensible.evidence.faults import Faults, counted
from defensible.evidence.inputs import TableInput, sources
from defensible.evidence.location import contents
from defensible.evidence.sealed import SealedTable
from defensible.ledger.canonical import content, sha256


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
    now = _rows(study, table, data, nowhere)
    if now is None or n_rows is None:
        return f"differs: {len(data):,} bytes, {before.n_bytes:,} before"
    kept = sha256(data[: before.n_bytes]) == before.sha256
    if kept and now > n_rows:
        return f"differs: {counted(now - n_rows, 'row')} added at its end"
    if now == n_rows:
        return f"differs: as many rows ({now:,}), other bytes"
    more = "more" if now > n_rows else "fewer"
    return f"differs: {counted(abs(now - n_rows), 'row')} {more} ({n_rows:,} → {now:,})"


def _rows(study: Study, table: TableInput, data: bytes, nowhere: Faults) -> int | None:
    """Rows as the study counts them; None where it is no table that can be read."""
    found = tables.of_bytes(table.source, data, "", nowhere, ())
    if found is None:
        return None
    named = set(_columns(study, table))
    columns = [one for one in dict.fromkeys(found.header) if one in named]
    if not columns or any(found.header.count(one) > 1 for one in columns):
        return None
    read = tables.rows(found, columns, study.data.null_values, nowhere)
    return None if read is None else read[1].height


def _columns(study: Study, table: TableInput) -> list[str]:
    development = None if isinstance(study, UsabilityStudy) else study.development
    if table.role.startswith("development") and development is not None:
        return [development.case]
    named = study.data.columns.model_dump().values()
    joined = [key for one in study.data.join for pair in one.on.items() for key in pair]
    columns = [one for one in named if isinstance(one, str)]
    return [
        *columns,
        *study.data.include,
        *(one.column for one in study.dimensions),
        *joined,
    ]
