"""What a change of the intended use adds to what is owed, and what it drops."""

from collections.abc import Iterable
from dataclasses import dataclass

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation.classification import Classification
from defensible.regulation.classify import classify
from defensible.regulation.obligations import Obligation, obligations
from defensible.regulation.readable import NOTHING, Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedChange:
    """Obligations that only one of two intended uses has."""

    added: tuple[Obligation, ...]
    dropped: tuple[Obligation, ...]


def owed_change(
    before: tuple[IntendedUse, Classification],
    after: tuple[IntendedUse, Classification],
    *,
    facts: Facts = NOTHING,
) -> OwedChange:
    """The difference in what is owed, from two intended uses with their classifications."""
    first = {one.id: one for one in obligations(*before, facts=facts)}
    second = {one.id: one for one in obligations(*after, facts=facts)}
    return OwedChange(
        added=tuple(one for name, one in second.items() if name not in first),
        dropped=tuple(one for name, one in first.items() if name not in second),
    )


def owed_since(
    before: IntendedUse, after: IntendedUse, markets: Iterable[Market], *, facts: Facts = NOTHING
) -> OwedChange:
    """The same from the intended uses alone, for some markets."""
    asked = tuple(markets)
    uses = tuple((use, classify(use, asked, facts=facts)) for use in (before, after))
    return owed_change(uses[0], uses[1], facts=facts)
