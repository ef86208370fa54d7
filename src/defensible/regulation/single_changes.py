"""Every smallest change of an intended use: one field of a closed vocabulary, one value.

A field with one value gets each other value. A field with several loses one, gets one more, or has
one replaced. No field is emptied: what is not declared is unknown, and no other device. Free text
is left as it is. `none` stands alone: it is never put beside another value.
"""

from collections.abc import Iterable, Iterator

from defensible.dossier import known
from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.change import Change
from defensible.regulation.readable import BESIDE, TEXT, declared, several, values

ALONE = "none"


def single_changes(use: IntendedUse, fields: Iterable[str]) -> tuple[Change, ...]:
    """The changes of these fields, in the order of the file and of the vocabularies."""
    wanted = set(fields)
    return tuple(
        Change(field=name, values=new)
        for name in _in_order(use)
        if name in wanted and values(name) is not TEXT
        for new in _others(name, declared(use, name))
    )


def _in_order(use: IntendedUse) -> list[str]:
    """Fields that rules can read, as the file has them; those of a group that is there."""
    found = []
    for name in known.keys(IntendedUse, ()):
        inside = known.keys(IntendedUse, (name,))
        found += [f"{name}.{one}" for one in inside] if inside else [name]
    return [name for name in found if name not in BESIDE and _can_be_read(use, name)]


def _can_be_read(use: IntendedUse, name: str) -> bool:
    group, dot, _ = name.partition(".")
    if dot and getattr(use, group) is None and group == "gxp":
        return False  # its process would have to be told, too
    try:
        values(name)
    except ValueError:  # a group within a group, or a mapping
        return False
    return True


def _others(name: str, found: tuple[str, ...] | None) -> Iterator[tuple[str, ...]]:
    vocabulary = _vocabulary(name)
    if not several(name) or found is None:
        yield from ((one,) for one in vocabulary if (one,) != found)
        return
    rest = [one for one in vocabulary if one not in found]
    if ALONE not in found:
        yield from ((*found, one) for one in rest if one != ALONE)
    if len(found) > 1:
        yield from (found[:at] + found[at + 1 :] for at in range(len(found)))
    for at in range(len(found)):
        for one in rest:
            if one != ALONE or len(found) == 1:
                yield (*found[:at], one, *found[at + 1 :])


def _vocabulary(name: str) -> list[str]:
    """The values of a field in the order in which they are described."""
    path = tuple(name.split("."))
    return known.words(IntendedUse, (*path, 0) if several(name) else path)
