"""What pydantic found, in our words: place, what was found, what is expected, nearest spelling.

Library text is never shown. Follow-ons are dropped: one fault in a value gives one problem, at the
deepest key that exists in the file.
"""

import types
import typing
from collections.abc import Iterator
from difflib import get_close_matches
from enum import Enum
from typing import Any, Union

from pydantic import BaseModel, ValidationError

from defensible.dossier.dossier import KeyPath
from defensible.dossier.problem import Problem
from defensible.dossier.yaml_source import Source

SHOWN = 40
"""Characters of a found value that a message repeats."""


def problems(source: Source, model: type[BaseModel], error: ValidationError) -> list[Problem]:
    """One problem for each fault, in file order."""
    found: dict[KeyPath, Problem] = {}
    for one in error.errors(include_url=False):
        path = _in_file(source.data, one["loc"])
        problem = _problem(source, model, path, one)
        if path not in found or problem.code == "D006":
            found.setdefault(path, problem)
    paths = list(found)
    return [
        problem
        for path, problem in found.items()
        if not any(other != path and other[: len(path)] == path for other in paths)
    ]


def nearest(word: str, known: list[str]) -> str:
    """`did you mean 'x'?`, then everything that is known; bounded."""
    close = get_close_matches(word.casefold(), [one.casefold() for one in known], 1, 0.6)
    original = next((one for one in known if close and one.casefold() == close[0]), None)
    asked = f"did you mean '{original}'? " if original else ""
    shown = ", ".join(known[:24]) + (", …" if len(known) > 24 else "")
    return f"{asked}Known here: {shown}"


def shown(value: object) -> str:
    """A found value, short enough for a message and on one line."""
    text = " ".join(str(value).split())
    text = "".join(c for c in text if c.isprintable())
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _in_file(data: Any, loc: tuple[int | str, ...]) -> KeyPath:
    """`loc` without the names of union members: only keys that the file could hold."""
    path: list[int | str] = []
    here: Any = data
    for index, step in enumerate(loc):
        if _holds(here, step):
            path.append(step)
            here = here[step]
        elif index == len(loc) - 1 and isinstance(here, dict) and isinstance(step, str):
            path.append(step)
    return tuple(path)


def _holds(here: Any, step: int | str) -> bool:
    if isinstance(here, dict):
        return step in here
    return isinstance(here, list) and isinstance(step, int) and step < len(here)


def _problem(source: Source, model: type[BaseModel], path: KeyPath, error: Any) -> Problem:
    code, what, mend = _say(model, path, error)
    place = source.value_places.get(path) if code not in {"D006", "D007"} else None
    place = place or source.place(path)
    return Problem(
        file=source.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )


def _say(model: type[BaseModel], path: KeyPath, error: Any) -> tuple[str, str, str]:
    """Code, what, and mend, for one fault."""
    kind, name, found = error["type"], _name(path), error.get("input")
    context = error.get("ctx", {})
    if kind == "extra_forbidden":
        return "D006", f"there is no key '{path[-1]}' here", _keys(model, path)
    if kind == "missing":
        return "D007", f"'{path[-1]}' is missing", f"add `{path[-1]}:` — {_meaning(model, path)}"
    if kind in {"enum", "literal_error", "union_tag_invalid"}:
        known = _values(model, path, context)
        return "D008", f"there is no {name} '{shown(found)}'", nearest(str(found), known)
    if kind == "value_error":
        return _ours(str(context.get("error", "")))
    return _of_value(kind, name, found, context)


def _of_value(kind: str, name: str, found: object, context: Any) -> tuple[str, str, str]:
    """A value of the wrong type, or past a bound."""
    if kind.startswith(("greater_than", "less_than")):
        bound = f"{_BOUNDS[kind]} {next(iter(context.values())):g}"
        return "D010", f"{name} is {shown(found)}; it must be {bound}", "correct the number"
    if kind.startswith("string_pattern"):
        return "D011", f"{name} is '{shown(found)}'; {_pattern(context)}", "correct it"
    if kind in {"string_too_short", "too_short"}:
        return "D012", f"{name} is empty", "give at least one value, or leave the key out"
    wanted, mend = _wanted(kind, found)
    code = "D013" if kind.startswith("date") else "D009"
    return code, f"{name} is {_kind(found)}; {wanted} is expected", mend


_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}


