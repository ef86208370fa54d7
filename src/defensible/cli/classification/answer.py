"""The answer as an argument: what each market says, by which rules, and what is not settled.

First one line for each market; then for each the rules that hold with the values that they found
and where they stand, what came near and by which condition it was stopped, and what is still open.
"""

from collections.abc import Iterable, Iterator
from shlex import quote

from defensible.cli.classification.words import (
    brief,
    category,
    condition,
    joined,
    market_name,
    outcome,
    stopped,
)
from defensible.regulation.classification import (
    Classification,
    ConditionTrace,
    MarketAnswer,
    Match,
    RuleTrace,
    SchemeAnswer,
)
from defensible.screen import WIDTH, capped, clean, sentence, short, wrap


def answer(found: Classification, *, of: str, path: str) -> str:
    """The whole answer, ending in what to do next.

    Parameters
    ----------
    found : Classification
        What is said.
    of : str
        The device, in a few words.
    path : str
        What was classified, as the person typed it.
    """
    blocks = [[*wrap(clean(of)), "=" * WIDTH, *_overview(found)]]
    blocks += [_market(one) for one in found.markets]
    if found.imdrf is not None:
        blocks.append(_imdrf(found.imdrf))
    blocks += [_scheme(one) for one in found.schemes]
    blocks.append(_next(found, path))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _overview(found: Classification) -> Iterator[str]:
    for one in found.markets:
        yield from wrap(brief(one), first=_head(market_name(one.market)))
        for scheme in one.schemes:
            yield from wrap(f"{clean(scheme.title)}: {clean(scheme.sorted_into)}", first=_head(""))
    if found.imdrf is not None:
        yield from wrap(category(found.imdrf.device_class), first=_head("IMDRF"))
    for scheme in found.schemes:
        yield from wrap(f"{clean(scheme.title)}: {clean(scheme.sorted_into)}", first=_head(""))


def _head(name: str) -> str:
    return f"{short(name, 8):<8}  "


def _market(one: MarketAnswer) -> list[str]:
    lines = wrap(f"{market_name(one.market)}: {outcome(one)}.")
    lines += _argument(one.fired)
    if not one.decided:
        lines += wrap(f"{sentence(capped(one.ask or ''))}.", first="  No rule decides. ", rest="  ")
    lines += _rest(one)
    lines += [line for scheme in one.schemes for line in _within(scheme)]
    return lines


def _imdrf(one: MarketAnswer) -> list[str]:
    lines = wrap(f"IMDRF: {category(one.device_class)}.")
    lines += _argument(one.fired)
    if not one.decided:
        lines += wrap(f"{sentence(capped(one.ask or ''))}.", first="  ")
    return [*lines, *_rest(one)]


def _scheme(one: SchemeAnswer) -> list[str]:
    """A scheme across markets, as a block of its own."""
    lines = wrap(f"{clean(one.title)}: {clean(one.sorted_into)}.")
    lines += _argument(one.fired)
    if not one.decided:
        lines += wrap(f"{sentence(capped(one.ask or ''))}.", first="  ")
    return [*lines, *_rest(one)]


def _within(one: SchemeAnswer) -> list[str]:
    """A scheme of a market, below its class."""
    lines = wrap(f"{clean(one.title)}: {clean(one.sorted_into)}.", first="  ", rest="  ")
    for trace in one.fired:
        lines += wrap(f"{clean(trace.title)}; {_cited(trace)}.", first="    by ", rest="       ")
    if not one.decided:
        lines += wrap(f"{sentence(capped(one.ask or ''))}.", first="    ")
    for word in one.assumes:
        lines += wrap(clean(word), first="    - ")
    return lines


def _argument(fired: Iterable[RuleTrace]) -> Iterator[str]:
    """Each rule that holds: what it is, on which values, and where it stands."""
    for trace in fired:
        yield from wrap(f"{clean(trace.title)} ({clean(trace.rule)})", first="  ", rest="    ")
        yield from wrap(f"since {joined(map(condition, trace.conditions))}.", first="    ")
        yield from wrap(f"{_cited(trace)}.", first="    ")


def _cited(trace: RuleTrace) -> str:
    cited = trace.citation
    return clean(f"{cited.source}, read {cited.read_on}, confidence {cited.confidence}")


def _rest(one: MarketAnswer | SchemeAnswer) -> Iterator[str]:
    """What it rests on, what came near, and what could change it."""
    if one.assumes:
        yield "  It rests on what no field tells:"
        for word in one.assumes:
            yield from wrap(clean(word), first="    - ")
    sorted_ = isinstance(one, SchemeAnswer) and one.decided  # the other categories tell nothing
    near = [] if sorted_ else [trace for trace in one.near if _stops(trace)]
    if near:
        yield "  Near, and stopped:"
        for trace in near:
            stops = joined(dict.fromkeys(map(stopped, _stops(trace))))
            yield from wrap(f"{clean(trace.rule)}: {stops}.", first="    - ")
    if one.unknown_fields and one.decided:
        fields = joined(one.unknown_fields)
        yield from wrap(f"Not declared, and could change it: {fields}.", first="  ")


def _stops(trace: RuleTrace) -> list[ConditionTrace]:
    return [one for one in trace.conditions if one.match is not Match.MET]


def _next(found: Classification, path: str) -> list[str]:
    """What to do: declare what could decide, ask where nothing can, else see what moves it."""
    answers = [one for one in (*found.markets, found.imdrf) if one is not None and not one.decided]
    waiting = [one for one in answers if one.unknown_fields]
    asking = [market_name(one.market) for one in answers if not one.unknown_fields]
    says = []
    if waiting:
        fields = dict.fromkeys(name for one in waiting for name in one.unknown_fields)
        names = [market_name(one.market) for one in waiting]
        says.append(f"Declare {joined(fields)}: until then {joined(names)} cannot be decided.")
    if asking:
        says.append(f"Ask the regulator where no rule decides: {joined(asking)}.")
    if not says:
        says.append(f"See what moves it: `defensible classify {quote(path)} --sensitivity`.")
    return wrap(clean(" ".join(says)), first="NEXT  ")
