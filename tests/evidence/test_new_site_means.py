"""What to expect of a mean Dice or bias at a site not yet seen, against R's metafor."""

import csv
from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from defensible.cli.edge import run as command
from defensible.dossier import load
from defensible.dossier.claims import MetricName
from defensible.evidence import new_site, run
from defensible.evidence.finding import Answer, Measurement, Stratum
from defensible.statistics.estimate import Caution, Estimate
from tests.evidence.test_agreement import CLAIM, assessed, written

HERE = Path(__file__).resolve().parents[1] / "reference" / "heterogeneity"


def of_site(name, value, se, metric=MetricName.RELATIVE_BIAS, n=40):
    """A mean at one site."""
    estimate = Estimate(
        value=value, low=value - se, high=value + se, level=0.95, method="mean by t", n=n, se=se
    )
    return Measurement(
        metric=metric,
        stratum=Stratum(levels=(("site", name),)),
        estimate=estimate,
        n_cases=n,
        n_diseased=0,
        n_healthy=0,
    )


def table(name):
    with (HERE / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def metafor():
    return {row["name"]: float(row["value"]) for row in table("values.csv")}


def test_average_and_next_site_are_those_of_metafor_on_the_scale_of_the_mean(metafor):
    sites = tuple(
        of_site(f"S{at}", float(row["effect"]), sqrt(float(row["variance"])))
        for at, row in enumerate(table("sites.csv"))
    )

    (found,) = new_site.predictions(sites, 0.95)

    assert (found.metric, found.scale, found.n_sites) == (MetricName.RELATIVE_BIAS, "mean", 8)
    assert found.average.value == pytest.approx(metafor["REML.mean"], abs=1e-8)
    assert found.average.low == pytest.approx(metafor["REML.hksj.low"], abs=1e-8)
    assert found.average.high == pytest.approx(metafor["REML.hksj.high"], abs=1e-8)
    assert found.between_site_sd**2 == pytest.approx(metafor["REML.tau2"], abs=1e-8)
    assert found.i2 == pytest.approx(metafor["REML.I2"], abs=1e-8)
    # Higgins, Thompson, Spiegelhalter 2009: t with k - 2, variance tau2 + that of the mean
    se = (metafor["REML.high"] - metafor["REML.low"]) / 2 / stats.norm.ppf(0.975)
    reach = stats.t.ppf(0.975, 8 - 2) * sqrt(metafor["REML.tau2"] + se**2)
    assert found.estimate.low == pytest.approx(metafor["REML.mean"] - reach, abs=1e-8)
    assert found.estimate.high == pytest.approx(metafor["REML.mean"] + reach, abs=1e-8)


def test_the_site_that_moves_the_average_most_comes_first():
    means = {"A": 0.90, "B": 0.89, "C": 0.91, "D": 0.60}
    sites = tuple(of_site(n, m, 0.01, MetricName.MEAN_DICE) for n, m in means.items())

    (found,) = new_site.predictions(sites, 0.95)

    assert found.influence[0].site == "D"
    assert found.influence[0].average.value == pytest.approx(0.90, abs=1e-12)
    assert len(found.influence) == 4


def test_limits_of_a_dice_are_cut_and_those_of_a_bias_are_not():
    means = {"A": 0.97, "B": 0.80, "C": 0.99}
    dice = tuple(of_site(n, m, 0.01, MetricName.MEAN_DICE) for n, m in means.items())
    bias = tuple(of_site(n, m, 0.01) for n, m in means.items())

    (cut,) = new_site.predictions(dice, 0.95)
    (whole,) = new_site.predictions(bias, 0.95)

    assert (cut.estimate.low, cut.estimate.high) == (0.0, 1.0)
    assert Caution.CUT in cut.estimate.cautions
    assert whole.estimate.high > 1
    assert Caution.FEW in whole.estimate.cautions


def test_sites_that_say_nothing_of_their_spread_are_left_out_and_named():
    sites = (
        of_site("A", 0.9, 0.01),
        of_site("B", 0.8, 0.02),
        of_site("C", 0.7, 0.02),
        of_site("D", 0.9, 0.0),
        of_site("E", 0.9, 0.05, n=4),
        of_site("not known", 0.9, 0.01, n=12),
    )

    (found,) = new_site.predictions(sites, 0.95)

    assert found.n_sites == 3
    assert found.left_out == (
        "D (no spread among its cases)",
        "E (4 cases)",
        "not known (the site of 12 cases is not known)",
    )
    assert new_site.predictions(sites[:2], 0.95) == ()


def rows(n_sites, *, per_site=12, seed=3):
    """A table of outlines at sites, with volumes."""
    rng = np.random.default_rng(seed)
    lines = ["id,who,site,dsc,by_device,by_expert"]
    for site in range(n_sites):
        for case in range(per_site):
            dice = min(0.99, 0.9 + 0.01 * site + 0.02 * rng.normal())
            size = 10 * (1 + 0.01 * site + 0.03 * rng.normal())
            lines.append(f"{site}-{case},p{site}-{case},H{site},{dice:.4f},{size:.4f},10")
    return "\n".join(lines) + "\n"


SITED = {"dimensions": [{"name": "site", "column": "site"}]}
ANYWHERE = {
    **CLAIM,
    "scope": {"site": "any"},
    "endpoints": [
        {"metric": "mean_dice", "goal": {"above": 0.8}},
        {"metric": "relative_bias", "goal": {"above": -0.3}},
        {"metric": "relative_bias", "goal": {"below": 0.01}},
    ],
}


def test_a_claim_for_any_site_is_held_against_the_next_one_on_both_sides(tmp_path):
    whole = assessed(written(tmp_path, rows(5), ANYWHERE, **SITED))

    (scope,) = whole.scopes
    cell = next(one for one in scope.cells if one.level == "not yet seen")
    # the bias is under its upper goal at no site for sure, and far above its lower one
    assert cell.answer is Answer.INCONCLUSIVE
    assert cell.why.startswith("relative bias expected between ")
    assert cell.why.count("expected") == 1
    assert {one.metric.value for one in whole.results[0].new_site} == {
        "mean_dice",
        "relative_bias",
        "within_margin",
    }


def test_a_share_within_the_margin_is_predicted_on_the_logit_scale(tmp_path):
    (found,) = run(load(written(tmp_path, rows(6), **SITED)))

    share = next(one for one in found.new_site if one.metric is MetricName.WITHIN_MARGIN)
    assert share.scale == "logit"
    assert 0 < share.estimate.low < share.estimate.value < share.estimate.high <= 1


def test_a_person_reads_average_next_site_and_who_moves_it(tmp_path, capsys):
    root = written(tmp_path, rows(5), ANYWHERE, **SITED)

    assert command(["scope", str(root), "C1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "BETWEEN SITES mean Dice: average site 0.9" in said.replace("Mean", "mean")
    assert "Without H0 the average is" in said or "Without H4 the average is" in said
    page = tmp_path / "page.html"
    assert command(["assess", str(root), "--html", str(page)]) == 0
    assert "at a site not yet seen" in page.read_text(encoding="utf-8")


def test_levels_without_classes_are_said_to_count_all_their_cases(tmp_path, capsys):
    claim = {
        **ANYWHERE,
        "scope": {"site": ["H0", "H1", "H2", "H3"]},
        "endpoints": [{"metric": "mean_dice", "goal": {"above": 0.99}}],
    }
    root = written(tmp_path, rows(4), claim, **SITED)
    page = tmp_path / "page.html"

    assert command(["assess", str(root), "--summary"]) == 0
    summary = " ".join(capsys.readouterr().out.split())
    assert command(["assess", str(root), "--html", str(page)]) == 0

    html = page.read_text(encoding="utf-8")
    assert "site: H0 12, H1 12" in summary
    assert "(cases: all of the level)" in summary
    assert "After each level: cases, all of the level." in html
    assert "diseased/healthy" not in summary + html
