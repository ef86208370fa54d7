"""Gaps as tasks: one a kind of work, in an order in which nothing waits for a later one.

A regulator's review follows the package, for each market of which no decision is on file. What is
looked at again and again once a device is on the market ends with no task: it is a duty.
"""

from dataclasses import replace
from graphlib import TopologicalSorter

from defensible.assessment.gaps import WAITS_FOR
from defensible.assessment.planning.result import Duty, PlanTask
from defensible.assessment.result import Assessment, Gap
from defensible.dossier.plan import Duration, Plan
from defensible.regulation.durations import durations

ORDER = tuple(TopologicalSorter(WAITS_FOR).static_order())
"""Every kind of work, none before what it waits for."""

EVIDENCE = ("clinical-evidence", "generalization", "claims-defended")
DECLARED = "declared"
REVIEW = "review-"
FEEDBACK = "feedback-"
FORESEEN = "foreseen: it can be seen in full once what it waits for is done"


def tasks(assessment: Assessment) -> tuple[PlanTask, ...]:
    """The tasks that remain, each after those that it waits for."""
    plan = assessment.dossier.plan or Plan()
    by_kind: dict[str, list[Gap]] = {}
    for gap in assessment.gaps:
        if not gap.ongoing:
            by_kind.setdefault(gap.kind, []).append(gap)
    foreseen = _foreseen(assessment, by_kind)
    present = [kind for kind in ORDER if kind in by_kind or kind in foreseen]
    work = tuple(task(kind, by_kind.get(kind, []), before(kind, present), plan) for kind in present)
    done = _asked(work, _feedback(assessment, plan) if "pathway" in by_kind else ())
    return done + _reviews(assessment, plan, tuple(one.id for one in done))


def duties(assessment: Assessment) -> tuple[Duty, ...]:
    """What has no end, and is open: work beside the plan, not a part of it."""
    return tuple(
        Duty(gap=one.id, what=one.what, close=one.close) for one in assessment.gaps if one.ongoing
    )


def _foreseen(assessment: Assessment, open_: dict[str, list[Gap]]) -> frozenset[str]:
    """Kinds that no gap can show yet.

    There is no claim to hold evidence against, nothing is frozen under which studies could be run,
    or no market is asked of which something is owed.
    """
    if _no_device(assessment) or not _undecided(assessment):
        return frozenset()
    unclaimed = bool({"claims", "protocol"} & set(open_))
    unasked = unclaimed or "pathway" in open_
    unsealed = "freeze" in open_ and bool(assessment.dossier.studies)
    evidence = EVIDENCE if unclaimed else EVIDENCE[:1] if unsealed else ()
    return frozenset((*evidence, *(("package",) if unasked else ())))


def _no_device(assessment: Assessment) -> bool:
    markets = assessment.classification.markets
    return bool(markets) and all(one.device is False for one in markets)


def task(kind: str, found: list[Gap], after: tuple[str, ...], plan: Plan) -> PlanTask:
    """The gaps of one kind as a task, its days and owner as declared, else by default."""
    default = durations().of(kind)
    own = plan.durations.get(kind)
    days: Duration | None = own
    points = (days.low, days.likely, days.high) if days else None
    low, likely, high = points or (default.low, default.likely, default.high)
    return PlanTask(
        id=kind,
        what=found[0].close if found else FORESEEN,
        gaps=tuple(one.id for one in found),
        owner=plan.owners.get(kind, default.role),
        low=low,
        likely=likely,
        high=high,
        source="plan.yaml" if own else durations().work_cite.source,
        confidence=DECLARED if own else durations().work_cite.confidence,
        after=after,
        rows=tuple(sorted({one.row for one in found})),
        engineering=any(one.question == "engineering" for one in found),
    )


def before(kind: str, present: list[str]) -> tuple[str, ...]:
    """Kinds with open gaps that `kind` waits for, through kinds that have none."""
    waited: dict[str, None] = {}
    for one in WAITS_FOR[kind]:
        found = (one,) if one in present else before(one, present)
        waited |= dict.fromkeys(found)
    return tuple(waited)


def _asked(work: tuple[PlanTask, ...], answers: tuple[PlanTask, ...]) -> tuple[PlanTask, ...]:
    """The work with the regulators' answers between the pathway and what waits for it."""
    ids = tuple(one.id for one in answers)
    found: list[PlanTask] = []
    for one in work:
        after = one.after if "pathway" not in one.after else (*one.after, *ids)
        found.append(replace(one, after=after))
        found += answers if one.id == "pathway" else ()
    return tuple(found)


def _feedback(assessment: Assessment, plan: Plan) -> tuple[PlanTask, ...]:
    """The answer of each regulator who may have to be asked which pathway it is."""
    found = []
    for one in assessment.classification.markets:
        clock, own = durations().answer(one.market), plan.feedback.get(one.market)
        days = own or clock
        if days is None or one.decided or one.device is False:
            continue
        unless = ", unless what is not declared yet decides it" if one.unknown_fields else ""
        found.append(
            PlanTask(
                id=f"{FEEDBACK}{one.market}",
                what=f"the answer of market {one.market} to which pathway it is{unless}",
                gaps=(),
                owner=None,
                low=days.low,
                likely=days.likely,
                high=days.high,
                calendar=True,
                counts=None if own or clock is None else clock.counts,
                source="plan.yaml" if own or clock is None else clock.cite.source,
                confidence=DECLARED if own or clock is None else clock.cite.confidence,
                until=None if own or clock is None else clock.until,
                after=("pathway",),
                rows=(8,),
            )
        )
    return tuple(found)


def _reviews(assessment: Assessment, plan: Plan, after: tuple[str, ...]) -> tuple[PlanTask, ...]:
    """A review for each market that may be of a device and is undecided; after all else."""
    found = []
    for market, pathway, device_class in _undecided(assessment):
        clock = durations().review(market, pathway, device_class)
        own = plan.reviews.get(market)
        low, likely, high = (
            (own.low, own.likely, own.high) if own else (clock.low, clock.likely, clock.high)
        )
        found.append(
            PlanTask(
                id=f"{REVIEW}{market}",
                what=f"review: market {market}, {pathway or 'pathway not decided'}",
                gaps=(),
                owner=None,
                low=low,
                likely=likely,
                high=high,
                calendar=True,
                counts=None if own else clock.counts,
                source="plan.yaml" if own else clock.cite.source,
                confidence=DECLARED if own else clock.cite.confidence,
                until=None if own else clock.until,
                after=after,
                rows=(8,),
            )
        )
    return tuple(found)


def _undecided(assessment: Assessment) -> tuple[tuple[str, str | None, str | None], ...]:
    """Markets without a decision, with pathway and class; `unnamed` where none is declared."""
    answers = assessment.classification.markets
    if not answers:
        return () if assessment.decided else (("unnamed", None, None),)
    return tuple(
        (one.market, one.pathway, one.device_class)
        for one in answers
        if one.device is not False and one.market not in assessment.decided
    )
