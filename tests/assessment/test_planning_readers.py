"""Reader studies to come: level of an endpoint in its family, stricter goals, fixed readers."""

from dataclasses import replace
from functools import cache

import pytest

from defensible import evidence
from defensible.dossier.claims import Multiplicity
from defensible.dossier.reader_endpoint import ReaderEndpoint
from defensible.dossier.reader_study import Sample
from defensible.statistics import sizing_fixed
from tests.assessment.test_planning_evidence import above, lines, readers


@cache
def read_by(**changes):
    """The reader study with another plan, and figures measured by it."""
    analysis = {key: changes[key] for key in ("readers", "cases") if key in changes}
    rest = {key: value for key, value in changes.items() if key not in analysis}
    studies = tuple(
        one.model_copy(update={"analysis": one.analysis.model_copy(update=analysis), **rest})
        if one.id == "S-readers"
        else one
        for one in readers().dossier.studies
    )
    loaded = replace(readers().dossier, studies=studies)
    if not analysis:
        return replace(readers(), dossier=loaded)
    return replace(
        readers(), dossier=loaded, results=evidence.results(loaded, evidence.record(loaded))
    )


def of_family(*endpoints):
    return tuple(ReaderEndpoint.model_validate(one) for one in endpoints)


GAIN, MARGIN = {"above": 0}, {"above": -0.05}
TWO = of_family(
    {"metric": "auc_difference", "goal": MARGIN, "then": GAIN},
    {"metric": "sensitivity_difference", "goal": GAIN},
)


def by_alone(level, goal, expected=0.03):
    """Readers and cases of the AUC difference at a level, the study having no family."""
    study = next(one for one in readers().dossier.studies if one.id == "S-readers")
    alone = study.model_copy(
        update={"analysis": study.analysis.model_copy(update={"level": level})}
    )
    loaded = replace(readers().dossier, studies=(alone,))
    of = replace(readers(), dossier=loaded)
    plan = {"expected": {"auc_difference": expected}}
    return lines(plan, {"metric": "auc_difference", "goal": goal}, of=of, studies=["S-readers"])[0]


@pytest.mark.parametrize("how", [Multiplicity.HOLM, Multiplicity.BONFERRONI])
def test_an_endpoint_of_readers_is_sized_at_the_share_with_which_it_starts(how):
    of = read_by(multiplicity=how, endpoints=TWO)
    plan = {"expected": {"auc_difference": 0.03}}

    line = lines(plan, above("auc_difference", -0.05), of=of)[0]

    assert line.level == pytest.approx(0.975)
    assert line.frontier == by_alone(0.975, MARGIN).frontier
    assert f"1/2 of the error rate, with which it starts by {how.value.capitalize()}" in line.why
    assert ("what others pass on only helps" in line.why) is (how is Multiplicity.HOLM)


def test_both_powers_of_superiority_after_non_inferiority_are_given():
    of = read_by(multiplicity=Multiplicity.HOLM, endpoints=TWO)
    plan = {"expected": {"auc_difference": 0.03}, "readers": {"readers": 8}}

    margin, gain = (lines(plan, above("auc_difference", bound), of=of)[0] for bound in (-0.05, 0.0))

    stricter = dict(gain.frontier)[8]
    assert "above 0, tested next, has power 0.1" in margin.why
    assert f"takes {stricter:,} cases with as many readers for 0.8" in margin.why
    assert "and only once above -0.05 is shown" in gain.why
    assert "above -0.05, shown first, has power 1.00 at these numbers" in gain.why


def test_in_a_fixed_sequence_an_endpoint_has_the_whole_level_once_those_before_are_shown():
    endpoints = of_family(
        {"metric": "sensitivity_difference", "goal": MARGIN, "then": GAIN},
        {"metric": "auc_difference", "goal": MARGIN},
    )
    of = read_by(multiplicity=Multiplicity.FIXED_SEQUENCE, endpoints=endpoints)
    plan = {"expected": {"auc_difference": 0.03, "sensitivity_difference": 0.05}}

    first, last = lines(
        plan, above("sensitivity_difference", -0.05), above("auc_difference", -0.05), of=of
    )[:2]

    assert "the first of the fixed sequence of S-readers, at its whole level" in first.why
    assert "at the whole level once the 2 steps before it" in last.why
    assert last.level == 0.95
    assert last.frontier == by_alone(0.95, MARGIN).frontier


def test_an_endpoint_that_the_plan_has_not_stands_outside_of_its_family():
    of = read_by(multiplicity=Multiplicity.HOLM, endpoints=TWO)

    line = lines({"expected": {"auc_difference": 0.05}}, above("auc_difference", 0.01), of=of)[0]

    assert line.level == 0.95
    assert "S-readers plans no such endpoint" in line.why


def test_for_its_own_readers_a_study_is_sized_in_cases_alone():
    of = read_by(readers=Sample.FIXED)
    plan = {"expected": {"auc_difference": 0.05, "sensitivity_difference": 0.06}}

    area, rate = lines(
        plan, above("auc_difference", 0.0), above("sensitivity_difference", 0.0), of=of
    )[:2]

    for line, n, n_cases in ((area, 2 * area.n_diseased, 120), (rate, rate.n_diseased, 60)):
        se = of.results[0].measurement(line.metric).estimate.se
        size = sizing_fixed.cases_for_these_readers(
            expected=line.expected, goal=0.0, se=se, n_cases=n_cases
        )
        assert n - size.n in {0, 1}  # whole cases of each class
        assert line.n_readers == 10
    assert "for the 10 readers of S-readers alone, its readers being fixed" in area.why
    assert (rate.n_healthy, rate.frontier) == (None, ())


def test_for_its_own_cases_a_study_is_sized_in_readers_alone():
    of = read_by(cases=Sample.FIXED)

    line = lines({"expected": {"auc_difference": 0.03}}, above("auc_difference", 0.0), of=of)[0]

    se = of.results[0].measurement(line.metric).estimate.se
    size = sizing_fixed.readers_for_these_cases(expected=0.03, goal=0.0, se=se, n_readers=10)
    assert line.n_readers == size.n
    assert (line.n_diseased, line.n_healthy) == (60, 60)


def test_a_study_that_is_fixed_otherwise_is_no_pilot_and_the_line_says_why():
    new = next(one for one in readers().dossier.studies if one.id == "S-readers")
    fixed = new.analysis.model_copy(update={"readers": Sample.FIXED})
    to_come = new.model_copy(update={"id": "S-new", "analysis": fixed})
    studies = (*readers().dossier.studies, to_come)
    of = replace(readers(), dossier=replace(readers().dossier, studies=studies))

    line = lines({"expected": {"auc_difference": 0.05}}, above("auc_difference", 0.0), of=of)[0]

    assert line.n_readers is None
    assert line.why == (
        "S-readers takes its readers as random and S-new as fixed, so it is no pilot"
    )


def test_cases_of_a_reader_study_say_who_is_to_be_seen_unless_they_are_there():
    plan = {"expected": {"auc_difference": 0.05}, "prevalence": 0.1, "drop_out": 0.2}

    new = lines(plan, above("auc_difference", 0.0), of=readers())[0]
    again = lines(plan, above("auc_difference", 0.0), of=read_by(cases=Sample.FIXED))[0]

    assert new.n_screened == -(-new.n_diseased * 100 // 8)
    assert new.n_screened_surely > new.n_screened
    assert again.n_screened is None
