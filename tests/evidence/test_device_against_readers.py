"""The device alone against readers: RJafroc's figures as a dossier, both forms, refusals."""

import json
from datetime import date

import numpy as np
import pytest

from defensible.assessment import assess
from defensible.assessment.planning.evidence import needed
from defensible.documents import as_json, html, reader_curves, text
from defensible.documents.device_roc import device_roc
from defensible.documents.device_rows import pictures
from defensible.documents.device_words import tables
from defensible.documents.people import said
from defensible.dossier import DossierError, load
from defensible.dossier.claims import MetricName
from defensible.dossier.plan import Plan
from defensible.evidence import run
from defensible.evidence.finding import Answer, Presence, Stratum
from defensible.evidence.sealed import plain, result_of
from defensible.regulation import classify
from defensible.statistics import (
    binary_endpoints,
    clustered,
    error_covariance,
    leave_one_out,
    mrmc_inference,
    paired_clustered,
    patient_covariance,
    roc,
    standalone_reader,
    u_statistics,
    unequal_readings,
)
from defensible.statistics.reader_table import ReaderTable, from_dense
from tests.evidence.test_readers import (
    FULL,
    REFERENCE,
    as_csv,
    dossier,
    needs_reference,
    records,
    simulated,
)

TODAY = date(2026, 11, 24)
AREA = MetricName.STANDALONE_AUC_DIFFERENCE
FOUND = MetricName.STANDALONE_SENSITIVITY_DIFFERENCE
SPARED = MetricName.STANDALONE_SPECIFICITY_DIFFERENCE
GOAL = {"metric": "standalone_auc_difference", "goal": {"above": -0.10}}
CAD = {
    "conditions": {"unaided": "1"},
    "device_reader": "1",
    "endpoints": [GOAL],
}
ALONE = {
    "conditions": {"unaided": "1"},
    "columns": {"device": "score"},
    "device_positive": {"at_least": 0.5},
    "endpoints": [GOAL],
}


def scored(**sizes):
    """Readings with a score of the device, the same in all rows of a case."""
    rows = simulated(**sizes)
    rng = np.random.default_rng(7)
    score = {f"K{at}": round(rng.normal(), 3) for at in range(len(rows))}
    return [{**one, "score": round(one["truth"] + score[one["case"]], 3)} for one in rows]


def assessed(root):
    found = load(root)
    classified = classify(found.intended_use, found.device.markets)
    return assess(found, classified, run(found), today=TODAY)


def unaided(rows):
    return [one for one in rows if one["modality"] == 1]


def dense(rows):
    """Truth, ratings (reader, case) and the device's score, as the table's codes sort them."""
    readers = sorted({one["reader"] for one in rows})
    cases = sorted({one["case"] for one in rows})
    ratings, read = np.zeros((2, len(readers), len(cases)))
    truth, score = np.zeros((2, len(cases)))
    for one in rows:
        at = cases.index(one["case"])
        ratings[readers.index(one["reader"]), at] = one["rating"]
        read[readers.index(one["reader"]), at] = 1
        truth[at], score[at] = one["truth"], one["score"]
    return truth == 1, ratings, score, read == 1


def limits(estimate):
    return estimate.value, estimate.low, estimate.high


@needs_reference
@pytest.mark.parametrize("name", ["nico_cad_roc", "nico_lroc"])
def test_cad_against_radiologists_is_that_of_rjafroc(name, tmp_path):
    table = (REFERENCE / "data" / f"{name}.csv").read_text()
    file = {"nico_cad_roc": "cad-rjafroc", "nico_lroc": "lroc-cad-rjafroc"}[name]
    values, fixed, random, pooled = (one["results"] for one in records(name, file)[:4])

    result = dossier(tmp_path, table, **CAD)

    found = result.criteria[0].measurement.estimate
    low, high = random["CIAvgDiffFom"]
    assert limits(found) == pytest.approx((-random["avgDiffFom"], -high, -low), abs=1e-8)
    assert found.p == pytest.approx(random["pval"], abs=1e-8)
    assert found.df == pytest.approx(random["df"], rel=1e-8)
    (area,) = result.against_readers.figures
    means = pooled["ciAvgRdrEachTrt"]
    for one, expected in ((area.device, means[0]), (area.readers, means[1])):
        assert one.value == pytest.approx(expected["Estimate"], abs=1e-8)
        assert one.se == pytest.approx(expected["StdErr"], abs=1e-8)
        assert (one.low, one.high) == pytest.approx(
            (expected["CILower"], expected["CIUpper"]), abs=1e-8
        )
    own = {one.reader: one.estimate.value for one in area.of_readers}
    for reader, value in enumerate(values["matrix"][0][1:], start=2):
        assert own[str(reader)] == pytest.approx(value, abs=1e-8)
    assert fixed["avgRadFom"] == pytest.approx(area.readers.value, abs=1e-8)
    assert result.readers.n_readers == len(own)
    assert [(one.n, one.treated) for one in result.ledger.tallies] == [
        (200, "taken as the device's output")
    ]


