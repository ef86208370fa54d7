"""The risk file of the four-hospital example: what is spoiled in a copy is caught, and named."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from defensible import evidence
from defensible.dossier import DossierError, load
from defensible.risk import review

HEART = Path(__file__).resolve().parents[2] / "examples/heart-four-hospitals"
ON = date(2026, 11, 25)
FILE = (HEART / "risks.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def results():
    return evidence.run(load(HEART))


@pytest.fixture
def spoiled(results, tmp_path):
    """The open checks of a copy whose risk file has other passages, by clause."""

    def of(*exchanged):
        copy = tmp_path / "heart"
        shutil.copytree(HEART, copy)
        text = FILE
        for before, after in exchanged:
            assert text.count(before) == 1
            text = text.replace(before, after)
        (copy / "risks.yaml").write_text(text, encoding="utf-8")
        # the studies read no risk file: their results are those of the example
        found = review(load(copy), results, today=ON)
        return {one.clause: one for one in found.open_checks}

    return of


def entry(identifier):
    """The lines of one risk or control."""
    start = FILE.index(f"  - id: {identifier}\n")
    end = FILE.find("\n  - id: ", start)
    return FILE[start : end + 1]


def without(identifier, key):
    """An entry, and the same without one of its lines."""
    whole = entry(identifier)
    line = next(one for one in whole.splitlines() if one.strip().startswith(f"{key}:"))
    return whole, whole.replace(f"{line}\n", "")


def with_(identifier, before, after):
    """An entry, and the same with one passage exchanged."""
    whole = entry(identifier)
    assert before in whole
    return whole, whole.replace(before, after, 1)


def test_a_control_without_verification_is_caught(spoiled):
    found = spoiled(without("K-digest", "effectiveness"))

    assert "K-digest" in found["7.2 (effectiveness)"].open_items
    assert "R-mixup-model" in found["7.6"].open_items
    assert "R-mixup-model" in found["4.5"].open_items


def test_the_example_itself_has_that_control_verified(spoiled):
    found = spoiled()

    assert "K-digest" not in found["7.2 (effectiveness)"].open_items
    assert "R-mixup-model" not in found["7.6"].open_items
    assert "5.5 (measured)" not in found
    assert "7.5 (circle)" not in found


def test_a_probability_better_than_measured_is_caught_with_both_numbers(spoiled, results):
    """The upper bound of the study's own false negative rate, times P2 of 0.005."""
    whole = entry("R-miss")
    residual = whole[whole.index("    residual:") :]
    better = residual.replace("probability: occasional", "probability: remote")
    (study,) = (one for one in results if one.study == "S-hospitals")
    sensitivity = next(
        one for one in study.measurements if one.metric == "sensitivity" and not one.stratum.levels
    )

    found = spoiled((whole, whole.replace(residual, better)))["5.5 (measured)"]

    bound = 1 - sensitivity.estimate.low
    assert found.open_items == ("R-miss",)
    assert found.why.startswith(
        "estimates more favourable than measured: R-miss (after control: declared remote (≤ "
    )
    assert f"P1 at most {bound:.4g}, the false_negative_rate of S-hospitals" in found.why


def test_a_mode_of_the_catalogue_that_is_missing_is_caught(spoiled):
    found = spoiled(("modes: [wrong-patient]", "modes: []"))

    assert found["5.4 (failure modes)"].why == (
        "failure modes that nobody has dealt with: wrong-patient"
    )


def test_circular_controls_are_caught_with_their_way(spoiled):
    """Each brings the hazard that the other one is there to control."""
    found = spoiled(
        with_("K-missing-shown", "new_hazards: []", "new_hazards: [H-mixup]"),
        with_("K-digest", "new_hazards: [H-none]", "new_hazards: [H-shift]"),
    )

    way = "K-missing-shown → K-digest → K-missing-shown"
    assert found["7.5 (circle)"].why == (
        f"controls that lead back to themselves: K-missing-shown ({way})"
    )


def test_a_reference_that_leads_nowhere_is_an_error_of_loading(spoiled):
    with pytest.raises(DossierError, match="there is no hazard H-nothing"):
        spoiled(with_("R-drift", "hazard: H-", "hazard: H-nothing # "))
