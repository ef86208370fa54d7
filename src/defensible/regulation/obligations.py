"""What a device owes, from its intended use and its classification: each with why it applies.

Obligations of the declared markets, of standards across markets, and of GxP where a GxP use is
declared; and the special controls of the device type. One whose condition cannot be answered is
given as such, with the fields that would: it may apply.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.classification import Citation, Classification, MarketAnswer, Match
from defensible.regulation.match import holds
from defensible.regulation.obligation_pack import Check, ObligationKind, ObligationPack, Owed
from defensible.regulation.pack import Cite
from defensible.regulation.readable import NOTHING, Facts
from defensible.regulation.reading import read_obligations

ACROSS = "across"
GXP = "gxp"
BY_A_PERSON = Check(name="record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """Something that the device owes.

    Attributes
    ----------
    market : str
        Market, "across" for standards of all markets, or "gxp".
    applies : Match
        Met, or unknown where a field is not declared; what does not apply is not given.
    ask : tuple of str
        Fields that would settle whether it applies.
    check : Check
        The computation that answers it.
    """

    id: str
    kind: ObligationKind
    title: str
    market: str
    applies: Match
    ask: tuple[str, ...]
    check: Check
    citation: Citation


def obligations(
    use: IntendedUse, classification: Classification, *, facts: Facts = NOTHING
) -> tuple[Obligation, ...]:
    """What the device owes in its markets, kind by kind.

    Parameters
    ----------
    use : IntendedUse
        The intended use.
    classification : Classification
        Of that intended use; a market in which it is no device owes nothing.
    facts : Facts
        What is known beside the intended use, as in `classify`.
    """
    known = {**facts, **_known(classification)}
    names = [one.market for one in classification.markets if one.device is not False]
    found: list[Obligation] = []
    for answer in classification.markets:
        if answer.market in names:
            pack = read_obligations(answer.market)
            found += _of_pack(pack, use, known)
            found += _controls(pack, answer)
    if names:
        found += _of_pack(read_obligations(ACROSS), use, known)
    if use.gxp is not None:
        found += _of_pack(read_obligations(GXP), use, known)
    order = list(ObligationKind)
    places = {one.market: at for at, one in enumerate(classification.markets)}
    return tuple(
        sorted(found, key=lambda one: (places.get(one.market, len(places)), order.index(one.kind)))
    )


def _known(classification: Classification) -> Facts:
    """What obligations may read of the answers."""
    known: dict[str, tuple[str, ...]] = {}
    for one in classification.markets:
        if one.device_class is not None:
            known[f"{one.market}.class"] = (one.device_class,)
        if one.pathway is not None and one.market == "us":
            known["us.pathway"] = (one.pathway,)
        for scheme in one.schemes:
            if scheme.category is not None and scheme.scheme == "ai-act":
                known[f"{one.market}.{scheme.scheme}"] = (scheme.category,)
    software = classification.scheme("iec62304")
    if software is not None and software.category is not None:
        known["iec62304.class"] = (software.category,)
    return known


def _of_pack(pack: ObligationPack, use: IntendedUse, known: Facts) -> Iterator[Obligation]:
    for one in pack.obligations:
        applies, ask = _applies(one, use, known)
        if applies is not Match.NOT_MET:
            yield Obligation(
                id=one.id,
                kind=one.kind,
                title=one.title,
                market=pack.market,
                applies=applies,
                ask=ask,
                check=one.check,
                citation=_citation(one.cite),
            )


def _applies(owed: Owed, use: IntendedUse, known: Facts) -> tuple[Match, tuple[str, ...]]:
    if owed.when is None:
        return Match.MET, ()
    match, conditions = holds(use, owed.when, facts=known)
    asked = (one.field for one in conditions if one.match is Match.UNKNOWN)
    return match, tuple(dict.fromkeys(asked))


def _controls(pack: ObligationPack, answer: MarketAnswer) -> Iterator[Obligation]:
    """The special controls of the device type, each with the check that the pack gives it."""
    citation = answer.fired[-1].citation if answer.fired else None
    for one in answer.special_controls:
        assert citation is not None  # noqa: S101 - a rule that gives controls has fired
        yield Obligation(
            id=f"{answer.market}.control.{one.id.lower()}",
            kind=ObligationKind.SPECIAL_CONTROL,
            title=f"{one.id}: {one.text}",
            market=answer.market,
            applies=Match.MET,
            ask=(),
            check=pack.controls.get(one.id, BY_A_PERSON),
            citation=citation,
        )


def _citation(cite: Cite) -> Citation:
    return Citation(source=cite.source, read_on=cite.read_on, confidence=cite.confidence)
