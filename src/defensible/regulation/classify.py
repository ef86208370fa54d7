"""Class, regulation and pathway that follow from the intended use, as a traceable argument.

Nothing is guessed:

1. Grounds say whether it is a device at all; the first that holds decides.
2. A rule applies where every condition is met. It drops out where a rule that leads it applies.
3. The one rule left decides, unless another is open for want of a declared field, or the rule
   rests on a fact of low confidence.
4. Otherwise no rule decides, and `ask` says what came closest and whom to ask.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation.classification import (
    Citation,
    Classification,
    MarketAnswer,
    Match,
    RuleTrace,
    SpecialControl,
)
from defensible.regulation.match import Incidental, holds, incidental
from defensible.regulation.near import closest, nearest
from defensible.regulation.pack import Advice, Cite, Ground, Pack, Rule
from defensible.regulation.reading import pack

LOW = "low"
IMDRF = "imdrf"


def classify(use: IntendedUse, markets: Iterable[Market]) -> Classification:
    """The answer for each market, in the order in which the device declares them."""
    return Classification(
        markets=tuple(_market(use, market.value) for market in markets), imdrf=_market(use, IMDRF)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A rule and how it stands."""

    rule: Rule
    trace: RuleTrace


def _market(use: IntendedUse, market: str) -> MarketAnswer:
    known = pack(market)
    if known is None:
        ask = f"ask the regulator: this version holds no rules for {market.upper()}"
        return _undecided(market, "none", ask)
    beside = incidental(known.incidental)
    held = [_Held(rule=rule, trace=_held(use, rule, beside)) for rule in known.rules]
    ground, open_ground = _ground(use, known)
    fired = (ground[1],) if ground else ()
    device = ground[0].device if ground else None
    name = f"{known.market} {known.version}"
    if device is False:
        return _undecided(market, name, None, device=False, decided=True, fired=fired)
    met, left_open = _contenders(held)
    near = nearest([one.trace for one in held])
    settled = len(met) == 1 and not left_open and not open_ground
    if settled and met[0].rule.cite.confidence != LOW:
        return _decided(use, market, name, met[0], fired=fired, near=near)
    unknown = _unknown([*open_ground, *(one.trace for one in left_open)])
    return _undecided(
        market,
        name,
        _ask(use, known, held, met=met, unknown=unknown),
        device=device,
        fired=(*fired, *(one.trace for one in met)),
        near=near,
        unknown=unknown,
    )


def _ground(
    use: IntendedUse, known: Pack
) -> tuple[tuple[Ground, RuleTrace] | None, tuple[RuleTrace, ...]]:
    """The first ground that holds; or none, and an open one that could say it is no device."""
    for ground in known.grounds:
        trace = _held(use, ground, frozenset())
        if trace.match is Match.MET:
            return (ground, trace), ()
        if trace.match is Match.UNKNOWN:
            return None, () if ground.device else (trace,)
    return None, ()


def _held(use: IntendedUse, rule: Rule | Ground, beside: Incidental) -> RuleTrace:
    match, conditions = holds(use, rule.when, beside)
    return RuleTrace(
        rule=rule.id,
        title=rule.title,
        match=match,
        conditions=conditions,
        citation=_citation(rule.cite),
    )


def _citation(cite: Cite) -> Citation:
    return Citation(source=cite.source, read_on=cite.read_on, confidence=cite.confidence)


def _contenders(held: list[_Held]) -> tuple[list[_Held], list[_Held]]:
    """The rules that apply, and those that a declared field could make apply.

    What no field can tell opens no rule: it stays a near miss, and the limits of the rule that
    decides say the contrary.
    """
    met = [one for one in held if one.trace.match is Match.MET]
    led = {name for one in met for name in one.rule.over}
    left_open = [
        one
        for one in held
        if one.trace.match is Match.UNKNOWN
        and not one.rule.when.provided
        and one.rule.id not in led
    ]
    return [one for one in met if one.rule.id not in led], left_open


def _unknown(left_open: list[RuleTrace]) -> tuple[str, ...]:
    """Fields whose declaration could decide, in the order of the rules."""
    fields = [
        condition.field
        for trace in left_open
        for condition in trace.conditions
        if condition.match is Match.UNKNOWN
    ]
    return tuple(dict.fromkeys(fields))


def _ask(
    use: IntendedUse,
    known: Pack,
    held: list[_Held],
    *,
    met: list[_Held],
    unknown: tuple[str, ...],
) -> str:
    if unknown:
        return f"declare {', '.join(unknown)} in intended-use.yaml, which could decide it"
    if len(met) > 1:
        return f"several device types apply ({_types(met)}); {known.several}"
    if met:
        return f"the only rule that applies is {_types(met)}; {known.unsure}"
    told = next((one.ask for one in known.advice if _advises(use, one)), known.otherwise)
    came = closest([one.trace for one in held])
    return f"{told}. Closest: {came}" if came else told


def _types(met: list[_Held]) -> str:
    return ", ".join(f"{one.rule.then.regulation or one.rule.id} ({one.rule.id})" for one in met)


def _advises(use: IntendedUse, advice: Advice) -> bool:
    return holds(use, advice.when)[0] is Match.MET


def _decided(
    use: IntendedUse,
    market: str,
    name: str,
    one: _Held,
    *,
    fired: tuple[RuleTrace, ...],
    near: tuple[RuleTrace, ...],
) -> MarketAnswer:
    then = one.rule.then
    return MarketAnswer(
        market=market,
        pack=name,
        decided=True,
        device=True,
        device_class=then.class_,
        regulation=then.regulation,
        product_codes=_codes(use, one.rule),
        pathway=then.pathway,
        confidence=one.rule.cite.confidence,
        fired=(*fired, one.trace),
        near=near,
        unknown_fields=(),
        special_controls=tuple(
            SpecialControl(id=each.id, text=each.text) for each in then.special_controls
        ),
        ask=None,
        assumes=one.rule.limits,
    )


def _codes(use: IntendedUse, rule: Rule) -> tuple[str, ...]:
    """The confirmed codes that may stand for this device; a code not met is left out."""
    return tuple(
        each.code
        for each in rule.then.product_codes
        if each.check is None
        and (each.when is None or holds(use, each.when)[0] is not Match.NOT_MET)
    )


def _undecided(
    market: str,
    name: str,
    ask: str | None,
    *,
    device: bool | None = None,
    decided: bool = False,
    fired: tuple[RuleTrace, ...] = (),
    near: tuple[RuleTrace, ...] = (),
    unknown: tuple[str, ...] = (),
) -> MarketAnswer:
    return MarketAnswer(
        market=market,
        pack=name,
        decided=decided,
        device=device,
        device_class=None,
        regulation=None,
        product_codes=(),
        pathway=None,
        confidence=fired[0].citation.confidence if fired else None,
        fired=fired,
        near=near,
        unknown_fields=unknown,
        special_controls=(),
        ask=ask,
    )
