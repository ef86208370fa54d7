"""How often a study settles with the further readers and cases that an open finding names.

The program says what would settle a finding at the value and the variances that were seen; with
the true ones in their place a study of that size settles in about half of all repetitions. So: many
small studies are analysed and their splits of variance averaged; the numbers are taken from that
average and the true value; then studies of those numbers are drawn and analysed, each by the
program's own functions. `... [N_STUDIES]`; at 1,000 the Monte Carlo error of a half is 0.016.
"""

import sys
from dataclasses import replace

import numpy as np
import polars as pl

from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.reader_study import ReaderAnalysis
from defensible.evidence import automation, further_read, reader_splits
from defensible.evidence.finding import OVERALL, JoinLedger, Measurement
from defensible.evidence.reader_differences import taken, whole
from defensible.evidence.reader_intervals import of_bias
from defensible.evidence.readings import Readings
from defensible.statistics import automation_bias
from defensible.statistics.estimate import Estimate
from defensible.statistics.split import Split

READERS, CASES, LARGE, MOST = 6, 120, 40, 5000
GOALS = {
    MetricName.AUC_DIFFERENCE: Goal(above=-0.005),
    MetricName.SENSITIVITY_DIFFERENCE: Goal(above=-0.02),
    MetricName.READING_TIME_CHANGE: Goal(below=0.25),
    MetricName.COMMISSION: Goal(below=0.35),
}
EMPTY = JoinLedger(
    sources=(), n_read=0, tallies=(), n_analysed=0, n_patients=None, n_diseased=0, n_healthy=0
)


def study(rng: np.random.Generator, n_readers: int, n_cases: int, of_patient: int) -> Readings:
    """Readings of readers who lean on the device, each in her own way; `n_cases` cases in all."""
    patient = np.arange(n_cases) // of_patient
    truth = patient % 2 == 0
    device = np.where(rng.random(n_cases) < 0.8, truth, ~truth)
    shape = (n_readers, n_cases)
    seen = 1.0 * truth + rng.normal(0, 0.5, n_cases) + rng.normal(0, 0.4, n_cases)[patient]
    own = rng.normal(0, 0.35, (2, n_readers, 1))
    lean = 0.3 + rng.normal(0, 0.2, (n_readers, 1))
    by_patient = rng.normal(0, 0.3, n_cases)[patient]
    unaided = seen + own[0] + rng.normal(0, 0.6, shape)
    gain = (lean + by_patient) * np.where(device, 1.0, -1.0)
    aided = unaided + gain + 0.2 * own[1] * (truth - 0.5) + rng.normal(0, 0.3, shape)
    rating = np.stack([unaided, aided])
    change = 0.08 + rng.normal(0, 0.15, (n_readers, 1)) + rng.normal(0, 0.2, n_cases)[patient]
    time = np.exp(rng.normal(0, 0.3, (n_readers, 1)) + rng.normal(0, 0.4, (2, *shape)))
    time[1] *= np.exp(change)
    return Readings(
        conditions=("unaided", "aided"),
        written=("unaided", "aided"),
        readers=tuple(f"R{i}" for i in range(n_readers)),
        cases=tuple(f"K{i}" for i in range(n_cases)),
        truth=truth,
        patient=patient,
        read=np.ones(rating.shape, dtype=np.bool_),
        rating=rating,
        decision=rating > 0.5,
        device=device,
        time_s=time,
        order=None,
        day=None,
        session=None,
        experience=None,
        frame=pl.DataFrame(),
        first_row=np.arange(n_cases),
        ledger=EMPTY,
    )


def measured(
    of: Readings, metric: MetricName, plan: ReaderAnalysis
) -> tuple[Estimate | None, Split | None]:
    """The program's estimate, and what its variance is due to."""
    part = whole(of)
    if metric in GOALS and metric is not MetricName.COMMISSION:
        one = taken(metric, of, part, plan)
        return one.estimate, reader_splits.of_difference(one, of, part, plan)
    pairs = automation.pairs(of, part)
    assert not isinstance(pairs, str)  # noqa: S101 - every case has a device's output here
    ratios = automation_bias.commission(pairs)
    estimate = of_bias(plan).share(ratios[0], pairs.patient, level=plan.level)
    if estimate is None or not estimate.se:
        return None, None
    return estimate, reader_splits.of_ratios(ratios, of, part, plan, estimate)


def settled(estimate: Estimate | None, goal: Goal) -> bool:
    """Whether the interval lies on the side of the goal that is true."""
    if estimate is None:
        return False
    above, below = goal.above, goal.below
    return estimate.low > above if above is not None else estimate.high < (below or 0.0)


def averaged(
    rng: np.random.Generator, metric: MetricName, plan: ReaderAnalysis, of_patient: int, n: int
) -> tuple[Estimate, Split]:
    """The mean estimate and the mean split of small studies; the value from one large study."""
    found = [measured(study(rng, READERS, CASES, of_patient), metric, plan) for _ in range(n)]
    kept = [(one, split) for one, split in found if one is not None and split is not None]
    last, split = kept[-1]
    of_cases = [one.df_of_cases for _, one in kept if one.df_of_cases is not None]
    split = replace(
        split,
        readers=float(np.mean([one.readers for _, one in kept])),
        cases=float(np.mean([one.cases for _, one in kept])),
        both=float(np.mean([one.both for _, one in kept])),
        df_times=float(np.mean([one.df_times for _, one in kept])),
        df_of_cases=float(np.mean(of_cases)) if of_cases else None,
    )
    larger = [measured(study(rng, 100, 1200, of_patient), metric, plan)[0] for _ in range(LARGE)]
    value = float(np.mean([one.value for one in larger if one is not None]))
    se = (split.readers + split.cases + split.both) ** 0.5
    return replace(last, value=value, se=se, count=_count(last, value)), split


def _count(last: Estimate, value: float) -> int | None:
    return None if last.count is None else min(max(round(value * last.n), 1), last.n - 1)


def main(n_studies: int) -> None:
    """Print, for each way that is named, how many of the studies of that size settle."""
    rng, plan = np.random.default_rng(20261128), ReaderAnalysis(level=0.95)
    for of_patient in (1, 2):
        for metric, goal in GOALS.items():
            estimate, split = averaged(rng, metric, plan, of_patient, max(n_studies // 2, 20))
            measurement = Measurement(
                metric=metric,
                stratum=OVERALL,
                estimate=estimate,
                n_cases=CASES,
                n_diseased=CASES // 2,
                n_healthy=CASES // 2,
            )
            found = further_read.further(measurement, goal, split, level=0.95)
            print(f"{metric.value}, {of_patient} a patient, {estimate.value:.3f}: {found}")
            if found is None:
                continue
            ways = {"as it is": (0, 0)}
            ways |= {} if found.cases is None else {"cases": (0, found.cases)}
            ways |= {} if found.readers is None else {"readers": (found.readers, 0)}
            ways |= {} if found.both is None else {"both": found.both}
            for name, (more_readers, more_cases) in ways.items():
                if more_cases > MOST:
                    continue
                size = READERS + more_readers, CASES + more_cases * of_patient
                held = [
                    settled(measured(study(rng, *size, of_patient), metric, plan)[0], goal)
                    for _ in range(n_studies)
                ]
                share = np.mean(held)
                print(f"  {name}: {size[0]} readers, {size[1]} cases: {share:.3f}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
