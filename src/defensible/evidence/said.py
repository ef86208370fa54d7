"""A standing and a record as every face says them, so that none says it differently."""

from typing import Any

from defensible.evidence.freshness import Standing, State
from defensible.evidence.record import Record


def sentence(one: Standing) -> str:
    """Whether the figures of a study are sealed, and why they do not stand where they do not."""
    if one.sealed is None:
        return "Not sealed: these figures were computed for this report."
    event = one.sealed.event
    at = f"Sealed on {event.time[:10]} (line {event.sequence} of the ledger)"
    why = "; ".join(one.why)
    match one.state:
        case State.CURRENT:
            return f"{at}: current."
        case State.EARLY:
            return f"{at}: early, since {why}."
        case _:
            return f"{at}: stale, since {why}. These figures were computed for this report."


def plain(one: Standing) -> dict[str, Any]:
    """One study's standing in the JSON form."""
    event = one.sealed.event if one.sealed else None
    return {
        "state": one.state.value,
        "why": list(one.why),
        "line": event.sequence if event else None,
        "time": event.time if event else None,
        "statement": event.payload.statement if event else None,
        "opened": [
            {
                "source": each.source,
                "runs": each.n_runs,
                "plans": each.n_plans,
                "studies": each.n_studies,
            }
            for each in one.reuse
        ],
    }


def analyses(record: Record) -> dict[str, list[str]]:
    """Studies by what was planned and what was run, in the JSON form."""
    found = record.analyses
    return {
        "planned": list(found.planned),
        "run": list(found.run),
        "not_run": list(found.not_run),
        "unplanned": list(found.unplanned),
    }


def freeze(record: Record) -> dict[str, Any] | None:
    """The last freeze and what differs from it, in the JSON form; null where nothing is frozen."""
    if record.freeze is None:
        return None
    return {
        "line": record.freeze.sequence,
        "time": record.freeze.time,
        "changes": [{"part": one.part, "words": list(one.words)} for one in record.changes],
    }
