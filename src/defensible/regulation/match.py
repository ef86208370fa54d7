"""Conditions held against an intended use: met, not met, or unknown because nothing is declared."""

from collections.abc import Iterable

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.classification import ConditionTrace, Match
from defensible.regulation.pack import Condition, When


def declared(use: IntendedUse, field: str) -> tuple[str, ...] | None:
    """The declared values of a field; None where it is not declared."""
    value = getattr(use, field)
    if value is None:
        return None
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def holds(use: IntendedUse, when: When) -> tuple[Match, tuple[ConditionTrace, ...]]:
    """Whether a rule applies, with every condition traced.

    One condition that is not met settles it; otherwise one unknown leaves it open.
    """
    traces = tuple(
        [_trace(use, one, wanted=True) for one in when.all]
        + [_trace(use, one, wanted=False) for one in when.none]
    )
    return _all(trace.match for trace in traces), traces


def _trace(use: IntendedUse, condition: Condition, *, wanted: bool) -> ConditionTrace:
    found = declared(use, condition.field)
    hit = found is not None and any(value in condition.is_ for value in found)
    answer = Match.MET if hit is wanted else Match.NOT_MET
    return ConditionTrace(
        field=condition.field,
        asked=f"{'' if wanted else 'none of '}{', '.join(condition.is_)}",
        found=None if found is None else ", ".join(found),
        match=Match.UNKNOWN if found is None else answer,
    )


def _all(matches: Iterable[Match]) -> Match:
    seen = set(matches)
    if Match.NOT_MET in seen:
        return Match.NOT_MET
    return Match.UNKNOWN if Match.UNKNOWN in seen else Match.MET
