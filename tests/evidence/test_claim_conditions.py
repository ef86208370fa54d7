"""Claims of one reading condition against another: findings, levels, what the plan holds back."""

import json
from typing import Any

import pytest

from defensible.dossier import DossierError, load
from defensible.dossier.claims import MetricName
from defensible.evidence.finding import OVERALL, Answer
from defensible.evidence.sealed import plain, result_of
from defensible.ledger.canonical import content
from tests.documents.test_people import assessed
from tests.evidence.test_reader_sides import CONDITIONS, several
from tests.evidence.test_readers import FULL, dossier


def end(metric: str, above: float | None = None, **named: Any) -> dict[str, Any]:
    goal = {"below": 0.9} if above is None else {"above": above}
    return {"metric": metric, "goal": goal, **named}


def claim(*endpoints: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "id": "C1",
        "text": "Raises the AUC.",
        "scope": {"site": ["North", "South"]},
        "endpoints": list(endpoints),
        "studies": ["S1"],
        **changes,
    }


def studied(root, *endpoints: dict[str, Any], **changes: Any):
    plan = {**FULL, "conditions": CONDITIONS, **changes}
    return dossier(root, several(), claims=[claim(*endpoints)], **plan)


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return studied(
        tmp_path_factory.mktemp("claims"),
        end("auc_difference", -0.1),
        end("auc_difference", -0.1, condition="3"),
        end("auc_difference", -0.1, condition="3", against="2"),
        end("commission", condition="3"),
        end("reading_time_change", -0.5, condition="film"),
    )


def found(result, **named: Any):
    pair = (named.get("condition"), named.get("against"))
    return {
        str(one.measurement.stratum): one
        for one in result.findings
        if (one.measurement.metric.value, one.condition, one.against) == (named["metric"], *pair)
    }


def test_each_endpoint_has_its_findings_overall_and_by_level(result):
    assert len(result.findings) == 5 * 3
    for named in (
        {"metric": "auc_difference"},
        {"metric": "auc_difference", "condition": "3"},
        {"metric": "auc_difference", "condition": "3", "against": "2"},
        {"metric": "commission", "condition": "3"},
        {"metric": "reading_time_change", "condition": "film"},
    ):
        assert list(found(result, **named)) == ["overall", "site North", "site South"]


def test_a_finding_is_of_the_conditions_that_the_claim_names(result):
    pairs = {
        (one.condition, one.against): one.difference
        for one in result.readers.comparisons
        if one.metric == "auc_difference"
    }

    def overall(**named: Any):
        return found(result, metric="auc_difference", **named)["overall"].measurement.estimate

    assert overall() == pairs["2", "1"]
    assert overall(condition="3") == pairs["3", "1"]
    assert overall(condition="3", against="2") == pairs["3", "2"]
    third, film = result.others
    bias = found(result, metric="commission", condition="3")
    assert bias["overall"].measurement == third.measurement(MetricName.COMMISSION)
    time = found(result, metric="reading_time_change", condition="film")
    assert time["overall"].measurement == film.measurement(MetricName.READING_TIME_CHANGE)
    assert {one.answer for one in time.values()} == {Answer.SUPPORTED}


def test_an_open_finding_says_what_would_settle_that_pair(tmp_path):
    result = studied(
        tmp_path,
        end("auc_difference", 0, condition="3"),
        end("sensitivity_difference", 0, condition="3", against="film"),
        end("commission", condition="3"),
    )

    for one in result.findings:
        if one.measurement.stratum == OVERALL:
            assert one.split is not None
            total = one.split.by_readers + one.split.by_cases
            assert total > 0


def test_a_claim_rests_on_no_pair_that_the_plan_tests_with_others_in_vain(tmp_path):
    goal = end("reading_time_change", 0, condition="3")
    never = end("auc_difference", 0.9)

    alone = studied(tmp_path / "alone", goal, endpoints=[never, goal])
    together = studied(
        tmp_path / "together", goal, endpoints=[never, goal], multiplicity="fixed-sequence"
    )
    other = studied(
        tmp_path / "other",
        end("reading_time_change", 0, condition="film"),
        endpoints=[never, goal],
        multiplicity="fixed-sequence",
    )

    assert alone.findings[0].answer is Answer.SUPPORTED
    assert together.findings[0].answer is Answer.INCONCLUSIVE
    assert other.findings[0].answer is Answer.SUPPORTED  # the plan tests no such pair


