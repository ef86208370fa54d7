"""What the models found wrong with a file, in our words: place, what was found, what is expected.

The library's text is never shown. Follow-ons are dropped: where something inside a value is wrong,
what is said of the value around it is not repeated.
"""

from typing import Any

from pydantic import BaseModel, ValidationError

from defensible.dossier import known
from defensible.dossier.dossier import KeyPath
from defensible.dossier.problem import Problem
from defensible.dossier.wording import cut, nearest
from defensible.dossier.yaml_source import Source

Model = type[BaseModel]
Said = tuple[str, str, str]
"""Code, what, mend."""

AT_KEY = frozenset({"D006", "D007"})
"""Codes that are shown at the key and not at its value."""


def problems(source: Source, model: Model, error: ValidationError) -> list[Problem]:
    """One problem for each fault that the file does not show already."""
    found: dict[KeyPath, Any] = {}
    for one in error.errors(include_url=False):
        found.setdefault(_in_file(source.data, one["loc"]), one)
    seen = {(one.line, one.column) for one in source.problems}
    shown = {path for path, at in source.value_places.items() if (at.line, at.column) in seen}
    said = [
        _problem(source, model, path, one)
        for path, one in found.items()
        if not any(other[: len(path)] == path != other for other in found)
        and not any(other[: len(path)] == path for other in shown)
    ]
    return [one for one in said if (one.line, one.column) not in seen]


def _in_file(data: Any, loc: tuple[int | str, ...]) -> KeyPath:
    """`loc` without the names of union members: only keys that the file holds, or lacks."""
    path: list[int | str] = []
    here: Any = data
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        inside = step in here if isinstance(here, dict) else False
        if isinstance(here, list) and isinstance(step, int):
            inside = step < len(here)
        if inside:
            path.append(step)
            here = here[step]
        elif last and isinstance(here, dict) and isinstance(step, str):
            path.append(step)  # a key that is missing
    return tuple(path)


def _problem(source: Source, model: Model, path: KeyPath, error: Any) -> Problem:
    code, what, mend = _say(source, model, path, error)
    place = source.place(path) if code in AT_KEY else source.value_place(path)
    return Problem(
        file=source.file, line=place.line, column=place.column, code=code, what=what, mend=mend
    )


def _say(source: Source, model: Model, path: KeyPath, error: Any) -> Said:
    kind, found = error["type"], error.get("input")
    if kind == "value_error":
        code, said = str(error["ctx"]["error"]).split("|", 1)
        what, mend = said.rsplit("|", 1)  # what was found may hold the sign, the mend is ours
        return code, what, mend
    if kind == "scope_form":
        what = f"{_name(path)} is {_kind(found)}; `any`, a range or a list is expected"
        return "D009", what, "write any, {from: 18}, or [GE, Siemens]"
    if kind in {"missing", "extra_forbidden", "union_tag_not_found", "union_tag_invalid"}:
        return _key(model, path, error)
    vocabulary = known.words(model, path)
    if kind in {"enum", "literal_error"} or (vocabulary and isinstance(found, str)):
        return _word(path, found, vocabulary)
    return _value(source, model, path, error)


def _key(model: Model, path: KeyPath, error: Any) -> Said:
    """A key that is not known, is missing, or decides what the others are."""
    kind = error["type"]
    if kind == "extra_forbidden":
        mend = nearest(str(path[-1]), known.keys(model, path[:-1]))
        return "D006", f"there is no key '{cut(path[-1])}' here", mend or "take it away"
    if kind == "union_tag_invalid":
        tag, kinds = str(error["ctx"]["tag"]), known.words(model, (*path, "kind"))
        return "D008", f"there is no kind '{cut(tag)}'", nearest(tag, kinds)
    if isinstance(error["loc"][-1], int) and kind == "missing":
        return "D012", f"{_name(path)} has too few values", "write them all, as in [0, 1]"
    lacking = path if kind == "missing" else (*path, "kind")
    mend = f"add `{lacking[-1]}`: {known.meaning(model, lacking)}"
    return "D007", f"'{lacking[-1]}' is missing here", mend


def _word(path: KeyPath, found: object, vocabulary: list[str]) -> Said:
    """A word that the vocabulary does not have, or something that is no word."""
    name, listed = _name(path), nearest("", vocabulary)
    if isinstance(found, str):
        key = next((one for one in reversed(path) if isinstance(one, str)), "word")
        return "D008", f"there is no {cut(key)} '{cut(found)}'", nearest(found, vocabulary)
    if isinstance(found, list) and len(found) == 1:
        return "D009", f"{name} is a list; one word is expected", f"write `{path[-1]}: {found[0]}`"
    return "D009", f"{name} is {_kind(found)}; one word is expected", listed


