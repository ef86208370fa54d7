"""How every rule of a pack stands, as two whole numbers: what a decision depends on, and no more.

A rule holds where all of its conditions do, and each condition reads one field. So what a value of
a field does to all rules of a pack is worked out once, as bits; those of an intended use are the
bits of its fields put together. Two intended uses with the same signature get the same class and
pathway from the pack, which lets thousands be compared while few are decided.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from defensible.regulation.classification import Match
from defensible.regulation.match import Incidental, blocked, incidental, wanted
from defensible.regulation.pack import Condition, Pack, When

Found = tuple[str, ...] | None
"""Declared values of a field; None where nothing is."""


Bits = int
"""For each rule a bit where it is stopped and, above those of all rules, one where it is open."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """A condition of one rule."""

    bit: int
    condition: Condition
    beside: Incidental
    bars: bool

    def match(self, found: Found) -> Match:
        if self.bars:
            return blocked(self.condition, found).match
        return wanted(self.condition, found, self.beside).match


@dataclass(frozen=True, slots=True)
class Board:
    """The conditions of a pack by the field that they read."""

    pack: Pack
    n: int
    """Bits of one kind."""
    always: Bits
    """What no field can tell."""
    _asked: dict[str, list[_Asked]]
    _demanded: dict[str, int]
    """Fields that may have to be declared, each with a bit that is open where it is not."""
    _known: dict[tuple[str, Found], Bits] = field(default_factory=dict)

    @property
    def fields(self) -> frozenset[str]:
        """Every field that a rule of the pack reads."""
        return frozenset(self._asked) | frozenset(self._demanded)

    def bits(self, name: str, found: Found) -> Bits:
        """What these values of a field do to every rule."""
        key = (name, found)
        if key not in self._known:
            self._known[key] = self._worked_out(name, found)
        return self._known[key]

    def signature(self, bits: Bits) -> tuple[int, int]:
        """The rules stopped and, of the others, those open."""
        stopped = bits & ((1 << self.n) - 1)
        return stopped, (bits >> self.n) & ~stopped

    def _worked_out(self, name: str, found: Found) -> Bits:
        stopped = open_ = 0
        for one in self._asked.get(name, ()):
            match = one.match(found)
            stopped |= one.bit if match is Match.NOT_MET else 0
            open_ |= one.bit if match is Match.UNKNOWN else 0
        if found is None:
            open_ |= self._demanded.get(name, 0)
        return stopped | open_ << self.n


def board(pack: Pack) -> Board:
    """The conditions of a pack, laid out by field."""
    asked: dict[str, list[_Asked]] = {}
    always = 0
    whens = list(_whens(pack))
    for place, (when, beside) in enumerate(whens):
        bit = 1 << place
        always |= bit if when.provided else 0
        for one, bars in (*((one, False) for one in when.all), *((one, True) for one in when.none)):
            asked.setdefault(one.field, []).append(_Asked(bit, one, beside, bars))
    names = dict.fromkeys(name for demand in pack.demands for name in demand.fields)
    demanded = {name: 1 << (len(whens) + place) for place, name in enumerate(names)}
    n = len(whens) + len(demanded)
    return Board(pack, n, always << n, asked, demanded)


def _whens(pack: Pack) -> Iterator[tuple[When, Incidental]]:
    """Everything that decides, as `decide` holds it against the intended use."""
    beside = incidental(pack.incidental)
    for ground in pack.grounds:
        yield ground.when, frozenset()
    for rule in pack.rules:
        if not rule.when.provided:  # what needs more than fields never decides
            yield rule.when, beside
    for demand in pack.demands:
        yield demand.when, beside
