"""One field of the intended use given another value, and the intended use that results.

A change is checked as a file is: there is such a field, its vocabulary has the word, a list has
something in it. What is declared of the other fields stays.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import ValidationError

from defensible.dossier import known
from defensible.dossier.dossier import KeyPath
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.known import Form
from defensible.dossier.wording import cut, nearest


class ChangeError(ValueError):
    """A change that cannot be made: what is wrong, and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field and the values that it gets; `field` names groups with dots, as `gxp.impact`."""

    field: str
    values: tuple[str, ...]

    @property
    def path(self) -> KeyPath:
        """Where the field stands in the file."""
        return tuple(self.field.split("."))


@cache
def fields() -> tuple[str, ...]:
    """The fields that can be changed, in the order of the file."""
    return tuple(".".join(map(str, path)) for path in _leaves(()))


def change(field: str, text: str) -> Change:
    """`text` as the new value of a field; the values of a list stand between commas.

    Raises
    ------
    ChangeError
        There is no such field or value; the nearest one is named.
    """
    if field not in fields():
        if any(one.startswith(f"{field}.") for one in fields()):
            inside = ", ".join(one for one in fields() if one.startswith(f"{field}."))
            raise ChangeError(f"{cut(field)} is a group of fields: {inside}")
        raise ChangeError(f"there is no field '{cut(field)}'; {nearest(field, fields())}")
    path = Change(field=field, values=()).path
    several = known.form(IntendedUse, path) is Form.LIST
    values = tuple(one.strip() for one in (text.split(",") if several else [text]))
    if not all(values):
        raise ChangeError(f"{field} has no value; write {field}=VALUE")
    if len(set(values)) < len(values):
        raise ChangeError(f"{field} has one value twice in '{cut(text)}'")
    vocabulary = known.words(IntendedUse, (*path, 0) if several else path)
    for one in values:
        if vocabulary and one not in vocabulary:
            raise ChangeError(f"there is no {field} '{cut(one)}'; {nearest(one, vocabulary)}")
    return Change(field=field, values=values)


def changed(use: IntendedUse, changes: Iterable[Change]) -> IntendedUse:
    """The intended use with these changes made.

    Raises
    ------
    ChangeError
        The changes do not fit together, or with what is declared.
    """
    made = tuple(changes)
    twice = next((name for name, n in Counter(one.field for one in made).items() if n > 1), None)
    if twice is not None:
        raise ChangeError(f"{twice} is changed twice; give it once")
    plain = use.model_dump(mode="json", by_alias=True, exclude_none=True)
    for one in made:
        *groups, name = one.path
        here: dict[Any, Any] = plain
        for group in groups:
            here = here.setdefault(group, {})
        here[name] = _written(one)
    try:
        return IntendedUse.model_validate(plain)
    except ValidationError as error:
        raise ChangeError(_why(error)) from None


def found(use: IntendedUse, field: str) -> tuple[str, ...] | None:
    """The values of a field as the file writes them; None where it is not declared."""
    here: Any = use.model_dump(mode="json", by_alias=True, exclude_none=True)
    for step in field.split("."):
        if step not in here:
            return None
        here = here[step]
    if isinstance(here, list):
        return tuple(map(str, here))
    return (f"{here:g}" if isinstance(here, float) else str(here),)


def _written(one: Change) -> Any:
    """The values as a file writes them."""
    match known.form(IntendedUse, one.path):
        case Form.LIST:
            return list(one.values)
        case Form.NUMBER:
            return _number(one)
        case Form.WORD if one.values[0].isdecimal():
            return int(one.values[0])
        case _:
            return one.values[0]


def _number(one: Change) -> float:
    try:
        return float(one.values[0])
    except ValueError:
        raise ChangeError(f"{one.field} is a number, and not '{cut(one.values[0])}'") from None


def _why(error: ValidationError) -> str:
    """The first fault in our words."""
    first = error.errors(include_url=False)[0]
    name = ".".join(str(step) for step in first["loc"])
    if first["type"] == "missing":
        return f"with this change {name} has to be declared, too"
    if first["type"] == "value_error":
        _, what, mend = str(first["ctx"]["error"]).split("|", 2)
        return f"{what}; {mend}"
    return f"{name} cannot be '{cut(first.get('input'))}'"


def _leaves(path: KeyPath) -> Iterator[KeyPath]:
    for key in known.keys(IntendedUse, path):
        below = (*path, key)
        form = known.form(IntendedUse, below)
        if form is Form.GROUP:
            yield from _leaves(below)
        elif form is not Form.MAPPING:
            yield below
