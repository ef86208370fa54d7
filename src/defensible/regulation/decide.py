"""One pack held against one intended use: what decides, or what to ask.

Nothing is guessed:

1. Grounds say whether it is a device at all; the first that holds decides. One that points to
   another law ends the matter: no rule of this pack decides.
2. A rule applies where every condition is met. It drops out where a rule that leads it applies.
3. The one rule left decides; in a pack of the strictest, those of the highest class do. Not where
   another rule is open for want of a declared field (in a pack of the strictest: one of a higher
   class), nor where a demanded field is not declared, nor on a fact of low confidence.
4. Otherwise no rule decides, and `ask` says what came closest and whom to ask.
"""

from dataclasses import dataclass

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.classification import Citation, Match, RuleTrace
from defensible.regulation.match import Incidental, holds, incidental
from defensible.regulation.near import closest, nearest
from defensible.regulation.pack import Cite, Ground, Pack, Rule
from defensible.regulation.readable import TO_SETTLE, Facts, declared

LOW = "low"
CONFIDENCE = (LOW, "medium", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a pack says. `rules` are those that decide; none where nothing does."""

    pack: Pack
    device: bool | None
    decided: bool
    rules: tuple[Rule, ...] = ()
    fired: tuple[RuleTrace, ...] = ()
    near: tuple[RuleTrace, ...] = ()
    unknown_fields: tuple[str, ...] = ()
    ask: str | None = None

    @property
    def name(self) -> str:
        """Pack and version."""
        return f"{self.pack.scheme or self.pack.market} {self.pack.version}"

    @property
    def confidence(self) -> str | None:
        """The least of the confidences that the answer rests on."""
        if not self.rules:
            return self.fired[0].citation.confidence if self.fired else None
        return min((one.cite.confidence for one in self.rules), key=CONFIDENCE.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Subject:
    use: IntendedUse
    facts: Facts
    beside: Incidental

    def trace(self, rule: Rule | Ground) -> RuleTrace:
        beside = self.beside if isinstance(rule, Rule) else frozenset()
        match, conditions = holds(self.use, rule.when, beside, self.facts)
        return RuleTrace(
            rule=rule.id,
            title=rule.title,
            match=match,
            conditions=conditions,
            citation=_citation(rule.cite),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """A rule and how it stands."""

    rule: Rule
    trace: RuleTrace


def decide(pack: Pack, use: IntendedUse, facts: Facts) -> Decision:
    """What a pack says of an intended use and of the facts beside it."""
    subject = _Subject(use=use, facts=facts, beside=incidental(pack.incidental))
    ground, open_ground = _ground(subject, pack)
    fired = (ground[1],) if ground else ()
    device = ground[0].device if ground else None
    if ground and (device is False or ground[0].elsewhere):
        ask = ground[0].elsewhere
        return Decision(pack=pack, device=device, decided=ask is None, fired=fired, ask=ask)
    held = [_Held(rule=rule, trace=subject.trace(rule)) for rule in pack.rules]
    met, open_rules = _standing(held)
    best = _best(pack, met)
    left_open = [one for one in open_rules if not one.rule.if_declared and _counts(pack, one, best)]
    asked_first = _demanded(subject, pack) if best < len(pack.classes) - 1 or not met else ()
    near = nearest([one.trace for one in held])
    if not (left_open or open_ground or asked_first) and _settled(pack, met):
        could = [one.trace for one in open_rules if _counts(pack, one, best)]
        return Decision(
            pack=pack,
            device=True,
            decided=True,
            rules=tuple(one.rule for one in met if not pack.strictest or _rank(pack, one) == best),
            fired=(*fired, *(one.trace for one in met)),
            near=near,
            unknown_fields=_merged(_unknown(could), _assumed(met)),
        )
    unknown = _merged(_unknown([*open_ground, *(one.trace for one in left_open)]), asked_first)
    return Decision(
        pack=pack,
        device=device,
        decided=False,
        fired=(*fired, *(one.trace for one in met)),
        near=near,
        unknown_fields=unknown,
        ask=_ask(subject, pack, held, met=met, unknown=unknown),
    )


def _ground(
    subject: _Subject, pack: Pack
) -> tuple[tuple[Ground, RuleTrace] | None, tuple[RuleTrace, ...]]:
    """The first ground that holds; or none, and an open one that could say it is no device."""
    for ground in pack.grounds:
        trace = subject.trace(ground)
        if trace.match is Match.MET:
            return (ground, trace), ()
        if trace.match is Match.UNKNOWN and not ground.if_declared:
            return None, () if ground.device and not ground.elsewhere else (trace,)
    return None, ()


def _standing(held: list[_Held]) -> tuple[list[_Held], list[_Held]]:
    """The rules that apply, and those that a declared field could make apply; none that is led.

    What no field can tell opens no rule: it stays a near miss, and the limits of the rule that
    decides say the contrary.
    """
    met = [one for one in held if one.trace.match is Match.MET]
    led = {name for one in met for name in one.rule.over}
    open_rules = [
        one
        for one in held
        if one.trace.match is Match.UNKNOWN
        and not one.rule.when.provided
        and one.rule.id not in led
    ]
    return [one for one in met if one.rule.id not in led], open_rules


def _rank(pack: Pack, one: _Held) -> int:
    return pack.classes.index(one.rule.then.class_)


def _best(pack: Pack, met: list[_Held]) -> int:
    return max((_rank(pack, one) for one in met), default=-1)


def _counts(pack: Pack, one: _Held, best: int) -> bool:
    """Whether an open rule could change the answer."""
    return not pack.strictest or _rank(pack, one) > best


def _settled(pack: Pack, met: list[_Held]) -> bool:
    """Whether the rules that apply decide: one alone, or the strictest; none of low confidence."""
    if not met or (len(met) > 1 and not pack.strictest):
        return False
    best = _best(pack, met)
    return all(one.rule.cite.confidence != LOW for one in met if _rank(pack, one) == best)


def _demanded(subject: _Subject, pack: Pack) -> tuple[str, ...]:
    """Fields that must be declared first and are not."""
    return _merged(
        *(
            _undeclared(subject, demand.fields)
            for demand in pack.demands
            if holds(subject.use, demand.when, subject.beside, subject.facts)[0] is Match.MET
        )
    )


def _undeclared(subject: _Subject, fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in fields if declared(subject.use, one, subject.facts) is None)


def _unknown(traces: list[RuleTrace]) -> tuple[str, ...]:
    """Fields whose declaration could decide, in the order of the rules."""
    return tuple(
        condition.field
        for trace in traces
        for condition in trace.conditions
        if condition.match is Match.UNKNOWN
    )


def _assumed(met: list[_Held]) -> tuple[str, ...]:
    """Fields that the deciding rules take as they need them, since nothing is declared."""
    return tuple(
        condition.field
        for one in met
        for condition in one.trace.conditions
        if condition.match is Match.MET and condition.found is None
    )


def _merged(*fields: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for several in fields for one in several))


def _ask(
    subject: _Subject,
    pack: Pack,
    held: list[_Held],
    *,
    met: list[_Held],
    unknown: tuple[str, ...],
) -> str:
    if unknown:
        asked = _declare(unknown)
        return f"{asked}; {pack.meanwhile}" if pack.meanwhile else asked
    if len(met) > 1 and not pack.strictest:
        return f"several device types apply ({_types(met)}); {pack.several}"
    if met:
        return f"the only rule that applies is {_types(met)}; {pack.unsure}"
    told = next(
        (
            one.ask
            for one in pack.advice
            if holds(subject.use, one.when, subject.beside, subject.facts)[0] is Match.MET
        ),
        pack.otherwise,
    )
    came = closest([one.trace for one in held])
    return f"{told}. Closest: {came}" if came else told


def _declare(unknown: tuple[str, ...]) -> str:
    """What to declare or to settle, as one sentence."""
    fields = [one for one in unknown if one not in TO_SETTLE]
    parts = [TO_SETTLE[one] for one in unknown if one in TO_SETTLE]
    if fields:
        parts.insert(0, f"declare {', '.join(fields)} in intended-use.yaml")
    return f"{', and '.join(parts)}, which could decide it"


def _types(met: list[_Held]) -> str:
    return ", ".join(f"{one.rule.then.regulation or one.rule.id} ({one.rule.id})" for one in met)


def _citation(cite: Cite) -> Citation:
    return Citation(source=cite.source, read_on=cite.read_on, confidence=cite.confidence)
