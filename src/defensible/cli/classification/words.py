"""Answers and conditions in words."""

from collections.abc import Iterable

from defensible.regulation.classification import ConditionTrace, MarketAnswer
from defensible.regulation.match import BESIDES
from defensible.screen import clean, short

FOUND = 60
"""Characters of a declared text that a condition repeats."""
ASKED = 120


def market_name(market: str) -> str:
    """`US`, `IMDRF`, `Canada`."""
    return "Canada" if market == "canada" else market.upper()


def outcome(one: MarketAnswer) -> str:
    """`a device of class II, 21 CFR 892.2080, 510(k), QAS; facts of high confidence`."""
    if not one.decided or one.device is False:
        return brief(one)
    facts = (brief(one), one.pathway, " or ".join(one.product_codes))
    sure = f"; facts of {one.confidence} confidence" if one.confidence else ""
    return clean(", ".join(fact for fact in facts if fact) + sure)


def brief(one: MarketAnswer) -> str:
    """`a device of class II, 21 CFR 892.2080`: what the rules decide, in one line."""
    if not one.decided:
        device = {True: "a device; ", False: "", None: "open whether a device; "}[one.device]
        return f"{device}no rule decides the class"
    if one.device is False:
        return "not a device by the rules"
    facts = (
        f"a device of class {one.device_class}" if one.device_class else "a device",
        one.rule and f"Rule {one.rule}",
        one.regulation,
    )
    return clean(", ".join(fact for fact in facts if fact))


def category(name: str | None) -> str:
    """`category III`, of the IMDRF."""
    return f"category {clean(name)}" if name else "no category"


def condition(one: ConditionTrace) -> str:
    """A condition that holds: `function is triage`, `anatomy "left lung" mentions lung`."""
    if one.found is None:
        return f"{one.field} is not declared and taken as it must be ({clean(one.asked)})"
    found = short(one.found, FOUND)
    if one.asked.startswith(("none of ", "does not mention ")):
        return f"{one.field} is {found}, which bars nothing"
    if one.asked.startswith("mentions "):
        return f'{one.field} "{found}" has a word asked for'
    return f"{one.field} is {found}"


def stopped(one: ConditionTrace) -> str:
    """A condition that stops a rule: what was found, and what would hold."""
    asked = short(one.asked, ASKED)
    if one.field == BESIDES:
        return f"it holds only if {asked}"
    if one.found is None:
        words = one.asked.startswith(("mentions ", "does not mention "))
        return f"{one.field} is not declared" + ("" if words else f"; asked: {asked}")
    return f"{one.field} is {short(one.found, FOUND)}; asked: {asked}"


def joined(words: Iterable[str]) -> str:
    """`a, b and c`; with semicolons where a part has commas of its own."""
    parts = list(words)
    between = "; " if any("," in part or ";" in part for part in parts) else ", "
    if len(parts) < 2 or between == "; ":
        return between.join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
