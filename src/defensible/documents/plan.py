"""The plan, as text in 80 columns and as JSON."""

from typing import Any

from defensible.assessment.planning import Planned, Range, Step
from defensible.documents.plan_dates import begins, on
from defensible.documents.plan_evidence import (
    amount,
    assumed,
    moved,
    needed_as_json,
    needed_text,
)
from defensible.dossier import Dossier
from defensible.screen import Ink, capped, clean, table, wrap

__all__ = ["amount", "assumed", "moved", "plan_as_json", "plan_text"]

Json = dict[str, Any]
NOTHING = "Nothing is open here, so there is nothing to plan."


def plan_text(found: Planned, dossier: Dossier, *, colour: bool) -> str:
    """Dates, tasks, evidence, and the three things to do next."""
    ink = Ink(colour=colour)
    title = wrap(ink.strong(f"PLAN, {capped(dossier.device.name, 120)}"))
    if found.finish is None:
        return "\n".join([*title, "", NOTHING, "", *needed_text(found, ink)]).rstrip()
    blocks = [
        [*title, *_dates(found)],
        _tasks(found, ink),
        _late(found, ink),
        needed_text(found, ink),
        _next(found, ink),
    ]
    return "\n\n".join("\n".join(one) for one in blocks if one)


def _dates(found: Planned) -> list[str]:
    assert found.finish is not None  # noqa: S101 - looked at by the caller
    since = "" if found.start_said else " (today; declare `start` in plan.yaml)"
    rows = [["", "50 %", "80 %", "95 %"]]
    if found.naive:
        rows.append(["accuracy target reached", *_days(found, found.naive)])
    rows.append(["everything done", *_days(found, found.finish)])
    lines = [f"From {found.start}{since}. Done by, with a chance of:", ""]
    lines += [f"  {one}".rstrip() for one in table(rows)]
    if found.naive is None:
        lines += wrap("The accuracy target is no longer what anybody waits for.", first="  ")
    else:
        apart = found.finish.p50 - found.naive.p50
        lines += wrap(
            f"Between the two lie {apart:,.0f} working days: the work that gates the market.",
            first="  ",
        )
    if found.cost:
        cost = found.cost
        told = f"Cost at the declared rates: {cost.p50:,.0f} ({cost.p95:,.0f} at 95 %)"
        lines += wrap(told + _unpriced(found), first="  ")
    return lines


def _unpriced(found: Planned) -> str:
    return f", without {', '.join(map(clean, found.unpriced))}" if found.unpriced else ""


def _days(found: Planned, days: Range) -> list[str]:
    return [on(found.start, one).isoformat() for one in (days.p50, days.p80, days.p95)]


def _tasks(found: Planned, ink: Ink) -> list[str]:
    lines = [ink.strong("TASKS"), ""]
    rows = [["", "from", "to", "critical", "drives"]]
    rows += [
        [
            one.task.id,
            begins(found.start, one.begins).isoformat(),
            on(found.start, one.ends).isoformat(),
            f"{one.criticality:.0%}",
            f"{one.drive:+.2f}",
        ]
        for one in found.steps
    ]
    lines += [f"  {one}".rstrip() for one in table(rows, right=frozenset({3, 4}))]
    driver = max(found.steps, key=lambda one: one.drive)
    lines += wrap(
        f"Dates are medians. {driver.task.id} drives the delay most (rank correlation "
        f"{driver.drive:+.2f}). Critical: share of {found.n_draws:,} schedules in which the end "
        "waits for it.",
        first="  ",
    )
    assumed = [clean(role) for role, _, said in found.people if not said]
    if assumed:
        lines += wrap(f"Not in the team, so one person each: {', '.join(assumed)}.", first="  ")
    guessed = sum(one.task.source != "plan.yaml" for one in found.steps)
    if guessed:
        lines += wrap(
            f"{guessed} of {len(found.steps)} durations are defaults, of low confidence: write "
            "your own under `durations` and `reviews` in plan.yaml.",
            first="  ",
        )
    return lines


def _late(found: Planned, ink: Ink) -> list[str]:
    if found.late is None:
        return []
    late = found.late
    told = (
        f"A change after the evidence repeats {', '.join(late.repeated)}: {late.days.p50:,.0f} "
        f"working days more ({late.days.p80:,.0f} at 80 %). How often: {late.why}."
    )
    if late.chance is not None:
        told += f" On average {late.chance * late.days.p50:,.0f} days at that rate."
    return [ink.strong("WHAT A LATE INTENDED USE COSTS"), *wrap(clean(told), first="  ")]


def _next(found: Planned, ink: Ink) -> list[str]:
    if not found.first:
        return ["Next: wait for the regulator."]
    lines = [ink.strong("NEXT")]
    for at, one in enumerate(found.first, start=1):
        lines += wrap(f"{one.task}: {capped(one.what, 300)}", first=f"  {at}. ", rest="     ")
        lines += wrap(f"why: {capped(one.why, 300)}", first="     ", rest="       ")
        if one.unlocks:
            lines += wrap(f"unlocks {capped(one.unlocks, 300)}", first="     ", rest="       ")
    return lines


def plan_as_json(found: Planned) -> Json:
    """The plan as the `result` of the envelope."""
    return {
        "start": found.start.isoformat(),
        "start_declared": found.start_said,
        "draws": found.n_draws,
        "seed": found.seed,
        "finish": _range(found, found.finish),
        "naive": _range(found, found.naive),
        "cost": found.cost
        and {"p50": found.cost.p50, "p80": found.cost.p80, "p95": found.cost.p95},
        "unpriced": list(found.unpriced),
        "curve": [{"days": days, "share": share} for days, share in found.curve],
        "people": [{"role": role, "people": n, "declared": said} for role, n, said in found.people],
        "tasks": [_step(found, one) for one in found.steps],
        "late": found.late
        and {
            "repeated": list(found.late.repeated),
            "days": {
                "p50": found.late.days.p50,
                "p80": found.late.days.p80,
                "p95": found.late.days.p95,
            },
            "chance": found.late.chance,
            "why": found.late.why,
        },
        "evidence": [needed_as_json(one) for one in found.needed],
        "next": [
            {"task": one.task, "what": one.what, "why": one.why, "unlocks": one.unlocks}
            for one in found.first
        ],
    }


def _range(found: Planned, days: Range | None) -> Json | None:
    if days is None:
        return None
    return {
        name: {"days": value, "date": on(found.start, value).isoformat()}
        for name, value in (("p50", days.p50), ("p80", days.p80), ("p95", days.p95))
    }


def _step(found: Planned, one: Step) -> Json:
    task = one.task
    return {
        "id": task.id,
        "what": task.what,
        "gaps": list(task.gaps),
        "owner": task.owner,
        "days": {"low": task.low, "likely": task.likely, "high": task.high},
        "source": task.source,
        "after": list(task.after),
        "engineering": task.engineering,
        "begins": begins(found.start, one.begins).isoformat(),
        "ends": on(found.start, one.ends).isoformat(),
        "ends_80": on(found.start, one.ends_80).isoformat(),
        "criticality": one.criticality,
        "drive": one.drive,
    }
