"""Estimates for people and for programs; nothing is computed here.

In JSON what is missing is null. A limit that is not finite is null, too: there is no limit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from defensible.cli.envelope import Form, emit, envelope

if TYPE_CHECKING:
    from defensible.statistics.estimate import Caution, Estimate, Significance

_LABEL = 14


def say(form: Form, name: str, result: dict[str, Any], lines: Iterable[str]) -> None:
    """The answer of `defensible stats NAME` in the form that was asked for."""
    if form is Form.JSON:
        emit(envelope(f"stats {name}", plain(result)))
        return
    emit("\n".join(lines))


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return value


def estimate(one: "Estimate") -> dict[str, Any]:
    """The stable keys of one estimate."""
    return {
        "method": one.method,
        "estimate": one.value,
        "low": one.low,
        "high": one.high,
        "level": one.level,
        "se": one.se,
        "df": one.df,
        "p": one.p,
        "n": one.n,
        "n_clusters": one.n_clusters,
        "count": one.count,
        "cautions": said(one.cautions),
    }


def significance(one: "Significance") -> dict[str, Any]:
    """The stable keys of one test."""
    return {
        "method": one.method,
        "statistic": one.statistic,
        "df": one.df,
        "p": one.p,
        "n": one.n,
        "n_clusters": one.n_clusters,
        "cautions": said(one.cautions),
    }


def said(cautions: "Iterable[Caution]") -> list[str]:
    """Cautions in words."""
    return [one.value for one in cautions]


def fields(*pairs: tuple[str, str]) -> list[str]:
    """`label  text` line by line, wrapped; a pair with an empty text is left out."""
    from defensible.screen.layout import wrap

    rest = " " * (_LABEL + 2)
    return [
        line
        for label, text in pairs
        if text
        for line in wrap(
            text, first=f"  {label} " if len(label) >= _LABEL else f"  {label:<{_LABEL}}", rest=rest
        )
    ]


def of(one: "Estimate", *, label: str = "estimate") -> list[str]:
    """An estimate with its interval, what it rests on, and its cautions, a line each."""
    rests = [f"n {one.n:,}"]
    rests += [f"{one.n_clusters:,} clusters"] if one.n_clusters is not None else []
    rests += [f"se {number(one.se)}"] if one.se is not None else []
    rests += [f"df {degrees(one.df)}"] if one.df is not None else []
    rests += [f"p {probability(one.p)}"] if one.p is not None else []
    return fields(
        (label, number(one.value)),
        (f"{one.level:g} interval", between(one)),
        ("rests on", ", ".join(rests)),
        *(("note", words) for words in said(one.cautions)),
    )


def between(one: "Estimate") -> str:
    """`0.8621 to 0.9690`."""
    return f"{number(one.low)} to {number(one.high)}"


def number(value: float | None) -> str:
    """Four decimals, or four digits where the value is very small or large."""
    if value is None:
        return "-"
    if not isfinite(value):
        return "no limit"
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:.4f}"
    return f"{value:.4g}"


def degrees(df: float | None) -> str:
    """Degrees of freedom; whole ones without decimals."""
    if df is None:
        return "-"
    return f"{df:.0f}" if df == round(df) else f"{df:.2f}"


def probability(p: float | None) -> str:
    """A p-value."""
    if p is None:
        return "-"
    return "< 0.0001" if p < 1e-4 else f"{p:.4f}"


def compact(rows: Sequence[Sequence[str]], *, right: frozenset[int] = frozenset()) -> list[str]:
    """A table, indented by two; columns of figures end flush."""
    from defensible.screen.layout import table

    return [f"  {line}" for line in table(rows, right=right)]


def estimates(
    named: "Sequence[tuple[str, Estimate]]", *, heading: str = "", p: bool = True
) -> list[str]:
    """Several estimates as a table: name, estimate, limits and, where wanted, p."""
    head = [heading, "estimate", "low", "high", *(["p"] if p else [])]
    rows = [
        [
            name,
            number(one.value),
            number(one.low),
            number(one.high),
            *([probability(one.p)] if p else []),
        ]
        for name, one in named
    ]
    return compact([head, *rows], right=frozenset(range(1, len(head))))
