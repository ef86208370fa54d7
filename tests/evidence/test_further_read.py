"""What would settle an open finding of readers: cases, readers, or both."""

import numpy as np
import pytest
from scipy import special

from defensible.dossier.claims import Goal, MetricName
from defensible.evidence import further_read
from defensible.evidence.finding import OVERALL, Answer, Finding, FurtherReading, Measurement
from defensible.statistics import two_way, variance_split
from defensible.statistics.estimate import Estimate
from tests.evidence.test_readers import FULL, as_csv, dossier, simulated

MEASURES = {
    "auc_difference": 0.0,
    "sensitivity_difference": 0.0,
    "reading_time_change": 0.465,
    "commission": 0.2,
    "reliance": 0.1,
    "reader_kappa": 0.2,
}


def limit(one, more_readers, more_cases):
    """The limit beside the goal of a study with so many more of either."""
    estimate, split = one.measurement.estimate, one.split
    variance, df = variance_split.at(
        split, np.array(split.n_readers + more_readers), np.array(split.n_cases + more_cases)
    )
    t = float(special.stdtrit(df, 0.975)) if np.isfinite(df) else float(special.ndtri(0.975))
    if estimate.count is not None:
        effective = estimate.value * (1 - estimate.value) / float(variance)
        return two_way.wilson_by_t(estimate.value, effective, min(float(df), 1e9), 0.95)
    half = t * float(variance) ** 0.5
    return estimate.value - half, estimate.value + half


@pytest.mark.parametrize(
    "plan",
    [
        {},
        {"analysis": {"level": 0.95, "readers": "fixed"}},
        {"analysis": {"level": 0.95, "cases": "fixed"}},
        {"columns": {"patient": "patient"}},
    ],
)
def test_an_open_finding_says_how_many_more_cases_and_readers_would_settle_it(tmp_path, plan):
    claim = {
        "id": "C1",
        "text": "Improves reading at each site.",
        "scope": {"site": ["North", "South"]},
        "endpoints": [{"metric": one, "goal": {"above": goal}} for one, goal in MEASURES.items()],
        "studies": ["S1"],
    }
    changes = FULL | plan | {"columns": FULL["columns"] | plan.get("columns", {})}

    result = dossier(tmp_path, as_csv(simulated(seed=4)), claims=[claim], **changes)

    wanted = [one for one in result.findings if one.answer is Answer.INCONCLUSIVE]
    assert len({one.measurement.metric for one in wanted}) >= 4
    for one in wanted:
        goal, seen = one.goal.above, one.measurement.estimate
        assert limit(one, 0, 0) == pytest.approx((seen.low, seen.high), rel=1e-9)
        side = 0 if seen.value > goal else 1

        def settled(readers, cases, one=one, side=side, goal=goal):
            found = limit(one, readers, cases)[side]
            return found > goal if side == 0 else found < goal

        n = one.reading
        assert n.unit == ("patient" if "columns" in plan else "case")
        assert n.cases_random == (plan.get("analysis", {}).get("cases") is None)
        if one.further is not None:
            assert settled(0, one.further)
            assert not settled(0, one.further - 1)
        if n.readers is not None:
            assert settled(n.readers, 0)
            assert not settled(n.readers - 1, 0)
        if n.both is not None:
            assert settled(*n.both)
        if one.further is not None and n.both is not None:
            size = one.split.n_readers, one.split.n_cases
            readings = (size[0] + n.both[0]) * (size[1] + n.both[1])
            assert readings <= size[0] * (size[1] + one.further)


def finding(*, further=None, answer=Answer.INCONCLUSIVE, split=None, value=0.02, se=0.02, **beside):
    estimate = Estimate(
        value=value, low=-0.02, high=0.06, level=0.95, method="t", n=60, se=se, df=20.0
    )
    reading = None
    if beside:
        given = {"unit": "case", "readers": None, "both": None}
        given |= {"readers_random": True, "cases_random": True}
        reading = FurtherReading(**(given | beside))
    return Finding(
        study="S1",
        claim="C1",
        measurement=Measurement(
            metric=MetricName.AUC_DIFFERENCE,
            stratum=OVERALL,
            estimate=estimate,
            n_cases=60,
            n_diseased=30,
            n_healthy=30,
        ),
        goal=Goal(above=0.0),
        answer=answer,
        further=further,
        reading=reading,
        split=split,
    )


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (
            finding(further=40, readers=3, both=(1, 8)),
            (
                "about 40 more cases, 3 more readers or 1 more reader with 8 more cases (fewest "
                "readings) would settle it"
            ),
        ),
        (
            finding(further=1, both=(0, 1), unit="patient"),
            "about 1 more patient would settle it; 200 more readers alone would not",
        ),
        (
            finding(readers=2, both=(2, 0)),
            "about 2 more readers would settle it; 100,000 more cases alone would not",
        ),
        (
            finding(both=(4, 2000)),
            (
                "about 4 more readers with 2,000 more cases (fewest readings) would settle it; "
                "neither 100,000 more cases nor 200 more readers alone would"
            ),
        ),
        (finding(further=9, readers_random=False), "about 9 more cases would settle it"),
        (finding(readers=9, cases_random=False), "about 9 more readers would settle it"),
        (
            finding(readers_random=True),
            "100,000 more cases with 200 more readers would not settle it",
        ),
        (finding(readers_random=False), "100,000 more cases would not settle it"),
        (finding(further=120), None),
    ],
)
def test_what_would_settle_a_finding_is_said_in_words(one, said):
    assert further_read.in_words(one) == said


def test_a_value_at_its_goal_and_one_that_is_settled_are_told_apart():
    split = variance_split.readers_fixed(4e-4, n_readers=4, n_cases=60)
    at_goal = finding(value=0.0, split=split)
    settled = finding(value=0.05, split=split)  # held back with others, not by its own interval
    unknown = finding(split=None)

    told = [further_read.told(one, "case", level=0.95) for one in (at_goal, settled, unknown)]

    assert told[0].further is None
    assert told[0].reading is not None
    assert (told[1].further, told[1].reading) == (None, None)
    assert (told[2].further, told[2].reading) == (None, None)
