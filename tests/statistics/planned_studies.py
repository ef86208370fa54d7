"""Studies of the planned size, simulated and analysed by the program's own intervals.

`STUDIES` has a line for each closed form: the size that it gives, the power that it says, and a
function that draws so many studies and says of each whether its interval cleared the goal.
`bench/sizing_power.py` prints them with many replicates; the tests hold them with few.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import beta, multivariate_normal

from defensible.statistics import (
    bland_altman,
    clustered,
    error_covariance,
    grouped_means,
    heterogeneity,
    icc,
    kappa,
    new_site,
    obuchowski_rockette,
    paired,
    proportions,
    reader_table,
    roc,
    roc_compare,
    site_logits,
    sizing,
    sizing_agreement,
    sizing_auc_delong,
    sizing_interval,
    sizing_mean,
    sizing_new_site,
    sizing_paired,
    sizing_proportion,
    sizing_readers,
)
from defensible.statistics.mrmc_inference import difference
from defensible.statistics.paired import Pairs
from defensible.statistics.sizing_mrmc import Pilot
from defensible.statistics.variance_components import ObuchowskiRockette
from tests.statistics import planned_fixed

Cleared = Callable[[np.random.Generator, int], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One closed form at the size that it gives."""

    name: str
    size: str
    power: float
    """As the closed form says it."""
    cleared: Cleared
    exact: bool = True
    """Whether the closed form claims to be exact for the studies drawn."""
    slow: int = 1
    """How many times fewer are drawn."""


def _rate(limits: Any, expected: float, goal: float, n: int) -> Cleared:
    def cleared(rng: np.random.Generator, times: int) -> NDArray[np.bool_]:
        counts = rng.binomial(n, expected, times)
        low, high = limits(counts, np.full(times, n), level=0.95)
        return np.asarray(low > goal) if expected > goal else np.asarray(high < goal)

    return cleared


def _rates() -> list[Planned]:
    below = sizing_proportion.exact_lasting(expected=0.05, goal=0.12)
    exact = proportions.clopper_pearson_limits
    found = []
    for name, limits in (
        ("Clopper-Pearson", exact),
        ("Wilson", proportions.wilson_limits),
        ("Agresti-Coull", proportions.agresti_coull_limits),
        ("Jeffreys", proportions.jeffreys_limits),
    ):
        size = sizing_interval.lasting(limits, expected=0.92, goal=0.85)
        found.append(
            Planned(
                name=f"sensitivity 0.92 against 0.85, {name}",
                size=f"{size.n} diseased",
                power=size.power,
                cleared=_rate(limits, 0.92, 0.85, size.n),
            )
        )
    return [
        *found,
        Planned(
            name="use errors 0.05 below 0.12, Clopper-Pearson",
            size=f"{below.n} participants",
            power=below.power,
            cleared=_rate(exact, 0.05, 0.12, below.n),
        ),
    ]


def _ppv() -> Planned:
    sensitivity, specificity, prevalence, goal = 0.9, 0.95, 0.1, 0.55
    tp, fp = prevalence * sensitivity, (1 - prevalence) * (1 - specificity)
    size = sizing_proportion.exact_lasting(expected=tp / (tp + fp), goal=goal)
    n = int(np.ceil(size.n / (tp + fp)))

    def cleared(rng: np.random.Generator, times: int) -> NDArray[np.bool_]:
        drawn = rng.multinomial(n, [tp, fp, 1 - tp - fp], times)
        outputs = drawn[:, 0] + drawn[:, 1]
        low, _ = proportions.clopper_pearson_limits(drawn[:, 0], outputs, level=0.95)
        return np.asarray(low > goal)

    return Planned(
        name="PPV 0.67 against 0.55 at prevalence 0.1, as cases come",
        size=f"{n} cases",
        power=size.power,
        cleared=cleared,
        exact=False,  # the number of positive outputs varies
    )


