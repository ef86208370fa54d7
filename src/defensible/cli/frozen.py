"""What `check` says of the freeze: when it was, what changed since, and which studies that touches.

No data are opened for it; whether sealed results still stand is said by `run` and `assess`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defensible.dossier import Dossier
    from defensible.ledger.event import FreezeEvent


def frozen(loaded: "Dossier") -> dict[str, Any] | None:
    """The last freeze and what differs from it; None where nothing is frozen."""
    from defensible import ledger
    from defensible.ledger import frozen as sealed

    freezes = sealed.freezes(ledger.held(loaded.root))
    if not freezes:
        return None
    last = freezes[-1]
    changed = sealed.since(last.payload.parts, loaded.root, sealed.parts(loaded))
    return {
        "line": last.sequence,
        "time": last.time,
        "changes": [
            {
                "part": one.part,
                "words": list(one.words),
                "studies": _touched(loaded, one.part),
                "obligations": _owed(loaded, one.part, last),
            }
            for one in changed
        ],
        "touches": _device(loaded, last),
        "approvals": _approvals(loaded),
    }


def frozen_lines(found: dict[str, Any] | None) -> list[str]:
    """The same for people."""
    from defensible.screen import clean, wrap

    if found is None:
        return ["  frozen    nothing yet: `defensible freeze`, before data are opened"]
    where = f"{found['time'][:10]}, line {found['line']} of evidence/ledger.jsonl"
    if not found["changes"]:
        return [f"  frozen    {where}; unchanged since"]
    lines = [f"  frozen    {where}; changed since:"]
    for one in found["changes"]:
        for words in one["words"]:
            said = f"{one['part']}: {words}"
            lines += wrap(clean(said), first=" " * 12, rest=" " * 14)
        for told, ids in one["obligations"].items():
            if ids:
                lines += wrap(f"{told}: {', '.join(ids)}", first=" " * 14, rest=" " * 16)
        if one["studies"]:
            said = f"touches {', '.join(one['studies'])}"
            lines += wrap(clean(said), first=" " * 14, rest=" " * 14)
    for words in found["touches"]:
        lines += wrap(clean(words), first=" " * 12, rest=" " * 14)
    return lines


def approval_lines(found: dict[str, Any] | None) -> list[str]:
    """Who approved what stands here, and whether it still does."""
    from defensible.screen import clean, wrap

    lines: list[str] = []
    for one in found["approvals"] if found else ():
        n = len(one["changes"])
        since = f"; {n} {'part has' if n == 1 else 'parts have'} changed since" if n else ""
        said = f"{one['time'][:10]}, {one['meaning']} by {one['name']}, {one['role']}{since}"
        lines += wrap(clean(said), first="  approved  ", rest=" " * 12)
    return lines


def _device(loaded: "Dossier", last: "FreezeEvent") -> list[str]:
    """What a changed intended use does to the device; nothing loads where it is unchanged."""
    from defensible.ledger import frozen as sealed

    if sealed.intended_use(last, loaded.root) == loaded.intended_use:
        return []
    from defensible.assessment.since_freeze import touched

    return list(touched(loaded, last))


def _approvals(loaded: "Dossier") -> list[dict[str, Any]]:
    from defensible import ledger
    from defensible.ledger import approval

    chain = ledger.held(loaded.root)
    return [
        {
            "line": one.sequence,
            "time": one.time,
            "name": one.who.name,
            "role": one.who.role,
            "meaning": one.payload.meaning,
            "changes": [each.part for each in approval.since_approval(one, loaded, chain)],
        }
        for one in approval.approvals(chain)
    ]


def _owed(loaded: "Dossier", part: str, last: "FreezeEvent") -> dict[str, list[str]]:
    """Obligations that a change adds or drops, and those whose answer rests on the part."""
    from defensible import regulation
    from defensible.ledger import frozen as sealed

    facts = regulation.facts_of(loaded.risks)
    markets = loaded.device.markets
    now = loaded.intended_use
    if part == sealed.INTENDED_USE:
        was = sealed.intended_use(last, loaded.root) or now
        change = regulation.owed_since(was, now, markets, facts=facts)
        return {
            "newly owed": [one.id for one in change.added],
            "no longer owed": [one.id for one in change.dropped],
            "to be answered anew": _resting(loaded, ON_THE_INTENDED_USE),
        }
    if part.startswith(sealed.claim("")):
        return {"to be answered anew": _resting(loaded, ON_THE_CLAIMS)}
    return {"to be answered anew": _resting(loaded, ("prespecified",))}


ON_THE_CLAIMS = ("claims-supported", "endpoints", "prespecified", "study")
ON_THE_INTENDED_USE = (*ON_THE_CLAIMS, "declared", "device-described", "labeling-carries")
"""Checks whose answer rests on claims, or on the intended use."""


def _resting(loaded: "Dossier", checks: tuple[str, ...]) -> list[str]:
    """Identifiers of the obligations that these checks answer."""
    from defensible import regulation

    facts = regulation.facts_of(loaded.risks)
    found = regulation.classify(loaded.intended_use, loaded.device.markets, facts=facts)
    owed = regulation.obligations(loaded.intended_use, found, facts=facts)
    return [one.id for one in owed if one.check.name in checks]


def _touched(loaded: "Dossier", part: str) -> list[str]:
    """The studies whose results rest on a part."""
    from defensible.ledger import frozen as sealed

    if part == sealed.INTENDED_USE:
        return [one.id for one in loaded.studies]
    return [
        one.id
        for one in loaded.studies
        if part == sealed.study(one.id)
        or any(part == sealed.claim(each) for each in _serves(loaded, one.id))
    ]


def _serves(loaded: "Dossier", study: str) -> list[str]:
    """Claims that a study serves, whichever of the two files says so; a removed one, too."""
    named = next(one.claims for one in loaded.studies if one.id == study)
    return [*named, *(one.id for one in loaded.claims if study in one.studies)]
