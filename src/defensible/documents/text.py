"""An assessment as plain text in 80 columns: one screen that answers, then the details.

The first screen holds cases, verdict, both questions, the rubric and the next step; what follows
gives each status its reason and each gap its place.
"""

from datetime import date

from defensible.assessment.result import Assessment
from defensible.documents import content, legends, text_details
from defensible.documents.text_marks import paint_answer, paint_status
from defensible.documents.words import (
    ANSWER_MARK,
    ANSWER_WORDS,
    ENGINEERING,
    LADDER,
    REGULATORY,
    capped,
    clean,
    short,
)
from defensible.evidence.finding import Answer
from defensible.screen.layout import WIDTH, Ink, apart, beside, pad, wrap

COLUMN = (WIDTH - 3) // 2
MOST_LISTED = 8
"""Criteria, and levels of one answer, that the first screen shows; the rest is counted."""


def text(assessment: Assessment, *, on: date, colour: bool = False) -> str:
    """The whole report, ending in what to do next.

    Parameters
    ----------
    assessment : Assessment
        What is said.
    on : date
        Day of the assessment.
    colour : bool
        Whether the reader's terminal takes ANSI colour; every mark has its word either way.
    """
    ink = Ink(colour=colour)
    details = [*text_details.blocks(assessment, ink), _next(assessment, ink)]
    return _joined([*_screen(assessment, on, ink), *details])


def summary(assessment: Assessment, *, on: date, colour: bool = False) -> str:
    """The first screen of the report alone; the parameters are those of `text`."""
    return _joined(_screen(assessment, on, Ink(colour=colour)))


def _screen(assessment: Assessment, on: date, ink: Ink) -> list[list[str]]:
    return [
        _title(assessment, on, ink),
        _cases(assessment, ink),
        _verdict(assessment, ink),
        _questions(assessment, ink),
        _rubric(assessment, ink),
        _next(assessment, ink),
    ]


def _joined(blocks: list[list[str]]) -> str:
    lines = [line for block in blocks for line in (*block, "")]
    return "\n".join(lines[:-1]) + "\n"


def _title(assessment: Assessment, on: date, ink: Ink) -> list[str]:
    device = assessment.dossier.device
    by = "" if device.manufacturer is None else f", {short(device.manufacturer, 60)}"
    head = wrap(f"{short(device.name, 60)} {short(device.version, 20)}{by}", width=WIDTH - 12)
    head[0] = apart(head[0], on.isoformat())
    return [*map(ink.strong, head), "=" * WIDTH]


def _cases(assessment: Assessment, ink: Ink) -> list[str]:
    """The join ledger of each study in short, before any figure."""
    lines = [ink.strong("CASES")]
    for result in assessment.results:
        lines += wrap(
            content.balance(result.ledger), first=f"  {short(result.study, 24)}: ", rest="    "
        )
        lines += [
            line
            for tally in result.ledger.tallies
            for line in wrap(
                f"{tally.n:,} {tally.treated}: {short(tally.reason, 200)}",
                first="    - ",
            )
        ]
    if not assessment.results:
        lines.append("  No study has been run: there is no evidence.")
    return lines


def _verdict(assessment: Assessment, ink: Ink) -> list[str]:
    step = f"step {LADDER.index(assessment.verdict) + 1} of {len(LADDER)}"
    head = wrap(clean(assessment.words), width=WIDTH - len(step) - 2, first="VERDICT  ")
    head[0] = apart(head[0], step)
    return [*map(ink.strong, head), *wrap(capped(assessment.reason), first="  ")]


def _questions(assessment: Assessment, ink: Ink) -> list[str]:
    """Both questions side by side, each with what answers it."""
    engineering, regulatory = content.counts(assessment)
    left = [
        *map(ink.strong, wrap(ENGINEERING, width=COLUMN)),
        *wrap(f"The team decides: {engineering}.", width=COLUMN),
        *_criteria(assessment, ink),
    ]
    right = [
        *map(ink.strong, wrap(REGULATORY, width=COLUMN)),
        *wrap(f"A regulator decides: {regulatory}.", width=COLUMN),
        *_claims(assessment, ink),
    ]
    return beside(left, right)


def _criteria(assessment: Assessment, ink: Ink) -> list[str]:
    criteria = content.criteria(assessment)
    lines = []
    for one in criteria[:MOST_LISTED]:
        mark = paint_answer(one.answer, ANSWER_MARK[one.answer], ink)
        lines += wrap(
            f"{one.name} {one.found}; asked: {one.asked}",
            width=COLUMN,
            first=f"{mark} ",
        )
    if len(criteria) > MOST_LISTED:
        lines.append(f"    and {len(criteria) - MOST_LISTED} more criteria")
    return lines or wrap("No acceptance criterion is named.", width=COLUMN)


def _claims(assessment: Assessment, ink: Ink) -> list[str]:
    """For each claim what is supported, and by name what is not."""
    lines: list[str] = []
    for claim in assessment.dossier.claims:
        overall = content.overall_of(assessment, claim.id)
        cells = content.scope_of(assessment, claim.id)
        name = short(claim.id, 20)
        if overall is not None:
            mark = paint_answer(overall.answer, ANSWER_MARK[overall.answer], ink)
            said = content.overall_numbers(assessment, claim.id) or content.support(cells)
            lines += wrap(
                f"{name} overall: {ANSWER_WORDS[overall.answer]}; {said}",
                width=COLUMN,
                first=f"{mark} ",
            )
        for answer, having in content.by_answer(cells):
            if answer is Answer.SUPPORTED:
                continue
            shown = content.levels_with_counts(having[:MOST_LISTED])
            more = len(having) - MOST_LISTED
            lines += wrap(
                f"{ANSWER_WORDS[answer]} for {'; '.join(shown)}"
                f"{f' and {more} more' if more > 0 else ''}",
                width=COLUMN,
                first=f"  {paint_answer(answer, ANSWER_MARK[answer], ink)} ",
            )
    if legend := legends.counts_legend(legends.counted_levels(assessment)):
        lines += wrap(f"(cases: {legend})", width=COLUMN, first="  ")
    return lines or wrap("No claim is declared: there is nothing to defend.", width=COLUMN)


def _rubric(assessment: Assessment, ink: Ink) -> list[str]:
    """The eight rows in one line each."""
    head = pad(f"{'RUBRIC':<32}engineering", 56) + "regulatory"
    lines = [
        pad(
            pad(f"  {row.number} {short(row.dimension, 26)}", 32)
            + paint_status(row.engineering.status, ink),
            56,
        )
        + paint_status(row.regulatory.status, ink)
        for row in assessment.rows
    ]
    return [ink.strong(head), *lines]


def _next(assessment: Assessment, ink: Ink) -> list[str]:
    """What to do next; the first screen and the report both end in it."""
    return [*wrap(capped(assessment.next_step), first=f"{ink.strong('NEXT')}  ")]
