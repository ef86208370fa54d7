"""What differs between two declarations, in words: `goal of sensitivity, above 0.80 → 0.85`.

A field that one side lacks is the same as one that is not declared, so that a later version of the
program, which knows more fields, finds no change in an unchanged file.
"""

import re
from typing import Any

from defensible.ledger.canonical import canonical

Json = Any
_NAMES = ("id", "name", "metric", "source", "path", "column")
"""By which of its fields an item of a list is known, the first that it has."""
_MOST = 60
_DIGEST = re.compile("[0-9a-f]{64}")


def changes(before: Json, after: Json) -> tuple[str, ...]:
    """Each difference as a phrase, in the order of the declaration; none where they say the same.

    Parameters
    ----------
    before, after : JSON values
        Declarations as plain values.
    """
    return tuple(_changes((), before, after))


def _changes(path: tuple[str, ...], before: Json, after: Json) -> list[str]:
    if _same(before, after):
        return []
    if isinstance(before, dict) and isinstance(after, dict):
        return _of_mappings(path, before, after)
    if isinstance(before, list) and isinstance(after, list):
        return _of_lists(path, before, after)
    if isinstance(before, str) and isinstance(after, str) and _long(before, after):
        return [f"{_words(path)} {_reworded(before, after)}"]
    return [f"{_words(path)} {_shown(before)} → {_shown(after)}".strip()]


def _same(before: Json, after: Json) -> bool:
    """Equal in canonical JSON: 1 is 1.0, and no truth value."""
    return canonical(before) == canonical(after)


def _of_mappings(
    path: tuple[str, ...], before: dict[str, Json], after: dict[str, Json]
) -> list[str]:
    found = []
    for key in dict.fromkeys([*after, *before]):
        if (key not in before and _empty(after[key])) or (key not in after and _empty(before[key])):
            continue
        found += _changes((*path, key), before.get(key), after.get(key))
    return found


def _empty(value: Json) -> bool:
    """What a field holds where its file does not name it."""
    if isinstance(value, dict):
        return all(map(_empty, value.values()))
    return value is None or value is False or value in ("", [])


def _of_lists(path: tuple[str, ...], before: list[Json], after: list[Json]) -> list[str]:
    name = _named_by([*before, *after])
    if name is not None:
        first = {str(one[name]): one for one in before}
        then = {str(one[name]): one for one in after}
        if len(first) == len(before) and len(then) == len(after):
            return _of_items(path, first, then)
    if len(before) == len(after) and all(isinstance(one, dict | list) for one in after):
        pairs = enumerate(zip(before, after, strict=True), start=1)
        return [
            each for at, (one, other) in pairs for each in _changes((*path, str(at)), one, other)
        ]
    texts, later = list(map(_shown, before)), list(map(_shown, after))
    if sorted(texts) == sorted(later):
        return [f"{_words(path)} in another order"]
    gone = [one for one in texts if one not in later]
    come = [one for one in later if one not in texts]
    return [
        *(f"{_words(path)}: {one} removed" for one in gone),
        *(f"{_words(path)}: {one} added" for one in come),
    ] or [f"{_words(path)} {', '.join(texts)} → {', '.join(later)}"]


def _of_items(path: tuple[str, ...], before: dict[str, Json], after: dict[str, Json]) -> list[str]:
    found = []
    for key in dict.fromkeys([*after, *before]):
        if key not in before:
            found.append(f"{_words((*path, key))} added")
        elif key not in after:
            found.append(f"{_words((*path, key))} removed")
        else:
            found += _changes((*path, key), before[key], after[key])
    both = [key for key in after if key in before]
    if both != [key for key in before if key in after]:
        found.append(f"{_words(path)} in another order")
    return found


def _named_by(items: list[Json]) -> str | None:
    if not items or not all(isinstance(one, dict) for one in items):
        return None
    return next((name for name in _NAMES if all(one.get(name) for one in items)), None)


def _long(before: str, after: str) -> bool:
    return max(len(before), len(after)) > _MOST and not _DIGEST.fullmatch(after or before)


def _words(path: tuple[str, ...]) -> str:
    """A key path as a person says it; the goal of an endpoint or criterion by its metric."""
    match path:
        case (("endpoints" | "acceptance"), metric, "goal", bound):
            return _plain(f"goal of {metric}, {bound}")
        case (("endpoints" | "acceptance") as kind, metric):
            return _plain(f"{'endpoint' if kind == 'endpoints' else 'criterion'} {metric}")
    return _plain(".".join(path))


def _reworded(before: str, after: str) -> str:
    """The stretch in which two texts differ, with what stands before it."""
    begin = next(
        (
            index
            for index, (one, other) in enumerate(zip(before, after, strict=False))
            if one != other
        ),
        min(len(before), len(after)),
    )
    begin = max(0, before.rfind(" ", 0, begin) + 1)
    mark = "…" if begin else ""
    return f"'{mark}{_cut(before[begin:])}' → '{mark}{_cut(after[begin:])}'"


def _shown(value: Json) -> str:
    match value:
        case None:
            said = "not declared"
        case bool():
            said = "true" if value else "false"
        case float() if 0 < abs(value) < 1 and round(value, 2) == value:
            said = f"{value:.2f}"
        case float() if value.is_integer():
            said = f"{value:.0f}"
        case list():
            said = ", ".join(map(_shown, value)) or "none"
        case dict():
            named = (f"{key} {_shown(one)}" for key, one in value.items() if not _empty(one))
            said = ", ".join(named) or "none"
        case str() if _DIGEST.fullmatch(value):
            said = value[:12]
        case _:
            said = str(value)
    return _cut(said)


def _cut(text: str) -> str:
    plain = _plain(text)
    return plain if len(plain) <= _MOST else f"{plain[: _MOST - 1]}…"


def _plain(text: str) -> str:
    """On one line, and without what could steer a terminal: sealed files are untrusted, too."""
    return "".join(one for one in " ".join(text.split()) if one.isprintable())
