"""Automation bias: counted by hand, against a slow definition, and invariant where it must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from defensible.statistics import automation_bias as bias
from defensible.statistics import (
    binary_endpoints,
    reading_pairs,
    two_way,
    two_way_bootstrap,
    two_way_spread,
)
from defensible.statistics.reader_table import ReaderTable
from defensible.statistics.two_way_spread import Ratio

USE = bias.Use(prevalence=0.1, sensitivity=0.9, specificity=0.8, weight=0.25)
TRUTH = np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool)
DEVICE = np.array([1, 1, 0, 0, 1, 1, 0, 0], dtype=bool)
UNAIDED = np.array([[1, 0, 1, 1, 0, 0, 0, 1], [1, 1, 1, 0, 0, 1, 0, 0]], dtype=bool)
AIDED = np.array([[1, 1, 0, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0]], dtype=bool)


def study(seed=1, readers=6, cases=80):
    rng = np.random.default_rng(seed)
    truth = rng.random(cases) < 0.5
    device = np.where(truth, rng.random(cases) < 0.8, rng.random(cases) < 0.25)
    mean = np.where(truth, 0.6, -0.6) + rng.normal(0, 0.6, (1, cases))
    pull = 0.8 * np.where(device, 1, -1)
    unaided = mean + rng.normal(0, 1, (readers, cases)) > 0
    aided = mean + pull + rng.normal(0, 1, (readers, cases)) > 0
    return truth, device, unaided, aided


def test_each_measure_is_what_one_counts_by_hand():
    found = bias.measures(bias.paired(TRUTH, DEVICE, UNAIDED, AIDED), None)

    # false positives: cases 5, 6; right unaided: (1,5) (1,6) (2,5); of these (1,5) turned
    assert (found["commission"].count, found["commission"].n) == (1, 3)
    # misses: cases 3, 4; right unaided: (1,3) (1,4) (2,3); of these (1,3) turned
    assert (found["omission"].count, found["omission"].n) == (1, 3)
    # device right, reader not: (1,2) and (1,8); both corrected
    assert (found["follows_when_right"].count, found["follows_when_right"].n) == (2, 2)
    # device wrong, reader right: the six of commission and omission; four stood firm
    assert (found["overrides_when_wrong"].count, found["overrides_when_wrong"].n) == (4, 6)
    assert found["appropriate_reliance"].value == pytest.approx((1 + 4 / 6) / 2)
    assert found["reliance"].value == pytest.approx(4 / 16)


def test_net_benefit_is_the_gain_at_the_prevalence_and_error_rates_of_use():
    found = bias.measures(bias.paired(TRUTH, DEVICE, UNAIDED, AIDED), USE)

    hits, misses, alarms, silent = 1 / 4, -1 / 4, 1 / 4, -1 / 4
    expected = 0.1 * (0.9 * hits + 0.1 * misses) - 0.9 * 0.25 * (0.2 * alarms + 0.8 * silent)
    assert found["net_benefit"].value == pytest.approx(expected)


def test_at_the_break_even_rate_the_net_benefit_is_nothing():
    of = bias.paired(*study())

    even = bias.break_even(of, USE)

    rate = even.rate.value
    use = bias.Use(prevalence=0.1, sensitivity=1 - rate, specificity=1 - rate, weight=0.25)
    assert bias.measures(of, use)["net_benefit"].value == pytest.approx(0, abs=1e-12)
    assert even.rate.low < rate < even.rate.high


def test_the_variance_is_that_of_two_way_clusters_written_out():
    truth, device, unaided, aided = study()
    of = bias.paired(truth, device, unaided, aided)
    (ratio,) = bias.reliance(of)

    found = bias.measures(of, None)["reliance"]

    n_readers, n_cases = unaided.shape
    e = (ratio.number - found.value) / ratio.of.sum()
    by_reader = sum(e[r].sum() ** 2 for r in range(n_readers)) * n_readers / (n_readers - 1)
    by_case = sum(e[:, c].sum() ** 2 for c in range(n_cases)) * n_cases / (n_cases - 1)
    assert found.se**2 == pytest.approx(by_reader + by_case - (e**2).sum(), rel=1e-12)


def test_patients_with_several_cases_count_once():
    truth, device, unaided, aided = study(cases=40)
    twice = [np.repeat(one, 2, axis=-1) for one in (truth, device, unaided, aided)]

    single = bias.measures(bias.paired(truth, device, unaided, aided), USE)
    doubled = bias.measures(bias.paired(*twice, patient=np.repeat(np.arange(40), 2)), USE)

    for name, one in single.items():
        assert doubled[name].value == pytest.approx(one.value)
        assert doubled[name].se == pytest.approx(one.se, rel=1e-12)
        assert doubled[name].n_clusters == one.n_clusters


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_order_of_readers_and_cases_does_not_matter(seed):
    truth, device, unaided, aided = study(seed, readers=4, cases=30)
    rng = np.random.default_rng(seed)
    r, c = rng.permutation(4), rng.permutation(30)

    one = bias.measures(bias.paired(truth, device, unaided, aided), USE)
    other = bias.measures(bias.paired(truth[c], device[c], unaided[r][:, c], aided[r][:, c]), USE)

    for name, estimate in one.items():
        assert (estimate is None) == (other[name] is None)
        if estimate is not None:
            assert (other[name].low, other[name].high) == pytest.approx(
                (estimate.low, estimate.high), abs=1e-9
            )


def test_a_replicate_is_the_measure_of_the_resampled_study():
    truth, device, unaided, aided = study(readers=3, cases=20)
    of = bias.paired(truth, device, unaided, aided)

    drawn = two_way_bootstrap.resampled(bias.reliance(of), of.patient, n_replicates=4, seed=9)

    rng = np.random.default_rng(9)
    readers = rng.multinomial(3, np.full(3, 1 / 3), size=4)
    cases = rng.multinomial(20, np.full(20, 1 / 20), size=4)
    for b in range(4):
        r, c = np.repeat(np.arange(3), readers[b]), np.repeat(np.arange(20), cases[b])
        again = (aided[r][:, c] == device[c]).mean() - (unaided[r][:, c] == device[c]).mean()
        assert drawn[b] == pytest.approx(again, abs=1e-12)


def bootstrap(n_replicates=2000, draw=two_way_bootstrap.both, spread_of=two_way_spread.linearized):
    return two_way_bootstrap.Bootstrap(
        n_replicates=n_replicates, seed=3, draw=draw, spread_of=spread_of, drawn="readers, patients"
    )


def test_the_bootstrap_is_as_wide_or_wider_than_the_linearized_interval():
    of = bias.paired(*study(readers=8, cases=120))
    found = bias.measures(of, USE)

    drawn = bias.measures(of, USE, by=bootstrap(4000))

    for name in ("reliance", "commission", "net_benefit"):
        # the bootstrap triples the variance of single readings: at most sqrt(3) as wide
        assert 0.95 * found[name].se < drawn[name].se < 1.8 * found[name].se
        assert drawn[name].value == found[name].value
        assert drawn[name].method == "MRMC bootstrap (readers, patients), percentile"


@pytest.mark.parametrize(
    ("draw", "spread_of"),
    [
        (two_way_bootstrap.patients, two_way_spread.readers_fixed),
        (two_way_bootstrap.readers, two_way_spread.cases_fixed),
    ],
)
def test_with_one_of_the_two_fixed_the_bootstrap_agrees_with_the_variance(draw, spread_of):
    of = bias.paired(*study(readers=30, cases=300))

    plain = bias.measures(of, USE, by=two_way.Linear(spread_of=spread_of))
    drawn = bias.measures(of, USE, by=bootstrap(4000, draw, spread_of))

    for name in ("reliance", "commission", "omission", "net_benefit"):
        # Monte Carlo error of a standard deviation of 4,000: 1.1 %; of 30 readers: (n-1)/n
        assert drawn[name].se == pytest.approx(plain[name].se, rel=0.06)


def test_a_fixed_sample_adds_no_variance_of_its_own():
    truth, device, unaided, aided = study(readers=5, cases=40)
    of = bias.paired(truth, device, unaided, aided)
    (ratio,) = bias.reliance(of)
    e = (ratio.number - ratio.number.sum() / ratio.of.sum()) / ratio.of.sum()

    for spread_of, axis, n in (
        (two_way_spread.readers_fixed, 0, 40),
        (two_way_spread.cases_fixed, 1, 5),
    ):
        found = two_way.combined([ratio], of.patient, spread_of=spread_of)

        assert found.se**2 == pytest.approx((e.sum(axis=axis) ** 2).sum() * n / (n - 1), rel=1e-12)
        assert found.df == n - 1
        assert "fixed" in found.method


def test_where_none_turned_the_bootstrap_gives_way_to_wilson():
    truth, device, unaided, _ = study()
    of = bias.paired(truth, device, unaided, unaided)

    plain, drawn = bias.measures(of, None), bias.measures(of, None, by=bootstrap())

    assert drawn["commission"] == plain["commission"]
    assert drawn["commission"].low == 0 < drawn["commission"].high
    assert "Wilson" in drawn["commission"].method


def test_the_bootstrap_of_the_break_even_rate_is_that_of_its_replicates():
    of = bias.paired(*study())
    perfect, wrong = (
        bias.Use(prevalence=0.1, sensitivity=at, specificity=at, weight=0.25) for at in (1, 0)
    )

    found = bias.break_even(of, USE, by=bootstrap(500)).rate

    gain, harm = (
        two_way_bootstrap.resampled(bias.net_benefit(of, use), of.patient, n_replicates=500, seed=3)
        for use in (perfect, wrong)
    )
    rates = [0 if g <= 0 else 1 if h >= 0 else g / (g - h) for g, h in zip(gain, harm, strict=True)]
    assert (found.low, found.high) == pytest.approx(np.quantile(rates, [0.025, 0.975]), abs=1e-12)
    assert found.value == bias.break_even(of, USE).rate.value


def test_u_statistics_on_a_subset_are_those_of_reader_studies():
    """A mean of decisions over the device's false positives, against `binary_endpoints`."""
    truth, device, unaided, aided = study(readers=5, cases=60)
    of = bias.paired(truth, device, unaided, aided)
    subset = ~truth & device
    at = of.read & subset
    shift = Ratio(number=(aided.astype(float) - unaided) * at, of=at)

    found = two_way.combined([shift], of.patient, spread_of=two_way_spread.u_statistic)

    table = ReaderTable(
        modalities=("unaided", "aided"),
        readers=tuple("ABCDE"),
        cases=tuple(f"K{i}" for i in np.flatnonzero(subset)),
        truth=np.zeros(subset.sum(), dtype=bool),
        ratings=np.stack([unaided, aided]).astype(float)[:, :, subset],
        read=np.ones((2, 5, subset.sum()), dtype=bool),
    )
    result = binary_endpoints.specificity(table, threshold=0.5)
    gap = result.differences[0].estimate  # of negatives, unaided less aided: the same difference
    assert found.value == pytest.approx(gap.value, abs=1e-12)
    assert found.se == pytest.approx(gap.se, rel=1e-10)


