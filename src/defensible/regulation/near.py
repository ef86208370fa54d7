"""Rules that came near: what one condition stopped, and what nothing declared leaves open.

A rule about another disease or body part is never near, however few conditions part the two.
"""

from defensible.regulation.classification import ConditionTrace, Match, RuleTrace
from defensible.regulation.match import BESIDES
from defensible.regulation.readable import TEXT, values

NEAR = 3
"""Near misses that are shown, nearest first."""


def nearest(traces: list[RuleTrace]) -> tuple[RuleTrace, ...]:
    """Rules that did not apply: those with the fewest conditions in the way first.

    Rules of the declared function come before rules of another. Where none is stopped by one
    condition alone, the single closest rule is given, so that there is always a next question.
    """
    others = [one for one in traces if one.match is not Match.MET and not _elsewhere(one)]
    others.sort(key=_distance)
    one_away = [one for one in others if len(_in_the_way(one)) == 1]
    return tuple((one_away or others[:1])[:NEAR])


def closest(traces: list[RuleTrace]) -> str | None:
    """`us.triage if output were worklist-flag`: the nearest rule of this function, if one away."""
    for near in nearest(traces):
        stops = _in_the_way(near)
        if len(stops) == 1 and stops[0].field != "function":
            asked = stops[0].asked
            beside = stops[0].field == BESIDES
            return f"{near.rule} if {asked if beside else f'{stops[0].field} were {asked}'}"
    return None


def _in_the_way(trace: RuleTrace) -> list[ConditionTrace]:
    return [one for one in trace.conditions if one.match is not Match.MET]


def _elsewhere(trace: RuleTrace) -> bool:
    """Whether the words of the intended use are about something else."""
    return any(one.match is Match.NOT_MET and values(one.field) is TEXT for one in trace.conditions)


def _distance(trace: RuleTrace) -> tuple[bool, int, bool]:
    """What is merely unknown is nearer than what is declared otherwise."""
    stops = _in_the_way(trace)
    otherwise = any(one.match is Match.NOT_MET for one in stops)
    return any(one.field == "function" for one in stops), len(stops), otherwise
