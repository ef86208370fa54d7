"""Reading conditions that endpoints of claims name: a reader study that serves them has each.

Read from the plain data of the files, as references are: a mistake elsewhere hides nothing here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defensible.dossier.claims import MetricName
from defensible.dossier.dossier import KeyPath
from defensible.dossier.problem import Problem
from defensible.dossier.references import EACH, STUDIES, Files, places
from defensible.dossier.wording import cut, nearest
from defensible.dossier.yaml_source import Source

_READERS = "readers"
_OF_BIAS = frozenset(one.value for one in MetricName if one.of_bias)
_KEYS = ("condition", "against")
_MOST = 5
"""Most studies whose conditions a message lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Serving:
    """A reader study that serves a claim, by its identifier, and its conditions."""

    study: str
    written: tuple[str, ...]
    hidden: frozenset[str]
    """Those in which the device's output is not seen."""

    @property
    def defaults(self) -> Mapping[str, str | None]:
        """What an endpoint means that names none."""
        return {
            "condition": self.written[1] if len(self.written) > 1 else None,
            "against": self.written[0],
        }


def strange(files: Files) -> list[Problem]:
    """Endpoints of claims whose conditions no serving reader study has."""
    if not files.whole("study"):
        return []  # a study that could not be read may be the one
    return [
        problem
        for source in files.at("claims.yaml")
        for path, claim in places(source.data, ("claims", EACH))
        if isinstance(claim, dict)
        for problem in _of_claim(source, path, claim, files)
    ]


def _of_claim(
    source: Source, path: KeyPath, claim: Mapping[str, Any], files: Files
) -> Iterator[Problem]:
    named = [
        (where, end)
        for where, end in places(claim, ("endpoints", EACH))
        if isinstance(end, dict) and any(isinstance(end.get(key), str) for key in _KEYS)
        if end.get("condition") != end.get("against")  # the endpoint itself says so
    ]
    serving = list(_serving(claim, files)) if named else []
    for where, end in named:
        if serving and not any(_has(one, end) for one in serving):
            key, what, mend = _said(claim, end, serving)
            place = source.value_place((*path, *where, key))
            yield Problem(
                file=place.file,
                line=place.line,
                column=place.column,
                code="D016",
                what=what,
                mend=mend,
            )


def _serving(claim: Mapping[str, Any], files: Files) -> Iterator[_Serving]:
    """The reader studies that serve a claim, whichever of the two files says so."""
    asked = claim.get("studies")
    for source in files.at(STUDIES):
        study = source.data if isinstance(source.data, dict) else {}
        claims = study.get("claims")
        mine = isinstance(asked, list) and study.get("id") in asked
        mine = mine or (isinstance(claims, list) and claim.get("id") in claims)
        conditions = study.get("conditions")
        if study.get("kind") != _READERS or not mine or not isinstance(conditions, dict):
            continue
        others, hidden = conditions.get("others"), conditions.get("without_device")
        written = [conditions.get("unaided"), conditions.get("aided")]
        written += others if isinstance(others, list) else []
        hidden = hidden if isinstance(hidden, list) else []
        yield _Serving(
            study=str(study.get("id")),
            written=tuple(str(one) for one in written if one is not None),
            hidden=frozenset([*map(str, hidden), str(conditions.get("unaided"))]),
        )


def _pair(one: _Serving, end: Mapping[str, Any]) -> tuple[str | None, str | None]:
    condition, against = (end.get(key) or one.defaults[key] for key in _KEYS)
    return condition, against


def _has(one: _Serving, end: Mapping[str, Any]) -> bool:
    """Whether a study compares the two conditions, and shows the output where it must be seen."""
    condition, against = _pair(one, end)
    there = condition in one.written and against in one.written and condition != against
    return there and not (end.get("metric") in _OF_BIAS and condition in one.hidden)


def _said(
    claim: Mapping[str, Any], end: Mapping[str, Any], serving: list[_Serving]
) -> tuple[str, str, str]:
    """Which key is strange, what is wrong with it, and how to mend it."""
    known = list(dict.fromkeys(name for one in serving for name in one.written))
    listed = "; ".join(f"{one.study}: {', '.join(one.written)}" for one in serving[:_MOST])
    no_study = f"no reader study that serves {cut(str(claim.get('id')))}"
    for key in _KEYS:
        name = end.get(key)
        if isinstance(name, str) and name not in known:
            return key, f"{no_study} has the condition '{cut(name)}'", nearest(name, known)
    key = next(one for one in _KEYS if isinstance(end.get(one), str))
    unseen = all(_pair(one, end)[0] in one.hidden for one in serving)
    if unseen and end.get("metric") in _OF_BIAS:
        what = f"{no_study} shows the device's output in '{cut(str(_pair(serving[0], end)[0]))}'"
    else:
        what = f"{no_study} compares the two conditions that the endpoint means"
    return key, what, f"conditions there: {listed}"