def test_the_findings_come_back_from_their_seal(result):
    sealed = plain(result)
    assert "condition" not in sealed["findings"][0]
    assert sealed["findings"][3]["condition"] == "3"
    assert result_of(json.loads(json.dumps(sealed))) == result


def test_a_claim_that_names_no_condition_keeps_its_digest(tmp_path):
    studied(tmp_path, end("auc_difference", 0), end("auc_difference", 0, condition="3"))
    (declared,) = load(tmp_path).claims

    first, second = content(declared)["endpoints"]
    assert first == {"metric": "auc_difference", "goal": {"above": 0.0, "below": None}}
    assert second["condition"] == "3"
    assert "against" not in second


def test_cells_of_the_scope_hold_each_pair_apart(tmp_path):
    studied(
        tmp_path,
        end("reading_time_change", -0.5),
        end("reading_time_change", 0.99, condition="3"),
    )

    cells = {one.name: one for one in assessed(tmp_path).cells}
    assert cells["overall"].answer is Answer.FAILED
    assert "reading time change, 3 less unaided, 0.586 (0.578 to 0.594" in cells["overall"].why
    assert cells["site North"].answer is Answer.FAILED
    assert len(cells["site North"].simultaneous) == 2
    assert [one.condition for one in cells["site North"].simultaneous] == [None, "3"]


REFUSED = {
    "a condition that is not there": (
        end("auc_difference", 0, condition="heat"),
        "claims.yaml:12:16: D016 no reader study that serves C1 has the condition 'heat'",
    ),
    "one to be held against that is not there": (
        end("auc_difference", 0, condition="3", against="fil"),
        "D016 no reader study that serves C1 has the condition 'fil'\n  did you mean 'film'?",
    ),
    "the unaided condition, against itself by default": (
        end("auc_difference", 0, condition="1"),
        "D016 no reader study that serves C1 compares the two conditions that the endpoint means",
    ),
    "reliance on an output that is not seen": (
        end("commission", condition="film"),
        "D016 no reader study that serves C1 shows the device's output in 'film'",
    ),
    "one condition twice": (
        end("auc_difference", 0, condition="3", against="3"),
        "D040 an endpoint holds the condition '3' against itself",
    ),
    "a condition of the device alone": (
        end("sensitivity", 0.5, condition="3"),
        "D042 sensitivity is measured in no reading condition, and the endpoint names '3'",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_conditions_that_no_serving_study_compares_are_refused(name, tmp_path):
    endpoint, expected = REFUSED[name]

    with pytest.raises(DossierError) as caught:
        studied(tmp_path, endpoint)

    assert expected in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_claim_without_a_reader_study_yet_may_name_any_condition(tmp_path):
    studied(tmp_path, end("auc_difference", 0))
    (tmp_path / "claims.yaml").write_text(
        (tmp_path / "claims.yaml").read_text().replace("above: 0", "above: 0\n    condition: heat")
    )
    with pytest.raises(DossierError, match="D016"):
        load(tmp_path)
    text = (tmp_path / "claims.yaml").read_text()
    (tmp_path / "claims.yaml").write_text(text[: text.index("  studies:")])

    assert load(tmp_path).claims[0].endpoints[0].condition == "heat"


AGREEMENT = ("reader_kappa", "reader_weighted_kappa", "reader_icc")


@pytest.mark.parametrize("metric", AGREEMENT)
def test_agreement_is_that_of_the_pair_that_an_endpoint_names(metric, tmp_path):
    pairs = [("3", None), ("3", "2"), ("film", "3")]
    named = [{"condition": new, **({"against": old} if old else {})} for new, old in pairs]
    ends = [end(f"{metric}{kind}", -0.9, **one) for kind in ("", "_difference") for one in named]
    result = studied(tmp_path, *ends, endpoints=ends)

    for (new, old), of_one, of_both in zip(
        pairs, result.criteria[:3], result.criteria[3:], strict=True
    ):
        alone = dossier(
            tmp_path / f"{new}-{old}",
            several(),
            conditions={"unaided": old or "1", "aided": new},
            endpoints=[end(metric, -0.9), end(f"{metric}_difference", -0.9)],
            positive=FULL.get("positive", {"at_least": 3}),
        )
        one, both = (each.measurement.estimate for each in alone.criteria)
        assert of_one.measurement.estimate == one
        assert of_both.measurement.estimate == both
        assert one is not None
        assert both.value == pytest.approx(both.value)
    by_claim = [one for one in result.findings if one.measurement.stratum == OVERALL]
    assert [one.measurement.estimate for one in by_claim] == [
        one.measurement.estimate for one in result.criteria
    ]
