"""What marks and lesions may hide: cases not read, marks twice at a place or near two lesions."""

import numpy as np

from defensible.dossier.localization_study import LocalizationStudy
from defensible.evidence.faults import counted
from defensible.evidence.finding import Confounder, Figure, Presence
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.localized_parts import Groupings
from defensible.evidence.strata import NOT_KNOWN

UNREAD, LESIONS = "indeterminate results", "spectrum of lesions"
REPEATED, AMBIGUOUS = "repeated marks", "matching of marks"
FEW = 10
"""Fewer lesions of a level than this leave it open."""


def unread(study: LocalizationStudy, read: LocalizedCases) -> Confounder:
    """Cases for which nothing came out: without a column for it they look like unmarked ones."""
    if study.data.columns.output is None:
        said = (
            "No column says which cases the device has read: one that it could not read looks like "
            "one without a mark."
        )
        return Confounder(kind=UNREAD, presence=Presence.NOT_SHOWN, said=said)
    outside = read.cases.outside
    silent = outside.unanswered_diseased + outside.unanswered_healthy
    if not silent:
        said = "The device gave an output for every case with a reference standard."
        return Confounder(kind=UNREAD, presence=Presence.ABSENT, said=said)
    said = (
        f"No output for {counted(silent, 'case')} ({outside.unanswered_diseased:,} diseased, "
        f"{outside.unanswered_healthy:,} healthy)."
    )
    figures = (Figure(name="without output", value=silent),)
    return Confounder(kind=UNREAD, presence=Presence.PRESENT, said=said, figures=figures)


def repeated(read: LocalizedCases) -> Confounder:
    """Marks at the very place of another: false ones of them count twice."""
    beyond = "Nothing says how large images are, so marks outside of one cannot be known."
    if read.n_same_place is None:
        said = f"Marks have no place, so marks at one place cannot be told. {beyond}"
        return Confounder(kind=REPEATED, presence=Presence.NOT_SHOWN, said=said)
    n = read.n_same_place
    on = f"{counted(read.n_repeated, 'mark')} on a lesion that another mark is on, too."
    figures = (
        Figure(name="at one place", value=n),
        Figure(name="on one lesion", value=read.n_repeated),
    )
    if not n:
        said = f"No two marks of a case are at one place. {on} {beyond}"
        return Confounder(kind=REPEATED, presence=Presence.ABSENT, said=said, figures=figures)
    said = (
        f"{counted(n, 'mark')} of {read.n_marks:,} at the very place of another mark of the case: "
        f"look whether an output was written twice. {on} {beyond}"
    )
    return Confounder(kind=REPEATED, presence=Presence.PRESENT, said=said, figures=figures)


def ambiguous(read: LocalizedCases) -> Confounder:
    """Marks within reach of two lesions: the rule decides which one was found."""
    if read.n_reach is None:
        said = "Marks name the lesion that they found; how that was decided is not in the tables."
        return Confounder(kind=AMBIGUOUS, presence=Presence.NOT_SHOWN, said=said)
    n = int((read.n_reach > 1).sum())
    figures = (Figure(name="near two lesions or more", value=n),)
    if not n:
        said = "No mark is within reach of two lesions."
        return Confounder(kind=AMBIGUOUS, presence=Presence.ABSENT, said=said, figures=figures)
    said = (
        f"{counted(n, 'mark')} of {read.n_marks:,} within reach of two lesions or more: the rule "
        "decides which one was found, and a smaller radius could tell."
    )
    return Confounder(kind=AMBIGUOUS, presence=Presence.PRESENT, said=said, figures=figures)


def spectrum(by: Groupings) -> Confounder:
    """Lesions by each of their dimensions: a sample of large ones flatters."""
    if not by.of_lesions:
        said = "No dimension of lesions says how large or of which type they were."
        return Confounder(kind=LESIONS, presence=Presence.NOT_SHOWN, said=said)
    told, thin, figures = [], [], []
    for one in by.of_lesions:
        n = np.bincount(one.codes, minlength=len(one.strata)).tolist()
        levels = [
            (stratum.levels[0][1], count) for stratum, count in zip(one.strata, n, strict=True)
        ]
        name = one.seen.name if one.seen is not None else ""
        told.append(f"{name}: {', '.join(f'{level} {count:,}' for level, count in levels)}")
        figures += [Figure(name=f"{name} {level}", value=count) for level, count in levels]
        thin += [f"{name} {level}" for level, count in levels if count < FEW and level != NOT_KNOWN]
    said = f"Lesions by {'; by '.join(told)}."
    if thin:
        said = f"{said[:-1]}; fewer than {FEW} of {', '.join(thin)}."
    presence = Presence.PRESENT if thin else Presence.ABSENT
    return Confounder(kind=LESIONS, presence=presence, said=said, figures=tuple(figures))
