"""Dimensions as the data hold them: levels, spellings, bands, and what is not known.

- A band is named by its edges: `<45`, `45-59`, `60+`; with fractions `18.5 to <25`.
- Spellings that `levels` does not name keep their own words. With `bands`, `levels` names the texts
  that are no number (`> 89` is `65+`); any other such text is a problem.
- A case whose dimension is missing is in a level of its own, `not known`, of every dimension.
"""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from defensible.dossier.studies import Dimension
from defensible.evidence import matching
from defensible.evidence.bands import band_names
from defensible.evidence.faults import Faults, counted, names, shown
from defensible.evidence.finding import SeenDimension, Stratum
from defensible.evidence.tables import Keys
from defensible.statistics.arrays import Bools, Floats
from defensible.statistics.grouped_runs import Codes

if TYPE_CHECKING:
    import polars as pl

NOT_KNOWN = "not known"
MOST_LEVELS = 1000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Grouping:
    """One way to part the cases into strata.

    Attributes
    ----------
    strata : tuple of Stratum
        One a group; declared levels without a case among them.
    codes : int array, shape (n_cases,)
        Index of each case's stratum, in as few bytes as hold it.
    seen : SeenDimension or None
        What the data hold of the dimension; None for all cases together.
    """

    strata: tuple[Stratum, ...]
    codes: Codes
    seen: SeenDimension | None = None


def grouping(
    dimension: Dimension, frame: "pl.DataFrame", faults: Faults, keys: Keys
) -> Grouping | None:
    """The strata of one dimension; None, and a problem under `keys`, where there are none."""
    column = frame[dimension.column]
    if not _distinct(dimension, faults, keys):
        return None
    if dimension.bands is None:
        return _by_level(dimension, column, faults, keys)
    return _by_band(dimension, column, faults, keys)


def _distinct(dimension: Dimension, faults: Faults, keys: Keys) -> bool:
    """Whether each spelling that `levels` lists is listed once; a problem if not."""
    listed = Counter(
        matching.level_name(str(one))
        for spellings in (dimension.levels or {}).values()
        for one in spellings
    )
    twice = [one for one, n in listed.items() if n > 1]
    if twice:
        what = f"levels lists {names(twice)} more than once"
        mend = "let each spelling belong to one level"
        faults.add("E023", (*keys, "levels"), what, mend)
    return not twice


def _by_level(
    dimension: Dimension, column: "pl.Series", faults: Faults, keys: Keys
) -> Grouping | None:
    import polars as pl

    written = matching.texts(column)
    found = written.drop_nulls().unique()
    if len(found) > MOST_LEVELS:
        what = f"column {shown(column.name)} has {len(found):,} levels; {MOST_LEVELS:,} at most"
        mend = "name a column of few levels, cut a number by `bands`, or join spellings by `levels`"
        faults.add("E021", (*keys, "column"), what, mend)
        return None
    spellings = sorted(found.to_list())
    named = _names_of(dimension, spellings)
    declared = [one for one in dimension.levels or () if one != NOT_KNOWN]
    others = sorted(set(named.values()) - {*declared, NOT_KNOWN}, key=_natural)
    levels = (*declared, *others)
    index = {level: code for code, level in enumerate((*levels, NOT_KNOWN))}
    code_of = np.array([index[named[one]] for one in spellings] + [len(levels)], _width(levels))
    # codes follow the sorted spellings; a missing cell takes the last place
    cells = written.cast(pl.Enum(spellings)).to_physical().cast(pl.Int16)  # see MOST_LEVELS
    codes = code_of[cells.fill_null(len(spellings)).to_numpy()]
    return _grouping(dimension, levels, codes)


def _names_of(dimension: Dimension, spellings: list[str]) -> dict[str, str]:
    """For each spelling of the column, the level that it means."""
    import polars as pl

    named = {one: matching.level_name(one) for one in spellings}
    cells = pl.Series("spelling", spellings, dtype=pl.String)
    for level, values in (dimension.levels or {}).items():
        for one in cells.filter(matching.named(cells, values)):
            named[one] = level
    return named


def unnamed(dimension: Dimension, seen: SeenDimension) -> tuple[str, ...]:
    """Levels with cases that `levels` does not name, where it names any."""
    if dimension.levels is None or dimension.bands is not None:
        return ()
    return tuple(level for level, n in seen.levels if n and level not in dimension.levels)


def _by_band(
    dimension: Dimension, column: "pl.Series", faults: Faults, keys: Keys
) -> Grouping | None:
    bands = band_names(dimension)
    edges = np.array(dimension.bands, dtype=np.float64)
    values = matching.numbers(column)
    numbers: Floats = values.fill_null(np.nan).to_numpy().astype(np.float64)
    named = tuple(dimension.levels or ())
    levels = (*bands, *(one for one in named if one not in {*bands, NOT_KNOWN}))
    codes = np.searchsorted(edges, numbers, side="right").astype(_width(levels))
    number: Bools = np.isfinite(numbers)
    codes[~number] = len(levels)
    given: Bools = matching.texts(column).is_not_null().to_numpy()
    for level, spellings in (dimension.levels or {}).items():
        told = matching.named(column, spellings).to_numpy()
        codes[told] = len(levels) if level == NOT_KNOWN else levels.index(level)
        given = given & ~told
    odd = given & ~number
    if odd.any():
        _not_banded(dimension, column, odd, faults, keys)
        return None
    low, high = (numbers[number].min(), numbers[number].max()) if number.any() else (None, None)
    return _grouping(dimension, levels, codes, low=low, high=high)


def _not_banded(
    dimension: Dimension, column: "pl.Series", odd: Bools, faults: Faults, keys: Keys
) -> None:
    n, value = int(odd.sum()), column[int(np.argmax(odd))]
    what = (
        f"{counted(n, 'value')} of column {shown(column.name)} {'is' if n == 1 else 'are'} no "
        f"number, so in no band; one is {shown(value)}"
    )
    band = band_names(dimension)[-1]
    mend = (
        f"say which band such a text means, as in `levels: {{{band}: [{shown(value)}]}}`, "
        "or name it in data.null_values"
    )
    faults.add("E022", (*keys, "column"), what, mend)


def _grouping(
    dimension: Dimension,
    levels: tuple[str, ...],
    codes: Codes,
    *,
    low: float | None = None,
    high: float | None = None,
) -> Grouping:
    """The grouping, with `not known` after the levels where a case needs it."""
    counts = np.bincount(codes, minlength=len(levels) + 1).tolist()
    n_missing = counts[len(levels)]
    named = (*levels, NOT_KNOWN) if n_missing else levels
    seen = SeenDimension(
        name=dimension.name,
        levels=tuple(zip(levels, counts[: len(levels)], strict=True)),
        n_missing=n_missing,
        low=None if low is None else float(low),
        high=None if high is None else float(high),
    )
    strata = tuple(Stratum(levels=((dimension.name, level),)) for level in named)
    return Grouping(strata=strata, codes=codes, seen=seen)


def _width(levels: tuple[str, ...]) -> "np.dtype[np.unsignedinteger[Any]]":
    """The narrowest type for the code of a level, and of what is not known."""
    return np.min_scalar_type(len(levels))


def _natural(level: str) -> tuple[bool, float, str]:
    """Numbers in their order, then words in theirs."""
    try:
        return (False, float(level), level)
    except ValueError:
        return (True, 0.0, level)
