"""Cells against declared values: text as text, numbers as numbers, true and false as such.

`1`, `"1"` and `1.0` are one number; `true`, `TRUE` and `True` are one truth; all else is text,
letter by letter. Identifiers are text only.
"""

import math
from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.declared import Level
from defensible.dossier.studies import Values
from defensible.statistics.arrays import Ints

if TYPE_CHECKING:
    import polars as pl

_FEW = 1000
_WHOLE = r"^([+-]?\d+)\.0+$"


def texts(column: "pl.Series") -> "pl.Series":
    """Cells as text; a whole number stored as a fraction loses its `.0`, NaN is missing."""
    import polars as pl

    if column.dtype == pl.String:
        return column
    if column.dtype.is_float():
        written = column.fill_nan(None).cast(pl.String)
        return written.str.replace(_WHOLE, "${1}")
    return column.cast(pl.String)


def keys(column: "pl.Series") -> "pl.Series":
    """Cells as identifiers for matching between tables: text, without a `.0` that a tool left."""
    written = texts(column)
    if written.str.ends_with(".0").any():
        return written.str.replace(_WHOLE, "${1}")
    return written


def numbers(column: "pl.Series") -> "pl.Series":
    """Cells as numbers; missing where a cell is none. NaN and infinity stay what they are."""
    import polars as pl

    if column.dtype == pl.Boolean:
        return pl.Series(column.name, [None], dtype=pl.Float64).new_from_index(0, len(column))
    return column.cast(pl.Float64, strict=False)


def places(column: "pl.Series", known: tuple[str, ...]) -> Ints:
    """Place of each cell, as text, among known names; -1 where it is none of them."""
    import polars as pl

    written = pl.DataFrame({"name": texts(column)})
    there = pl.DataFrame(
        {"name": pl.Series(known, dtype=pl.String), "at": np.arange(len(known), dtype=np.int64)}
    )
    met = written.join(there, on="name", how="left", maintain_order="left")["at"]
    return np.asarray(met.fill_null(-1).to_numpy(), dtype=np.int64)


def named(column: "pl.Series", levels: tuple[Level, ...]) -> "pl.Series":
    """Whether each cell is one of `levels`; False where it is missing."""
    import polars as pl

    if column.dtype == pl.String and len(column) > _FEW:
        spellings = column.unique()
        if len(spellings) <= _FEW:  # decide once a spelling, not once a cell
            held = column.is_in(spellings.filter(named(spellings, levels)).implode())
            return held.fill_null(value=False)
    wanted = [_text(level) for level in levels]
    truths = [text.lower() for text in wanted if text.lower() in {"true", "false"}]
    values = [value for level in levels if (value := _number(level)) is not None]
    numeric = column.dtype.is_numeric()
    if not numeric:
        written = texts(column)
        held = written.is_in(wanted)
        if truths:
            held |= written.str.to_lowercase().is_in(truths)
    else:
        held = pl.Series([False]).new_from_index(0, len(column))
    if values and column.dtype != pl.Boolean:
        held |= numbers(column).is_in(values)
    return held.fill_null(value=False)


def holds(column: "pl.Series", values: Values) -> "pl.Series":
    """Whether each cell meets the rule; False where it is missing or, for a bound, no number."""
    if values.is_ is not None:
        return named(column, values.is_)
    cells = numbers(column)
    if values.at_least is not None:
        met = cells >= values.at_least
    else:
        met = cells > (math.inf if values.above is None else values.above)
    return (met & cells.is_finite()).fill_null(value=False)


def level_name(text: str) -> str:
    """A cell's text as the name of a level, as claims write it: `TRUE` is true, `1.0` is 1."""
    lower = text.lower()
    if lower in {"true", "false"}:
        return lower
    whole, point, rest = text.partition(".")
    if point and rest and not rest.strip("0") and whole.lstrip("+-").isdecimal():
        return whole
    return text


def _text(level: Level) -> str:
    return str(level).lower() if isinstance(level, bool) else str(level)


def _number(level: Level) -> float | None:
    if isinstance(level, bool):
        return None
    try:
        value = float(level)
    except ValueError:
        return None
    plain = not isinstance(level, str) or "_" not in level
    return value if plain and math.isfinite(value) else None
