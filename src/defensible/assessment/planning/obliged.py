"""What obligations ask for and no claim does: a line each, so that nothing comes as if free."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from defensible.assessment.planning.asked import LEVEL, UNKNOWN, Asked
from defensible.assessment.planning.needed import Needed
from defensible.assessment.planning.reader_sizes import sized
from defensible.assessment.result import Answered, Assessment, Status
from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.plan import Plan
from defensible.dossier.plan_evidence import COMPARED
from defensible.regulation.classification import Match

SITES = "sites"
_METRICS = {one.value: one for one in MetricName}


def obliged(assessment: Assessment) -> Iterator[Needed]:
    """Lines of obligations that the claims' endpoints do not answer."""
    owed = [
        one
        for one in assessment.obligations
        if one.obligation.applies is not Match.NOT_MET
        and one.status not in {Status.NOT_APPLICABLE, Status.MET}
    ]
    named = {end.metric for claim in assessment.dossier.claims for end in claim.endpoints}
    yield from _readers(assessment, owed, named)
    yield from _endpoints(owed, named)
    yield from _agreement(owed, named)
    yield from _sites(owed)
    yield from _compared(assessment, owed)


def _readers(
    assessment: Assessment, owed: list[Answered], named: set[MetricName]
) -> Iterator[Needed]:
    """A reader study that is asked for, where no claim has an endpoint of readers who see it."""
    asking = _asking(owed, lambda kinds: "readers" in kinds)
    if not asking or any(one.of_readers and not one.against_readers for one in named):
        return
    plan = assessment.dossier.plan or Plan()
    metric, goal = MetricName.AUC_DIFFERENCE, Goal(above=0.0)
    expected = plan.expected.get(metric)
    of = Asked(
        claim=None,
        metric=metric,
        goal=goal,
        expected=expected,
        source=UNKNOWN if expected is None else "plan.yaml",
        level=LEVEL,
        plan=plan,
        prevalence=None,
        seen=None,
        intervals=(),
    )
    line = sized(assessment, of)
    why = f"no claim says what readers gain, so a mean AUC that is higher at all; {line.why}"
    yield replace(line, why=why, asked_by=asking)


def _endpoints(owed: list[Answered], named: set[MetricName]) -> Iterator[Needed]:
    """Metrics that must be measured, and that no claim names with a goal."""
    asking: dict[str, list[str]] = {}
    for one in owed:
        if one.obligation.check.name == "endpoints":
            for name in one.obligation.check.metrics:
                if name in _METRICS and _METRICS[name] not in named:
                    asking.setdefault(name, []).append(one.obligation.id)
    for name, ids in asking.items():
        yield _open(
            _METRICS[name],
            "overall",
            f"no claim names it: write the endpoint with its goal into claims.yaml, and "
            f"`expected: {{{name}: ..}}` into plan.yaml",
            tuple(ids),
        )


def _agreement(owed: list[Answered], named: set[MetricName]) -> Iterator[Needed]:
    """Measurements or contours against a reference, where no claim has an endpoint of them."""
    asking = _asking(owed, lambda kinds: bool(kinds) and set(kinds) <= {"agreement", "bench"})
    if asking and not any(one.of_agreement for one in named):
        yield _open(
            None,
            "agreement study",
            "no claim names mean_dice, relative_bias or within_margin: write the endpoint with its "
            "goal into claims.yaml",
            asking,
        )


def _sites(owed: list[Answered]) -> Iterator[Needed]:
    """A number of sites that is asked for as such."""
    asking = [one for one in owed if one.obligation.check.name == "sites"]
    if not asking:
        return
    n = max(one.obligation.check.at_least or 1 for one in asking)
    yield Needed(
        claim=None,
        metric=None,
        goal=None,
        part=SITES,
        expected=None,
        source="asked for as a number",
        n_sites=n,
        why="; ".join(one.reason for one in asking),
        asked_by=tuple(one.obligation.id for one in asking),
    )


def _compared(assessment: Assessment, owed: list[Answered]) -> Iterator[Needed]:
    """A comparison with another device that is asked for, where `plan.yaml` declares none."""
    if (assessment.dossier.plan or Plan()).comparisons:
        return
    asking: dict[str, list[Answered]] = {}
    for one in owed:
        if one.obligation.check.against is not None:
            asking.setdefault(one.obligation.check.against, []).append(one)
    for other, ones in asking.items():
        open_ = [one.reason for one in ones if one.obligation.applies is Match.UNKNOWN]
        told = [*open_, f"a person judges the comparison with the {other}", _numbers(assessment)]
        yield _open(
            None,
            f"comparison with the {other}",
            "; ".join(told),
            tuple(one.obligation.id for one in ones),
        )


def _numbers(assessment: Assessment) -> str:
    """What to write where the comparison rests on figures of both devices."""
    found = next(
        (
            (claim.id, end.metric)
            for claim in assessment.dossier.claims
            for end in claim.endpoints
            if end.metric in COMPARED
        ),
        None,
    )
    said = "where it rests on figures of both devices on the same cases, write into plan.yaml"
    if found is None:
        return f"{said} `comparisons: [..]` once a claim names {', '.join(COMPARED)}"
    claim, metric = found
    area = metric is MetricName.AUC
    numbers = "expected: .., reference: .., correlation: .." if area else "better: .., worse: .."
    what = (
        "the AUC of each and how they are correlated"
        if area
        else "the shares of cases that one device alone has right"
    )
    return (
        f"{said} `comparisons: [{{claim: {claim}, metric: {metric.value}, against: .., {numbers}, "
        f"margin: ..}}]`, {what}"
    )


def _asking(owed: list[Answered], fits: Callable[[tuple[str, ...]], bool]) -> tuple[str, ...]:
    return tuple(
        one.obligation.id
        for one in owed
        if one.obligation.check.name == "study" and fits(one.obligation.check.kinds)
    )


def _open(metric: MetricName | None, part: str, why: str, asked_by: tuple[str, ...]) -> Needed:
    return Needed(
        claim=None,
        metric=metric,
        goal=None,
        part=part,
        expected=None,
        source="",  # `why` says what is to be declared first
        why=why,
        asked_by=asked_by,
    )
