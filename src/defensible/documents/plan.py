"""The plan, as text in 80 columns and as JSON."""

from typing import Any

from defensible.assessment.planning import Late, Planned, PlanTask, Range, Step, Timetable
from defensible.documents.plan_evidence import needed_as_json, needed_text
from defensible.dossier import Dossier
from defensible.screen import Ink, capped, clean, short, table, wrap

Json = dict[str, Any]
NOTHING = "Nothing is open here that a plan could end, so there is nothing to plan."
DUTY = "it comes again while the device is on the market, so that no date ends it"


def plan_text(found: Planned, dossier: Dossier, *, colour: bool) -> str:
    """Dates, tasks, evidence, and the three things to do next."""
    ink = Ink(colour=colour)
    title = wrap(ink.strong(f"PLAN, {capped(dossier.device.name, 120)}"))
    when = found.schedule
    done = when.finish is None
    blocks = [
        [*title, "", NOTHING] if done else [*title, *_dates(when)],
        *([] if done else [_tasks(when, ink), _late(when, ink)]),
        _duties(when, ink),
        needed_text(found, ink),
        [] if done else _next(when, ink),
    ]
    return "\n\n".join("\n".join(one) for one in blocks if one)


def _dates(found: Timetable) -> list[str]:
    since = "" if found.start_said else " (today; declare `start` in plan.yaml)"
    rows = [["", "50 %", "80 %", "95 %"], *([what, *days] for what, days in milestones(found))]
    lines = [*wrap(f"From {found.days.start}{since}. Done by, at a chance of:"), ""]
    lines += [f"  {one}".rstrip() for one in table(rows)]
    lines += wrap(between(found), first="  ")
    if told := cost_words(found):
        lines += wrap(told, first="  ")
    return lines


