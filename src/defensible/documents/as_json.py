"""An assessment as the `result` of the JSON envelope; its keys are documented in docs/json.md.

What is missing is null, never 0 or NaN; what is untrusted is given as it was declared. Keys are
added, not renamed: a reader of this version can read the next.
"""

from datetime import date
from typing import Any

from defensible.assessment.result import Assessment, Cell, Gap, Link, Row, Verdict
from defensible.documents import as_json_scope, content
from defensible.documents.as_json_study import study
from defensible.documents.obligations import one_as_json
from defensible.dossier.claims import Claim, ScopeValue
from defensible.dossier.declared import Range
from defensible.evidence import said
from defensible.regulation import as_json as classified
from defensible.risk.review import Check, RiskReview

Json = dict[str, Any]


def as_json(assessment: Assessment, *, on: date) -> Json:
    """The whole assessment, ready for `json.dumps`; `on` is its day."""
    device = assessment.dossier.device
    return {
        "on": on.isoformat(),
        "device": {
            "name": device.name,
            "version": device.version,
            "manufacturer": device.manufacturer,
            "markets": [one.value for one in device.markets],
            "model_sha256": device.model.sha256 if device.model else None,
        },
        "intended_use": {
            "function": assessment.dossier.intended_use.function.value,
            "statement": assessment.dossier.intended_use.statement,
        },
        "verdict": {
            "slug": assessment.verdict.slug,
            "words": assessment.words,
            "step": int(assessment.verdict),
            "ladder": [one.slug for one in Verdict],
        },
        "reason": assessment.reason,
        "next_step": assessment.next_step,
        "rubric": [_row(one) for one in assessment.rows],
        "claims": [_claim(assessment, one) for one in assessment.dossier.claims],
        "scopes": [as_json_scope.scope(one) for one in assessment.scopes],
        "unexercised": as_json_scope.unexercised(assessment),
        "gaps": [_gap(one) for one in assessment.gaps],
        "studies": [
            {**study(one), "seal": _seal(assessment, one.study)} for one in assessment.results
        ],
        "ledger": _ledger(assessment),
        "classification": classified.as_json(assessment.classification),
        "obligations": [one_as_json(one) for one in assessment.obligations],
        "risk": risk_review_as_json(assessment.risk),
    }


def scope_as_json(assessment: Assessment, claims: tuple[str, ...]) -> Json:
    """The scopes of these claims, and what is allowed without evidence."""
    return {
        "scopes": [as_json_scope.scope(one) for one in assessment.scopes if one.claim in claims],
        "unexercised": as_json_scope.unexercised(assessment),
    }


def _seal(assessment: Assessment, study_id: str) -> Json | None:
    standing = assessment.record.of(study_id) if assessment.record else None
    return None if standing is None else said.plain(standing)


def _ledger(assessment: Assessment) -> Json | None:
    record = assessment.record
    if record is None:
        return None
    return {"freeze": said.freeze(record), "analyses": said.analyses(record)}


def _row(row: Row) -> Json:
    return {
        "row": row.number,
        "dimension": row.dimension,
        "engineering": _cell(row.engineering),
        "regulatory": _cell(row.regulatory),
    }


def _cell(cell: Cell) -> Json:
    return {
        "status": cell.status.value,
        "reason": cell.reason,
        "close": cell.close,
        "evidence": _links(cell.links),
    }


def _links(links: tuple[Link, ...]) -> list[Json]:
    return [
        {
            "text": link.text,
            "file": link.place.file if link.place else None,
            "line": link.place.line if link.place else None,
            "study": link.study,
        }
        for link in links
    ]


def _gap(gap: Gap) -> Json:
    return {
        "id": gap.id,
        "row": gap.row,
        "question": gap.question,
        "kind": gap.kind,
        "what": gap.what,
        "close": gap.close,
        "waits_for": list(gap.waits_for),
        "blocks": list(gap.blocks),
        "evidence": _links(gap.links),
    }


def _claim(assessment: Assessment, claim: Claim) -> Json:
    overall = content.overall_of(assessment, claim.id)
    declared = [one for one in assessment.cells if one.claim == claim.id and one is not overall]
    return {
        "id": claim.id,
        "text": claim.text,
        "scope": {name: _scope(value) for name, value in claim.scope.items()},
        "endpoints": [
            {
                "metric": one.metric.value,
                "goal": as_json_scope.goal(one.goal),
                "condition": one.condition,
                "against": one.against,
            }
            for one in claim.endpoints
        ],
        "studies": list(claim.studies),
        "overall": as_json_scope.level(overall) if overall else None,
        "levels": [as_json_scope.level(one) for one in declared],
    }


def _scope(value: ScopeValue) -> str | Json | list[Any]:
    if isinstance(value, Range):
        return {"from": value.from_, "to": value.to}
    return value if isinstance(value, str) else list(value)


def risk_review_as_json(review: RiskReview) -> Json:
    """The file held against its requirements, as plain data."""
    return {
        "complete": review.complete,
        "overall_acceptable": review.overall_acceptable,
        "n_hazards": review.n_hazards,
        "n_risks": review.n_risks,
        "n_controls": review.n_controls,
        "n_residual_unacceptable": review.n_residual_unacceptable,
        "n_residual_unknown": review.n_residual_unknown,
        "checks": [_check(one) for one in review.checks],
    }


def _check(check: Check) -> Json:
    return {
        "clause": check.clause,
        "requirement": check.requirement,
        "held": check.held.value,
        "why": check.why,
        "mend": check.mend,
        "open_items": list(check.open_items),
        "file": check.place.file if check.place else None,
        "line": check.place.line if check.place else None,
    }
