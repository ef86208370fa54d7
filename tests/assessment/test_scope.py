"""How far a claim is carried: cells, the family that they are tested in, and the widest scope."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defensible import assessment, dossier, evidence, regulation
from defensible.assessment.result import ScopeCell
from defensible.assessment.scope.confounded import confounded
from defensible.assessment.scope.widest import widest
from defensible.dossier.claims import Claim, MetricName
from defensible.evidence.finding import Answer, Crossed, Stratum
from tests.assessment import small

TODAY = date(2026, 11, 25)


def assessed(folder, change=None, *, table=None):
    files = small.files()
    if change:
        change(files)
    loaded = dossier.load(small.write(folder, files, table=table))
    found = regulation.classify(loaded.intended_use, loaded.device.markets)
    return assessment.assess(loaded, found, evidence.run(loaded), today=TODAY)


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    return assessed(tmp_path_factory.mktemp("good"))


def test_levels_and_pairs_are_one_family_tested_together(good):
    (scope,) = good.scopes

    assert scope.family.method == "Holm"
    # four sites, two sexes, two bands from 18 on; 8 + 8 + 4 pairs
    assert [one.name for one in scope.cells][1:5] == [f"site {s}" for s in sorted(small.SITES)]
    assert len(scope.cells) == 1 + 4 + 1 + 2 + 2
    assert len(scope.pairs) == 20
    assert scope.family.n_tested == 28
    assert scope.family.alpha == pytest.approx(0.025)


def test_a_cell_counts_its_worst_endpoint_and_holm_its_rank(good):
    (scope,) = good.scopes
    cells = [one for one in (*scope.cells[1:], *scope.pairs) if one.p is not None]
    ranked = sorted(cells, key=lambda one: one.p)

    running = 0.0
    for at, one in enumerate(ranked):
        running = max(running, min(1.0, one.p * (28 - at)))
        assert one.adjusted_p == pytest.approx(running, rel=1e-12)
    north = next(one for one in scope.cells if one.name == "site North")
    found = [
        one
        for one in good.results[0].findings
        if one.measurement.stratum == Stratum(levels=(("site", "North"),))
    ]
    assert north.p == max(one.p for one in found)


def test_simultaneous_intervals_are_wider_than_those_of_the_cell_alone(good):
    (scope,) = good.scopes
    north = next(one for one in scope.cells if one.name == "site North")

    assert [one.level for one in north.simultaneous] == [pytest.approx(1 - 0.05 / 28)] * 2
    for one in north.simultaneous:
        alone = good.results[0].measurement(one.metric, north.stratum).estimate
        assert one.low < alone.low
        assert alone.high < one.high


def test_what_clears_its_goal_alone_and_not_among_all_is_not_settled(tmp_path):
    found = assessed(tmp_path, table=small.cases(per_site=24))
    (scope,) = found.scopes

    weaker = [one for one in scope.cells[1:] if one.alone is Answer.SUPPORTED]
    unshown = [one for one in weaker if one.answer is Answer.INCONCLUSIVE]
    assert unshown
    assert "clears its goals alone, not among" in unshown[0].why
    assert all(one.adjusted_p > 0.025 for one in unshown)
    assert all(one.further > 0 for one in unshown if one.further is not None)


def test_the_widest_scope_of_good_evidence_is_the_declared_one(good):
    (scope,) = good.scopes

    (widest_one,) = scope.widest
    assert dict(widest_one.levels) == {
        "site": ("East", "North", "South", "West"),
        "sex": ("female", "male"),
        "age": ("18-64", "65+"),
    }
    assert widest_one.sentence.startswith(
        "… at East, North, South and West, women and men, patients aged 18 and over"
    )
    assert not scope.widest_cut


def test_a_site_that_fails_is_left_out_and_named_with_its_cases(tmp_path):
    table = small.cases(per_site=800).splitlines()
    worse = [_wrong(row) if ",West," in row else row for row in table]

    def lower(files):
        for endpoint in files["claims.yaml"]["claims"][0]["endpoints"]:
            endpoint["goal"] = {"above": 0.6}

    (scope,) = assessed(tmp_path, lower, table="\n".join(worse) + "\n").scopes

    assert {one.name for one in scope.cells if one.answer is Answer.FAILED} >= {"site West"}
    best = scope.widest[0]
    assert dict(best.levels)["site"] == ("East", "North", "South")
    assert ("site", "West") in {(dimension, level) for dimension, level, _ in best.dropped}
    assert "not established for site West (fails; 400 diseased, 400 healthy)" in best.sentence


def _wrong(row):
    case, site, sex, age, score, *rest = row.split(",")
    return ",".join([case, site, sex, age, f"{1 - float(score):.4f}", *rest])


def test_a_fixed_sequence_gives_each_step_all_of_alpha_and_stops_where_one_cell_is_not_shown(
    tmp_path,
):
    def in_order(files):
        claim = files["claims.yaml"]["claims"][0]
        claim |= {"multiplicity": "fixed-sequence", "order": ["sex", "site", "sex x site"]}

    (scope,) = assessed(tmp_path, in_order, table=small.cases(per_site=60)).scopes
    by_dimension = {}
    for one in (*scope.cells[1:], *scope.pairs):
        if one.adjusted_p is not None:
            by_dimension.setdefault(one.dimension, []).append(one)

    sexes, sites = by_dimension["sex"], by_dimension["site"]
    assert scope.family.method == "serial gatekeeping, Holm"
    assert max(one.adjusted_p for one in sexes) == pytest.approx(
        max(*(one.p for one in sexes), 2 * min(one.p for one in sexes))
    )
    gate = max(one.adjusted_p for one in (*sexes, *sites))
    assert all(one.adjusted_p >= gate for one in by_dimension["site x sex"])
    assert all(
        one.adjusted_p >= max(each.adjusted_p for each in by_dimension["site x sex"])
        for one in by_dimension["age"]
    )


def test_bonferroni_multiplies_by_the_number_of_cells(tmp_path):
    def bonferroni(files):
        files["claims.yaml"]["claims"][0]["multiplicity"] = "bonferroni"

    (scope,) = assessed(tmp_path, bonferroni).scopes

    assert scope.family.method == "Bonferroni"
    for one in (*scope.cells[1:], *scope.pairs):
        if one.p is not None:
            assert one.adjusted_p == pytest.approx(min(1, 28 * one.p), rel=1e-12)


def test_predictive_values_are_at_the_declared_prevalence_and_never_that_of_the_sample(tmp_path):
    def rare(files):
        files["claims.yaml"]["claims"][0]["use_prevalence"] = [0.01]

    found = assessed(tmp_path, rare)
    (scope,) = found.scopes

    ppv, npv = scope.predictive
    sensitivity = found.results[0].measurement(MetricName.SENSITIVITY).estimate
    specificity = found.results[0].measurement(MetricName.SPECIFICITY).estimate
    se, sp = _shrunk(sensitivity), _shrunk(specificity)
    assert ppv.estimate.value == pytest.approx(se * 0.01 / (se * 0.01 + (1 - sp) * 0.99))
    assert npv.estimate.value == pytest.approx(sp * 0.99 / (sp * 0.99 + (1 - se) * 0.01))


def _shrunk(estimate):
    z2 = 1.959963984540054**2
    return (estimate.count + z2 / 2) / (estimate.n + z2)


def test_what_the_intended_use_allows_and_no_study_parts_its_cases_by_is_named(good):
    named = {(one.dimension, one.condition): one for one in good.unexercised}

    assert named["view", "frontal"].why == "no study of a claim parts its cases by view"
    assert named["setting", "hospital radiology department"].place.file == "intended-use.yaml"
    assert ("severity", "every stage of pleural line with absent lung markings") in named
    assert ("age", "years over 89") in named
    assert not any(dimension == "sex" for dimension, _ in named)


def labeled(tmp_path, text, change=None):
    """What is not exercised where labeling holds this text beside the statement."""
    files = small.files()
    if change:
        change(files)
    root = small.write(tmp_path, files)
    labeling = root / "labeling/ifu.md"
    labeling.write_text(f"{labeling.read_text(encoding='utf-8')}\n\n{text}\n", encoding="utf-8")
    loaded = dossier.load(root)
    found = regulation.classify(loaded.intended_use, loaded.device.markets)
    whole = assessment.assess(loaded, found, evidence.run(loaded), today=TODAY)
    return {(one.dimension, one.condition): one for one in whole.unexercised}


def test_what_labeling_alone_allows_is_named_with_its_line_and_words(tmp_path):
    named = labeled(
        tmp_path,
        "Flag is intended for use with GE and Siemens systems in ambulances.\n"
        "It has not been evaluated on Philips systems.",
    )

    found = named["vendor", "GE, Siemens"]
    assert found.why == "no study of a claim parts its cases by vendor"
    assert found.honest == "not studied by vendor"
    assert str(found.place).startswith("labeling/ifu.md:")
    (quote,) = found.quotes
    assert quote.spot == found.place
    assert quote.words == "Flag is intended for use with GE and Siemens systems in ambulances."
    assert found.n_quotes == 1
    assert ("setting", "ambulance") in named
    assert not any("Philips" in condition for _, condition in named)


def test_labeling_is_quoted_beside_what_the_intended_use_allows_already(tmp_path):
    named = labeled(tmp_path, "Flag is intended for use in radiology departments, for adults.")

    setting = named["setting", "hospital radiology department"]
    assert setting.place.file == "intended-use.yaml"
    assert [one.words for one in setting.quotes] == [
        "Flag is intended for use in radiology departments, for adults."
    ]
    assert named["age", "years over 89"].n_quotes >= 1
    assert {one for one in named if one[0] == "age"} == {("age", "years over 89")}


def test_patients_that_labeling_allows_beyond_the_intended_use_are_years_without_a_case(tmp_path):
    named = labeled(tmp_path, "Flag is indicated for patients aged 2 to 12 years.")

    found = named["age", "years 2 to 12"]
    assert found.honest.startswith("not studied under ")
    assert found.place.file == "labeling/ifu.md"


def test_a_level_that_labeling_allows_is_held_against_the_cases_by_its_makers_name(tmp_path):
    def by_maker(files):
        study = files["studies/s1.yaml"]
        study["dimensions"].append(
            {
                "name": "vendor",
                "column": "site",
                "levels": {"GE Medical Systems": ["North", "East"], "SIEMENS": ["South", "West"]},
            }
        )

    named = labeled(
        tmp_path, "Flag supports any vendor.\n\nFlag supports GE and Canon systems.", by_maker
    )

    assert {one for one in named if one[0] == "vendor"} == {
        ("vendor", "any vendor"),
        ("vendor", "Canon"),
    }
    assert named["vendor", "Canon"].honest == "not studied for vendor Canon"
    every = named["vendor", "any vendor"]
    assert every.why == "levels seen: GE Medical Systems, SIEMENS"
    assert every.honest == "studied for vendor GE Medical Systems, SIEMENS only"


def test_a_sentence_said_often_is_counted_and_repeated_five_times(tmp_path):
    text = "\n\n".join(f"Flag supports GE systems, model {at}." for at in range(9))

    found = labeled(tmp_path, text)["vendor", "GE"]

    assert (len(found.quotes), found.n_quotes) == (5, 9)


def test_a_vendor_seen_at_one_site_cannot_be_told_apart_from_it(good):
    claim = Claim.model_validate(
        {
            "id": "C1",
            "text": "x",
            "scope": {"vendor": ["GE", "Philips"]},
            "endpoints": [{"metric": "auc", "goal": {"above": 0.8}}],
        }
    )
    seen = [("North", "GE", 40), ("South", "GE", 30), ("South", "Philips", 14), ("North", "X", 0)]
    result = replace(
        good.results[0],
        crossed=tuple(
            Crossed(
                stratum=Stratum(levels=(("site", site), ("vendor", vendor))),
                n_diseased=n // 2,
                n_healthy=n - n // 2,
            )
            for site, vendor, n in seen
        ),
    )

    (found,) = confounded(claim, [result])

    assert found.said == (
        "vendor Philips was seen at one site only, South: vendor and site can't be told apart there"
    )
    assert found.n_cases == 14


def _cell(levels, answer):
    return ScopeCell(
        claim="C1",
        dimension=" x ".join(one for one, _ in levels),
        level=" x ".join(one for _, one in levels),
        answer=answer,
        why="",
        n_cases=1,
        stratum=Stratum(levels=levels),
    )


@st.composite
def grids(draw):
    """Three dimensions of up to three levels with any answers, singles and pairs."""
    levels = {name: draw(st.integers(1, 3)) for name in "abc"}
    points = {name: [(name, str(at)) for at in range(n)] for name, n in levels.items()}
    answer = st.sampled_from([Answer.SUPPORTED, Answer.SUPPORTED, Answer.INCONCLUSIVE])
    singles = [_cell((one,), draw(answer)) for ones in points.values() for one in ones]
    pairs = [
        _cell((one, other), draw(answer))
        for first, second in (("a", "b"), ("a", "c"), ("b", "c"))
        for one, other in product(points[first], points[second])
    ]
    return points, singles, pairs


@given(grids())
def test_the_widest_scopes_are_those_that_no_supported_scope_holds(grid):
    points, singles, pairs = grid
    good_ones = {one.stratum.levels[0] for one in singles if one.answer is Answer.SUPPORTED}
    good_pairs = {frozenset(one.stratum.levels) for one in pairs if one.answer is Answer.SUPPORTED}

    def holds(scope):
        return set(scope) <= good_ones and all(
            frozenset((one, other)) in good_pairs
            for one in scope
            for other in scope
            if one[0] != other[0]
        )

    def subsets(ones):
        return [
            [one for at, one in enumerate(ones) if mask >> at & 1]
            for mask in range(1, 2 ** len(ones))
        ]

    every = [
        frozenset((*a, *b, *c))
        for a, b, c in product(subsets(points["a"]), subsets(points["b"]), subsets(points["c"]))
    ]
    supported = [one for one in every if holds(one)]
    expected = {one for one in supported if not any(one < other for other in supported)}

    found, more = widest(["a", "b", "c"], singles, pairs)

    assert {frozenset(one) for one in found} == expected
    assert not more