def milestones(found: Timetable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is done, and by which dates at 50, 80 and 95 %: the naive date before the honest one."""
    both = (("accuracy target reached", found.naive), ("everything done", found.finish))
    return tuple((what, _days(found, days)) for what, days in both if days is not None)


def between(found: Timetable) -> str:
    """How far apart the naive date and the honest one are."""
    if found.naive is None or found.finish is None:
        return "The accuracy target is no longer what anybody waits for."
    apart = found.finish.p50 - found.naive.p50
    return f"Between the two lie {apart:,.0f} working days: the work that gates the market."


def cost_words(found: Timetable) -> str:
    """What the work costs at the declared rates, and whose work is not priced; "" without rates."""
    if found.cost is None:
        return ""
    without = f", without {', '.join(map(clean, found.unpriced))}" if found.unpriced else ""
    return (
        f"Cost at the declared rates: {found.cost.p50:,.0f} ({found.cost.p95:,.0f} at 95 %)"
        f"{without}."
    )


def _days(found: Timetable, days: Range) -> tuple[str, ...]:
    return tuple(found.days.on(one).isoformat() for one in (days.p50, days.p80, days.p95))


def _tasks(found: Timetable, ink: Ink) -> list[str]:
    lines = [ink.strong("TASKS"), ""]
    rows = [["", "who", "from", "to", "crit.", "drives"]]
    rows += [
        [
            one.task.id,
            short(one.task.owner or "regulator", 15),
            found.days.begins(one.begins).isoformat(),
            found.days.on(one.ends).isoformat(),
            f"{one.criticality:.0%}",
            f"{round(one.drive, 2) + 0.0:+.2f}",  # no -0.00
        ]
        for one in found.steps
    ]
    lines += [f"  {one}".rstrip() for one in table(rows, right=frozenset({4, 5}))]
    name, drive = driver(found)
    late = found.late is not None and bool(found.late.chance)
    told = (
        f"Dates are medians{', a late change at its chance among them' if late else ''}. "
        f"{name} drives the delay most (rank correlation {drive:+.2f}). "
        f"Critical: share of {found.n_draws:,} schedules in which the end waits for it."
    )
    return lines + [line for one in (told, *task_notes(found)) for line in wrap(one, first="  ")]


def driver(found: Timetable) -> tuple[str, float]:
    """What the end depends on most: a task, or a late change of the intended use."""
    among = {one.task.id: one.drive for one in found.steps}
    if found.late is not None:
        among["A late change of the intended use"] = found.late.drive
    return max(among.items(), key=lambda one: one[1])


def task_notes(found: Timetable) -> tuple[str, ...]:
    """What the schedule takes for granted, and where to say better."""
    notes = []
    assumed = [clean(role) for role, _, said in found.people if not said]
    if assumed:
        notes.append(f"Not in the team, so one person each: {', '.join(assumed)}.")
    guessed = sum(one.task.confidence == "low" and not one.task.calendar for one in found.steps)
    if guessed:
        are = "is a default" if guessed == 1 else "are defaults"
        notes.append(
            f"{guessed} of {len(found.steps)} durations {are}, of low confidence: write your own "
            "under `durations` in plan.yaml."
        )
    notes += _clocks(found)
    if not found.days.off:
        notes.append("No holiday is known: list yours under `holidays` in plan.yaml.")
    return tuple(notes)


def _clocks(found: Timetable) -> list[str]:
    """What each clock counts, which reviews have none here, and which may have run out by then."""
    reviews = [one for one in found.steps if one.task.calendar]
    notes = [_counts(one.task) for one in reviews if one.task.counts is not None]
    unheld = [
        one.task for one in reviews if one.task.counts is None and one.task.confidence == "low"
    ]
    if unheld:
        first = unheld[0]
        notes.append(
            f"No clock is held for {', '.join(one.id for one in unheld)}, whose pathway is open or "
            f"whose clock nobody publishes: {first.low:g} to {first.high:g} calendar days are an "
            "assumption; write yours under `reviews`."
        )
    for one in reviews:
        begins = found.days.begins(one.begins)
        if one.task.until is not None and begins > one.task.until:
            notes.append(
                f"The clock of {one.task.id} is agreed for submissions to {one.task.until}; this "
                f"one is on {begins}, when other goals may hold."
            )
    return notes


def _counts(task: PlanTask) -> str:
    """`review-us, 90 to 270 calendar days, likely 128: 90 FDA days, ... (high confidence)`."""
    return (
        f"{task.id}, {task.low:g} to {task.high:g} calendar days, likely {task.likely:g}: "
        f"{task.counts} ({task.confidence} confidence)."
    )


def _duties(found: Timetable, ink: Ink) -> list[str]:
    if not found.duties:
        return []
    lines = [ink.strong("BESIDE THE PLAN")]
    for one in found.duties:
        lines += wrap(f"{one.gap}: {capped(one.what, 300)}", first="  ", rest="    ")
        lines += wrap(f"{DUTY}: {capped(one.close, 300)}", first="    ")
    return lines


def _late(found: Timetable, ink: Ink) -> list[str]:
    if found.late is None:
        return []
    rows = [["", "50 %", "80 %", "95 %"], *([what, *days] for what, days in late_dates(found))]
    lines = [ink.strong("WHAT A LATE INTENDED USE COSTS"), ""]
    lines += [f"  {one}".rstrip() for one in table(rows)]
    return lines + wrap(clean(late_words(found.late)), first="  ")


def late_dates(found: Timetable) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """When everything is done without a late change, with one, and at its chance."""
    late = found.late
    if late is None or found.finish is None:
        return ()
    told = [
        ("if it stays as it is", late.steady),
        ("if it changes after the evidence", late.changed),
    ]
    if late.chance is not None:
        told.append((f"at a chance of {late.chance:.0%}, as above", found.finish))
    return tuple((what, _days(found, days)) for what, days in told)


def late_words(late: Late) -> str:
    """What a change after the evidence repeats, how long that takes, and how likely it is."""
    told = (
        f"Such a change repeats {', '.join(late.repeated)}: {late.days.p50:,.0f} working days more "
        f"({late.days.p80:,.0f} at 80 %). "
    )
    if late.chance is None:
        return f"{told}It is not in the dates above: {late.why}."
    return f"{told}Its chance of {late.chance:.0%} is in all dates above: {late.why}."


def _next(found: Timetable, ink: Ink) -> list[str]:
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
        **timetable_as_json(found.schedule),
        "evidence": [needed_as_json(one) for one in found.needed],
    }


def timetable_as_json(when: Timetable) -> Json:
    """Dates, tasks and next steps, with all that they were computed from."""
    return {
        "start": when.days.start.isoformat(),
        "start_declared": when.start_said,
        "days_off": [one.isoformat() for one in when.days.off],
        "draws": when.n_draws,
        "seed": when.seed,
        "finish": _range(when, when.finish),
        "naive": _range(when, when.naive),
        "cost": _spread(when.cost),
        "unpriced": list(when.unpriced),
        "curve": _curve(when.curve),
        "naive_curve": _curve(when.naive_curve),
        "people": [{"role": role, "people": n, "declared": said} for role, n, said in when.people],
        "tasks": [_step(when, one) for one in when.steps],
        "late": when.late
        and {
            "repeated": list(when.late.repeated),
            "steady": _range(when, when.late.steady),
            "changed": _range(when, when.late.changed),
            "days": _spread(when.late.days),
            "chance": when.late.chance,
            "why": when.late.why,
            "drive": when.late.drive,
        },
        "next": [
            {"task": one.task, "what": one.what, "why": one.why, "unlocks": one.unlocks}
            for one in when.first
        ],
        "beside": [{"gap": one.gap, "what": one.what, "close": one.close} for one in when.duties],
    }


def _curve(points: tuple[tuple[float, float], ...]) -> list[Json]:
    return [{"days": days, "share": share} for days, share in points]


def _spread(values: Range | None) -> Json | None:
    if values is None:
        return None
    return {"p50": values.p50, "p80": values.p80, "p95": values.p95}


def _range(found: Timetable, days: Range | None) -> Json | None:
    if days is None:
        return None
    return {
        name: {"days": value, "date": found.days.on(value).isoformat()}
        for name, value in (("p50", days.p50), ("p80", days.p80), ("p95", days.p95))
    }


def _step(found: Timetable, one: Step) -> Json:
    task = one.task
    return {
        "id": task.id,
        "what": task.what,
        "gaps": list(task.gaps),
        "owner": task.owner,
        "days": {"low": task.low, "likely": task.likely, "high": task.high},
        "unit": "calendar" if task.calendar else "working",
        "source": task.source,
        "confidence": task.confidence,
        "counts": task.counts,
        "until": task.until and task.until.isoformat(),
        "after": list(task.after),
        "engineering": task.engineering,
        "begins": found.days.begins(one.begins).isoformat(),
        "ends": found.days.on(one.ends).isoformat(),
        "ends_80": found.days.on(one.ends_80).isoformat(),
        "criticality": one.criticality,
        "drive": one.drive,
        "if_short": found.days.on(one.if_short).isoformat(),
        "if_long": found.days.on(one.if_long).isoformat(),
    }