def test_u_statistics_of_several_subsets_count_the_readers_that_they_share():
    truth, device, unaided, aided = study(readers=5, cases=60)
    of = bias.paired(truth, device, unaided, aided)
    ratios = bias.net_benefit(of, USE)

    found = two_way.combined(ratios, of.patient, spread_of=two_way_spread.u_statistic)

    n_readers, expected = 5, 0.0
    for k, one in enumerate(ratios):
        cells = [(r.number - r.number.sum() / r.of.sum() * r.of) / r.of.sum() for r in ratios]
        for m, other in enumerate(ratios):
            for i in range(n_readers):
                for j in range(n_readers):
                    ks, ms = np.flatnonzero(one.of[0]), np.flatnonzero(other.of[0])
                    if i == j:
                        shared = cells[k][i].sum() * cells[m][j].sum()
                    else:
                        shared = (cells[k][i] * cells[m][j]).sum()
                    share = 1 / n_readers
                    if k == m:
                        share = 1 / n_readers + 1 / ks.size - 1 / (n_readers * ks.size)
                    assert k == m or not set(ks) & set(ms)
                    expected += one.weight * other.weight * shared / (1 - share)
    assert found.se**2 == pytest.approx(expected, rel=1e-10)


def test_a_device_without_a_miss_shows_no_omission():
    device = TRUTH.copy()
    device[5] = True

    found = bias.measures(bias.paired(TRUTH, device, UNAIDED, AIDED), USE)

    assert found["omission"] is None
    assert found["net_benefit"] is None
    drawn = bias.measures(bias.paired(TRUTH, device, UNAIDED, AIDED), USE, by=bootstrap())
    assert drawn["omission"] is None
    assert drawn["net_benefit"] is None


