"""Class, pathway and categories that follow from the intended use, as a traceable argument.

Each pack is held alone (`decide`), in this order: the markets, each followed by its schemes, which
may read the class that the market gave; then the schemes across markets.
"""

from collections.abc import Iterable

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    Match,
    SchemeAnswer,
    SpecialControl,
)
from defensible.regulation.decide import Decision, decide
from defensible.regulation.match import holds
from defensible.regulation.pack import Pack, Rule
from defensible.regulation.readable import NOTHING, Facts
from defensible.regulation.reading import ACROSS, GXP, IMDRF, MARKETS, SCHEMES, read


def classify(
    use: IntendedUse, markets: Iterable[Market], *, facts: Facts = NOTHING
) -> Classification:
    """The answer for each market, in the order in which the device declares them.

    Parameters
    ----------
    use : IntendedUse
        The intended use.
    markets : iterable of Market
        Markets in view; only their packs are read.
    facts : Facts
        What is known beside the intended use: `facts_of(dossier.risks)`, or nothing.
    """
    across = (*ACROSS, *GXP) if use.gxp is not None else ACROSS
    return Classification(
        markets=tuple(_market(use, market.value, facts) for market in markets),
        imdrf=_answer(use, IMDRF, decide(read(IMDRF), use, facts)),
        schemes=tuple(_scheme(decide(read(name), use, facts)) for name in across),
    )


def _market(use: IntendedUse, market: str, facts: Facts) -> MarketAnswer:
    decision = decide(read(MARKETS[market]), use, facts)
    known = {**facts, **_known(market, decision)}
    schemes = (decide(read(one), use, known) for one in SCHEMES.get(market, ()))
    return _answer(use, market, decision, schemes=tuple(_scheme(one) for one in schemes))


def _known(market: str, decision: Decision) -> Facts:
    """What the schemes of a market may read of its answer."""
    known: dict[str, tuple[str, ...]] = {}
    if decision.device is not None:
        known[f"{market}.device"] = (str(decision.device).lower(),)
    if decision.rules:
        then = decision.rules[0].then
        known[f"{market}.class"] = (then.class_,)
        if then.pathway:
            known[f"{market}.pathway"] = (then.pathway,)
    return known


def _answer(
    use: IntendedUse,
    market: str,
    decision: Decision,
    *,
    schemes: tuple[SchemeAnswer, ...] = (),
) -> MarketAnswer:
    rules = decision.rules
    then = rules[0].then if rules else None
    return MarketAnswer(
        market=market,
        pack=decision.name,
        decided=decision.decided,
        device=decision.device,
        device_class=then.class_ if then else None,
        regulation=then.regulation if then else None,
        product_codes=_once(code for rule in rules for code in _codes(use, rule)),
        pathway=then.pathway if then else None,
        confidence=decision.confidence,
        fired=decision.fired,
        near=decision.near,
        unknown_fields=decision.unknown_fields,
        special_controls=tuple(
            SpecialControl(id=each.id, text=each.text)
            for rule in rules
            for each in rule.then.special_controls
        ),
        ask=decision.ask,
        assumes=_limits(decision),
        rule=", ".join(_once(rule.then.rule for rule in rules if rule.then.rule)) or None,
        schemes=schemes,
    )


def _scheme(decision: Decision) -> SchemeAnswer:
    pack: Pack = decision.pack
    return SchemeAnswer(
        scheme=pack.scheme or pack.market,
        title=pack.title or pack.market,
        pack=decision.name,
        decided=decision.decided,
        applies=decision.device,
        category=decision.rules[0].then.class_ if decision.rules else None,
        confidence=decision.confidence,
        fired=decision.fired,
        near=decision.near,
        unknown_fields=decision.unknown_fields,
        ask=decision.ask,
        assumes=_limits(decision),
    )


def _limits(decision: Decision) -> tuple[str, ...]:
    return _once(limit for rule in decision.rules for limit in rule.limits)


def _codes(use: IntendedUse, rule: Rule) -> tuple[str, ...]:
    """The confirmed codes that may stand for this device; a code not met is left out."""
    return tuple(
        each.code
        for each in rule.then.product_codes
        if each.check is None
        and (each.when is None or holds(use, each.when)[0] is not Match.NOT_MET)
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
