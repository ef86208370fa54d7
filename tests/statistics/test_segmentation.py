"""Masks against hand-made figures and all-pairs distances; empty masks by the stated rule."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as made
from scipy.ndimage import binary_erosion
from scipy.spatial.distance import cdist

from defensible.statistics import segmentation, segmentation_summary
from defensible.statistics.estimate import Caution
from defensible.statistics.segmentation import Kind

SPACING = (2.0, 0.7, 0.5)
MASKS = st.tuples(st.integers(1, 5), st.integers(2, 6), st.integers(2, 6)).flatmap(
    lambda shape: st.tuples(made(np.bool_, shape), made(np.bool_, shape))
)


def compared(reference, device, spacing=SPACING, tolerance=0.8):
    return segmentation.compare(reference, device, spacing_mm=spacing, tolerance_mm=tolerance)


def square(corner, size=10, side=4):
    mask = np.zeros((size, size), dtype=bool)
    mask[corner[0] : corner[0] + side, corner[1] : corner[1] + side] = True
    return mask


def all_pairs(reference, device, spacing):
    points = [
        np.argwhere(mask & ~binary_erosion(mask)) * np.array(spacing)
        for mask in (reference, device)
    ]
    distance = cdist(*points)
    return distance.min(axis=1), distance.min(axis=0)


@given(MASKS)
@settings(max_examples=80, deadline=None)
def test_distances_are_those_over_all_pairs_of_surface_voxels(masks):
    reference, device = masks
    ours = compared(reference, device)
    if ours.kind is not Kind.MEASURED:
        assert not (reference.any() and device.any())
        return

    one, two = all_pairs(reference, device, SPACING)

    pooled = np.concatenate([one, two])
    assert ours.hausdorff_mm == pytest.approx(pooled.max())
    assert ours.hausdorff95_mm == pytest.approx(max(np.percentile(one, 95), np.percentile(two, 95)))
    assert ours.average_surface_distance_mm == pytest.approx(pooled.mean())
    assert ours.normalized_surface_distance == pytest.approx(np.mean(pooled <= 0.8 + 1e-9))
    directions = segmentation.average_surface_distance_of_directions(
        reference, device, spacing_mm=SPACING
    )
    assert directions == pytest.approx((one.mean() + two.mean()) / 2)
    pooled95 = segmentation.hausdorff95_pooled(reference, device, spacing_mm=SPACING)
    assert pooled95 == pytest.approx(np.percentile(pooled, 95))


@given(MASKS)
@settings(max_examples=80, deadline=None)
def test_measures_are_symmetric_bounded_and_blind_to_flips(masks):
    reference, device = masks

    ours, turned = compared(reference, device), compared(device, reference)
    flipped = compared(reference[:, ::-1], device[:, ::-1])

    for name in segmentation_summary.MEASURES:
        assert getattr(turned, name) == pytest.approx(getattr(ours, name))
        assert getattr(flipped, name) == pytest.approx(getattr(ours, name))
    assert 0 <= ours.jaccard <= ours.dice <= 1
    assert ours.dice <= ours.volumetric_similarity + 1e-12
    assert ours.average_surface_distance_mm <= ours.hausdorff_mm + 1e-12


def test_a_square_moved_by_two_pixels():
    ours = compared(square((2, 2)), square((2, 4)), spacing=(1.0, 0.5), tolerance=0.5)

    assert ours.dice == pytest.approx(2 * 8 / 32)
    assert ours.jaccard == pytest.approx(8 / 24)
    assert ours.hausdorff_mm == pytest.approx(1.0)
    assert ours.reference_ml == pytest.approx(16 * 0.5 / 100)


def test_doubling_the_spacing_doubles_distances_and_leaves_overlap():
    one, two = square((1, 1)), square((3, 4))

    plain = compared(one, two, spacing=(1.0, 1.0), tolerance=1.0)
    double = compared(one, two, spacing=(2.0, 2.0), tolerance=2.0)

    assert double.hausdorff95_mm == pytest.approx(2 * plain.hausdorff95_mm)
    assert double.average_surface_distance_mm == pytest.approx(
        2 * plain.average_surface_distance_mm
    )
    assert double.normalized_surface_distance == plain.normalized_surface_distance
    assert double.dice == plain.dice


def test_a_missed_structure_counts_as_the_worst_case():
    empty = np.zeros((10, 10), dtype=bool)

    missed = compared(square((2, 2)), empty, spacing=(1.0, 2.0))
    false = compared(empty, square((2, 2)), spacing=(1.0, 2.0))

    diagonal = np.hypot(9.0, 18.0)
    assert (missed.kind, false.kind) == (Kind.MISSED, Kind.FALSE)
    for case in (missed, false):
        assert (case.dice, case.normalized_surface_distance) == (0, 0)
        assert case.hausdorff_mm == case.hausdorff95_mm == pytest.approx(diagonal)


def test_nothing_to_find_and_nothing_found_is_agreement():
    empty = np.zeros((10, 10), dtype=bool)

    both = compared(empty, empty, spacing=(1.0, 1.0))

    assert both.kind is Kind.BOTH_EMPTY
    assert (both.dice, both.jaccard, both.hausdorff_mm) == (1, 1, 0)
    assert segmentation.dice(empty, empty) == 1


def test_missing_more_structures_never_improves_the_summary():
    empty, whole = np.zeros((10, 10), dtype=bool), square((2, 2))
    good = compared(whole, square((2, 3)), spacing=(1.0, 1.0))
    poor = compared(whole, square((5, 5)), spacing=(1.0, 1.0))
    missed = compared(whole, empty, spacing=(1.0, 1.0))

    found = segmentation_summary.summary([good, good, poor], "hausdorff95_mm")
    lost = segmentation_summary.summary([good, good, missed], "hausdorff95_mm")

    assert lost.mean.value > found.mean.value
    assert lost.measured_only.value < found.measured_only.value  # what dropping it would report
    assert (lost.n_measured, lost.n_missed) == (2, 1)


def test_summary_of_patients_is_wider_than_that_of_their_images():
    generator = np.random.default_rng(1)
    cases, patient = [], []
    for name in range(12):
        shift = int(generator.integers(0, 4))
        for _ in range(3):
            cases.append(compared(square((2, 2)), square((2, 2 + shift)), spacing=(1.0, 1.0)))
            patient.append(name)

    alone = segmentation_summary.summary(cases, "dice").mean
    grouped = segmentation_summary.summary(cases, "dice", cluster=patient).mean

    assert grouped.value == alone.value
    assert grouped.high - grouped.low > 1.5 * (alone.high - alone.low)
    assert (grouped.n_clusters, grouped.df) == (12, 11)


def test_equal_cases_have_no_variance_and_say_so():
    case = compared(square((2, 2)), square((2, 3)), spacing=(1.0, 1.0))

    result = segmentation_summary.summary([case] * 3, "dice").mean

    assert result.cautions == (Caution.FEW, Caution.NO_VARIANCE)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: segmentation.dice([1, 0], [1, 0]), "2-D or 3-D mask"),
        (lambda: segmentation.dice([[1, 2]], [[1, 0]]), "pick one label"),
        (lambda: segmentation.dice([[1, 0]], [[1], [0]]), r"\(1, 2\) and \(2, 1\)"),
        (lambda: compared([[1, 0]], [[1, 0]]), "2 distances above 0"),
        (lambda: compared([[1, 0]], [[1, 0]], spacing=(1.0, 0.0)), "2 distances above 0"),
        (lambda: compared([[1, 0]], [[1, 0]], spacing=(1, 1), tolerance=-1), "0 or above; -1"),
        (lambda: segmentation_summary.summary([], "dice"), "two cases"),
        (lambda: segmentation_summary.summary([], "dise"), "no measure 'dise'; there are: dice"),
    ],
)
def test_masks_that_cannot_be_compared_are_refused_in_words(call, said):
    with pytest.raises(ValueError, match=said):
        call()