def long(**changes):
    rows = [
        {
            "reader": f"R{r}",
            "case": f"K{c}",
            "modality": modality,
            "truth": TRUTH[c],
            "decision": decided[r, c],
            "device": DEVICE[c],
        }
        for modality, decided in (("aided", AIDED), ("unaided", UNAIDED))
        for r in range(2)
        for c in range(8)
    ]
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    return {**table, **changes}


def test_a_long_table_gives_the_same_pairs_and_unpaired_readings_are_left_out():
    whole = reading_pairs.from_long(**long())
    table = {name: values[1:] for name, values in long().items()}  # R0 did not read K0 aided

    part = reading_pairs.from_long(**table)

    assert (whole.unaided == UNAIDED).all()
    assert (whole.aided == AIDED).all()
    assert not part.read[0, 0]
    assert part.read.sum() == 15


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda t: {**t, "modality": np.where(t["modality"] == "aided", "ai", "unaided")},
         "no reading of modality 'aided'; there are: ai, unaided"),
        (lambda t: {**t, "truth": np.concatenate([[not t["truth"][0]], t["truth"][1:]])},
         "the rows of case 'K0' disagree about truth"),
        (lambda t: {n: np.concatenate([v, v[:1]]) for n, v in t.items()},
         "reader 'R0' read case 'K0' twice in one modality"),
        (lambda t: {n: v[t["reader"] == "R0"] for n, v in t.items()},
         "two readers and two patients are needed"),
        (lambda t: {**t, "patient": np.arange(32)},
         "the rows of case 'K0' disagree about patient"),
    ],
)  # fmt: skip
def test_what_is_no_study_of_pairs_is_refused(spoil, said):
    with pytest.raises(ValueError, match=said):
        reading_pairs.from_long(**spoil(long()))


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: bias.paired(TRUTH, DEVICE, UNAIDED, AIDED[:, 1:]), "must both be readers by 8"),
        (
            lambda: bias.paired(TRUTH, DEVICE, UNAIDED, AIDED, read=np.zeros((2, 8), bool)),
            "no case was read by the same reader in both conditions",
        ),
        (
            lambda: bias.paired(TRUTH, DEVICE, UNAIDED, AIDED, read=np.ones((1, 8), bool)),
            "read must be",
        ),
        (
            lambda: bias.Use(prevalence=2, sensitivity=1, specificity=1, weight=1),
            "prevalence must lie between 0 and 1; 2 found",
        ),
        (
            lambda: bias.Use(prevalence=0.2, sensitivity=1, specificity=1, weight=0),
            "weight must be above 0; 0 found",
        ),
    ],
)
def test_what_cannot_be_is_refused(call, said):
    with pytest.raises(ValueError, match=said):
        call()