def _ours(text: str) -> tuple[str, str, str]:
    """`CODE|what|mend`, as our own validators raise it."""
    code, what, mend = [*text.split("|"), "", ""][:3]
    return code, what, mend


def _name(path: KeyPath) -> str:
    """`goal of endpoints 2`, the innermost names first."""
    words = [one for one in path if isinstance(one, str)]
    if not words:
        return "the file"
    return words[-1] if len(words) == 1 or isinstance(path[-1], str) else f"an item of {words[-1]}"


def _kind(value: object) -> str:
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, str):
        return f"the text '{shown(value)}'"
    return f"the number {value}" if isinstance(value, int | float) else f"'{shown(value)}'"


def _number(found: object) -> str:
    """The number that a text with a unit or percent sign probably means."""
    text = str(found).strip()
    if text.endswith("%"):
        try:
            return f"write {float(text[:-1]) / 100:g} for {text}"
        except ValueError:
            return "write a proportion between 0 and 1, without a sign"
    head = text.split(" ")[0]
    try:
        return f"write {float(head):g}, without a unit: the key's description names it"
    except ValueError:
        return "write a number, without quotes or unit"


def _wanted(kind: str, found: object) -> tuple[str, str]:
    """What kind of value is expected, and how to write it."""
    if kind in {"float_type", "int_type", "finite_number", "int_from_float"}:
        return "a number", _number(found)
    if kind == "bool_type":
        return "true or false", "write true or false, without quotes"
    if kind.startswith("date"):
        return "a date", "write it as 2026-11-23"
    if kind.startswith(("tuple", "list")):
        return "a list", "write it in brackets, [a, b], or one item a line after '- '"
    if kind.startswith("string"):
        number = isinstance(found, int | float)
        return "text", f'write it in quotes: "{found}"' if number else "write one text"
    return "a mapping", "write `key: value` lines below it; see `defensible schema`"


def _pattern(context: dict[str, Any]) -> str:
    pattern = str(context.get("pattern", ""))
    if "0-9a-f" in pattern:
        return "64 lower-case hexadecimal digits are expected"
    return "a letter, then letters, digits, '.', '_' or '-' are expected"


def _keys(model: type[BaseModel], path: KeyPath) -> str:
    known = sorted({key for one in models_at(model, path[:-1]) for key in _aliases(one)})
    return nearest(str(path[-1]), known) if known else "remove it"


def _aliases(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _meaning(model: type[BaseModel], path: KeyPath) -> str:
    for one in models_at(model, path[:-1]):
        for name, field in one.model_fields.items():
            if (field.alias or name) == path[-1] and field.description:
                return field.description[0].lower() + field.description[1:].rstrip(".")
    return "it has no default"


def _values(model: type[BaseModel], path: KeyPath, context: dict[str, Any]) -> list[str]:
    if "expected_tags" in context:
        return [one.strip(" '") for one in str(context["expected_tags"]).split(",")]
    for annotation in _annotations(model, path):
        known = list(_members(annotation))
        if known:
            return known
    return [
        one.strip(" '") for one in str(context.get("expected", "")).replace(" or ", ",").split(",")
    ]


def _members(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(one.value) for one in annotation)
    elif typing.get_origin(annotation) is typing.Literal:
        yield from (str(getattr(one, "value", one)) for one in typing.get_args(annotation))


def models_at(model: type[BaseModel], path: KeyPath) -> list[type[BaseModel]]:
    """The models that could stand at `path`."""
    return [
        one
        for one in _annotations(model, path)
        if isinstance(one, type) and issubclass(one, BaseModel)
    ]


def _annotations(model: type[BaseModel], path: KeyPath) -> list[Any]:
    here: list[Any] = [model]
    for step in path:
        here = [leaf for one in here for below in _below(one, step) for leaf in _leaves(below)]
    return here


def _below(annotation: Any, step: str | int) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [
            field.annotation
            for name, field in annotation.model_fields.items()
            if (field.alias or name) == step
        ]
    arguments = [one for one in typing.get_args(annotation) if one is not Ellipsis]
    if typing.get_origin(annotation) in {tuple, list}:
        return arguments[:1]
    return arguments[1:2] if typing.get_origin(annotation) is dict else []


def _leaves(annotation: Any) -> list[Any]:
    """Members of unions and what `Annotated` wraps."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _leaves(typing.get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [leaf for one in typing.get_args(annotation) for leaf in _leaves(one)]
    return [annotation]
