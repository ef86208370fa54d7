"""One study in the plain-text report: where its cases came from, then what was measured."""

from defensible.assessment.result import Assessment
from defensible.documents import (
    automation,
    condition_words,
    content,
    device_words,
    mark_words,
    numbers,
    people,
    reader_tables,
)
from defensible.documents.words import METRIC, capped, clean, short
from defensible.evidence import said
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import (
    OVERALL,
    HeldOut,
    Measurement,
    OfCondition,
    Presence,
    Provenance,
    StudyResult,
)
from defensible.evidence.new_site_finding import NewSite
from defensible.screen.layout import WIDTH, Ink, cells, table, wrap

_NAME = 24
"""Width of a measure's name where a table would be too wide."""


def lines(assessment: Assessment, result: StudyResult, ink: Ink) -> list[str]:
    """The study: sources, what shows that its cases were held out, figures, notes."""
    return [
        ink.strong(f"STUDY {short(result.study, 60)}"),
        *wrap(capped(result.question, 300), first="  "),
        *_sources(result),
        *(line for one in shown_of(result) for line in wrap(one, first="  ")),
        *(line for one in seal(assessment, result) for line in wrap(one, first="  ")),
        *(_confounders(result, ink) if result.readers else ()),  # the design before any figure
        *_named(result, ink),
        *_figures(result, automation.rest(content.overall_measurements(result))),
        *(line for one in people.said(result) for line in wrap(one, first="  ")),
        *(line for one in mark_words.said(result) for line in wrap(one, first="  ")),
        *(line for one in device_words.tables(result) for line in _beside(one)),
        *(_levels(by_condition(result)[0]) if result.others else ()),
        *(line for one in by_condition(result)[:1] for line in _bias(result, one, ink)),
        *(line for one in result.others for line in _other(result, one, ink)),
        *_pairs(result),
        *(line for one in result.new_site for line in wrap(new_site(one), first="  ")),
        *(() if result.readers else _confounders(result, ink)),
        *(line for one in result.cautions for line in wrap(capped(one, 400), first="  note: ")),
    ]


def _sources(result: StudyResult) -> list[str]:
    return [
        line
        for source in result.ledger.sources
        for line in wrap(
            f"{short(source.source, 200)}: {numbers.counted(source.n_rows, 'row')}, "
            f"sha256 {short(source.sha256, 13)}",
            first="  read ",
        )
    ]


def shown_of(result: StudyResult) -> tuple[str, ...]:
    """What shows that cases were held out and scores are the model's; users have no cases."""
    if result.usability is not None:
        return ()
    if result.readers is not None:
        return (held_out(result.held_out),)
    return held_out(result.held_out), provenance(result.provenance)


def held_out(held: HeldOut | None) -> str:
    """Whether development cases are among the study's, as far as anything shows it."""
    if held is None:
        return "Nothing shows that these cases were held out of development."
    return (
        f"Held out: {held.n_shared:,} of {numbers.counted(held.n_study, held.compared)} "
        f"{'is' if held.n_shared == 1 else 'are'} among the {held.n_development:,} of development."
    )


def seal(assessment: Assessment, result: StudyResult) -> list[str]:
    """Whether the figures are sealed, and how often their tables were opened by runs."""
    standing = assessment.record.of(result.study) if assessment.record else None
    if standing is None:
        return []
    reused = [f"{capped(one.words)}." for one in standing.reuse if one.n_runs > 1]
    return [capped(said.sentence(standing), 600), *reused]


def provenance(seen: Provenance | None) -> str:
    """Which model gave the scores, as far as the rows say it."""
    if seen is None:
        return "No row says which model gave its score."
    total = seen.n_declared_model + seen.n_other_model + seen.n_unknown
    return (
        f"Scores from the declared model: {seen.n_declared_model:,} of {total:,}; "
        f"from another: {seen.n_other_model:,}; not said: {seen.n_unknown:,}."
    )


def new_site(one: NewSite) -> str:
    """What to expect of one metric at a site that nobody has tested yet."""
    left = f" Left out: {'; '.join(map(clean, one.left_out))}." if one.left_out else ""
    return (
        f"{METRIC[one.metric.value]} at a site not yet seen: {numbers.interval(one.estimate)} "
        f"({numbers.level(one.estimate.level)} prediction from "
        f"{numbers.counted(one.n_sites, 'site')}, {clean(one.estimate.method)}; "
        f"mean {numbers.proportion(one.estimate.value)}).{left}"
    )


PRESENCE_MARK = {Presence.PRESENT: "[!]", Presence.ABSENT: "[x]", Presence.NOT_SHOWN: "[?]"}


