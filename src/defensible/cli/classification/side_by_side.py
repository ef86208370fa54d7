"""Both devices side by side: the intended use as declared, and with its changes."""

from collections.abc import Iterator
from itertools import zip_longest

from defensible.cli.classification.words import joined, market_name
from defensible.regulation import ObligationKind
from defensible.regulation.classification import MarketAnswer
from defensible.regulation.what_if import Aspect, Compared, WhatIf
from defensible.screen import WIDTH, capped, clean, pad, sentence, short, wrap

LABEL = 17
COLUMN = (WIDTH - LABEL - 1) // 2
LONG = 12
"""Characters past which the words of a cell stand below each other."""
NAMED = 40
"""Characters of a value in a heading."""


def side_by_side(found: WhatIf, *, of: str) -> str:
    """The text, ending in what to do next; `of` is the device in a few words."""
    blocks = [[*wrap(clean(of)), "=" * WIDTH, *_changes(found)]]
    blocks += [_block(one, found) for one in found.compared]
    blocks += [_owed(found)] if found.owed.added or found.owed.dropped else []
    blocks.append(_next(found))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _changes(found: WhatIf) -> Iterator[str]:
    for one, was in zip(found.changes, found.was, strict=True):
        now = short(", ".join(one.values), NAMED)
        then = "not declared" if was is None else f"declared: {short(', '.join(was), NAMED)}"
        yield from wrap(f"{one.field} is {now} ({then})", first="WHAT IF  ")


def _block(one: Compared, found: WhatIf) -> list[str]:
    head = {"schemes": "Across markets"}.get(one.name) or market_name(one.name)
    lines = [*_row(head, ("as declared",), ("what if",)), "-" * WIDTH]
    for aspect in one.aspects:
        lines += _aspect(aspect)
    for title, controls in (("No longer asked", one.dropped), ("Newly asked", one.added)):
        if controls:
            lines.append(f"  {title}:")
        for control in controls:
            lines += wrap(f"{clean(control.id)} {capped(control.text, 400)}", first="    - ")
    after = found.after.market(one.name)
    if after is not None and not after.decided:
        lines += _asked(after)
    return lines


def _aspect(one: Aspect) -> list[str]:
    return _row(one.name, one.before, one.after if one.differs else ("the same",))


def _row(label: str, left: tuple[str, ...], right: tuple[str, ...]) -> list[str]:
    """A label and two cells, each wrapped in its column."""
    cells = (wrap(clean(label), width=LABEL - 1), _cell(left), _cell(right))
    return [
        f"{pad(name, LABEL)}{pad(one, COLUMN)} {other}".rstrip()
        for name, one, other in zip_longest(*cells, fillvalue="")
    ]


def _cell(words: tuple[str, ...]) -> list[str]:
    if any(len(one) > LONG for one in words):
        return [line for one in words for line in wrap(clean(one), width=COLUMN)]
    return wrap(clean(", ".join(words)) or "none", width=COLUMN)


def _asked(after: MarketAnswer) -> list[str]:
    return wrap(f"{sentence(capped(after.ask or ''))}.", first="  What if: ", rest="  ")


def _owed(found: WhatIf) -> list[str]:
    """Obligations that only one of the two has; special controls stand with their market."""
    lines = ["Owed, with the change", "-" * WIDTH]
    for title, ones in (("newly", found.owed.added), ("no longer", found.owed.dropped)):
        for one in ones:
            if one.kind is not ObligationKind.SPECIAL_CONTROL:
                lines += wrap(
                    f"{title}: {capped(one.title, 200)} ({one.id})", first="  ", rest="    "
                )
    return lines if len(lines) > 2 else [*lines, "  the same, but for special controls"]


def _next(found: WhatIf) -> list[str]:
    if not found.differs:
        return wrap(
            "Nothing follows from this change by the rules of these markets; "
            "`--sensitivity` names the changes from which something does.",
            first="NEXT  ",
        )
    names = [one.name for one in found.compared if one.differs]
    where = joined("across markets" if one == "schemes" else market_name(one) for one in names)
    return wrap(
        f"The rules answer otherwise ({where}): settle which of the two is meant before "
        "evidence is gathered, and write it in intended-use.yaml.",
        first="NEXT  ",
    )