def _value(source: Source, model: Model, path: KeyPath, error: Any) -> Said:
    """A value of the wrong type, or past a bound."""
    kind, name, found = error["type"], _name(path), error.get("input")
    context = error.get("ctx", {})
    if kind in _BOUNDS:
        bound = f"{_BOUNDS[kind]} {next(iter(context.values())):g}"
        return "D010", f"{name} is {cut(found)}; it must be {bound}", _bounded(found)
    if kind == "string_pattern_mismatch":
        what, mend = _PATTERNS[_pattern(str(context.get("pattern")))]
        return "D011", f"{name} is '{cut(found)}'; {what}", mend
    if kind in {"string_too_short", "too_short"}:
        mend = "write at least one" if kind == "too_short" else "write its text"
        return "D012", f"{name} is empty", mend
    if kind == "too_long":
        return "D012", f"{name} has too many values", f"write {context['max_length']}, as in [0, 1]"
    written = source.written.get(path, str(found))
    wanted, mend = _wanted(kind, found, written, known.keys(model, path))
    return "D009", f"{name} is {_kind(found)}; {wanted} is expected", mend


_BOUNDS = {
    "greater_than": "more than",
    "greater_than_equal": "at least",
    "less_than": "less than",
    "less_than_equal": "at most",
}
_PATTERNS = {
    "digest": (
        "64 lower-case hexadecimal digits are expected",
        "take it from `sha256sum FILE`",
    ),
    "key": (
        "32 bytes in base64 are expected: 43 characters and `=`",
        "take it from the `.pub` file that `defensible key new` wrote",
    ),
    "name": (
        "a small letter, then small letters, digits or '_' are expected",
        "write it as in `age_group`",
    ),
    "identifier": (
        "a letter, then up to 63 letters, digits, '.', '_' or '-' are expected",
        "write it as in `C1`",
    ),
}


def _pattern(pattern: str) -> str:
    if "0-9a-f]{64}" in pattern:
        return "digest"
    if pattern.endswith("=$"):
        return "key"
    return "name" if pattern.startswith("^[a-z]") else "identifier"


def _bounded(found: object) -> str:
    """How to mend a number past a bound: a percent is the usual reason."""
    percent = isinstance(found, int | float) and 1 < found <= 100
    return f"write {found / 100:g} for {found:g} %" if percent else "correct the number"  # type: ignore[operator]


def _name(path: KeyPath) -> str:
    """The innermost key of `path`, in words."""
    names = [one for one in path if isinstance(one, str)]
    if not names:
        return "the file"
    return cut(names[-1]) if isinstance(path[-1], str) else f"an item of {cut(names[-1])}"


def _kind(value: object) -> str:
    """A found value and what it is."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    return f"the text '{cut(value)}'" if isinstance(value, str) else f"the number {value}"


def _wanted(kind: str, found: object, written: str, keys: list[str]) -> tuple[str, str]:
    """What is expected, and how to write it."""
    if kind in {"float_type", "int_type", "int_from_float"}:
        whole = kind != "float_type"
        return "a whole number" if whole else "a number", _number(found, written)
    if kind == "bool_type":
        return "true or false", "write true or false, without quotes"
    if kind == "tuple_type":
        return "a list", _list(found, written)
    if kind == "string_type":
        scalar = isinstance(found, int | float)
        return "text", f'write it in quotes: "{cut(written)}"' if scalar else "write one text"
    listed = f": {', '.join(keys[:8])}" if keys else ""
    return "a mapping", f"write `key: value` lines below it{listed}"


def _list(found: object, written: str) -> str:
    if found is None:
        return "write [] if there are none"
    if isinstance(found, dict):
        return "write each item after '- '"
    return f"write [{cut(written)}]"


def _number(found: object, written: str) -> str:
    """The number that a text with a unit, a comma or a percent sign probably means."""
    if not isinstance(found, str):
        return "write a number"
    text = written.strip().replace(",", ".")
    head = text.removesuffix("%").split(" ")[0].lstrip("<>=≥≤~")
    try:
        value = float(head)
    except ValueError:
        return "write a number, without quotes or unit"
    if text.endswith("%"):
        return f"write {value / 100:g} for {cut(written)}"
    return f"write {value:g}"
