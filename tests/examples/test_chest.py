"""The synthetic triage example: held in every clause, and caught when spoiled."""

import runpy
import shutil
from datetime import date
from pathlib import Path

import pytest

from defensible import documents, evidence
from defensible.assessment import assess
from defensible.dossier import DossierError, load
from defensible.regulation import classify
from defensible.risk import Held, review, view
from tests.evidence import sealing

CHEST = Path(__file__).resolve().parents[2] / "examples/chest-triage"
ON = date(2026, 11, 25)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A copy of the example, frozen and run under seal."""
    copy = tmp_path_factory.mktemp("sealed") / "chest"
    shutil.copytree(CHEST, copy)
    sealing.freeze(copy)
    assert sealing.run(copy) == ("S-standalone",)
    return copy


def opened(root):
    """The dossier, its results as sealed, and the record of its ledger."""
    dossier = load(root)
    record = evidence.record(dossier)
    return dossier, evidence.results(dossier, record), record


@pytest.fixture(scope="module")
def chest(sealed):
    return opened(sealed)


@pytest.fixture
def spoiled(sealed, tmp_path):
    """The review of a copy with one passage of its risk file exchanged."""

    def of(before, after):
        copy = tmp_path / "chest"
        shutil.copytree(sealed, copy)
        path = copy / "risks.yaml"
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        dossier, results, record = opened(copy)
        return review(dossier, results, today=ON, record=record)

    return of


def why(result):
    return {one.clause: one.why for one in result.open_checks}


def test_the_cases_are_those_of_the_seeded_script():
    made = runpy.run_path(str(CHEST / "synthesize.py"))

    assert made["written"]() == (CHEST / "data/cases.csv").read_text(encoding="utf-8")


def test_every_file_says_that_it_is_invented():
    for name in ("README.md", "device.yaml", "risks.yaml", "labeling/instructions-for-use.md"):
        assert "invented for teaching" in (CHEST / name).read_text(encoding="utf-8").lower()


def test_the_risk_file_holds_every_requirement_checked(chest):
    result = review(*chest[:2], today=ON, record=chest[2])

    assert why(result) == {}
    assert [one.clause for one in result.checks if one.held is Held.NOT_APPLICABLE] == ["10.3"]
    assert (result.n_risks, result.n_controls) == (26, 53)
    assert result.overall_acceptable is True


def test_before_its_study_is_sealed_the_estimates_that_rest_on_it_are_open():
    dossier, results, record = opened(CHEST)

    found = why(review(dossier, results, today=ON, record=record))

    assert set(found) == {"5.5 (current)", "8"}
    assert (
        "R-miss (before and after control: S-standalone was never sealed)" in found["5.5 (current)"]
    )
    assert found["8"] == "overall residual risk was judged while 1 requirement is open"


def test_every_failure_mode_that_applies_is_dealt_with_and_every_control_verified(chest):
    found = view(*chest[:2], today=ON, record=chest[2])

    assert len(found.modes) == 42
    assert not any(one.open for one in found.modes)
    assert (found.unverified, found.circles) == ((), ())
    assert all(one.unacceptable == 0 for one in found.picture.risks)


def test_the_page_has_both_matrices_in_words_and_not_in_colour_alone(chest):
    dossier, results, _ = chest
    classification = classify(dossier.intended_use, dossier.device.markets)
    found = assess(dossier, classification, results, today=ON)

    page = documents.html(found, on=ON)

    for title in ("Risks before control", "Risks after control"):
        assert f"<caption>{title}: what the policy says of each cell" in page
    assert '<strong>reduce-further, 1 risk:</strong> <span class="whole">R-false</span>' in page
    assert page.count("unacceptable</td>") > 0


def test_a_control_without_verification_is_caught(spoiled):
    text = (CHEST / "risks.yaml").read_text(encoding="utf-8")
    start = text.index("  - id: K-uid")
    line = next(one for one in text[start:].splitlines() if one.strip().startswith("effectiveness"))
    at = text.index(line, start)
    whole = text[start : at + len(line)]

    found = why(spoiled(whole, whole.replace(f"\n{line}", "")))

    assert found["7.2 (effectiveness)"] == (
        "controls whose effectiveness is not shown: K-uid (nothing is named)"
    )
    assert found["7.6"] == "risks not carried through: R-patient (K-uid not verified)"
    assert found["8"].startswith("overall residual risk was judged while ")


def test_a_probability_better_than_measured_is_caught_with_both_numbers(spoiled):
    """25 of 764 missed: Wilson's upper bound 0.047859 (statsmodels), times 0.05 times 0.002."""
    text = (CHEST / "risks.yaml").read_text(encoding="utf-8")
    start = text.index("    residual:\n", text.index("  - id: R-miss\n"))
    declared = text[start : text.index("      rationale", start)]

    found = why(spoiled(declared, declared.replace("remote", "improbable")))

    assert found["5.5 (measured)"].startswith(
        "estimates more favourable than measured: R-miss (after control: declared improbable "
        "(≤ 1e-06), and what it is bound to gives up to 4.79e-06 per use, remote: P1 at most "
        "0.04786, the false_negative_rate of S-standalone for overall (upper bound, 95%)"
    )


def test_a_mode_of_the_catalogue_that_is_missing_is_caught(spoiled):
    found = why(spoiled("modes: [unflagged-waits-longer]", "modes: []"))

    assert found["5.4 (failure modes)"] == (
        "failure modes that nobody has dealt with: unflagged-waits-longer"
    )


def test_a_circular_control_is_caught_with_its_way(spoiled):
    text = (CHEST / "risks.yaml").read_text(encoding="utf-8")
    start = text.index("  - id: K-no-score\n")
    end = text.index("new_hazards: []", start) + len("new_hazards: []")
    whole = text[start:end]

    found = why(spoiled(whole, whole.replace("[]", "[H-held]")))

    assert found["7.5 (circle)"] == (
        "controls that lead back to themselves: K-no-score (K-no-score → K-no-score)"
    )


def test_a_reference_that_leads_nowhere_is_an_error_of_loading(spoiled):
    with pytest.raises(DossierError, match="there is no control K-nothing"):
        spoiled("controls: [K-uid, K-match]", "controls: [K-uid, K-nothing]")
