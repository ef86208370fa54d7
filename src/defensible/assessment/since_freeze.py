"""What a change of the intended use since its freeze does to the device, market by market."""

from defensible.dossier.dossier import Dossier
from defensible.dossier.intended_use import IntendedUse
from defensible.ledger import frozen
from defensible.ledger.event import FreezeEvent
from defensible.regulation import Classification, classify, facts_of
from defensible.regulation.what_if import Compared, compared

TOLD = ("device", "class", "regulation", "pathway", "category")
"""Aspects that are told with both values; special controls are told by name."""


def touched(dossier: Dossier, event: FreezeEvent) -> tuple[str, ...]:
    """What the change of the intended use touches: class, pathway, special controls.

    Parameters
    ----------
    dossier : Dossier
        As it stands.
    event : FreezeEvent
        The freeze that it is held against.

    Returns
    -------
    tuple of str
        `US: class II → III`; none where the change touches nothing, or nothing was changed.
    """
    then, now = frozen.intended_use(event, dossier.root), dossier.intended_use
    if then is None or then == now:
        return ()
    before, after = (_classified(dossier, one) for one in (then, now))
    return tuple(said for one in compared(before, after) for said in _words(one))


def _classified(dossier: Dossier, use: IntendedUse) -> Classification:
    return classify(use, dossier.device.markets, facts=facts_of(dossier.risks))


def _words(one: Compared) -> list[str]:
    market = one.name.upper() if one.name != "schemes" else "schemes"
    said = [
        f"{market}: {aspect.name} {_value(aspect.before)} → {_value(aspect.after)}"
        for aspect in one.aspects
        if aspect.differs and (aspect.name in TOLD or one.name == "schemes")
    ]
    for controls, what in ((one.dropped, "no longer asked"), (one.added, "newly asked")):
        if controls:
            noun = "special control" if len(controls) == 1 else "special controls"
            said.append(f"{market}: {what}: {noun} {', '.join(each.id for each in controls)}")
    return said


def _value(values: tuple[str, ...]) -> str:
    return ", ".join(values) or "none"
