"""What a plan says, as values."""

from dataclasses import dataclass
from datetime import date

from defensible.assessment.planning.needed import Needed
from defensible.statistics.working_days import WorkingDays


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTask:
    """The gaps of one kind of work, or one regulator's answer or review, as one task.

    Attributes
    ----------
    id : str
        Kind of work, `feedback-us` or `review-us`.
    what : str
        What is to be done, of its first gap.
    gaps : tuple of str
        Gaps that it closes, by id; empty for a review, and for work that no gap shows yet.
    owner : str or None
        Role; None for a regulator.
    low, likely, high : float
        Working days, or calendar days where a regulator's clock counts them.
    source : str
        Where the three points come from.
    confidence : str
        "declared" in plan.yaml, or "high", "medium" or "low" of a fact or default.
    after : tuple of str
        Tasks that it waits for, by id.
    rows : tuple of int
        Rows of the rubric in which its gaps are.
    engineering : bool
        Whether one of its gaps is of the engineering question.
    again : bool
        Whether it is work only if the intended use changes after the evidence.
    calendar : bool
        Whether its points are calendar days.
    counts : str or None
        What a regulator's clock counts; None where none is held.
    until : date or None
        Last day of submissions for which a regulator's clock is agreed.
    """

    id: str
    what: str
    gaps: tuple[str, ...]
    owner: str | None
    low: float
    likely: float
    high: float
    source: str
    confidence: str
    after: tuple[str, ...]
    rows: tuple[int, ...] = ()
    engineering: bool = False
    again: bool = False
    calendar: bool = False
    counts: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Something by its chance of being met: at 50, 80 and 95 %."""

    p50: float
    p80: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A task in the simulated schedule; working days from the start.

    Attributes
    ----------
    begins, ends : float
        Medians.
    ends_80 : float
        The day by which it is done in 80 % of schedules.
    criticality : float
        Share of schedules in which it is on the critical path.
    drive : float
        Rank correlation of its duration with the end.
    if_short, if_long : float
        Mean end of everything where it takes the shortest fifth of its durations, or the longest.
    """

    task: PlanTask
    begins: float
    ends: float
    ends_80: float
    criticality: float
    drive: float
    if_short: float
    if_long: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What it costs to change the intended use after the evidence was gathered.

    Attributes
    ----------
    repeated : tuple of str
        Kinds of work done again.
    steady, changed : Range
        Working days until everything is done without such a change, and with one.
    days : Range
        Working days that it adds, if it happens.
    chance : float or None
        Of such a change; it is in all dates of the timetable. None where nothing says: then the
        timetable is that without a change.
    why : str
        What the chance rests on.
    drive : float
        Rank correlation of the repeated work with the end.
    if_steady, if_changed : float
        Mean end of everything without such a change, and with one.
    """

    repeated: tuple[str, ...]
    steady: Range
    changed: Range
    days: Range
    chance: float | None
    why: str
    drive: float
    if_steady: float
    if_changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """One of the things to do next."""

    task: str
    what: str
    why: str
    unlocks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An open gap that is looked at again and again, and that no date of a plan ends."""

    gap: str
    what: str
    close: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What remains, in which order, and until when.

    Attributes
    ----------
    days : WorkingDays
        From the first working day on: what makes dates of the days below.
    start_said : bool
        Whether `plan.yaml` declares the start; else it is the day of the assessment.
    finish : Range or None
        Working days until everything is done, a late change of the intended use at its chance
        included; None where nothing remains.
    naive : Range or None
        Until the engineering gaps alone are closed; None where none is open.
    mean : float or None
        Working days until everything is done, on average.
    curve, naive_curve : tuple of (float, float)
        Working days, and the share of schedules that are done by then.
    cost : Range or None
        Where the team's rates are declared.
    unpriced : tuple of str
        Roles with work and without a rate.
    """

    days: WorkingDays
    start_said: bool
    n_draws: int
    seed: int
    steps: tuple[Step, ...]
    finish: Range | None
    naive: Range | None
    mean: float | None
    curve: tuple[tuple[float, float], ...]
    naive_curve: tuple[tuple[float, float], ...]
    cost: Range | None
    unpriced: tuple[str, ...]
    people: tuple[tuple[str, int, bool], ...]
    """Role, people, and whether the team declares them; else one is assumed."""
    late: Late | None
    first: tuple[First, ...]
    duties: tuple[Duty, ...] = ()
    """What has no end and is open; in no date above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """The plan: when, and with how much evidence."""

    schedule: Timetable
    needed: tuple[Needed, ...]