def _confounders(result: StudyResult, ink: Ink) -> list[str]:
    """What could confound the figures: what is there, then what is not known, then what is not."""
    order = tuple(PRESENCE_MARK)
    found = sorted(result.confounders, key=lambda one: order.index(one.presence))
    paint = {Presence.PRESENT: ink.bad, Presence.ABSENT: ink.good, Presence.NOT_SHOWN: ink.middling}
    lines = []
    for one in found:
        mark = paint[one.presence](PRESENCE_MARK[one.presence])
        told = f"{one.kind}, {one.presence.value}: {capped(one.said, 500)}"
        lines += wrap(told, first=f"  {mark} ")
    return ["  What could confound these figures:", *lines] if lines else []


def _beside(one: device_words.Table) -> list[str]:
    """The device and each reader in one figure."""
    rows = table([(one.name, *device_words.HEAD), *one.rows])
    more = [f"and {one.n_more} more readers, in the JSON"] if one.n_more else []
    return [f"  {line}" for line in (*rows, *more)]


def _named(result: StudyResult, ink: Ink) -> list[str]:
    """Which pair of conditions the figures are of, where there are several."""
    if not result.others:
        return []
    return [ink.strong(f"  {condition_words.against(result, by_condition(result)[0])}")]


def _other(result: StudyResult, one: OfCondition, ink: Ink) -> list[str]:
    """A further condition: its figures, then what they say."""
    taken = automation.rest(each for each in one.measurements if each.stratum == OVERALL)
    agree = condition_words.agreement(one, condition_words.inside(one))
    return [
        ink.strong(f"  {condition_words.against(result, one)}"),
        *_figures(result, taken, condition=one.condition),
        *(line for each in agree for line in wrap(each, first="  ")),
        *_levels(one),
        *_bias(result, one, ink),
    ]


def _bias(result: StudyResult, one: OfCondition, ink: Ink) -> list[str]:
    """Automation bias in a condition, as a part of its own."""
    if not (taken := automation.measured(one)):
        return []
    first = one == by_condition(result)[0]
    by_level = automation.levels(one)
    return [
        *(ink.strong(line) for line in wrap(automation.heading(result, one), first="  ")),
        *_figures(result, taken, condition=None if first else one.condition),
        *(line for each in automation.said(result, one) for line in wrap(each, first="  ")),
        *(_rows(by_level) if by_level else ()),
    ]


def _levels(one: OfCondition) -> list[str]:
    """The differences by level, a block of rows for each."""
    lines = [line for each in reader_tables.levels(one) for line in _rows(each)]
    return ["  Differences by level", *lines] if lines else []


def _rows(one: reader_tables.Table) -> list[str]:
    """A table with its notes; names are set in under the first head."""
    rows = [one.heads, *((f" {each.name}", *each.cells) for each in one.rows)]
    notes = [line for note in one.notes for line in wrap(capped(note, 300), first="  note: ")]
    return [*(f"  {line}" for line in table(rows)), *notes]


def _pairs(result: StudyResult) -> list[str]:
    """Every pair of more than two conditions, figure by figure."""
    lines = [line for one in reader_tables.pairs(result, longest=14) for line in _rows(one)]
    return ["  All pairs of conditions", *lines] if lines else []


def _figures(
    result: StudyResult, taken: tuple[Measurement, ...], *, condition: str | None = None
) -> list[str]:
    """A row a measure, then methods; those of a further condition are those of the first."""
    measured = [one for one in taken if one.estimate is not None]
    rows = [_row(result, one, condition) for one in measured]
    head = ("all cases", "value", "interval", "on", "goal of claims")
    found = [f"  {line}" for line in _narrow([head, *rows])] if rows else []
    for method, metrics in content.methods(measured).items() if condition is None else ():
        found += wrap(f"{method}: {', '.join(metrics)}", first="  intervals ")
    for why, metrics in content.unmeasured(taken).items():
        found += wrap(f"not estimated ({', '.join(metrics)}): {capped(why, 300)}", first="  ")
    for one in measured:
        for caution in one.estimate.cautions if one.estimate else ():
            found += wrap(f"{METRIC[one.metric.value]}: {caution.value}", first="  note: ")
    return found


def _narrow(rows: list[tuple[str, ...]]) -> list[str]:
    """A table, long names on two lines where it would be wider than a screen."""
    lines = table(rows)
    if max(map(cells, lines)) + 2 <= WIDTH:
        return lines
    folded: list[tuple[str, ...]] = []
    for name, *rest in rows:
        first, *last = wrap(name, width=_NAME)
        folded += (
            [(first, *[""] * len(rest)), (f"  {' '.join(last)}", *rest)]
            if last
            else [(name, *rest)]
        )
    return table(folded)


def _row(result: StudyResult, one: Measurement, condition: str | None) -> tuple[str, ...]:
    estimate = one.estimate
    assert estimate is not None  # noqa: S101 - the caller keeps only those that have one
    goals = content.goals_for(result, one.metric, condition)
    return (
        METRIC[one.metric.value],
        numbers.proportion(estimate.value),
        numbers.interval(estimate),
        numbers.denominator(one),
        ", ".join(map(numbers.goal, goals)) or "-",
    )
