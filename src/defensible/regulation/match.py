"""Conditions held against an intended use: met, not met, or unknown because nothing is declared.

How a field with several values is held against a list:

- `is`: every declared value must be in the list. A device with one more output or one more
  imaging modality than a rule knows is covered in part only, and the trace says by what it goes
  beyond.
- `includes`: one declared value in the list is enough.
- under `not`, one declared value in the list is enough to block.
- `if_declared`: where nothing is declared the condition counts as met. The answer then rests on
  an assumption, which the rule states among its limits.
"""

import re
from collections.abc import Iterable
from functools import cache

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.classification import ConditionTrace, Match
from defensible.regulation.pack import Condition, When
from defensible.regulation.readable import NOTHING, Facts, declared

BESIDES = "besides"
"""In a trace, in place of a field: what no field of the intended use can tell."""

Incidental = frozenset[tuple[str, str]]
"""Pairs of field and value that a device may have without a rule that knows them."""


def incidental(conditions: Iterable[Condition]) -> Incidental:
    """The pairs that a pack names as incidental."""
    return frozenset((one.field, value) for one in conditions for value in one.asked)


def holds(
    use: IntendedUse, when: When, beside: Incidental = frozenset(), facts: Facts = NOTHING
) -> tuple[Match, tuple[ConditionTrace, ...]]:
    """Whether a rule applies, with every condition traced.

    One condition that is not met settles it; otherwise one unknown leaves it open.
    """
    traces = (
        *(wanted(one, declared(use, one.field, facts), beside) for one in when.all),
        *(blocked(one, declared(use, one.field, facts)) for one in when.none),
        *(_besides(one) for one in when.provided),
    )
    return together(trace.match for trace in traces), traces


def together(matches: Iterable[Match]) -> Match:
    """The answer of conditions that must all hold."""
    seen = set(matches)
    if Match.NOT_MET in seen:
        return Match.NOT_MET
    return Match.UNKNOWN if Match.UNKNOWN in seen else Match.MET


def wanted(
    condition: Condition, found: tuple[str, ...] | None, beside: Incidental
) -> ConditionTrace:
    """A condition under `all`."""
    asked = ", ".join(condition.asked)
    if condition.mentions is not None:
        return _trace(condition, f"mentions {asked}", found, met=_any(condition, found or ()))
    if condition.includes is not None or found is None or len(found) == 1:
        return _trace(condition, asked, found, met=_any(condition, found or ()))
    beyond = [
        one for one in found if one not in condition.asked and (condition.field, one) not in beside
    ]
    some = _any(condition, found)
    asked = f"{asked}, and nothing beyond" if some and beyond else asked
    return _trace(condition, asked, found, met=some and not beyond)


def blocked(condition: Condition, found: tuple[str, ...] | None) -> ConditionTrace:
    """A condition under `not`."""
    asked = ", ".join(condition.asked)
    verb = "does not mention" if condition.mentions else "none of"
    return _trace(condition, f"{verb} {asked}", found, met=not _any(condition, found or ()))


def _besides(fact: str) -> ConditionTrace:
    return ConditionTrace(field=BESIDES, asked=fact, found=None, match=Match.UNKNOWN)


def _any(condition: Condition, found: tuple[str, ...]) -> bool:
    if condition.mentions is not None:
        texts = [" ".join(text.split()) for text in found]
        return any(_begins(word).search(text) for word in condition.mentions for text in texts)
    return any(one in condition.asked for one in found)


@cache
def _begins(word: str) -> re.Pattern[str]:
    """A word that begins like this: `epilep` is in `epilepsy`; `cad` is not in `decade`."""
    return re.compile(rf"\b{re.escape(word)}", re.IGNORECASE)


def _trace(
    condition: Condition, asked: str, found: tuple[str, ...] | None, *, met: bool
) -> ConditionTrace:
    answer = Match.MET if met else Match.NOT_MET
    if found is None:
        answer = Match.MET if condition.if_declared else Match.UNKNOWN
    return ConditionTrace(
        field=condition.field,
        asked=asked,
        found=None if found is None else ", ".join(found),
        match=answer,
    )
