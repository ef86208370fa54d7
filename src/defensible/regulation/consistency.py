"""Faults of a whole pack that no single rule shows: two rules for one device, a rule for none."""

from collections.abc import Iterator
from itertools import combinations

from defensible.regulation.pack import Condition, Pack, Rule
from defensible.regulation.readable import TEXT, several, values


def conflicts(pack: Pack) -> Iterator[str]:
    """Pairs of rules that one intended use can meet, with different answers and no order.

    Words are taken as apart where no word of one rule begins one of the other: a condition can
    mention both, and then no rule decides. Where the strictest decides, two rules conflict only
    if they give one class and part in what follows from it.
    """
    deciding = [one for one in pack.rules if not one.when.provided]
    for first, second in combinations(deciding, 2):
        ordered = first.id in second.over or second.id in first.over
        if not ordered and _differ(first, second, pack) and _together([first, second]):
            yield f"{first.id} and {second.id} can both apply, and neither leads"


def unreachable(pack: Pack) -> Iterator[str]:
    """Rules that no intended use can meet."""
    for rule in pack.rules:
        if not _together([rule]):
            yield f"{rule.id} can never apply"


def _differ(first: Rule, second: Rule, pack: Pack) -> bool:
    one, other = first.then, second.then
    if not pack.strictest:
        return one != other
    same = (one.regulation, one.pathway) == (other.regulation, other.pathway)
    return one.class_ == other.class_ and not same


def _together(rules: list[Rule]) -> bool:
    """Whether some intended use meets every condition of these rules."""
    wanted = [one for rule in rules for one in rule.when.all]
    blocked = [one for rule in rules for one in rule.when.none]
    fields = dict.fromkeys(one.field for one in wanted)
    return all(
        _possible(
            field,
            [one for one in wanted if one.field == field],
            [one for one in blocked if one.field == field],
        )
        for field in fields
    )


def _possible(field: str, wanted: list[Condition], blocked: list[Condition]) -> bool:
    if values(field) is TEXT:
        return _words_meet(wanted, blocked)
    allowed = set(values(field)) - {value for one in blocked for value in one.asked}
    for one in wanted:
        if one.is_ is not None:
            allowed &= set(one.is_)
    needed = [allowed & set(one.includes) for one in wanted if one.includes is not None]
    if several(field):
        return bool(allowed) and all(needed)
    return bool(allowed.intersection(*needed))


def _words_meet(wanted: list[Condition], blocked: list[Condition]) -> bool:
    lists = [one.asked for one in wanted]
    shared = all(
        any(a.startswith(b) or b.startswith(a) for a in first for b in second)
        for first, second in combinations(lists, 2)
    )
    barred = {word for one in blocked for word in one.asked}
    return shared and all(any(word not in barred for word in words) for words in lists)
