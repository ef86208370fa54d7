"""Class, regulation and pathway that follow from the intended use, as a traceable argument.

Nothing is guessed: one device type must apply, and no open one may be able to take its place.
"""

from collections.abc import Iterable

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
from defensible.regulation.match import holds
from defensible.regulation.pack import Advice, Cite, Ground, Pack, Rule, pack

NEAR = 3
"""Near misses that are shown, nearest first."""


def classify(use: IntendedUse, markets: Iterable[Market]) -> Classification:
    """The answer for each market, in the order in which the device declares them."""
    return Classification(markets=tuple(_market(use, market.value) for market in markets))


def _market(use: IntendedUse, market: str) -> MarketAnswer:
    known = pack(market)
    if known is None:
        ask = f"ask the regulator: this version holds no rules for {market.upper()}"
        return _undecided(market, "none", ask)
    name = f"{known.market} {known.version}"
    ground, fired = _ground(use, known)
    traces = [(rule, _held(use, rule)) for rule in known.rules]
    met = [(rule, trace) for rule, trace in traces if trace.match is Match.MET]
    left_open = [trace for _, trace in traces if trace.match is Match.UNKNOWN]
    unknown = _unknown(left_open)
    near = _near([trace for _, trace in traces])
    if ground is not None and not ground.device:
        return _undecided(market, name, None, device=False, decided=True, fired=fired)
    if len(met) == 1 and not left_open:
        return _decided(market, name, met[0][0], (*fired, met[0][1]), near)
    return _undecided(
        market,
        name,
        _ask(use, known, met=[rule for rule, _ in met], unknown=unknown),
        device=ground.device if ground else None,
        fired=(*fired, *(trace for _, trace in met)),
        near=near,
        unknown=unknown,
    )


def _ground(use: IntendedUse, known: Pack) -> tuple[Ground | None, tuple[RuleTrace, ...]]:
    """The first ground that holds; an open one before it leaves the question open."""
    for ground in known.grounds:
        trace = _held(use, ground)
        if trace.match is Match.MET:
            return ground, (trace,)
        if trace.match is Match.UNKNOWN:
            return None, ()
    return None, ()


def _held(use: IntendedUse, rule: Rule | Ground) -> RuleTrace:
    match, conditions = holds(use, rule.when)
    return RuleTrace(
        rule=rule.id,
        title=rule.title,
        match=match,
        conditions=conditions,
        citation=_citation(rule.cite),
    )


def _citation(cite: Cite) -> Citation:
    return Citation(source=cite.source, read_on=cite.read_on, confidence=cite.confidence)


def _unknown(left_open: list[RuleTrace]) -> tuple[str, ...]:
    """Fields whose declaration could decide, in the order of the rules."""
    fields = [
        condition.field
        for trace in left_open
        for condition in trace.conditions
        if condition.match is Match.UNKNOWN
    ]
    return tuple(dict.fromkeys(fields))


def _near(traces: list[RuleTrace]) -> tuple[RuleTrace, ...]:
    """Rules that did not apply, those with the fewest conditions in the way first."""

    def in_the_way(trace: RuleTrace) -> int:
        return sum(one.match is not Match.MET for one in trace.conditions)

    others = [trace for trace in traces if trace.match is not Match.MET]
    return tuple(sorted(others, key=in_the_way)[:NEAR])


def _ask(use: IntendedUse, known: Pack, *, met: list[Rule], unknown: tuple[str, ...]) -> str:
    if unknown:
        return f"declare {', '.join(unknown)} in intended-use.yaml, which could decide it"
    if met:
        types = ", ".join(f"{rule.then.regulation} ({rule.id})" for rule in met)
        return f"several device types apply ({types}); ask which one leads in a Pre-Submission"
    return next((one.ask for one in known.advice if _advises(use, one)), known.otherwise)


def _advises(use: IntendedUse, advice: Advice) -> bool:
    return holds(use, advice.when)[0] is Match.MET


def _decided(
    market: str, name: str, rule: Rule, fired: tuple[RuleTrace, ...], near: tuple[RuleTrace, ...]
) -> MarketAnswer:
    then = rule.then
    return MarketAnswer(
        market=market,
        pack=name,
        decided=True,
        device=True,
        device_class=then.class_,
        regulation=then.regulation,
        product_codes=then.product_codes,
        pathway=then.pathway,
        confidence=rule.cite.confidence,
        fired=fired,
        near=near,
        unknown_fields=(),
        special_controls=tuple(
            SpecialControl(id=one.id, text=one.text) for one in then.special_controls
        ),
        ask=None,
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
