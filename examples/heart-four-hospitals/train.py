"""Train the example's model on Cleveland's training split, and on nothing else.

Run once by whoever makes the model (needs scikit-learn, a development dependency). Imputation,
scaling, weights and operating point all come from the training split; the operating point from
out-of-fold scores inside it. No case of another hospital, and no held-out case of Cleveland, is
looked at. Same table and versions, same bytes.
"""

import csv
import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import model
import numpy as np
import numpy.typing as npt
import sklearn
import table
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from whole_file import write

SEED = 1989
"""Of the split and of the folds: the year in which the four hospitals were first published."""
HELD_OUT = 0.4
FOLDS = 10
GOALS = {"sensitivity": 0.75, "specificity": 0.65}
"""Of the claim. The operating point is the threshold (in steps of 0.01) whose worse margin over
them, out of fold, is largest. Version 1.0 took the highest threshold with an out-of-fold
sensitivity of 0.85; see README.md for why that changed, and what it cost."""
DIGITS = 6

DEVELOPMENT = table.HERE / "data" / "development-cases.csv"

Floats = npt.NDArray[np.float64]


def main(folder: Path = table.HERE) -> None:
    """Write the model and the list of its development cases under `folder`."""
    heart = table.read()
    for quirk in heart.quirks:
        print(f"table: {quirk}")
    cleveland = _distinct([row for row in heart.rows if row["site"] == "Cleveland"])
    diseased = [_diseased(row) for row in cleveland]
    training, held_out = train_test_split(
        cleveland, test_size=HELD_OUT, stratify=diseased, random_state=SEED
    )
    training = sorted(training, key=lambda row: int(row["case"]))
    fitted, threshold = _fit(_design(training), np.array([_diseased(row) for row in training]))
    content = _written(fitted, threshold, n_training=len(training))
    write(folder / model.MODEL.relative_to(table.HERE), content)
    write(folder / DEVELOPMENT.relative_to(table.HERE), _listed(training))
    print(f"trained on {len(training)} cases of Cleveland, {len(held_out)} held out")
    print(f"operating point: score of {threshold:.2f} or more")
    print(f"sha256 of the model, for device.yaml: {hashlib.sha256(content).hexdigest()}")


def _distinct(rows: list[table.Row]) -> list[table.Row]:
    """One row a case, so that a row entered twice cannot lie on both sides of the split."""
    return list({row["case"]: row for row in reversed(rows)}.values())[::-1]


def _diseased(row: table.Row) -> bool:
    return int(row["num"]) > 0


def _design(rows: list[table.Row]) -> Floats:
    """Numbers, then indicators; NaN where missing. Shape (n_cases, n_terms)."""
    values = [
        [
            *(model.number(row, column) for column in model.NUMBERS),
            *(model.indicator(row, column, levels) for column, levels in model.LEVELS),
        ]
        for row in rows
    ]
    return np.array(values, dtype=np.float64)


def _fit(design: Floats, diseased: npt.NDArray[np.bool_]) -> tuple[Pipeline, float]:
    """The fitted model and its operating point, from out-of-fold scores of the same cases."""
    pipeline = make_pipeline(
        SimpleImputer(strategy="mean"),
        StandardScaler(),
        LogisticRegression(C=1.0, tol=1e-10, max_iter=10_000),
    )
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    scores = cross_val_predict(pipeline, design, diseased, cv=folds, method="predict_proba")[:, 1]
    return pipeline.fit(design, diseased), max(_thresholds(), key=_worse_margin(scores, diseased))


def _thresholds() -> list[float]:
    return [step / 100 for step in range(1, 100)]


def _worse_margin(scores: Floats, diseased: npt.NDArray[np.bool_]) -> Callable[[float], float]:
    """For a threshold, the smaller of its two margins over the goals."""

    def margin(threshold: float) -> float:
        positive = scores >= threshold
        sensitivity = float(np.mean(positive[diseased]))
        specificity = float(np.mean(~positive[~diseased]))
        return min(sensitivity - GOALS["sensitivity"], specificity - GOALS["specificity"])

    return margin


def _written(fitted: Pipeline, threshold: float, *, n_training: int) -> bytes:
    """The model as JSON, rounded so that the last bits of the solver do not matter."""
    scaler, logistic = fitted[1], fitted[2]
    columns = [*((column, ()) for column in model.NUMBERS), *model.LEVELS]
    document = {
        "what": "logistic score for coronary artery disease; a missing input takes its mean",
        "training": {
            "site": "Cleveland",
            "n_cases": n_training,
            "seed": SEED,
            "scikit_learn": sklearn.__version__,
            "table_sha256": hashlib.sha256(table.TABLE.read_bytes()).hexdigest(),
        },
        "threshold": threshold,
        "intercept": round(float(logistic.intercept_[0]), DIGITS),
        "terms": [
            {
                "column": column,
                "levels": list(levels),
                "mean": round(float(mean), DIGITS),
                "scale": round(float(scale), DIGITS),
                "weight": round(float(weight), DIGITS),
            }
            for (column, levels), mean, scale, weight in zip(
                columns, scaler.mean_, scaler.scale_, logistic.coef_[0], strict=True
            )
        ],
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def _listed(training: list[table.Row]) -> bytes:
    """The cases used in development, one a row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["case", "site"])
    writer.writerows((row["case"], row["site"]) for row in training)
    return text.getvalue().encode()


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
