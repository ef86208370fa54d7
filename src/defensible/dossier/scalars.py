"""Plain scalars of YAML 1.2 (core schema), and the characters and numbers that are refused.

`yes`, `no`, dates and times stay text, as YAML 1.2 has it. A number that would lose digits on its
way through JSON is refused rather than rounded, since digests are made of JSON.
"""

import re

from defensible.dossier.problem import Problem

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_WHOLE = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MOST_WHOLE = 2**53


class Refused(ValueError):  # noqa: N818 - a refusal, said in a problem
    """A scalar that cannot be kept as it is written."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(what)


def plain(text: str) -> bool | int | float | str | None:
    """What an unquoted scalar means.

    Raises
    ------
    Refused
        Not a number, infinite, or with more digits than a number keeps.
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _WHOLE.fullmatch(text):
        return _whole(text)
    if _REAL.fullmatch(text):
        value = float(text)
        if abs(value) < float("inf"):
            return value
        raise Refused(f"{_cut(text)} is too large for a number", "write it in quotes")
    if _NO_NUMBER.fullmatch(text):
        raise Refused(f"{text} is not a finite number", "write a number, or leave the key empty")
    return text


def unstorable(file: str, text: str) -> Problem | None:
    """The first control character or broken character of `text`, which no report could show."""
    found = _UNSTORABLE.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    return Problem(
        file=file,
        line=before.count("\n") + 1,
        column=found.start() - before.rfind("\n"),
        code="D019",
        what=f"the character U+{ord(found.group()):04X} cannot be shown or stored",
        mend="delete it",
    )


def _whole(text: str) -> int:
    base = {"0o": 8, "0x": 16}.get(text[:2], 10)
    # 20 digits are past the limit in any base; longer text would cost time for the same answer
    value = int(text, base) if len(text) <= 20 else _MOST_WHOLE + 1
    if abs(value) > _MOST_WHOLE:
        what = f"{_cut(text)} has more digits than a number keeps"
        raise Refused(what, f'write it in quotes: "{_cut(text)}"')
    return value


def _cut(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
