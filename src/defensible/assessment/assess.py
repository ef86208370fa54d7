"""The main job: load → classify → run → assess → render, of which this is the fourth step."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from defensible.assessment import gaps, obligations, rubric, scope, verdict
from defensible.assessment.basis import Basis
from defensible.assessment.result import Assessment
from defensible.assessment.rubric.decision import decisions_on_file
from defensible.dossier.device import RegulatorDecision
from defensible.dossier.dossier import Dossier
from defensible.evidence.finding import StudyResult
from defensible.evidence.record import Record
from defensible.ledger import digest
from defensible.regulation import language
from defensible.regulation.classification import Classification
from defensible.risk import review

DONE = "Nothing is open here; what remains is the regulator's decision."


def assess(
    dossier: Dossier,
    classification: Classification,
    results: tuple[StudyResult, ...],
    *,
    today: date,
    record: Record | None = None,
) -> Assessment:
    """Which question the evidence answers: rubric, verdict, and gaps in order.

    Parameters
    ----------
    dossier : Dossier
        As loaded; files that it names are read once, for their digests.
    classification : Classification
        Of the dossier's intended use.
    results : tuple of StudyResult
        One for each study of the dossier.
    today : date
        Day of the assessment, against which dates of decisions and reviews are held.
    record : Record or None
        What the ledger shows of the dossier: without it, nothing is shown to be frozen.

    Returns
    -------
    Assessment
        Derived throughout: no field of the dossier can set a status or the verdict.
    """
    scopes = scope.scopes(dossier, results)
    basis = Basis(
        dossier=dossier,
        classification=classification,
        results=results,
        risk=review(dossier, results, today=today, record=record),
        cells=tuple(cell for one in scopes for cell in one.cells),
        scopes=scopes,
        file_sha256={path: _sha256(dossier.root / path) for path in _named_files(dossier)},
        intended_use_sha256=digest(dossier.intended_use),
        wording=language.review(dossier),
        today=today,
        record=record,
    )
    basis = replace(basis, obligations=obligations.answers(basis))
    rows = rubric.rows(basis)
    ordered = gaps.gaps(rows)
    reached = verdict.verdict(rows, basis)
    return Assessment(
        dossier=dossier,
        classification=classification,
        results=results,
        risk=basis.risk,
        verdict=reached,
        words=verdict.words(reached, basis),
        reason=verdict.reason(reached, rows, basis),
        next_step=ordered[0].close if ordered else DONE,
        rows=rows,
        cells=basis.cells,
        scopes=scopes,
        unexercised=scope.unexercised(dossier, scopes, results),
        gaps=ordered,
        record=record,
        obligations=basis.obligations,
        decided=frozenset(one.market.value for one in decisions_on_file(basis)),
    )


def _named_files(dossier: Dossier) -> list[str]:
    model = dossier.device.model
    letters = [one.letter for one in dossier.device.decisions if isinstance(one, RegulatorDecision)]
    judged = [one.file for one in dossier.device.judgements]
    return [*([model.path] if model else []), *letters, *judged]


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
