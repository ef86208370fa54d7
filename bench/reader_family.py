"""How often a reader study claims an endpoint that is not true, by how its plan tests them.

Four endpoints of the same readings, so correlated: AUC, sensitivity and specificity difference
above 0, reading time below no change; in the last scenario each is first held against a margin that
is wide, then against 0. A study counts where any goal that is not true is shown by the program's
own `reader_endpoints`, one-sided alpha 0.025. Without effect both conditions have one distribution.
`... [N_STUDIES]`; at 2,000 the Monte Carlo error of 0.025 is 0.0035.
"""

import sys

import numpy as np
import polars as pl

from defensible.dossier.claims import MetricName, Multiplicity
from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import reader_endpoints
from defensible.evidence.finding import JoinLedger
from defensible.evidence.reader_differences import taken, whole
from defensible.evidence.readings import Readings

SIZES = ((6, 80), (10, 160))
BELOW = MetricName.READING_TIME_CHANGE.value
METRICS = ("auc_difference", "sensitivity_difference", "specificity_difference", BELOW)
HOW = (None, Multiplicity.BONFERRONI, Multiplicity.HOLM, Multiplicity.FIXED_SEQUENCE)
SCENARIOS: dict[str, tuple[float, float, float, tuple[int, ...]]] = {
    "nothing": (0.0, 0.0, 0.0, (0, 1, 2, 3)),
    "AUC and sensitivity": (0.9, 0.0, 0.0, (2, 3)),
    "AUC and specificity": (0.0, 0.9, 0.0, (1, 3)),
    "time": (0.0, 0.0, 0.25, (0, 1, 2)),
    "no worse than a margin": (0.0, 0.0, 0.0, ()),
}
"""What is true: rise of the diseased, fall of the healthy, fall of log time; endpoints not true."""
EMPTY = JoinLedger(
    sources=(), n_read=0, tallies=(), n_analysed=0, n_patients=None, n_diseased=0, n_healthy=0
)


def plan(*, margins: bool) -> ReaderStudy:
    """The study as a dossier declares it."""
    endpoints = []
    for metric in METRICS:
        side = "below" if metric == BELOW else "above"
        margin = {side: 0.5 if metric == BELOW else -0.3}
        one = {"metric": metric, "goal": margin if margins else {side: 0.0}}
        endpoints.append(one | ({"then": {side: 0.0}} if margins else {}))
    columns = {one: one for one in ("reader", "case", "modality", "reference", "rating", "time_s")}
    return ReaderStudy.model_validate(
        {
            "id": "S1",
            "kind": "readers",
            "question": "Do readers find more with the marks?",
            "data": {"source": "readings.csv", "columns": columns},
            "conditions": {"unaided": "unaided", "aided": "aided"},
            "reference_standard": {"description": "Simulated.", "positive": {"is": [1]}},
            "positive": {"at_least": 0.5},
            "endpoints": endpoints,
            "analysis": {"level": 0.95},
        }
    )


def study(
    rng: np.random.Generator, size: tuple[int, int], effect: tuple[float, float, float]
) -> Readings:
    """Readings with readers and cases random, each reacting to the device in an own way."""
    (n_readers, n_cases), (rise, fall, faster) = size, effect
    truth = np.arange(n_cases) % 2 == 0
    shape = (2, n_readers, n_cases)
    rating = 1.2 * truth + rng.normal(0, 0.5, n_cases) + rng.normal(0, 0.3, (2, 1, n_cases))
    of_class = rng.normal(0, 0.2, (2, n_readers, 2))[:, :, truth.astype(int)]
    rating = rating + of_class + rng.normal(0, 0.6, shape)
    rating[1] += rise * truth - fall * ~truth
    log_time = rng.normal(0, 0.3, (1, n_readers, 1)) + rng.normal(0, 0.3, n_cases)
    log_time = log_time + rng.normal(0, 0.1, (2, n_readers, 1)) + rng.normal(0, 0.4, shape)
    log_time[1] -= faster
    return Readings(
        conditions=("unaided", "aided"),
        written=("unaided", "aided"),
        readers=tuple(f"R{i}" for i in range(n_readers)),
        cases=tuple(f"K{i}" for i in range(n_cases)),
        truth=truth,
        patient=np.arange(n_cases),
        read=np.ones(shape, dtype=np.bool_),
        rating=rating,
        decision=rating >= 0.5,
        device=None,
        time_s=np.exp(log_time),
        order=None,
        day=None,
        session=None,
        experience=None,
        frame=pl.DataFrame(),
        first_row=np.arange(n_cases),
        ledger=EMPTY,
    )


def claims(planned: ReaderStudy, of: Readings, untrue: tuple[int, ...]) -> tuple[list[bool], int]:
    """For each procedure whether anything untrue is shown; goals that Holm shows."""
    overall = {
        MetricName(one): taken(MetricName(one), of, whole(of), planned.analysis) for one in METRICS
    }
    wrong, n_shown = [], 0
    for how in HOW:
        criteria, beside = reader_endpoints.results(
            planned.model_copy(update={"multiplicity": how}), of, overall
        )
        if untrue:
            wrong.append(any(criteria[at].met for at in untrue))
        else:  # the margins are true, the steps after them are not
            wrong.append(any(one.then is not None and one.then.shown for one in beside))
        if how is Multiplicity.HOLM:
            n_shown = sum(one.met for one in criteria)
    return wrong, n_shown


def main(n_studies: int) -> None:
    """Print the share of studies that claim something untrue."""
    rng = np.random.default_rng(20261129)
    for size in SIZES:
        for name, (*effect, untrue) in SCENARIOS.items():
            planned = plan(margins=not untrue)
            found = [
                claims(planned, study(rng, size, (effect[0], effect[1], effect[2])), untrue)
                for _ in range(n_studies)
            ]
            shares = np.mean([wrong for wrong, _ in found], axis=0)
            told = ", ".join(
                f"{'each by itself' if how is None else how.value} {share:.4f}"
                for how, share in zip(HOW, shares, strict=True)
            )
            mean = np.mean([n for _, n in found])
            print(f"{size}, true: {name}: {told}; Holm shows {mean:.2f} of 4", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
