"""ISO 14971:2019 around the risks: process, plan, analysis, release, what comes in afterwards.

One function a requirement: what misses it. An empty answer is the only way to hold it.
"""

from collections.abc import Callable

from defensible.dossier.device import RegulatorDecision
from defensible.dossier.risk_process import RiskPlan
from defensible.risk.file import File, Miss

NO_PLAN = Miss(
    why="there is no risk management plan",
    mend="write `plan`: process, scope, roles with competence, reviews, unknown_probability, "
    "verification and information",
)
NOBODY = Miss(
    why="nobody collects information from production and use",
    mend="write `post_production`: owner and sources",
)


def planned(field: str, what: str) -> Callable[[File], tuple[Miss, ...]]:
    """The requirement that one thing stands in the plan."""

    def missed(file: File) -> tuple[Miss, ...]:
        plan = file.risks.plan
        if plan is None:
            return (NO_PLAN,)
        return () if getattr(plan, field) else (Miss(why=f"the plan does not say {what}"),)

    assert field in RiskPlan.model_fields  # noqa: S101 - a name that is misspelt is our fault
    return missed


def competent(file: File) -> tuple[Miss, ...]:
    """Roles without a record of competence, or no roles at all."""
    if file.risks.plan is None:
        return (NO_PLAN,)
    roles = file.risks.plan.roles
    if not roles:
        return (Miss(why="the plan names no roles"),)
    return tuple(Miss(item=one.role) for one in roles if one.competence is None)


def approved(file: File) -> tuple[Miss, ...]:
    """A policy that nobody in top management has approved, or too long ago."""
    policy = file.policy
    if policy is None or policy.approved is None:
        return (Miss(why="nobody has approved the policy"),)
    if file.current(policy.approved):
        return ()
    return (Miss(why=f"the approval of the policy is not current ({policy.approved.on})"),)


def recorded(file: File) -> tuple[Miss, ...]:
    """An analysis without a record, of another version, or of a day to come."""
    analysis = file.risks.analysis
    if analysis is None:
        return (Miss(why="who analysed what, and when, is not recorded"),)
    version = file.dossier.device.version
    if version not in analysis.device.split():
        return (Miss(why=f"the analysis is of {analysis.device}, and the version is {version}"),)
    if analysis.on > file.today:
        return (Miss(why=f"the analysis is dated {analysis.on}, in the future"),)
    return ()


def misused(file: File) -> tuple[Miss, ...]:
    """Misuse that nobody thought of, or that leads to no risk."""
    misuse = file.risks.misuse
    if not misuse:
        return (Miss(why="no reasonably foreseeable misuse is named"),)
    return tuple(Miss(item=one.text) for one in misuse if not one.risks)


def characterised(file: File) -> tuple[Miss, ...]:
    """Characteristics that affect safety: none named, or without the risk that they bear on."""
    named = file.risks.characteristics
    if not named:
        return (Miss(why="no characteristic that affects safety is named"),)
    return tuple(Miss(item=one.text) for one in named if not one.risks)


def released(file: File) -> tuple[Miss, ...]:
    """The review before release: on record, made by now, after the overall judgement."""
    release, overall = file.risks.release, file.risks.overall
    if release is None:
        return (Miss(why="there is no review before release"),)
    if release.on > file.today:
        return (Miss(why=f"the review before release is dated {release.on}, in the future"),)
    if overall is None or not overall.acceptable:
        return (Miss(why="the review rests on no judgement that overall risk is acceptable"),)
    if release.on < overall.on:
        why = f"the review of {release.on} is before the overall judgement of {overall.on}"
        return (Miss(why=why),)
    return ()


def collected(file: File) -> tuple[Miss, ...]:
    """A file without anybody who collects information after release."""
    return () if file.risks.post_production is not None else (NOBODY,)


def sourced(file: File) -> tuple[Miss, ...]:
    """Information after release whose sources are not named."""
    after = file.risks.post_production
    if after is None:
        return (NOBODY,)
    return () if after.sources else (Miss(why="no source of information is named"),)


def looked_at(file: File) -> tuple[Miss, ...]:
    """Information after release that nobody has reviewed in time, once the device is decided on."""
    after = file.risks.post_production
    if after is None or not after.reviews:
        on_market = any(isinstance(one, RegulatorDecision) for one in file.dossier.device.decisions)
        return (Miss(why="no review of it is on record"),) if on_market else ()
    late = max(one.next_by for one in after.reviews)
    future = [one.on for one in after.reviews if one.on > file.today]
    if future:
        return (Miss(why=f"a review is dated {future[0]}, in the future"),)
    return (Miss(why=f"the next review was due on {late}"),) if late < file.today else ()
