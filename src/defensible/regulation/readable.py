"""The fields that rules can read, and the values that each can have.

Fields of the intended use by their names, those of a group with a dot (`gxp.impact`); and beside
them a few facts that are known only later: the answers of other packs and the risk file.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from defensible.dossier.intended_use import IntendedUse

TEXT = frozenset[str]()
"""In place of values: the field is free text, in which words can be looked for."""

Facts = Mapping[str, tuple[str, ...]]
"""What is known beside the intended use, by the names in `BESIDE`."""

NOTHING: Facts = {}

BESIDE: dict[str, frozenset[str]] = {
    "risks.worst_severity": TEXT,
    "risks.external_controls": frozenset({"sufficient", "insufficient"}),
    "risks.cybersecurity": frozenset({"named", "set-aside"}),
    "us.device": frozenset({"true", "false"}),
    "us.class": frozenset({"I", "II", "III"}),
    "us.pathway": frozenset({"510(k)", "De Novo", "PMA", "exempt"}),
    "eu.device": frozenset({"true", "false"}),
    "eu.class": frozenset({"I", "IIa", "IIb", "III"}),
    "eu.ai-act": frozenset({"high-risk", "not-by-article-6-1"}),
    "uk.class": frozenset({"I", "IIa", "IIb", "III"}),
    "canada.class": frozenset({"I", "II", "III", "IV"}),
    "iec62304.class": frozenset({"A", "B", "C"}),
}
"""Facts beside the intended use, and their values: the worst severity of harm of any risk before
control, whether controls outside the software are enough, whether any risk is of an attack, and
what packs answer."""

TO_SETTLE = {
    "risks.worst_severity": "estimate the severity of every risk before control in risks.yaml",
    "risks.external_controls": "say of every control in risks.yaml whether it lies outside the "
    "software (`outside_software`), and estimate what is left of every risk",
    "risks.cybersecurity": "name the risks of attacks in risks.yaml, each with its failure mode "
    "under `modes`, or set each of those modes aside under `not_applicable`",
    "us.device": "settle whether it is a device in the US",
    "us.class": "settle the class in the US",
    "us.pathway": "settle the pathway in the US",
    "eu.device": "settle whether it is a device in the EU",
    "eu.class": "settle the class in the EU",
    "eu.ai-act": "settle whether it is high-risk under the AI Act",
    "uk.class": "settle the class in the UK",
    "canada.class": "settle the class in Canada",
    "iec62304.class": "settle the software safety class",
}
"""What someone does to make such a fact known."""


@cache
def values(field: str) -> frozenset[str]:
    """The values that a field can have; `TEXT` where it is free text.

    Raises
    ------
    ValueError
        There is no such field, or it is a group of fields.
    """
    if field in BESIDE:
        return BESIDE[field]
    annotation = _annotation(field)
    found = frozenset(_values(annotation))
    if not found and not _is_text(annotation):
        raise ValueError(f"{field} is a group of fields; no rule can read it")
    return found or TEXT


@cache
def several(field: str) -> bool:
    """Whether a field holds several values."""
    if field in BESIDE:
        return False
    parts = (_annotation(field), *get_args(_annotation(field)))
    return any(get_origin(one) is tuple for one in parts)


def declared(use: IntendedUse, field: str, facts: Facts = NOTHING) -> tuple[str, ...] | None:
    """The declared values of a field; None where it is not declared."""
    if field in BESIDE:
        return facts.get(field)
    value: Any = use
    for name in field.split("."):
        value = getattr(value, name)
        if value is None:
            return None
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


def _annotation(field: str) -> Any:
    """The type of a field, found step by step through the groups."""
    group: type[BaseModel] = IntendedUse
    *outer, name = field.split(".")
    for step in outer:
        inner = _group(group.model_fields[step].annotation) if step in group.model_fields else None
        if inner is None:
            raise ValueError(f"the intended use has no field {field}")
        group = inner
    info = group.model_fields.get(name)
    if info is None:
        raise ValueError(f"the intended use has no field {field}")
    return info.annotation


def _group(annotation: Any) -> type[BaseModel] | None:
    parts = (annotation, *get_args(annotation))
    return next(
        (one for one in parts if isinstance(one, type) and issubclass(one, BaseModel)), None
    )


def _values(annotation: Any) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return [one.value for one in annotation]
    if get_origin(annotation) is Literal:
        return [str(one) for one in get_args(annotation)]
    if get_origin(annotation) in {Union, UnionType, tuple}:
        return [value for one in get_args(annotation) for value in _values(one)]
    return []


def _is_text(annotation: Any) -> bool:
    """`Text | None`: its parts are a string with constraints, and nothing else."""
    parts = (annotation, *(one for one in get_args(annotation) if one is not type(None)))
    return any(one is str or get_args(one)[:1] == (str,) for one in parts)
