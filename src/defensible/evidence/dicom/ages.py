"""A patient's age in bands, from the age stated or else from two dates, which are let go."""

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Final

DEFAULT_EDGES: Final = (2, 12, 18, 22, 45, 65, 75)
"""Where bands begin unless the user says otherwise, in years."""
OLDEST = 130
_AGE: Final = re.compile(r"(\d{1,3})([DWMY])", re.IGNORECASE)
_DATE: Final = re.compile(r"(\d{4})[.\-]?(\d{2})[.\-]?(\d{2})")
_A_YEAR: Final = {"D": 365.25, "W": 52.1775, "M": 12.0, "Y": 1.0}


@lru_cache(maxsize=8192)
def day(text: str) -> date | None:
    """A date as DICOM writes it, also with dots as it did before 1993."""
    found = _DATE.match(text)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def stated(text: str) -> float | None:
    """Years of an age such as 045Y, 006M, 003W, 010D; None if it is none."""
    found = _AGE.fullmatch(text)
    if found is None:
        return None
    return float(found[1]) / _A_YEAR[found[2].upper()]


def between(born: date, studied: date) -> float | None:
    """Whole years from birth to the study; None where the study came first."""
    if studied < born:
        return None
    return studied.year - born.year - ((studied.month, studied.day) < (born.month, born.day))


def band(age_years: float, edges: tuple[int, ...]) -> str | None:
    """The band that an age is in, named as dimensions of a study name theirs; None if no age."""
    if not 0 <= age_years <= OLDEST:
        return None
    if age_years < edges[0]:
        return f"<{edges[0]}"
    for low, high in pairwise(edges):
        if age_years < high:
            return f"{low}-{high - 1}" if high - 1 > low else f"{low}"
    return f"{edges[-1]}+"