@needs_reference
def test_with_these_cases_alone_it_is_rjafrocs_t_test_of_readers(tmp_path):
    table = (REFERENCE / "data" / "nico_cad_roc.csv").read_text()
    expected = records("nico_cad_roc", "cad-rjafroc")[1]["results"]

    result = dossier(tmp_path, table, **CAD, analysis={"level": 0.95, "cases": "fixed"})

    found = result.criteria[0].measurement.estimate
    low, high = expected["CIAvgDiffFom"]
    assert (found.low, found.high) == pytest.approx((-high, -low), abs=1e-8)
    assert found.p == pytest.approx(expected["pval"], abs=1e-8)
    (area,) = result.against_readers.figures
    assert area.of_readers == ()
    assert area.device.low == area.device.value == area.device.high
    assert "Device alone (reader 1), AUC: 0.817 (no interval); average reader 0.849" in " ".join(
        said(result)
    )


def test_a_device_in_a_column_and_among_the_readers_are_the_same(tmp_path):
    rows = unaided(scored())
    first = {one["case"]: one for one in rows}
    as_reader = [{**one, "reader": "CAD", "rating": one["score"]} for one in first.values()]

    column = dossier(tmp_path / "column", as_csv(rows), **ALONE)
    reader = dossier(
        tmp_path / "reader",
        as_csv([*rows, *as_reader]),
        **{**ALONE, "columns": {}, "device_reader": "CAD"},
    )

    assert column.measurements == reader.measurements
    assert column.against_readers.figures == reader.against_readers.figures
    assert column.against_readers.curve == reader.against_readers.curve
    assert (column.against_readers.named, reader.against_readers.named) == (
        "column score",
        "reader CAD",
    )


@pytest.mark.parametrize(
    ("plan", "analysis"),
    [
        ({}, standalone_reader.random_readers),
        ({"readers": "fixed"}, standalone_reader.fixed_readers),
        ({"cases": "fixed"}, standalone_reader.fixed_cases),
    ],
    ids=["random", "readers fixed", "cases fixed"],
)
def test_readers_and_cases_are_random_or_fixed_as_the_plan_says(plan, analysis, tmp_path):
    rows = unaided(scored())
    truth, ratings, score, _ = dense(rows)
    table = from_dense(truth, np.vstack([ratings, score])[None])
    expected = analysis(error_covariance.jackknife(leave_one_out.auc(table)), "7")

    result = dossier(tmp_path, as_csv(rows), **ALONE, analysis={"level": 0.95, **plan})

    gap = result.measurement(AREA).estimate
    theirs = expected.difference
    assert limits(gap) == pytest.approx((-theirs.value, -theirs.high, -theirs.low), abs=1e-12)
    assert result.measurement(FOUND).estimate is not None
    assert ("fixed" in dict(result.readers.methods)[AREA.value].split(",")[2]) == bool(plan)


def test_decisions_rest_on_u_statistics_with_the_device_repeated(tmp_path):
    rows = unaided(scored())
    truth, ratings, score, read = dense(rows)
    called = np.broadcast_to(score >= 0.5, ratings.shape)
    table = ReaderTable(
        modalities=("device", "readers"),
        readers=tuple(sorted({one["reader"] for one in rows})),
        cases=tuple(sorted({one["case"] for one in rows})),
        truth=truth,
        ratings=np.stack([called, ratings >= 3]).astype(float),
        read=np.stack([read, read]),
    )

    result = dossier(tmp_path, as_csv(rows), **ALONE)

    for metric, figure in (
        (FOUND, binary_endpoints.sensitivity),
        (SPARED, binary_endpoints.specificity),
    ):
        expected = mrmc_inference.difference(
            figure(table, threshold=0.5), new="device", reference="readers"
        )
        assert limits(result.measurement(metric).estimate) == pytest.approx(limits(expected))
    _, found, _ = result.against_readers.figures
    right = int((score >= 0.5)[truth].sum())
    assert (found.device.count, found.device.n) == (right, int(truth.sum()))


