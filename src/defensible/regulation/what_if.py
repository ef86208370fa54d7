"""The same software under another intended use: both answers, aspect by aspect.

Nothing here judges which of the two is better: it says in what they differ.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation.change import Change, changed, found
from defensible.regulation.classification import (
    Classification,
    MarketAnswer,
    SchemeAnswer,
    SpecialControl,
)
from defensible.regulation.classify import classify
from defensible.regulation.owed_change import OwedChange, owed_change
from defensible.regulation.readable import NOTHING, Facts

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One thing that is said of both: an empty tuple where nothing is."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether the change shows here."""
        return self.before != self.after

    @property
    def dropped(self) -> tuple[str, ...]:
        """What only the declared intended use has."""
        return tuple(one for one in self.before if one not in self.after)

    @property
    def added(self) -> tuple[str, ...]:
        """What only the changed intended use has."""
        return tuple(one for one in self.after if one not in self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One market, or `imdrf`, or the schemes across markets, under both intended uses."""

    name: str
    aspects: tuple[Aspect, ...]
    dropped: tuple[SpecialControl, ...] = ()
    """Special controls that are no longer asked."""
    added: tuple[SpecialControl, ...] = ()
    """Special controls that are newly asked."""

    @property
    def differs(self) -> bool:
        """Whether the change shows anywhere here."""
        return any(one.differs for one in self.aspects)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Both answers, and in what they differ."""

    changes: tuple[Change, ...]
    was: tuple[tuple[str, ...] | None, ...]
    """For each change the values declared so far; None where nothing is."""
    use: IntendedUse
    """The intended use with the changes made."""
    before: Classification
    after: Classification
    compared: tuple[Compared, ...]
    owed: OwedChange
    """What it newly owes, and what it owes no longer, special controls among them."""

    @property
    def differs(self) -> bool:
        """Whether it is another device anywhere."""
        return any(one.differs for one in self.compared)


def what_if(
    use: IntendedUse,
    changes: Iterable[Change],
    markets: Iterable[Market],
    *,
    facts: Facts = NOTHING,
) -> WhatIf:
    """The answers before and after some changes of the intended use.

    Raises
    ------
    ChangeError
        The changes do not fit together, or with what is declared.
    """
    made, asked = tuple(changes), tuple(markets)
    other = changed(use, made)
    before, after = classify(use, asked, facts=facts), classify(other, asked, facts=facts)
    return WhatIf(
        changes=made,
        was=tuple(found(use, one.field) for one in made),
        use=other,
        before=before,
        after=after,
        compared=compared(before, after),
        owed=owed_change((use, before), (other, after), facts=facts),
    )


def compared(before: Classification, after: Classification) -> tuple[Compared, ...]:
    """In what two classifications of the same markets differ, market by market."""
    markets = zip(before.markets, after.markets, strict=True)
    several = [_market(one, other) for one, other in markets]
    if before.imdrf is not None and after.imdrf is not None:
        category = _aspect("category", _category(before.imdrf), _category(after.imdrf))
        several.append(Compared(name="imdrf", aspects=(category,)))
    across = _schemes(before.schemes, after.schemes)
    return (*several, *((Compared(name="schemes", aspects=across),) if across else ()))


def _market(before: MarketAnswer, after: MarketAnswer) -> Compared:
    pairs = (
        ("device", _device),
        ("class", _category),
        ("regulation", lambda one: _said(one.regulation)),
        ("pathway", lambda one: _said(one.pathway)),
        ("product codes", lambda one: one.product_codes),
        ("rules", lambda one: tuple(trace.rule for trace in one.fired)),
        ("special controls", lambda one: tuple(each.id for each in one.special_controls)),
    )
    schemes = _schemes(before.schemes, after.schemes)
    return Compared(
        name=before.market,
        aspects=(*(_aspect(name, of(before), of(after)) for name, of in pairs), *schemes),
        dropped=_without(before.special_controls, after.special_controls),
        added=_without(after.special_controls, before.special_controls),
    )


def _schemes(
    before: tuple[SchemeAnswer, ...], after: tuple[SchemeAnswer, ...]
) -> tuple[Aspect, ...]:
    """Each scheme that either of the two is sorted into."""
    titles = {one.scheme: one.title for one in (*before, *after)}
    first = {one.scheme: (one.sorted_into,) for one in before}
    second = {one.scheme: (one.sorted_into,) for one in after}
    return tuple(
        _aspect(title, first.get(name, ()), second.get(name, ())) for name, title in titles.items()
    )


def _aspect(name: str, before: tuple[str, ...], after: tuple[str, ...]) -> Aspect:
    return Aspect(name=name, before=before, after=after)


def _device(one: MarketAnswer) -> tuple[str, ...]:
    return ({True: "yes", False: "no", None: OPEN}[one.device],)


def _category(one: MarketAnswer) -> tuple[str, ...]:
    return _said(one.device_class) if one.decided else (OPEN,)


def _said(word: str | None) -> tuple[str, ...]:
    return () if word is None else (word,)


def _without(
    controls: tuple[SpecialControl, ...], others: tuple[SpecialControl, ...]
) -> tuple[SpecialControl, ...]:
    return tuple(one for one in controls if one not in others)
