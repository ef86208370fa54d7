"""A study's result in the JSON form: join ledger, measurements, findings, predictions."""

from typing import Any

from defensible.documents.as_json_device import against_readers
from defensible.documents.as_json_estimate import estimate, number
from defensible.documents.as_json_localization import localization
from defensible.documents.as_json_measurement import measurement, stratum
from defensible.documents.as_json_readers import readers
from defensible.documents.as_json_usability import usability
from defensible.evidence.finding import (
    Confounder,
    CriterionResult,
    Errors,
    Finding,
    JoinLedger,
    RocCurve,
    SeenDimension,
    StudyResult,
)
from defensible.evidence.new_site_finding import JointNewSite, NewSite

Json = dict[str, Any]


def study(result: StudyResult) -> Json:
    """One study, its join ledger first."""
    held, seen = result.held_out, result.provenance
    return {
        "study": result.study,
        "question": result.question,
        "sampling": result.sampling.value if result.sampling else None,
        "level": result.level,
        "ledger": _ledger(result.ledger),
        "held_out": held
        and {
            "compared": held.compared,
            "n_development": held.n_development,
            "n_study": held.n_study,
            "n_shared": held.n_shared,
        },
        "provenance": seen
        and {
            "n_declared_model": seen.n_declared_model,
            "n_other_model": seen.n_other_model,
            "n_unknown": seen.n_unknown,
        },
        "dimensions": [_dimension(one) for one in result.dimensions],
        "criteria": [_criterion(one) for one in result.criteria],
        "measurements": [measurement(one) for one in result.measurements],
        "findings": [_finding(one) for one in result.findings],
        "new_site": [_new_site(one) for one in result.new_site],
        "joint_new_site": result.joint_new_site and _joint(result.joint_new_site),
        "confounders": [_confounder(one) for one in result.confounders],
        "errors": [_errors(one) for one in result.errors],
        "roc": result.curve and _curve(result.curve),
        "cautions": list(result.cautions),
        "readers": readers(result),
        "against_readers": result.against_readers and against_readers(result.against_readers),
        "usability": result.usability and usability(result.usability),
        "localization": result.localization and localization(result.localization),
        "crossed": [
            {
                "stratum": stratum(one.stratum),
                "n_diseased": one.n_diseased,
                "n_healthy": one.n_healthy,
            }
            for one in result.crossed
        ],
    }


def _ledger(ledger: JoinLedger) -> Json:
    return {
        "sources": [
            {"source": one.source, "sha256": one.sha256, "n_rows": one.n_rows}
            for one in ledger.sources
        ],
        "n_read": ledger.n_read,
        "tallies": [
            {"reason": one.reason, "n": one.n, "treated": one.treated} for one in ledger.tallies
        ],
        "n_analysed": ledger.n_analysed,
        "unit": ledger.unit,
        "n_patients": ledger.n_patients,
        "n_diseased": ledger.n_diseased,
        "n_healthy": ledger.n_healthy,
    }


def _dimension(one: SeenDimension) -> Json:
    return {
        "name": one.name,
        "levels": [{"level": level, "n_cases": n} for level, n in one.levels],
        "n_missing": one.n_missing,
        "low": number(one.low),
        "high": number(one.high),
    }


def _criterion(one: CriterionResult) -> Json:
    goal = one.criterion.goal
    return {
        "metric": one.criterion.metric.value,
        "goal": {"above": goal.above, "below": goal.below},
        "by": one.criterion.by,
        "met": one.met,
        "measurement": measurement(one.measurement),
    }


def _finding(one: Finding) -> Json:
    """A finding names its measurement by metric and stratum; the figures are there."""
    return {
        "claim": one.claim,
        "metric": one.measurement.metric.value,
        "stratum": stratum(one.measurement.stratum),
        "goal": {"above": one.goal.above, "below": one.goal.below},
        "condition": one.condition,
        "against": one.against,
        "answer": one.answer.value,
        "further": one.further,
        "further_reading": further_reading(one),
        "p": one.p,
    }


def further_reading(one: Finding) -> Json | None:
    """Further readers, and readers with cases, that would settle an open finding of readers."""
    found = one.reading
    if found is None:
        return None
    both = None if found.both is None else dict(zip(("readers", "cases"), found.both, strict=True))
    return {
        "unit": found.unit,
        "readers": found.readers,
        "both": both,
        "readers_random": found.readers_random,
        "cases_random": found.cases_random,
    }


def _new_site(one: NewSite) -> Json:
    return {
        "metric": one.metric.value,
        "prediction": estimate(one.estimate),
        "n_sites": one.n_sites,
        "between_site_sd": number(one.between_site_sd),
        "scale": one.scale,
        "left_out": list(one.left_out),
        "average": estimate(one.average),
        "i2": one.i2,
        "q_p": one.q_p,
        "influence": [
            {"without": each.site, "average": estimate(each.average)} for each in one.influence
        ],
    }


def _confounder(one: Confounder) -> Json:
    return {
        "kind": one.kind,
        "presence": one.presence.value,
        "said": one.said,
        "figures": [
            {"name": each.name, "value": each.value, "estimate": estimate(each.estimate)}
            for each in one.figures
        ],
    }


def _joint(one: JointNewSite) -> Json:
    return {
        "sensitivity": estimate(one.sensitivity),
        "specificity": estimate(one.specificity),
        "further_sensitivity": estimate(one.further_sensitivity),
        "further_specificity": estimate(one.further_specificity),
        "correlation": one.correlation,
        "n_sites": one.n_sites,
    }


def _errors(one: Errors) -> Json:
    return {
        "stratum": stratum(one.stratum),
        "false_negatives": one.false_negatives,
        "n_diseased": one.n_diseased,
        "false_positives": one.false_positives,
        "n_healthy": one.n_healthy,
    }


def _curve(curve: RocCurve) -> Json:
    """Coordinates run from (0, 0) to (1, 1)."""
    return {
        "false_positive_rate": list(curve.false_positive_rate),
        "sensitivity": list(curve.sensitivity),
        "operating_point": None
        if curve.operating_point is None
        else {
            "false_positive_rate": curve.operating_point[0],
            "sensitivity": curve.operating_point[1],
        },
    }
