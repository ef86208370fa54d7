"""What could stand at a key path: the keys, words and descriptions that the models know there."""

import types
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any, Union

from pydantic import BaseModel

from defensible.dossier.descriptions import descriptions
from defensible.dossier.dossier import KeyPath

Model = type[BaseModel]


def keys(model: Model, path: KeyPath) -> list[str]:
    """Keys that the mapping at `path` can hold, in the order of the model."""
    found = [key for one in models(model, path) for key in _fields(one)]
    return list(dict.fromkeys(found))


def words(model: Model, path: KeyPath) -> list[str]:
    """Words of the closed vocabulary at `path`; empty where any text can stand."""
    return [word for one in _annotations(model, path) for word in _members(one)]


def meaning(model: Model, path: KeyPath) -> str:
    """What the key at the end of `path` means, as its description says it."""
    for one in models(model, path[:-1]):
        description = _fields(one).get(str(path[-1]), "")
        if description:
            first = description.split(". ")[0].split("; ")[0].rstrip(".")
            return first if first[:2].isupper() else first[0].lower() + first[1:]
    return "it cannot be left out"


def models(model: Model, path: KeyPath) -> list[Model]:
    """The models that could stand at `path`."""
    found = _annotations(model, path)
    return [one for one in found if isinstance(one, type) and issubclass(one, BaseModel)]


class Form(Enum):
    """What a value is, as a file writes it."""

    GROUP = "group of keys"
    MAPPING = "names and values"
    LIST = "list"
    WORD = "word of a vocabulary"
    NUMBER = "number"
    TEXT = "text"


def form(model: Model, path: KeyPath) -> Form | None:
    """What stands at `path`; None where nothing can."""
    found = [one for one in _annotations(model, path) if one is not type(None)]
    if not found:
        return None
    if models(model, path):
        return Form.GROUP
    origins = {typing.get_origin(one) for one in found}
    if tuple in origins:
        return Form.LIST
    if dict in origins:
        return Form.MAPPING
    if words(model, path):
        return Form.WORD
    return Form.NUMBER if float in found or int in found else Form.TEXT


def _fields(model: Model) -> dict[str, str]:
    """Key as the file writes it, and its description."""
    texts = descriptions(model)
    keys_ = (field.alias or name for name, field in model.model_fields.items())
    return {key: texts.get(key, "") for key in keys_}


def _annotations(model: Model, path: KeyPath) -> list[Any]:
    here: list[Any] = [model]
    for step in path:
        here = [leaf for one in here for below in _below(one, step) for leaf in _leaves(below)]
    return here


def _below(annotation: Any, step: str | int) -> list[Any]:
    """What can stand at `step` of what `annotation` describes."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields.items()
        return [field.annotation for name, field in fields if (field.alias or name) == step]
    arguments = [one for one in typing.get_args(annotation) if one is not Ellipsis]
    origin = typing.get_origin(annotation)
    if origin is tuple and isinstance(step, int):
        return arguments[:1]
    return arguments[1:2] if origin is dict and isinstance(step, str) else []


def _leaves(annotation: Any) -> list[Any]:
    """Members of unions, and what `Annotated` wraps."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        return _leaves(typing.get_args(annotation)[0])
    if origin in {Union, types.UnionType}:
        return [leaf for one in typing.get_args(annotation) for leaf in _leaves(one)]
    return [annotation]


def _members(annotation: Any) -> Iterator[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        yield from (str(one.value) for one in annotation)
    elif typing.get_origin(annotation) is typing.Literal:
        yield from (str(getattr(one, "value", one)) for one in typing.get_args(annotation))
