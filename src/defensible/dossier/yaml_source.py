"""YAML as untrusted text: safe, bounded, and with the place of every key and value.

Rules that hold here: nothing but mappings, sequences and plain scalars of YAML 1.2 is made; a tag
of any other kind, a duplicate key, an alias that would blow up, and depth or size past the limits
are problems, found before any value is built.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from defensible.dossier.dossier import KeyPath, Place
from defensible.dossier.problem import Problem

MAX_DEPTH = 32
MAX_NODES = 50_000
MAX_ALIASES = 100

_CORE = "tag:yaml.org,2002:"
_TRUE = frozenset({"true", "True", "TRUE"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One YAML file as plain data, with the place of each key path and what is wrong with it."""

    file: str
    data: Any
    places: dict[KeyPath, Place]
    value_places: dict[KeyPath, Place]
    problems: tuple[Problem, ...]

    def place(self, path: KeyPath) -> Place:
        """Where `path` stands, or the nearest key around it."""
        for length in range(len(path), -1, -1):
            if (found := self.places.get(path[:length])) is not None:
                return found
        return Place(file=self.file)


def read(file: str, text: str) -> Source:
    """`text` as plain data; what is wrong with it comes back as problems, never as an exception."""
    try:
        bounded = _bounds(file, text)
        node = None if bounded else YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        return _empty(file, _broken(file, error))
    except (YAMLError, ValueError, RecursionError):
        return _empty(file, _problem(file, 1, 1, "D003", "this cannot be read as YAML", _MEND))
    if bounded is not None:
        return _empty(file, bounded)
    builder = _Builder(file)
    data = None if node is None else builder.build(node, ())
    return Source(
        file=file,
        data=data,
        places=builder.places,
        value_places=builder.value_places,
        problems=tuple(builder.problems),
    )


_MEND = "check quotes, colons and indents from there upwards"


def _empty(file: str, problem: Problem) -> Source:
    return Source(file=file, data=None, places={}, value_places={}, problems=(problem,))


def _problem(file: str, line: int, column: int, code: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=line, column=column, code=code, what=what, mend=mend)


def _broken(file: str, error: MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return _problem(file, line, column, "D003", "this cannot be read as YAML", _MEND)


def _bounds(file: str, text: str) -> Problem | None:
    """The first limit that the text passes, from its events alone: no node is built."""
    depth = aliases = documents = 0
    for nodes, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        aliases += isinstance(event, AliasEvent)
        documents += type(event).__name__ == "DocumentStartEvent"
        limits = (
            (depth > MAX_DEPTH, f"nesting is deeper than {MAX_DEPTH} levels", "flatten it"),
            (nodes > MAX_NODES, f"there are more than {MAX_NODES:,} values", "split the file"),
            (aliases > MAX_ALIASES, f"there are more than {MAX_ALIASES} aliases", "write it out"),
            (documents > 1, "there are several YAML documents", "keep the first, drop '---'"),
        )
        for passed, what, mend in limits:
            if passed:
                mark = event.start_mark
                return _problem(file, mark.line + 1, mark.column + 1, "D004", what, mend)
    return None


class _Builder:
    """Plain data from nodes; counts what aliases unfold to."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[KeyPath, Place] = {}
        self.value_places: dict[KeyPath, Place] = {}
        self.problems: list[Problem] = []
        self._built = 0
        self._open: set[int] = set()

    def build(self, node: Node, path: KeyPath) -> Any:
        self._built += 1
        if self._built > MAX_NODES or id(node) in self._open:
            if self._built <= MAX_NODES + 1 or id(node) in self._open:
                self._at(node, "D004", "aliases unfold without end", "write the values out")
            self._built = MAX_NODES + 2
            return None
        self.value_places[path] = self._place(node)
        self.places.setdefault(path, self.value_places[path])
        self._open.add(id(node))
        value = self._value(node, path)
        self._open.discard(id(node))
        return value

    def _value(self, node: Node, path: KeyPath) -> Any:
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.build(one, (*path, index)) for index, one in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, path: KeyPath) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.tag == f"{_CORE}merge":
                self._at(key, "D003", "a key must be plain text", "write a plain key")
                continue
            name = str(key.value)
            if name in made:
                self._at(key, "D005", f"'{name}' stands here twice", "keep one of them")
                continue
            self.places[(*path, name)] = self._place(key)
            made[name] = self.build(value, (*path, name))
        return made

    def _scalar(self, node: Node) -> Any:
        text, kind = str(node.value), str(node.tag).removeprefix(_CORE)
        if kind not in _SCALARS:
            self._at(node, "D003", f"the tag {str(node.tag)[:40]} is not allowed", "remove the tag")
            return None
        try:
            return _SCALARS[kind](text)
        except ValueError:
            return text

    def _place(self, node: Node) -> Place:
        mark = node.start_mark
        return Place(file=self.file, line=mark.line + 1, column=mark.column + 1)

    def _at(self, node: Node, code: str, what: str, mend: str) -> None:
        mark = node.start_mark
        self.problems.append(_problem(self.file, mark.line + 1, mark.column + 1, code, what, mend))


def _integer(text: str) -> int:
    plain = text.replace("_", "")
    return int(plain, 0) if plain.lstrip("+-")[:2] in {"0x", "0o", "0b"} else int(plain)


def _real(text: str) -> float:
    special = {".inf": "inf", "+.inf": "inf", "-.inf": "-inf", ".nan": "nan"}
    return float(special.get(text.lower(), text.replace("_", "")))


_SCALARS: dict[str, Callable[[str], Any]] = {
    "str": str,
    "null": lambda _: None,
    "bool": lambda text: text in _TRUE,
    "int": _integer,
    "float": _real,
    "timestamp": date.fromisoformat,
}
