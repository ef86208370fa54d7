"""A device against readers of one modality: the same as two modalities with the device repeated."""

import numpy as np
import pytest

from defensible.statistics import (
    error_covariance,
    leave_one_out,
    mrmc_inference,
    obuchowski_rockette,
    reader_table,
    standalone_reader,
    variance_split,
)

TRUTH = np.arange(60) % 3 == 0


def ratings(seed=4, n_readers=5):
    """Readers of the same cases, the device first."""
    rng = np.random.default_rng(seed)
    case = rng.normal(size=60) + 1.2 * TRUTH
    return np.round(case + rng.normal(size=(1 + n_readers, 60)), 1)


def alone(given, covariance=error_covariance.delong):
    return covariance(reader_table.from_dense(TRUTH, given[None]))


def repeated(given, covariance=error_covariance.delong):
    device = np.broadcast_to(given[:1], given[1:].shape)
    return covariance(reader_table.from_dense(TRUTH, np.stack([device, given[1:]])))


def jackknife(table):
    return error_covariance.jackknife(leave_one_out.auc(table))


@pytest.mark.parametrize("covariance", [error_covariance.delong, jackknife])
@pytest.mark.parametrize(
    ("here", "there"),
    [
        (standalone_reader.random_readers, obuchowski_rockette.random_readers),
        (standalone_reader.fixed_readers, obuchowski_rockette.fixed_readers),
        (standalone_reader.fixed_cases, obuchowski_rockette.fixed_cases),
    ],
    ids=["random", "fixed readers", "fixed cases"],
)
def test_one_modality_and_the_device_repeated_say_the_same(here, there, covariance):
    given = ratings()

    found = here(alone(given, covariance), "1")

    both = there(repeated(given, covariance))
    expected = mrmc_inference.difference(both, new="2", reference="1")
    for name in ("value", "low", "high", "se", "p"):
        assert getattr(found.difference, name) == pytest.approx(getattr(expected, name), abs=1e-12)
    assert found.difference.df == pytest.approx(expected.df)
    assert found.readers_average.se == pytest.approx(both.modalities[1].estimate.se, abs=1e-12)
    own = {one.reader: one.estimate for one in both.differences if one.reader is not None}
    assert len(found.of_readers) == len(own)
    for at, one in enumerate(found.of_readers):
        theirs = own[str(at + 1)]  # first less second: the device less the reader
        assert (one.difference.value, one.difference.low, one.difference.high) == pytest.approx(
            (-theirs.value, -theirs.high, -theirs.low), abs=1e-12
        )


def test_its_variance_is_due_to_readers_and_cases_as_with_the_device_repeated():
    given = ratings()
    both = obuchowski_rockette.random_readers(repeated(given))

    found = variance_split.of_standalone(
        standalone_reader.random_readers(alone(given), "1"), n_cases=60
    )

    expected = variance_split.of_obuchowski_rockette(
        both.variance_components, n_modalities=2, n_readers=5, n_cases=60
    )
    for name in ("readers", "cases", "both", "df_of_readers"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-12)
    variance, df = variance_split.at(found, np.array(5.0), np.array(60.0))
    gap = mrmc_inference.difference(both, new="2", reference="1")
    assert (float(variance), float(df)) == pytest.approx((gap.se**2, gap.df))


def test_one_reader_alone_is_no_readers_to_compare_with():
    given = ratings(n_readers=1)

    with pytest.raises(ValueError, match="two or more readers must face the device; 1 found"):
        standalone_reader.fixed_readers(alone(given), "1")
