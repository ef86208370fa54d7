"""YAML as untrusted text: safe, bounded, and with the place of every key and value.

Rules that hold here: mappings, sequences and the plain scalars of YAML 1.2 become plain data and
nothing else is made; tags, merge keys, several documents, NaN and infinity are problems; so are
depth, size and aliases past the limits, found while reading and before anything unfolds. One pass.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from defensible.dossier.dossier import KeyPath, Place
from defensible.dossier.problem import Problem
from defensible.dossier.scalars import Refused, plain, unstorable
from defensible.dossier.wording import cut
from defensible.dossier.yaml_faults import in_our_words

MAX_DEPTH = 32
MAX_VALUES = 20_000
MAX_ALIASES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One YAML file as plain data, with the place of each key path and what is wrong with it.

    Attributes
    ----------
    data : plain data
        None where the file holds nothing or could not be read.
    readable : bool
        Whether `data` is what the file says, but for the values that `problems` name.
    places, value_places : dict
        For each key path, where its key stands, and its value (the same in a list).
    written : dict
        For each scalar, its text as written.
    """

    file: str
    data: Any
    readable: bool
    places: dict[KeyPath, Place]
    value_places: dict[KeyPath, Place]
    written: dict[KeyPath, str]
    problems: tuple[Problem, ...]

    def place(self, path: KeyPath) -> Place:
        """Where the key of `path` stands, or the nearest key around it."""
        return self._nearest(self.places, path)

    def value_place(self, path: KeyPath) -> Place:
        """Where the value of `path` stands, or the nearest value around it."""
        return self._nearest(self.value_places, path)

    def _nearest(self, places: dict[KeyPath, Place], path: KeyPath) -> Place:
        for length in range(len(path), -1, -1):
            if (found := places.get(path[:length])) is not None:
                return found
        return Place(file=self.file)


def read(file: str, text: str) -> Source:
    """`text` as plain data; what is wrong with it comes back as problems, never as an exception."""
    problem = unstorable(file, text)
    builder = _Builder(file)
    data = None
    if problem is None:
        try:
            builder.events = list(_bounded(file, text))
            data = builder.build(()) if builder.events else None
        except _LimitPassedError as passed:
            problem = passed.problem
        except MarkedYAMLError as error:
            problem = in_our_words(file, error)
        except (YAMLError, ValueError, RecursionError):
            what, mend = "this cannot be read as YAML", "check quotes, colons and indents"
            problem = _problem(file, 1, 1, "D003", what, mend)
    return Source(
        file=file,
        data=data,
        readable=problem is None,
        places=builder.places,
        value_places=builder.value_places,
        written=builder.written,
        problems=(*builder.problems, *([problem] if problem else [])),
    )


class _LimitPassedError(Exception):
    """The file goes past a limit; nothing more is read of it."""

    def __init__(self, file: str, event: Event, what: str, mend: str) -> None:
        mark = event.start_mark
        self.problem = _problem(file, mark.line + 1, mark.column + 1, "D004", what, mend)
        super().__init__(what)


def _problem(file: str, line: int, column: int, code: str, what: str, mend: str) -> Problem:
    return Problem(file=file, line=line, column=column, code=code, what=what, mend=mend)


def _bounded(file: str, text: str) -> Iterator[Event]:
    """The events of the one document, for as long as no limit is passed."""
    depth = aliases = documents = values = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        aliases += isinstance(event, AliasEvent)
        documents += isinstance(event, DocumentStartEvent)
        values += isinstance(event, NodeEvent)
        limits = (
            (depth > MAX_DEPTH, f"nesting is deeper than {MAX_DEPTH} levels", "flatten it"),
            (values > MAX_VALUES, f"there are more than {MAX_VALUES:,} values", "split the file"),
            (aliases > MAX_ALIASES, f"there are more than {MAX_ALIASES} aliases", "write it out"),
            (documents > 1, "a second YAML document starts here", "keep one, without '---'"),
        )
        for passed, what, mend in limits:
            if passed:
                raise _LimitPassedError(file, event, what, mend)
        if isinstance(event, NodeEvent | CollectionEndEvent):
            yield event