def test_a_reader_who_missed_cases_is_held_against_the_device_on_those_read(tmp_path):
    rng = np.random.default_rng(2)
    rows = [one for one in unaided(scored()) if rng.random() < 0.8]
    truth, ratings, score, read = dense(rows)
    table = ReaderTable(
        modalities=("device", "readers"),
        readers=tuple(sorted({one["reader"] for one in rows})),
        cases=tuple(sorted({one["case"] for one in rows})),
        truth=truth,
        ratings=np.stack([score * read, ratings]),
        read=np.stack([read, read]),
    )
    expected = mrmc_inference.difference(
        u_statistics.centred(table), new="device", reference="readers"
    )

    result = dossier(tmp_path, as_csv(rows), **ALONE)

    assert limits(result.measurement(AREA).estimate) == pytest.approx(limits(expected), abs=1e-12)
    area = result.against_readers.figures[0]
    assert area.device.value == pytest.approx(roc.auc(truth, score).value)
    one = area.of_readers[0]
    own, device = (roc.auc(truth[read[0]], x[read[0]]).value for x in (ratings[0], score))
    assert (one.estimate.value, one.difference.value) == pytest.approx((own, device - own))
    missing = int((~read).sum())
    assert any(f"{missing} unaided readings not there: each" in each for each in result.cautions)
    checks = {one.kind: one for one in result.confounders}
    assert checks["balance of readings"].presence is Presence.PRESENT


