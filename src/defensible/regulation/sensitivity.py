"""What would make it another device: each change, and each pair, that moves a market's answer.

Moved means: another class or pathway, device or not, decided or not. A pair changes two fields, and
counts in a market only where it does what neither of its changes does alone: both leave the market
as it was, or the pair leads to a decided answer that neither leads to. Pairs are tried in the order
of the fields, up to a stated number; how many there are is said, too.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from operator import or_

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.regulation.change import Change, changed
from defensible.regulation.decide import Decision, decide
from defensible.regulation.readable import NOTHING, Facts, declared
from defensible.regulation.reading import MARKETS, read
from defensible.regulation.signature import Bits, Board, board
from defensible.regulation.single_changes import single_changes

MOST_PAIRS = 100_000
"""Pairs that are tried in all markets together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the rules of a market make of an intended use."""

    decided: bool
    device: bool | None
    device_class: str | None
    pathway: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One change, or two together, and what becomes of a market by them."""

    market: str
    changes: tuple[Change, ...]
    after: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity:
    """All that was found, single changes before pairs."""

    before: dict[str, Outcome]
    """By market."""
    singles: tuple[Moved, ...]
    pairs: tuple[Moved, ...]
    n_singles: int
    """Single changes that were tried."""
    n_pairs: int
    """Pairs that were tried, over all markets."""
    n_possible: int
    """Pairs that there are, over all markets."""


def sensitivity(
    use: IntendedUse,
    markets: Iterable[Market],
    *,
    facts: Facts = NOTHING,
    most_pairs: int = MOST_PAIRS,
) -> Sensitivity:
    """Every change, and every pair up to a number, that moves the answer of a market.

    Notes
    -----
    Each single change is tried. Cost: a few bit operations for each change or pair, and one
    decision for each way in which the rules of a pack can stand.
    """
    watched = [_watched(use, one.value, facts) for one in markets if one.value in MARKETS]
    changes = single_changes(use, {name for one in watched for name in one.board.fields})
    singles, pairs = [], []
    n_tried = n_possible = 0
    for market in watched:
        read_here = [one for one in changes if one.field in market.board.fields]
        alone = {one: market.after((one,)) for one in read_here}
        singles += [market.moved((one,)) for one, after in alone.items() if after != market.before]
        n_possible += _n_pairs(read_here)
        for pair in _pairs(read_here, most_pairs - n_tried):
            n_tried += 1
            if _adds(market.after(pair), market.before, alone[pair[0]], alone[pair[1]]):
                pairs.append(market.moved(pair))
    return Sensitivity(
        before={one.market: one.before for one in watched},
        singles=tuple(singles),
        pairs=tuple(pairs),
        n_singles=len(changes),
        n_pairs=n_tried,
        n_possible=n_possible,
    )


@dataclass(slots=True, kw_only=True)
class _Watched:
    """A market, and what each change does to it; outcomes are kept by signature."""

    market: str
    use: IntendedUse
    facts: Facts
    board: Board
    found: dict[str, Bits]
    """By field, as declared."""
    before: Outcome
    _rest: dict[tuple[str, ...], Bits] = field(default_factory=dict)
    _outcomes: dict[tuple[int, int], Outcome] = field(default_factory=dict)

    def after(self, changes: tuple[Change, ...]) -> Outcome:
        """The outcome with some fields changed."""
        names = tuple(one.field for one in changes)
        if names not in self._rest:
            others = (bits for name, bits in self.found.items() if name not in names)
            self._rest[names] = reduce(or_, others, self.board.always)
        stood = self._rest[names]
        for one in changes:
            stood |= self.board.bits(one.field, one.values)
        signature = self.board.signature(stood)
        if signature not in self._outcomes:
            other = changed(self.use, changes)
            self._outcomes[signature] = outcome(decide(self.board.pack, other, self.facts))
        return self._outcomes[signature]

    def moved(self, changes: tuple[Change, ...]) -> Moved:
        return Moved(market=self.market, changes=changes, after=self.after(changes))


def _adds(after: Outcome, before: Outcome, one: Outcome, other: Outcome) -> bool:
    """Whether a pair does what neither of its changes does alone."""
    if after in (before, one, other):
        return False
    return after.decided or one == other == before


def outcome(decision: Decision) -> Outcome:
    """What a decision says of class and pathway."""
    then = decision.rules[0].then if decision.rules else None
    return Outcome(
        decided=decision.decided,
        device=decision.device,
        device_class=then.class_ if then else None,
        pathway=then.pathway if then else None,
    )


def _watched(use: IntendedUse, market: str, facts: Facts) -> _Watched:
    laid = board(read(MARKETS[market]))
    return _Watched(
        market=market,
        use=use,
        facts=facts,
        board=laid,
        found={name: laid.bits(name, declared(use, name, facts)) for name in laid.fields},
        before=outcome(decide(laid.pack, use, facts)),
    )


def _pairs(changes: list[Change], most: int) -> Iterator[tuple[Change, Change]]:
    """Pairs of changes of two fields, `most` at most."""
    if most <= 0:
        return
    left = most
    for one, other in combinations(changes, 2):
        if one.field != other.field:
            yield one, other
            left -= 1
            if left == 0:
                return


def _n_pairs(changes: list[Change]) -> int:
    by_field: dict[str, int] = {}
    for one in changes:
        by_field[one.field] = by_field.get(one.field, 0) + 1
    n = len(changes)
    return n * (n - 1) // 2 - sum(one * (one - 1) // 2 for one in by_field.values())
