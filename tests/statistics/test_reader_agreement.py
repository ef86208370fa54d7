"""Agreement between readers: values of the tested coefficients, jackknives written out."""

import numpy as np
import pytest

from defensible.statistics import agreement, icc, kappa, reader_agreement
from defensible.statistics.estimate import Caution
from defensible.statistics.reader_agreement import FLEISS, ICC, WEIGHTED_KAPPA, Rated


def rated(seed=1, readers=5, cases=40, *, of_decisions=False, missing=0.0, patient=None):
    rng = np.random.default_rng(seed)
    truth = np.arange(cases) < cases // 2
    mean = 1.5 * truth + rng.normal(0, 0.8, cases)
    seen = mean + rng.normal(0, 0.3, (readers, 1)) + rng.normal(0, 0.7, (2, readers, cases))
    values = (seen > 0.75) if of_decisions else np.clip(np.round(seen + 2), 1, 4)
    return Rated(
        values=values.astype(float),
        read=rng.random(values.shape) >= missing,
        patient=np.arange(cases) if patient is None else patient,
    )


def table(of, condition):
    return np.where(of.read[condition], of.values[condition], np.nan).T


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_kappa_is_that_of_fleiss(missing):
    of = rated(of_decisions=True, missing=missing)

    found = reader_agreement.both_random(of, FLEISS)

    before, after = (agreement.fleiss(table(of, one)).value for one in (0, 1))
    assert found.unaided.value == pytest.approx(before, abs=1e-12)
    assert found.aided.value == pytest.approx(after, abs=1e-12)
    assert found.difference.value == pytest.approx(after - before, abs=1e-12)


@pytest.mark.parametrize("missing", [0.0, 0.2])
def test_weighted_kappa_is_the_mean_over_pairs_of_readers(missing):
    """Every pair uses each of 1 to 4, so that ranks of categories and values are the same."""
    of = rated(cases=120, missing=missing)

    found = reader_agreement.both_random(of, WEIGHTED_KAPPA)

    pairs = []
    for a in range(5):
        for b in range(a):
            both = of.read[1, a] & of.read[1, b]
            pairs.append(kappa.quadratic(of.values[1, a][both], of.values[1, b][both]).value)
    assert found.aided.value == pytest.approx(np.mean(pairs), abs=1e-12)


def test_icc_is_that_of_agreement_single_on_cases_that_all_read():
    of = rated(missing=0.05)
    whole = of.read[1].all(axis=0)

    found = reader_agreement.both_random(of, ICC)

    expected = icc.agreement_single(table(of, 1)[whole]).value
    assert found.aided.value == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("by", [FLEISS, WEIGHTED_KAPPA, ICC], ids=lambda one: one.name)
def test_the_variance_is_the_two_jackknives_written_out(by):
    patient = np.arange(40) // 2
    of = rated(of_decisions=by is FLEISS, patient=patient)

    def value(readers, cases):
        taken = [
            float(by.value(by.sums(of.values[c][readers][:, cases], of.read[c][readers][:, cases])
                           .sum(axis=0), len(readers)))
            for c in (0, 1)
        ]  # fmt: skip
        return taken[1] - taken[0]

    everyone, all_cases = np.arange(5), np.arange(40)
    readers = [value(np.delete(everyone, r), all_cases) for r in range(5)]
    patients = [value(everyone, all_cases[patient != p]) for p in range(20)]
    over_readers = 4 / 5 * ((readers - np.mean(readers)) ** 2).sum()
    over_patients = 19 / 20 * ((patients - np.mean(patients)) ** 2).sum()

    both, fixed, cases = (
        one(of, by).difference
        for one in (
            reader_agreement.both_random,
            reader_agreement.readers_fixed,
            reader_agreement.cases_fixed,
        )
    )

    assert both.se**2 == pytest.approx(over_readers + over_patients, rel=1e-9)
    assert fixed.se**2 == pytest.approx(over_patients, rel=1e-9)
    assert cases.se**2 == pytest.approx(over_readers, rel=1e-9)
    assert (fixed.df, cases.df, both.n_clusters) == (19, 4, 20)
    spent = over_readers**2 / 4 + over_patients**2 / 19
    assert both.df == pytest.approx((over_readers + over_patients) ** 2 / spent, rel=1e-9)


def test_blocks_of_patients_do_not_move_the_interval(monkeypatch):
    of = rated()
    whole = reader_agreement.readers_fixed(of, WEIGHTED_KAPPA)

    monkeypatch.setattr(reader_agreement, "_BLOCK", 7)

    assert reader_agreement.readers_fixed(of, WEIGHTED_KAPPA).difference.se == pytest.approx(
        whole.difference.se, rel=1e-12
    )


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda of: Rated(values=of.values[:, :2], read=of.read[:, :2], patient=of.patient),
         "agreement of readers who are random needs three or more; 2 found"),
        (lambda of: Rated(values=of.values, read=of.read, patient=of.patient % 2),
         "a jackknife over patients needs three or more; 2 found"),
        (lambda of: Rated(values=np.ones_like(of.values), read=of.read, patient=of.patient),
         "is undefined"),
    ],
)  # fmt: skip
def test_what_gives_no_agreement_is_said(spoil, said):
    with pytest.raises(ValueError, match=said):
        reader_agreement.both_random(spoil(rated(of_decisions=True)), FLEISS)


def test_readers_who_agree_wholly_leave_no_variance():
    of = rated(of_decisions=True)
    same = Rated(values=np.repeat(of.values[:, :1], 5, axis=1), read=of.read, patient=of.patient)

    found = reader_agreement.both_random(same, FLEISS)

    assert (found.aided.value, found.aided.se) == (1, 0)
    assert Caution.NO_VARIANCE in found.aided.cautions
