"""Every closed form of a size has the power that it says in simulated studies of that size."""

from math import sqrt

import numpy as np
import pytest

from tests.statistics import planned_marks, planned_studies

REPLICATES = 8_000
STUDIES = (*planned_studies.studies(), *planned_marks.studies())
SLOWEST = 10
"""Studies that cost more than this are left to the bench."""
ROOM = {
    # where the closed form is approximate: how far it may lie from the simulated power, besides
    # three Monte Carlo errors (see the table in docs/methods/sizing.md)
    "sensitivity 0.90 against 0.80, two cases": 0.03,
    "AUC 0.95 against 0.90": 0.03,
    "AUC 0.88 against 0.80, two cases": 0.04,
    "paired proportions, 8% either way": 0.02,
    "paired AUCs": 0.03,
    "the same with skewed": 0.03,
    "reader study, AUC difference 0.013": 0.05,
    "reader study": 0.03,
    "PPV": 0.02,
    "sensitivity of a further site": 0.08,
    "mean Dice of a further site": 0.05,
    "AUC 0.86": 0.02,
    "kappa": 0.06,
    "lesions found": 0.03,
    "false marks": 0.03,
    "wAFROC of a device": 0.03,
}


@pytest.mark.parametrize(
    "planned", [one for one in STUDIES if one.slow <= SLOWEST], ids=lambda one: one.name
)
def test_a_study_of_the_planned_size_has_the_power_that_was_said(planned):
    n = REPLICATES // planned.slow
    rng = np.random.default_rng(20_261_125)

    share = planned.cleared(rng, n).mean()

    room = next((room for name, room in ROOM.items() if planned.name.startswith(name)), 0.0)
    assert planned.exact == (room == 0.0)
    assert share == pytest.approx(planned.power, abs=room + 3 * sqrt(0.2 * 0.8 / n))