def test_patients_with_several_cases_are_what_is_independent(tmp_path):
    rows = unaided(scored())
    truth, ratings, score, _ = dense(rows)
    cases = sorted({one["case"] for one in rows})
    patient = np.array([int(one[1:]) // 2 for one in cases])
    table = from_dense(truth, np.vstack([ratings, score])[None])
    areas = standalone_reader.random_readers(patient_covariance.obuchowski(table, patient), "7")

    result = dossier(
        tmp_path, as_csv(rows), **{**ALONE, "columns": {"device": "score", "patient": "patient"}}
    )

    gap = result.measurement(AREA).estimate
    theirs = areas.difference
    assert limits(gap) == pytest.approx((-theirs.value, -theirs.high, -theirs.low), abs=1e-12)
    assert gap.n_clusters == 40
    assert "two-way" in result.measurement(FOUND).estimate.method
    one = result.against_readers.figures[1].of_readers[0]
    expected = paired_clustered.difference(
        score[truth] >= 0.5, ratings[0][truth] >= 3, patient[truth]
    )
    assert limits(one.difference) == pytest.approx(limits(expected))


def test_patients_are_independent_where_readings_are_missing_as_well(tmp_path):
    rng = np.random.default_rng(3)
    rows = [one for one in unaided(scored()) if rng.random() < 0.9]
    truth, ratings, score, read = dense(rows)
    cases = sorted({one["case"] for one in rows})
    patient = np.array([int(one[1:]) // 2 for one in cases])
    table = ReaderTable(
        modalities=("device", "readers"),
        readers=tuple(sorted({one["reader"] for one in rows})),
        cases=tuple(cases),
        truth=truth,
        ratings=np.stack([score * read, ratings]),
        read=np.stack([read, read]),
    )
    errors = patient_covariance.of_auc(table, patient).errors
    expected = mrmc_inference.difference(
        unequal_readings.random_readers(errors), new="device", reference="readers"
    )

    result = dossier(
        tmp_path, as_csv(rows), **{**ALONE, "columns": {"device": "score", "patient": "patient"}}
    )

    assert limits(result.measurement(AREA).estimate) == pytest.approx(limits(expected), abs=1e-12)
    device = result.against_readers.figures[0].device
    assert limits(device) == limits(clustered.auc(truth, score, patient))


def test_two_conditions_have_the_device_alone_where_the_plan_asks_for_it(tmp_path):
    rows = scored()
    endpoint = {"metric": "auc_difference", "goal": {"above": -0.05}}
    plan = {**ALONE, "conditions": {"unaided": "1", "aided": "2"}}
    both = [endpoint, GOAL]

    without = dossier(tmp_path / "a", as_csv(rows), **{**plan, "endpoints": [endpoint]})
    with_it = dossier(tmp_path / "b", as_csv(rows), **{**plan, "endpoints": both})
    alone = dossier(tmp_path / "c", as_csv(unaided(rows)), **ALONE)

    assert without.against_readers is None
    assert without.measurement(AREA) is None
    assert with_it.measurement(AREA) == alone.measurement(AREA)
    assert with_it.measurement(FOUND) is None
    assert with_it.measurement(MetricName.AUC_DIFFERENCE) == without.measurement(
        MetricName.AUC_DIFFERENCE
    )
    assert [one.condition for one in with_it.readers.endpoints] == ["2", "device alone"]
    assert with_it.measurement(MetricName.COMMISSION).estimate is not None


def test_steps_and_a_family_of_endpoints_hold_for_the_device_alone(tmp_path):
    goals = {"goal": {"above": -0.30}, "then": {"above": 0}}
    result = dossier(
        tmp_path,
        as_csv(unaided(scored())),
        **{
            **ALONE,
            "multiplicity": "holm",
            "endpoints": [
                {"metric": "standalone_auc_difference", **goals},
                {"metric": "standalone_specificity_difference", **goals},
            ],
        },
    )

    assert all(one.met for one in result.criteria)
    first, second = result.readers.endpoints
    assert first.p_adjusted is not None
    assert first.p_adjusted < 0.025
    assert second.then.tested
    words = " ".join(said(result))
    assert (
        "Plan: standalone AUC difference above -0.30 (not inferior, margin 0.300): shown" in words
    )


def test_sites_and_experience_part_the_device_and_the_readers(tmp_path):
    columns = {**FULL["columns"], "device": "score"}
    result = dossier(
        tmp_path,
        as_csv(unaided(scored())),
        **{**FULL, **ALONE, "columns": columns},
    )

    for level in (("site", "North"), ("reader_experience", "<10")):
        assert result.measurement(AREA, Stratum(levels=(level,))).estimate is not None
    assert {one.metric for one in result.readers.interactions} == {
        AREA.value,
        FOUND.value,
        SPARED.value,
    }
    north, south = (
        one.difference
        for one in result.readers.interactions
        if (one.metric, one.dimension) == (AREA.value, "site")
    )
    assert north.value == pytest.approx(-south.value, abs=1e-12)
    assert [one.kind for one in result.confounders] == [
        "balance of readings",
        "sessions",
        "readers who set the reference",
        "identical ratings",
        "ceiling",
    ]
    assert "what it does to readers is not measured" in result.cautions[-1]


def test_a_claim_on_the_device_alone_has_its_finding_and_a_claim_on_aided_readers_none(tmp_path):
    claim = {
        "id": "C1",
        "text": "Is no worse than a radiologist.",
        "endpoints": [
            {"metric": "standalone_auc_difference", "goal": {"above": -0.5}},
            {"metric": "standalone_specificity_difference", "goal": {"above": 0.5}},
            {"metric": "auc_difference", "goal": {"above": 0}},
        ],
        "studies": ["S1"],
    }

    result = dossier(tmp_path, as_csv(unaided(scored())), claims=[claim], **ALONE)

    area, spared = result.findings
    assert (area.measurement.metric, area.answer) == (AREA, Answer.SUPPORTED)
    assert spared.answer is Answer.FAILED
    assert area.p < 0.025 < spared.p


def test_the_report_shows_the_device_among_the_readers(tmp_path):
    result = dossier(tmp_path, as_csv(unaided(scored())), **ALONE)
    assessment = assessed(tmp_path)

    area = result.against_readers.figures[0]
    (first, *_) = tables(result)
    assert first.rows[0][:2] == ("device alone", f"{area.device.value:.3f}")
    assert len(first.rows) == 2 + 6
    drawn = device_roc(result)
    assert (len(drawn.readers), drawn.average is None, drawn.point is None) == (6, False, False)
    assert reader_curves.pictures(result) == ()
    assert [one.rows[-1].label for one in pictures(result)] == ["Device alone"] * 3
    page, lines = html(assessment, on=TODAY), text(assessment, on=TODAY)
    assert "ROC curves of the device alone and of readers" in page
    assert "the device beside them" in page
    assert "Device alone (column score), AUC" in lines
    assert max(map(len, lines.splitlines())) <= 80
    (study,) = json.loads(json.dumps(as_json(assessment, on=TODAY)))["studies"]
    told = study["against_readers"]
    assert told["figures"][0]["difference"]["value"] == area.difference.value
    assert set(told["curve"]["operating_point"]) == {"false_positive_rate", "sensitivity"}


def test_a_device_beside_readers_is_no_study_of_what_its_output_does_to_them(tmp_path):
    dossier(tmp_path, as_csv(unaided(scored())), **ALONE)

    rows = {row.number: row for row in assessed(tmp_path).rows}

    told = " ".join(need.what for need in rows[7].regulatory.needs)
    assert "no reader study shows what the output does to the reading" in told
    assert "Metrics with intervals on" not in rows[7].regulatory.reason


def test_it_answers_no_obligation_that_asks_for_aided_readers_and_the_plan_sizes_it(tmp_path):
    claim = {"id": "C1", "text": "Is no worse.", "endpoints": [GOAL], "studies": ["S1"]}
    dossier(tmp_path, as_csv(unaided(scored())), claims=[claim], **ALONE)
    (tmp_path / "device.yaml").write_text("{name: Flag, version: '1', markets: [us]}")
    use = "{function: detection, workflow: second-read}"
    (tmp_path / "intended-use.yaml").write_text(use)
    open_plan = assessed(tmp_path)
    expected = "expected: {standalone_auc_difference: 0.1}"
    (tmp_path / "plan.yaml").write_text(expected)
    sized = assessed(tmp_path)

    answered = {one.obligation.id: one for one in open_plan.obligations}
    told = answered["us.evidence.readers"]
    assert (told.status.value, told.reason) == (
        "open",
        "in S1 nobody reads with the device's output",
    )
    line, *others = needed(open_plan, Plan())
    assert "-0.111 is expected, which is not above the goal of -0.1" in line.why
    assert "us.evidence.readers" in {id_ for one in others for id_ in one.asked_by}
    line, *_ = needed(sized, sized.dossier.plan)
    assert (line.n_readers, line.n_diseased, line.n_healthy) == (6, 40, 40)


def test_a_device_among_readers_of_two_conditions_serves_automation_bias_too(tmp_path):
    rows = scored()
    plan = {**ALONE, "conditions": {"unaided": "1", "aided": "2"}}

    column = dossier(tmp_path / "column", as_csv(rows), **plan)
    reader = dossier(
        tmp_path / "reader",
        as_csv([*rows, *own(rows)]),
        **{**plan, "columns": {}, "device_reader": "CAD"},
    )

    assert column.measurements == reader.measurements
    assert reader.measurement(MetricName.OMISSION).estimate is not None
    assert reader.readers.n_readers == 6


def test_it_comes_back_from_its_seal_as_it_was(tmp_path):
    result = dossier(tmp_path, as_csv(unaided(scored())), **ALONE)

    assert result_of(plain(result)) == result


def test_a_score_of_two_values_is_said_to_be_one_operating_point(tmp_path):
    rows = [{**one, "score": one["device"]} for one in unaided(scored())]

    result = dossier(tmp_path, as_csv(rows), **ALONE)

    assert any("has 2 values: its AUC is that of one operating point" in c for c in result.cautions)


def test_a_reader_who_is_the_device_is_seen(tmp_path):
    rows = [
        {**one, "rating": one["score"]} if one["reader"] == "R2" else one
        for one in unaided(scored())
    ]

    result = dossier(tmp_path, as_csv(rows), **ALONE)

    checks = {one.kind: one for one in result.confounders}
    assert "R2 and the device (unaided)" in checks["identical ratings"].said


def test_a_word_of_the_device_gives_no_area_but_sensitivity(tmp_path):
    rows = [{**one, "score": "yes" if one["device"] else "no"} for one in unaided(scored())]
    endpoint = [{"metric": "standalone_sensitivity_difference", "goal": {"above": -0.2}}]
    plan = {**ALONE, "device_positive": {"is": ["yes"]}, "endpoints": endpoint}

    result = dossier(tmp_path, as_csv(rows), **plan)

    assert {one.metric for one in result.measurements} == {FOUND, SPARED}
    assert result.against_readers.curve is None
    assert device_roc(result) is None


@pytest.mark.parametrize("missing", [False, True])
def test_an_open_finding_says_which_cases_and_readers_would_settle_it(missing, tmp_path):
    ends = [
        {"metric": one.value, "goal": {"above": goal}}
        for one, goal in ((AREA, -0.15), (FOUND, -0.20))
    ]
    claim = {"id": "C1", "text": "Is no worse.", "endpoints": ends, "studies": ["S1"]}
    rows = unaided(scored())[missing:]

    result = dossier(tmp_path, as_csv(rows), claims=[claim], **ALONE)

    for one in result.findings:
        assert one.answer is Answer.INCONCLUSIVE
        assert one.further > 0
        assert one.reading.unit == "case"
        split = one.split
        assert split.readers + split.cases + split.both == pytest.approx(
            one.measurement.estimate.se**2
        )


def test_a_claim_that_the_table_cannot_answer_says_what_is_lacking(tmp_path):
    end = {"metric": "standalone_sensitivity_difference", "goal": {"above": -0.2}}
    claim = {"id": "C1", "text": "Finds as many.", "endpoints": [end], "studies": ["S1"]}

    plan = {key: value for key, value in ALONE.items() if key != "device_positive"}
    result = dossier(tmp_path, as_csv(unaided(scored())), claims=[claim], **plan)

    (found,) = result.findings
    assert found.measurement.why == "the study lacks what it is taken from: device_positive"
    assert result.measurement(SPARED) is None


def own(rows):
    """The device as one more reader, by its scores."""
    first = {one["case"]: one for one in rows}
    return [{**one, "reader": "CAD", "rating": one["score"]} for one in first.values()]


REFUSED = {
    "E058 1 reading of a case that the device has read before": lambda rows, cad: [
        *rows,
        *cad,
        cad[0],
    ],
    "E059 1 row of the device and those of readers disagree about the reference": (
        lambda rows, cad: [*rows, {**cad[0], "truth": 1 - cad[0]["truth"]}, *cad[1:]]
    ),
    "E057 6 readings: no output of the device": lambda rows, cad: [*rows, *cad[1:]],
    "E090 no reading is by the reader 'CAD'": lambda rows, cad: rows + cad[:0],
    "E056 1 reading of the device without a case": (
        lambda rows, cad: [*rows, *cad, {**cad[0], "case": ""}]
    ),
}


@pytest.mark.parametrize("expected", REFUSED)
def test_a_device_among_the_readers_that_does_not_fit_is_told(expected, tmp_path):
    rows = unaided(scored())
    table = REFUSED[expected](rows, own(rows))

    with pytest.raises(DossierError, match=expected):
        dossier(tmp_path, as_csv(table), **{**ALONE, "columns": {}, "device_reader": "CAD"})


def test_cases_that_the_device_did_not_read_or_no_reader_did_are_counted(tmp_path):
    rows = unaided(scored())
    cad = own(rows)
    table = [*(one for one in rows if one["case"] != "K7"), *cad[:3], *cad[4:]]

    result = dossier(
        tmp_path,
        as_csv(table),
        **{**ALONE, "columns": {}, "device_reader": "CAD"},
        analysis={"level": 0.95, "missing": "exclude"},
    )

    assert {one.reason: one.n for one in result.ledger.tallies} == {
        "read by the device": 78,
        "read by the device, and by no reader": 1,
        "no output of the device": 6,
    }
    assert result.ledger.n_read == len(table)
    assert result.ledger.n_analysed == 78 * 6


WRONG_PLANS = {
    "D060 the device is the reader 'CAD' and has the column": {"device_reader": "CAD"},
    "D061 the study has one condition, '1', and no device": {"columns": {}},
    "D061 there are further conditions": {"conditions": {"unaided": "1", "others": ["2"]}},
    "D061 reader_kappa needs readers who see": {
        "endpoints": [{"metric": "reader_kappa", "goal": {"above": 0.2}}]
    },
    "D061 reading_time_change needs readers who see": {
        "endpoints": [{"metric": "reading_time_change", "goal": {"below": 0.2}}]
    },
    "D061 standalone_auc_difference is of the device alone": {
        "endpoints": [{**GOAL, "against": "2"}]
    },
    "E062 standalone_sensitivity_difference is an endpoint": {
        "positive": None,
        "endpoints": [{"metric": "standalone_sensitivity_difference", "goal": {"above": 0}}],
    },
    "E091 the device has no score": {"columns": {"device": "site"}},
}


@pytest.mark.parametrize("expected", WRONG_PLANS)
def test_a_half_declared_study_of_the_device_alone_is_told(expected, tmp_path):
    plan = {**ALONE, **WRONG_PLANS[expected]}

    with pytest.raises(DossierError, match=expected):
        dossier(tmp_path, as_csv(unaided(scored())), **plan)
