"""Logistic regression of an outcome on one value, for calibration."""

import numpy as np
from scipy.special import expit, log_expit

from defensible.statistics.arrays import Bools, Floats


def fitted(present: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Maximum likelihood of a logistic line: (intercept, slope) and their covariance.

    Newton's steps, halved where they would lower the likelihood. Raises `ValueError` where `x`
    separates the classes.
    """
    _overlapping(present.astype(np.bool_), x)
    design = np.stack([np.ones(x.size), x], axis=1)
    values = np.array([0.0, 1.0])
    height = _log_likelihood(present, design @ values)
    for _ in range(100):
        fitted = expit(design @ values)
        information = (design * (fitted * (1 - fitted))[:, None]).T @ design
        step = np.linalg.solve(information, design.T @ (present - fitted))
        moved = _log_likelihood(present, design @ (values + step))
        while moved < height - 1e-12 * abs(height):
            step = step / 2
            moved = _log_likelihood(present, design @ (values + step))
        values, height = values + step, moved
        if np.abs(step).max() < 1e-10 * (1 + np.abs(values).max()):
            break
    fitted = expit(design @ values)
    information = (design * (fitted * (1 - fitted))[:, None]).T @ design
    covariance: Floats = np.linalg.inv(information)
    return values, covariance


def shift(present: Floats, x: Floats) -> tuple[float, float]:
    """The shift of the logits whose expected number is the observed one, and its information."""
    from scipy.optimize import brentq

    def excess(shift: float) -> float:
        return float((expit(x + shift) - present).sum())

    reach = 40 + float(np.abs(x).max())
    value = float(brentq(excess, -reach, reach, xtol=1e-13, rtol=1e-14))
    fitted = expit(x + value)
    return value, float((fitted * (1 - fitted)).sum())


def _overlapping(present: Bools, x: Floats) -> None:
    diseased, healthy = x[present], x[~present]
    if diseased.min() >= healthy.max() or diseased.max() <= healthy.min():
        raise ValueError(
            "the probabilities separate the classes, so no slope is best; "
            "there is no error to be calibrated by"
        )


def _log_likelihood(present: Floats, eta: Floats) -> float:
    return float((present * log_expit(eta) + (1 - present) * log_expit(-eta)).sum())
