"""The model of the example: a logistic score from nine inputs, read from `model/model.json`.

A missing input takes the mean of the training cases. That is what makes this model worth looking
at: it never refuses, however little it was given.
"""

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from table import HERE, Row

MODEL = HERE / "model" / "model.json"
SCORE_DIGITS = 6

NUMBERS = ("age", "trestbps", "thalch", "oldpeak")
"""Inputs that are numbers."""

LEVELS = (
    ("sex", ("Male",)),
    ("cp", ("typical angina",)),
    ("cp", ("atypical angina",)),
    ("cp", ("non-anginal",)),
    ("fbs", ("TRUE",)),
    ("restecg", ("lv hypertrophy", "st-t abnormality")),
    ("exang", ("TRUE",)),
)
"""Indicators: a column and the values for which the indicator is 1.

Both abnormal findings of `restecg` are one indicator: the training split has three cases of the
second, too few for a weight of its own.
"""

INPUTS = tuple(dict.fromkeys((*NUMBERS, *(column for column, _ in LEVELS))))
"""The nine inputs. `ca`, `thal` and `slope` are left out because they are nearly always missing
outside Cleveland (611, 486 and 309 cells), `chol` because it is missing in all of Switzerland: a
model that leans on them could not be tried at the other hospitals at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of the linear predictor: weight * (value - mean) / scale; a gap counts as mean."""

    column: str
    levels: tuple[str, ...]
    mean: float
    scale: float
    weight: float

    def value(self, row: Row) -> float:
        """The term's share in the linear predictor."""
        found = (
            indicator(row, self.column, self.levels) if self.levels else number(row, self.column)
        )
        return 0.0 if found is None else self.weight * (found - self.mean) / self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The trained model and the digest of its file."""

    intercept: float
    terms: tuple[Term, ...]
    threshold: float
    sha256: str

    def score(self, row: Row) -> float:
        """Probability of coronary artery disease, as the device shows it."""
        linear = self.intercept + sum(term.value(row) for term in self.terms)
        return round(1 / (1 + math.exp(-linear)), SCORE_DIGITS)


def number(row: Row, column: str) -> float | None:
    """The cell as a number; None where it is missing."""
    return float(row[column]) if row[column] else None


def indicator(row: Row, column: str, levels: tuple[str, ...]) -> float | None:
    """1 where the cell holds one of the levels, 0 where another; None where it is missing."""
    return float(row[column] in levels) if row[column] else None


def n_imputed(row: Row) -> int:
    """How many of the nine inputs are missing, and so replaced by the training mean."""
    return sum(not row[column] for column in INPUTS)


def read(path: Path = MODEL) -> Model:
    """The model on file."""
    content = path.read_bytes()
    declared: dict[str, Any] = json.loads(content)
    return Model(
        intercept=declared["intercept"],
        terms=tuple(Term(**{**one, "levels": tuple(one["levels"])}) for one in declared["terms"]),
        threshold=declared["threshold"],
        sha256=hashlib.sha256(content).hexdigest(),
    )
