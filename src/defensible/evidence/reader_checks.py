"""Whether the design of a reader study lets its figures mean what they say; looked at first.

Each check is reported, also where nothing is wrong, and where the table cannot tell.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np

from defensible.dossier.reader_study import ReaderStudy
from defensible.evidence import readings
from defensible.evidence.faults import counted, names, shown
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.statistics import two_way
from defensible.statistics.two_way_spread import Ratio

_CEILING = 0.97
"""Share of right decisions, unaided, from which there is little room for a gain."""
_MOST_SESSIONS = 50
_LEAST_ALIKE = 10
"""Fewest cases on which equal strings of ratings mean anything."""


def checks(study: ReaderStudy, of: Readings) -> tuple[Confounder, ...]:
    """Every check of the design, in the order of `CHECKS`; with one condition those that hold."""
    return tuple(
        Confounder(kind=kind, presence=presence, said=said, figures=figures)
        for kind, check in CHECKS.items()
        if len(of.conditions) > 1 or kind not in OF_PAIRS
        for presence, said, figures in (check(study, of),)
    )


def in_every_condition(study: ReaderStudy, of: Readings) -> tuple[Confounder, ...]:
    """The checks of each condition against the unaided one: what is there in one of them is there.

    Of the aided condition all is said; of the others what is there.
    """
    if len(of.conditions) == 1:
        return checks(study, of)
    pairs = (readings.pair(of, UNAIDED, at) for at in range(AIDED, len(of.conditions)))
    return tuple(
        _joined(of, first, tuple(others))
        for first, *others in zip(*(checks(study, one) for one in pairs), strict=True)
    )


def _joined(of: Readings, aided: Confounder, others: tuple[Confounder, ...]) -> Confounder:
    odd = [
        (name, one)
        for name, one in zip(of.written[2:], others, strict=True)
        if one.presence is Presence.PRESENT and one.said != aided.said
    ]
    if others and of.crossed and aided.said == _BOTH:
        return replace(aided, said="Every reader read every case in every condition.")
    if not odd:
        return aided
    said = [f"Aided: {aided.said}"]
    said += [f"In {shown(name)} in its place: {one.said}" for name, one in odd]
    figures = list(aided.figures)
    for name, one in odd:
        figures += [replace(each, name=f"{each.name}, {name}") for each in one.figures]
    return Confounder(
        kind=aided.kind,
        presence=Presence.PRESENT,
        said=" ".join(said),
        figures=tuple(figures),
    )


Said = tuple[Presence, str, tuple[Figure, ...]]
_BOTH = "Every reader read every case in both conditions."


def _balance(study: ReaderStudy, of: Readings) -> Said:
    del study
    n = of.read.sum(axis=2)
    if len(of.conditions) == 1:
        return _one_list(of)
    alone = int((of.read[UNAIDED] != of.read[AIDED]).sum())
    total = int(of.read.sum())
    if of.crossed:
        return Presence.ABSENT, _BOTH, ()
    spread = f"a reader read {n.min():,} to {n.max():,} cases in a condition"
    if alone:
        said = (
            f"{alone:,} of {counted(total, 'reading')} have none of the same reader and case in "
            f"the other condition; {spread}."
        )
        return Presence.PRESENT, said, (Figure(name="unpaired", value=alone / total),)
    said = f"Each reading has its pair in the other condition; {spread}."
    return Presence.ABSENT, said, ()


def _one_list(of: Readings) -> Said:
    """As the balance of readings, where there is one condition."""
    n, total = of.read[UNAIDED].sum(axis=1), of.read[UNAIDED].size
    gaps = total - int(n.sum())
    if not gaps:
        return Presence.ABSENT, "Every reader read every case.", ()
    said = (
        f"{gaps:,} of {counted(total, 'reading')} are not there: a reader read {n.min():,} to "
        f"{n.max():,} of {counted(len(of.cases), 'case')}."
    )
    return Presence.PRESENT, said, (Figure(name="not there", value=gaps / total),)


def _order(study: ReaderStudy, of: Readings) -> Said:
    """Which condition came first, and whether that moved the difference."""
    when = of.day if of.day is not None and study.washout_days else of.order
    if when is None:
        return Presence.NOT_SHOWN, "No column says in which order readings took place.", ()
    both = of.read.all(axis=0)
    known = both & np.isfinite(when).all(axis=0) & (when[UNAIDED] != when[AIDED])
    first = known & (when[UNAIDED] < when[AIDED])
    n, k = int(known.sum()), int(first.sum())
    if not n:
        return Presence.NOT_SHOWN, "No pair of readings has an order.", ()
    share = Figure(name="unaided first", value=k / n)
    if study.washout_days == 0 and k == n:
        said = "Unaided, then aided, in one sitting: a sequential design, as planned."
        return Presence.ABSENT, said, (share,)
    if k in {0, n}:
        which = "unaided" if k else "aided"
        said = (
            f"All {counted(n, 'case')} were read {which} first: what the order does cannot be told "
            "from what the device does."
        )
        return Presence.PRESENT, said, (share,)
    said = f"Unaided first in {k:,} of {counted(n, 'pair')} of readings"
    return _memory(study, of, first, known & ~first, said, share)


def _memory(
    study: ReaderStudy, of: Readings, first: object, second: object, said: str, share: Figure
) -> Said:
    """The gain where unaided came first, less that where aided did: memory of the first reading."""
    if of.decision is None:
        return Presence.ABSENT, f"{said}.", (share,)
    right = of.decision == of.truth
    gain = right[AIDED].astype(float) - right[UNAIDED]
    ratios = [
        Ratio(number=gain * np.asarray(at), of=np.asarray(at), weight=sign)
        for at, sign in ((first, 1.0), (second, -1.0))
    ]
    found = two_way.combined(ratios, of.patient, level=study.analysis.level)
    if found is None:
        return Presence.ABSENT, f"{said}.", (share,)
    figure = Figure(name="gain, unaided first less aided first", value=found.value, estimate=found)
    words = f"{said}; the gain in right decisions differs by {found.value:.3f} "
    words += f"({found.low:.3f} to {found.high:.3f}) between the two orders."
    there = found.low > 0 or found.high < 0
    return (Presence.PRESENT if there else Presence.ABSENT), words, (share, figure)


def _session(study: ReaderStudy, of: Readings) -> Said:
    """Whether the share of right decisions moves from session to session."""
    if of.session is None or of.decision is None:
        return Presence.NOT_SHOWN, "No column names the session of a reading.", ()
    levels, at = of.session
    if len(levels) > _MOST_SESSIONS:
        said = f"There are {len(levels):,} sessions, too many to compare."
        return Presence.NOT_SHOWN, said, ()
    right = of.decision == of.truth
    figures, odd = [], []
    for code, level in enumerate(levels):
        here, other = of.read & (at == code), of.read & (at != code)
        if not here.any() or not other.any():
            continue
        ratios = [
            Ratio(number=(right[c] & where[c]), of=where[c], weight=sign / len(of.conditions))
            for where, sign in ((here, 1.0), (other, -1.0))
            for c in range(len(of.conditions))
            if where[c].any()
        ]
        if len(ratios) < 2 * len(of.conditions):
            continue  # one condition a session: that is the comparison itself
        found = two_way.combined(ratios, of.patient, level=study.analysis.level)
        if found is not None:
            figures.append(Figure(name=f"session {level}", value=found.value, estimate=found))
            if found.low > 0 or found.high < 0:
                odd.append(level)
    if not figures:
        both = "both conditions" if len(of.conditions) > 1 else "readings"
        said = f"{counted(len(levels), 'session')}; none holds {both} beside another."
        return Presence.NOT_SHOWN, said, ()
    if odd:
        said = f"Readers were right more or less often in session {names(odd)} than in the others."
        return Presence.PRESENT, said, tuple(figures)
    said = f"Readers were right as often in each of {counted(len(levels), 'session')}."
    return Presence.ABSENT, said, tuple(figures)


def _washout(study: ReaderStudy, of: Readings) -> Said:
    planned = study.washout_days
    if planned is None:
        return Presence.NOT_SHOWN, "The plan states no wash-out between two readings.", ()
    if planned == 0:
        return Presence.ABSENT, "The plan has no wash-out: the second reading follows at once.", ()
    if of.day is None:
        said = f"The plan has {planned:g} days of wash-out; no column gives the day of a reading."
        return Presence.NOT_SHOWN, said, ()
    apart = np.abs(of.day[AIDED] - of.day[UNAIDED])
    known = of.read.all(axis=0) & np.isfinite(apart)
    if not known.any():
        return Presence.NOT_SHOWN, "No pair of readings has both days.", ()
    short, least = int((apart[known] < planned).sum()), float(apart[known].min())
    figures = (Figure(name="shortest, days", value=least),)
    n = int(known.sum())
    if short:
        said = (
            f"{short:,} of {counted(n, 'pair')} of readings lie less than the planned "
            f"{planned:g} days apart; the shortest {least:g}."
        )
        return Presence.PRESENT, said, figures
    said = f"At least {least:g} days between two readings of a case; {planned:g} were planned."
    return Presence.ABSENT, said, figures


def _truthers(study: ReaderStudy, of: Readings) -> Said:
    if not study.truthers:
        return Presence.NOT_SHOWN, "The plan does not say who set the reference standard.", ()
    both = [one for one in study.truthers if one in of.readers]
    if both:
        n = len(both)
        said = f"{counted(n, 'reader')} also set the reference standard: {names(both)}."
        return Presence.PRESENT, said, ()
    return Presence.ABSENT, "Nobody who set the reference standard is among the readers.", ()


def _alike(study: ReaderStudy, of: Readings) -> Said:
    """Two readers, both conditions of one, or reader and device, with the very same ratings."""
    del study
    values = of.rating if of.rating is not None else of.decision
    if values is None:
        return Presence.NOT_SHOWN, "There are no ratings.", ()
    device = of.device_score if of.rating is not None else of.device
    found: list[str] = []
    for condition, word in enumerate(of.conditions):
        for one, other in combinations(range(len(of.readers)), 2):
            both = of.read[condition, one] & of.read[condition, other]
            if _same(values[condition, one][both], values[condition, other][both]):
                found.append(f"{of.readers[one]} and {of.readers[other]} ({word})")
        for one, reader in enumerate(of.readers if device is not None else ()):
            read = of.read[condition, one]
            if device is not None and _same(values[condition, one][read], device[read]):
                found.append(f"{reader} and the device ({word})")
    for one, reader in enumerate(of.readers if len(of.conditions) > 1 else ()):
        both = of.read[:, one].all(axis=0)
        if _same(values[UNAIDED, one][both], values[AIDED, one][both]):
            found.append(f"{reader} (unaided and aided)")
    if found:
        return Presence.PRESENT, f"The very same ratings on all cases: {names(found)}.", ()
    return Presence.ABSENT, "No two strings of ratings are the same.", ()


def _same(one: object, other: object) -> bool:
    first, second = np.asarray(one), np.asarray(other)
    varied = first.size >= _LEAST_ALIKE and np.unique(first).size > 1
    return bool(varied and np.array_equal(first, second))


def _ceiling(study: ReaderStudy, of: Readings) -> Said:
    del study
    if of.decision is None:
        return Presence.NOT_SHOWN, "There are no decisions.", ()
    seen = of.read[UNAIDED]
    right = float((of.decision == of.truth)[UNAIDED][seen].mean()) if seen.any() else 0.0
    figures = (Figure(name="right unaided", value=right),)
    if right >= _CEILING:
        left = "to gain" if len(of.conditions) > 1 else "for the device to be better by"
        said = f"Readers are right in {right:.3f} of unaided readings: little is left {left}."
        return Presence.PRESENT, said, figures
    return Presence.ABSENT, f"Readers are right in {right:.3f} of unaided readings.", figures


CHECKS: dict[str, Callable[[ReaderStudy, Readings], Said]] = {
    "balance of readings": _balance,
    "order and memory": _order,
    "sessions": _session,
    "wash-out": _washout,
    "readers who set the reference": _truthers,
    "identical ratings": _alike,
    "ceiling": _ceiling,
}
"""Checks of the design by name; a check is added here and nowhere else."""
OF_PAIRS = frozenset({"order and memory", "wash-out"})
"""Checks of two readings of a case, which a study with one condition does not have."""