class _Builder:
    """Plain data from events. An alias is read again where it stands, within the same limits."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.events: list[Event] = []
        self.places: dict[KeyPath, Place] = {}
        self.value_places: dict[KeyPath, Place] = {}
        self.written: dict[KeyPath, str] = {}
        self.problems: list[Problem] = []
        self._at = 0
        self._built = 0
        self._anchors: dict[str, int] = {}
        self._open: set[int] = set()

    def build(self, path: KeyPath) -> Any:
        """The value that starts at the cursor, which moves past it."""
        start = self._at
        event: Any = self.events[start]
        self._at += 1
        self._built += 1
        if self._built > MAX_VALUES or len(path) > MAX_DEPTH or start in self._open:
            what, mend = "aliases unfold past every limit", "write the values out"
            raise _LimitPassedError(self.file, event, what, mend)
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        if event.anchor is not None:
            self._anchors[event.anchor] = start
        self._put(event, path)
        self._open.add(start)
        value = self._value(event, path)
        self._open.discard(start)
        return value

    def _put(self, event: Event, path: KeyPath) -> None:
        """Note where the value stands; one that is not written stands at its key."""
        empty = isinstance(event, ScalarEvent) and event.value == "" and event.style is None
        place = self.places.get(path) if empty else None
        self.value_places[path] = place or self._place(event)
        self.places.setdefault(path, self.value_places[path])

    def _alias(self, event: AliasEvent, path: KeyPath) -> Any:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._note(
                event, "D003", f"nothing is named &{cut(event.anchor)} above", "write it out"
            )
            return None
        after, self._at = self._at, target
        value = self.build(path)
        self._at = after
        return value

    def _value(self, event: Any, path: KeyPath) -> Any:
        if event.tag is not None:
            mend = "take it away; quotes make text"
            self._note(event, "D003", f"the tag {cut(event.tag)} is not read here", mend)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path)
        made: list[Any] = []
        while not self._ended(SequenceEndEvent):
            made.append(self.build((*path, len(made))))
        return made

    def _mapping(self, path: KeyPath) -> dict[str, Any]:
        made: dict[str, Any] = {}
        while not self._ended(MappingEndEvent):
            key = self.events[self._at]
            self._skip()
            name = self._key(key, made)
            if name is None:
                self._skip()
                continue
            self.places[*path, name] = self._place(key)
            made[name] = self.build((*path, name))
        return made

    def _key(self, key: Any, known: dict[str, Any]) -> str | None:
        """The key's text, or None where it is none that can stand here."""
        if not isinstance(key, ScalarEvent) or key.tag is not None:
            self._note(key, "D003", "a key must be plain text", "write a word, then a colon")
        elif key.value == "<<" and key.style is None:
            self._note(key, "D003", "'<<' is not read here", "write the keys out")
        elif key.value in known:
            what = f"'{cut(key.value)}' stands here twice"
            self._note(key, "D005", what, "keep one of the two")
        elif not self._refused(key, key.value):
            return str(key.value)
        return None

    def _scalar(self, event: ScalarEvent, path: KeyPath) -> Any:
        text = str(event.value)
        self.written[path] = text
        if self._refused(event, text):
            return None
        if event.style is not None:
            return text
        try:
            return plain(text)
        except Refused as refused:
            self._note(event, "D019", refused.what, refused.mend)
            return None

    def _refused(self, event: Event, text: str) -> bool:
        problem = unstorable(self.file, text)
        if problem is not None:
            self._note(event, problem.code, problem.what, problem.mend)
        return problem is not None

    def _ended(self, kind: type[Event]) -> bool:
        ended = isinstance(self.events[self._at], kind)
        self._at += ended
        return ended

    def _skip(self) -> None:
        """Move past one value without making it."""
        depth = 0
        while True:
            event = self.events[self._at]
            depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
            self._at += 1
            if depth == 0:
                return

    def _place(self, event: Event) -> Place:
        mark = event.start_mark
        return Place(file=self.file, line=mark.line + 1, column=mark.column + 1)

    def _note(self, event: Event, code: str, what: str, mend: str) -> None:
        at = self._place(event)
        problem = _problem(self.file, at.line, at.column, code, what, mend)
        if problem not in self.problems:
            self.problems.append(problem)