def _clustered_rate() -> Planned:
    """Two cases a patient, answers correlated by 0.4 (a share of patients answers alike)."""
    expected, goal, correlation = 0.9, 0.8, 0.4
    alone = sizing_proportion.approximate(expected=expected, goal=goal)
    n = sizing.with_design_effect(alone.n, cluster_size=2, correlation=correlation)
    patients = -(-n // 2)
    patient = np.repeat(np.arange(patients), 2)

    def one(rng: np.random.Generator) -> bool:
        alike = rng.random(patients) < correlation
        right = rng.random((patients, 2)) < expected
        right[alike, 1] = right[alike, 0]
        return clustered.proportion(right.ravel(), patient).low > goal

    return Planned(
        name="sensitivity 0.90 against 0.80, two cases a patient correlated by 0.4, clustered",
        size=f"{2 * patients} cases of {patients} patients",
        power=alone.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
    )


def _areas() -> list[Planned]:
    found = []
    for expected, goal, logit in (
        (0.86, 0.80, False),
        (0.95, 0.90, False),
        (0.86, 0.80, True),
        (0.95, 0.90, True),
    ):
        size_of = sizing_auc_delong.on_logit_scale if logit else sizing_auc_delong.one
        size = size_of(expected=expected, goal=goal)
        found.append(
            Planned(
                name=f"AUC {expected:.2f} against {goal:.2f}, DeLong{' of the logit' * logit}",
                size=f"{size.n} of each class",
                power=size.power,
                cleared=_area(expected, goal, size.n, roc.auc_logit if logit else roc.auc),
                exact=False,
                slow=4,
            )
        )
    return found


def _area(expected: float, goal: float, n: int, area: Any) -> Cleared:
    truth, shift = np.repeat([True, False], n), sqrt(2) * float(ndtri(expected))

    def cleared(rng: np.random.Generator, times: int) -> NDArray[np.bool_]:
        scores = rng.normal(size=(times, 2 * n)) + shift * truth
        return np.array([area(truth, one).low > goal for one in scores])

    return cleared


def _clustered_area() -> Planned:
    """Two cases a patient, both of one class, scores correlated by 0.5."""
    expected, goal, correlation = 0.88, 0.80, 0.5
    alone = sizing_auc_delong.one(expected=expected, goal=goal)
    n = sizing.with_design_effect(alone.n, cluster_size=2, correlation=correlation)
    patients = -(-n // 2)
    truth = np.repeat([True, False], 2 * patients)
    patient = np.repeat(np.arange(2 * patients), 2)
    shift = sqrt(2) * float(ndtri(expected))

    def one(rng: np.random.Generator) -> bool:
        own = rng.normal(size=2 * patients)[patient] * sqrt(correlation)
        scores = own + rng.normal(size=truth.size) * sqrt(1 - correlation) + shift * truth
        return clustered.auc(truth, scores, patient).low > goal

    return Planned(
        name="AUC 0.88 against 0.80, two cases a patient with scores correlated by 0.5, clustered",
        size=f"{2 * patients} cases of each class",
        power=alone.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=4,
    )


def _pairs(better: float, worse: float, n: int, shown: Callable[[Pairs], bool]) -> Cleared:
    shares = [better, worse, 1 - better - worse]

    def cleared(rng: np.random.Generator, times: int) -> NDArray[np.bool_]:
        answers: dict[tuple[int, int], bool] = {}
        found = np.zeros(times, dtype=np.bool_)
        for at, (b, w, same) in enumerate(rng.multinomial(n, shares, times).tolist()):
            if (b, w) not in answers:
                table = Pairs(both=same, first_only=b, second_only=w, neither=0)
                answers[b, w] = shown(table)
            found[at] = answers[b, w]
        return found

    return cleared


def _comparisons() -> list[Planned]:
    exact = sizing_paired.exact_mcnemar(better=0.12, worse=0.05)
    margin = sizing_paired.non_inferiority(better=0.08, worse=0.08, margin=0.06)
    found = [
        Planned(
            name="paired proportions, 12% better and 5% worse, McNemar exact",
            size=f"{exact.n} cases",
            power=exact.power,
            cleared=_pairs(
                0.12,
                0.05,
                exact.n,
                lambda table: table.difference > 0 and paired.mcnemar_exact(table).p <= 0.05,
            ),
        )
    ]
    for name, interval in (("Wald", paired.wald), ("Tango", paired.tango)):
        found.append(
            Planned(
                name=f"paired proportions, 8% either way, margin 0.06, {name}",
                size=f"{margin.n} cases",
                power=margin.power,
                cleared=_pairs(
                    0.08,
                    0.08,
                    margin.n,
                    lambda table, interval=interval: interval(table).low > -0.06,  # type: ignore[misc]
                ),
                exact=False,
            )
        )
    return [*found, _paired_area(0.90, 0.85, 0.0), _paired_area(0.90, 0.90, 0.05)]


def correlation_of_areas(first: float, second: float, of_scores: float) -> float:
    """Of two AUCs whose normal scores are correlated alike in both classes."""
    z = [float(ndtri(first)), float(ndtri(second))]
    joint = multivariate_normal.cdf(z, cov=[[1, of_scores / 2], [of_scores / 2, 1]])
    own = sqrt(
        sizing_auc_delong.placement_variance(first) * sizing_auc_delong.placement_variance(second)
    )
    return float((joint - first * second) / own)


def _paired_area(expected: float, reference: float, margin: float) -> Planned:
    of_scores = 0.6
    size = sizing_auc_delong.paired(
        expected=expected,
        reference=reference,
        correlation=correlation_of_areas(expected, reference, of_scores),
        margin=margin,
    )
    truth = np.repeat([True, False], size.n)
    shift = sqrt(2) * ndtri(np.array([expected, reference]))

    def one(rng: np.random.Generator) -> bool:
        shared = rng.normal(size=truth.size) * sqrt(of_scores)
        own = rng.normal(size=(2, truth.size)) * sqrt(1 - of_scores)
        first, second = shared + own + shift[:, None] * truth
        return roc_compare.paired(truth, first, second).low > -margin

    against = f"margin {margin:g}" if margin else "better"
    return Planned(
        name=f"paired AUCs {expected:.2f} and {reference:.2f}, {against}, DeLong",
        size=f"{size.n} of each class",
        power=size.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=4,
    )


def _mean(
    draw: Callable[[np.random.Generator, tuple[int, int]], NDArray[np.float64]], n: int, goal: float
) -> Cleared:
    def cleared(rng: np.random.Generator, times: int) -> NDArray[np.bool_]:
        figures = draw(rng, (times, n)).ravel()
        group = np.repeat(np.arange(times), n)
        low, high = grouped_means.means(figures, np.arange(figures.size), group, times).limits()
        return np.asarray((low > goal) & (low < high))

    return cleared


def _means() -> list[Planned]:
    size = sizing_mean.one(expected=0.86, goal=0.82, sd=0.1)
    bias = sizing_mean.one(expected=-0.01, goal=-0.05, sd=0.12)
    inside = sizing_mean.share(expected=0.95, goal=0.88)
    # a beta distribution with mean 0.86 and standard deviation 0.1: skewed as Dice is
    weight = 0.86 * 0.14 / 0.01 - 1
    a, b = 0.86 * weight, 0.14 * weight
    return [
        Planned(
            name="mean Dice 0.86 against 0.82, SD 0.10, normal",
            size=f"{size.n} patients",
            power=size.power,
            cleared=_mean(lambda rng, shape: rng.normal(0.86, 0.1, shape), size.n, 0.82),
        ),
        Planned(
            name="the same with skewed (beta) Dice",
            size=f"{size.n} patients",
            power=size.power,
            cleared=_mean(
                lambda rng, shape: np.asarray(beta.rvs(a, b, size=shape, random_state=rng)),
                size.n,
                0.82,
            ),
            exact=False,
        ),
        Planned(
            name="relative bias -0.01 above -0.05, SD 0.12, normal",
            size=f"{bias.n} patients",
            power=bias.power,
            cleared=_mean(lambda rng, shape: rng.normal(-0.01, 0.12, shape), bias.n, -0.05),
        ),
        Planned(
            name="share within margin 0.95 against 0.88, by t",
            size=f"{inside.n} patients",
            power=inside.power,
            cleared=_mean(
                lambda rng, shape: (rng.random(shape) < 0.95).astype(np.float64), inside.n, 0.88
            ),
        ),
        _limits(),
    ]


def _limits() -> Planned:
    size = sizing_agreement.limits_of_agreement(bias=0.01, sd=0.05, margin=0.15)

    def one(errors: NDArray[np.float64]) -> bool:
        found = bland_altman.limits_of_agreement(errors, np.arange(size.n) * 0.0)
        return found.lower.low > -0.15 and found.upper.high < 0.15

    return Planned(
        name="limits of agreement within 0.15, bias 0.01, SD 0.05, exact",
        size=f"{size.n} patients",
        power=size.power,
        cleared=lambda rng, times: np.array(
            [one(errors) for errors in rng.normal(0.01, 0.05, (times, size.n))]
        ),
        slow=4,
    )


def _kappa() -> Planned:
    """Two raters alike who share a share kappa of their ratings (the common correlation model)."""
    expected, goal, prevalence = 0.8, 0.6, 0.3
    size = sizing_agreement.kappa_by_interval(expected=expected, goal=goal, prevalence=prevalence)

    def one(rng: np.random.Generator) -> bool:
        first, second = rng.random((2, size.n)) < prevalence
        second = np.where(rng.random(size.n) < expected, first, second)
        return kappa.cohen(first, second).low > goal

    return Planned(
        name="kappa 0.8 against 0.6 at prevalence 0.3, Cohen's interval",
        size=f"{size.n} subjects",
        power=size.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=4,
    )


def _icc() -> Planned:
    expected, goal, n_raters = 0.9, 0.75, 3
    size = sizing_agreement.icc(expected=expected, goal=goal, n_raters=n_raters)

    def one(rng: np.random.Generator) -> bool:
        subject = sqrt(expected) * rng.normal(size=(size.n, 1))
        return (
            icc.one_way_single(
                subject + sqrt(1 - expected) * rng.normal(size=(size.n, n_raters))
            ).low
            > goal
        )

    return Planned(
        name="ICC(1) 0.90 against 0.75, 3 raters, exact F",
        size=f"{size.n} subjects",
        power=size.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        slow=4,
    )


def _readings(rng: np.random.Generator, gap: float, n_readers: int, n_cases: int) -> Any:
    """Roe and Metz's model: the second modality parts the classes by `gap` more than the first."""
    truth = np.arange(n_cases) % 2 == 0

    def effects(variance: float, *shape: int) -> NDArray[np.float64]:
        return rng.normal(scale=sqrt(variance), size=shape)

    ratings = (
        1.5 * truth
        + effects(0.3, n_cases)
        + effects(0.3, 2, 1, n_cases)
        + effects(0.2, 1, n_readers, n_cases)
        + effects(0.2, 2, n_readers, n_cases)
    )
    ratings[1] += gap * truth
    for of_class in (truth, ~truth):
        ratings[:, :, of_class] += effects(0.0055, 1, n_readers, 1)
        ratings[:, :, of_class] += effects(0.0055, 2, n_readers, 1)
    table = reader_table.from_dense(truth, ratings)
    return obuchowski_rockette.random_readers(error_covariance.delong(table))


@cache
def _mean_pilot() -> tuple[Pilot, float]:
    """Components and difference of the model: means of 200 studies of 6 readers, 400 cases."""
    rng = np.random.default_rng(77)
    found = [_readings(rng, 0.35, 6, 400) for _ in range(200)]
    names = ("reader", "modality_reader", "error", "cov1", "cov2", "cov3")
    parts = {
        name: float(np.mean([getattr(one.variance_components, name) for one in found]))
        for name in names
    }
    gaps = [-one.differences[0].estimate.value for one in found]
    return Pilot(components=ObuchowskiRockette(**parts), n_cases=400), float(np.mean(gaps))


def _reader_study(goal: float, n_readers: int) -> Planned:
    pilot, gap = _mean_pilot()
    point = sizing_readers.frontier(lambda _: pilot, expected=gap, goal=goal, readers=(n_readers,))[
        0
    ]
    assert point.n_cases is not None
    assert point.power is not None
    n = point.n_cases

    def one(rng: np.random.Generator) -> bool:
        found = _readings(rng, 0.35, n_readers, n)
        first, second = (each.modality for each in found.modalities)
        return difference(found, new=second, reference=first).low > goal

    words = "better" if goal == 0 else f"margin {-goal:g}"
    return Planned(
        name=f"reader study, AUC difference {gap:.3f}, {words}, Obuchowski-Rockette",
        size=f"{n_readers} readers, {n} cases",
        power=point.power,
        cleared=lambda rng, times: np.array([one(rng) for _ in range(times)]),
        exact=False,
        slow=10,
    )


def _fixed() -> list[Planned]:
    return [
        Planned(
            name=name,
            size=size,
            power=power,
            cleared=lambda rng, times, one=one: np.array([one(rng) for _ in range(times)]),  # type: ignore[misc]
            exact=False,
            slow=4,
        )
        for name, size, power, one in planned_fixed.sized()
    ]


def _further_sites() -> list[Planned]:
    asked = {"expected": 0.92, "goal": 0.78, "tau": 0.3, "cases_per_site": 80}
    prior = new_site.BETWEEN_VALIDATIONS
    rate = sizing_new_site.of_proportion(
        **asked,  # type: ignore[arg-type]
        analysis=sizing_new_site.Analysis(prior=prior, by_data_from=5),
    )
    each = int(0.92 * 0.08 * 40 / (2 * sizing_auc_delong.placement_variance(0.92)))
    area = sizing_new_site.of_proportion(
        **{**asked, "cases_per_site": each},  # type: ignore[arg-type]
        analysis=sizing_new_site.Analysis(prior=prior),
    )
    mean = sizing_new_site.of_mean(expected=0.88, goal=0.80, tau=0.02, sd=0.1, cases_per_site=30)
    at = float(np.log(0.92 / 0.08))

    def one_rate(rng: np.random.Generator) -> bool:
        logits = at + rng.normal(scale=0.3, size=rate.n)
        counts = rng.binomial(80, 1 / (1 + np.exp(-logits)))
        effects, variances = site_logits.logit_proportions(counts, np.full(rate.n, 80))
        fit = heterogeneity.random_effects_reml(effects, variances)
        return heterogeneity.prediction_higgins(fit).low > np.log(0.78 / 0.22)

    truth = np.repeat([True, False], 40)

    def one_area(rng: np.random.Generator) -> bool:
        aucs = 1 / (1 + np.exp(-(at + rng.normal(scale=0.3, size=area.n))))
        found = [
            roc.auc(truth, rng.normal(size=80) + sqrt(2) * float(ndtri(one)) * truth)
            for one in aucs
        ]
        answer = new_site.new_site_auc(
            [one.value for one in found],
            [one.se or 0.0 for one in found],
            n_diseased=[40] * area.n,
            n_healthy=[40] * area.n,
        )
        return answer.predicted.low > 0.78

    def one_mean(rng: np.random.Generator) -> bool:
        of_sites = 0.88 + rng.normal(scale=0.02, size=(mean.n, 1))
        dice = of_sites + rng.normal(scale=0.1, size=(mean.n, 30))
        variances = dice.var(axis=1, ddof=1) / 30
        fit = heterogeneity.random_effects_reml(dice.mean(axis=1), variances)
        return heterogeneity.prediction_higgins(fit).low > 0.80

    def each_of(one: Callable[[np.random.Generator], bool]) -> Cleared:
        return lambda rng, times: np.array([one(rng) for _ in range(times)])

    return [
        Planned(
            name="sensitivity of a further site above 0.78, average 0.92, SD 0.3, Higgins",
            size=f"{rate.n} sites of 80",
            power=rate.power,
            cleared=each_of(one_rate),
            exact=False,
            slow=10,
        ),
        Planned(
            name="AUC of a further site above 0.78, average 0.92, SD 0.3, prior",
            size=f"{area.n} sites of 40 of each class",
            power=area.power,
            cleared=each_of(one_area),
            exact=False,
            slow=40,
        ),
        Planned(
            name="mean Dice of a further site above 0.80, average 0.88, SD 0.02, Higgins",
            size=f"{mean.n} sites of 30",
            power=mean.power,
            cleared=each_of(one_mean),
            exact=False,
            slow=10,
        ),
    ]


@cache
def studies() -> tuple[Planned, ...]:
    """Every closed form of the plan, in the order of its documentation."""
    return (
        *_rates(),
        _ppv(),
        _clustered_rate(),
        *_areas(),
        _clustered_area(),
        *_comparisons(),
        *_means(),
        _kappa(),
        _icc(),
        _reader_study(0.0, 6),
        _reader_study(-0.03, 5),
        *_fixed(),
        *_further_sites(),
    )
