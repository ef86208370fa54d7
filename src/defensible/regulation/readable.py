"""The fields of the intended use that rules can read, and the values that each can have."""

from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin

from defensible.dossier.intended_use import IntendedUse

TEXT = frozenset[str]()
"""In place of values: the field is free text, in which words can be looked for."""


@cache
def values(field: str) -> frozenset[str]:
    """The values that a field of the intended use can have; `TEXT` where it is free text.

    Raises
    ------
    ValueError
        The intended use has no such field, or it is a group of fields.
    """
    info = IntendedUse.model_fields.get(field)
    if info is None:
        raise ValueError(f"the intended use has no field {field}")
    found = frozenset(_values(info.annotation))
    if not found and not _is_text(info.annotation):
        raise ValueError(f"{field} is a group of fields; no rule can read it")
    return found or TEXT


def declared(use: IntendedUse, field: str) -> tuple[str, ...] | None:
    """The declared values of a field; None where it is not declared."""
    value = getattr(use, field)
    if value is None:
        return None
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _values(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [one.value for one in annotation]
    if get_origin(annotation) in {Union, UnionType, tuple}:
        return [value for one in get_args(annotation) for value in _values(one)]
    return []


def _is_text(annotation: Any) -> bool:
    """`Text | None`: its parts are a string with constraints, and nothing else."""
    parts = [one for one in get_args(annotation) if one is not type(None)]
    return any(one is str or get_args(one)[:1] == (str,) for one in parts)
