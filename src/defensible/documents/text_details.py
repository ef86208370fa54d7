"""The details of the plain-text report: reasons, levels, figures, risks, classes, gaps."""

from defensible.assessment.result import Assessment, Cell, Gap, ScopeCell
from defensible.documents import content, gap_words, numbers, text_study
from defensible.documents.text_marks import paint_answer, paint_status
from defensible.documents.words import (
    ANSWER_MARK,
    ANSWER_WORDS,
    capped,
    clean,
    sentence,
    short,
)
from defensible.dossier.claims import Claim
from defensible.regulation.classification import MarketAnswer
from defensible.risk.review import Held
from defensible.screen.layout import Ink, wrap

MOST_THIN = 12
"""Thin strata that the report names; the rest is counted."""
PLAN = (
    "Until when, and how many cases, sites, readers and participants each endpoint needs: "
    "`defensible plan`."
)


def blocks(assessment: Assessment, ink: Ink) -> list[list[str]]:
    """Each part as its lines; parts about which there is nothing are left out."""
    parts = [
        _reasons(assessment, ink),
        *(_claim(assessment, claim, ink) for claim in assessment.dossier.claims),
        *(text_study.lines(assessment, result, ink) for result in assessment.results),
        _risk(assessment, ink),
        _classes(assessment, ink),
        _gaps(assessment, ink),
    ]
    return [part for part in parts if part]


def _reasons(assessment: Assessment, ink: Ink) -> list[str]:
    lines = [ink.strong("WHY EACH ROW STANDS WHERE IT STANDS")]
    for row in assessment.rows:
        lines.append(f"  {row.number} {short(row.dimension, 60)}")
        lines += _cell("engineering", row.engineering, ink)
        lines += _cell("regulatory", row.regulatory, ink)
    return lines


def _cell(question: str, cell: Cell, ink: Ink) -> list[str]:
    lines = [
        f"    {question:<13}{paint_status(cell.status, ink)}",
        *wrap(capped(cell.reason, 600), first=" " * 6),
    ]
    if cell.links:
        rests = ", ".join(short(content.link_words(link), 60) for link in cell.links)
        lines += wrap(capped(rests, 400), first=" " * 6 + "on: ")
    return lines


def _claim(assessment: Assessment, claim: Claim, ink: Ink) -> list[str]:
    """A claim, and every level of its declared scope by name."""
    cells = content.scope_of(assessment, claim.id)
    lines = [
        ink.strong(f"CLAIM {short(claim.id, 40)}, LEVEL BY LEVEL"),
        *wrap(f'"{capped(claim.text, 400)}"', first="  "),
        *wrap(f"Asked of each level: {content.asked(claim)}.", first="  "),
        *wrap(f"{content.support(cells)}.", first="  "),
    ]
    for cell in cells:
        lines += _level(cell, ink)
    few = [content.thin_words(one) for one in content.thin(assessment, claim.id)]
    if few:
        more = f" and {len(few) - MOST_THIN} more" if len(few) > MOST_THIN else ""
        lines += wrap(
            f"{', '.join(few[:MOST_THIN])}{more}",
            first=f"  fewer than {content.FEW} of a class: ",
            rest="    ",
        )
    return lines


def _level(cell: ScopeCell, ink: Ink) -> list[str]:
    answer = paint_answer(cell.answer, ANSWER_WORDS[cell.answer], ink)
    mark = paint_answer(cell.answer, ANSWER_MARK[cell.answer], ink)
    more = numbers.further_of_level(cell)
    further = f"; {more} would settle it" if more else ""
    return wrap(
        f"{short(cell.name, 60)}: {answer}; {capped(cell.why, 400)}{further}", first=f"  {mark} "
    )


def _risk(assessment: Assessment, ink: Ink) -> list[str]:
    review = assessment.risk
    counts = (
        f"{numbers.counted(review.n_hazards, 'hazard')}, "
        f"{numbers.counted(review.n_risks, 'risk')}, "
        f"{numbers.counted(review.n_controls, 'control')}; residual risk unacceptable for "
        f"{review.n_residual_unacceptable:,}, not estimated for {review.n_residual_unknown:,}."
    )
    lines = [ink.strong("RISK FILE (ISO 14971)"), *wrap(counts, first="  ")]
    for why, checks in content.open_checks(review).items():
        if len(checks) > 1:
            clauses = ", ".join(clean(one.clause) for one in checks)
            lines += wrap(f"{clauses}: {capped(why, 300)}", first=f"  {ink.bad('[ ]')} ")
            continue
        items = ", ".join(short(one, 40) for one in checks[0].open_items)
        lines += wrap(
            f"{clean(checks[0].clause)} {capped(checks[0].requirement, 200).rstrip('.')}: "
            f"{capped(why, 300)}{f' ({items})' if items else ''}",
            first=f"  {ink.bad('[ ]')} ",
        )
    held = [clean(one.clause) for one in review.checks if one.held is Held.YES]
    if held:
        lines += wrap(f"held: {', '.join(held)}", first=f"  {ink.good('[x]')} ")
    return lines


def _classes(assessment: Assessment, ink: Ink) -> list[str]:
    lines = [ink.strong("CLASSIFICATION")]
    for market in assessment.classification.markets:
        lines += market_lines(market)
    if not assessment.classification.markets:
        lines.append("  No market is declared, so no rule was asked.")
    for scheme, _ in content.sorted_into(assessment.classification):
        lines += wrap(scheme, first="  ")
    if assessment.classification.markets:
        lines += wrap("rule by rule: `defensible classify`", first="  ")
    return lines


def market_lines(market: MarketAnswer) -> list[str]:
    """The answer for one market with the rules and citations that it rests on."""
    name = short(market.market.upper(), 20)
    if not market.decided:
        lines = wrap(
            f"no rule decides. {sentence(capped(market.ask or '', 400))}", first=f"  {name}: "
        )
    elif market.device is False:
        lines = wrap("not a device by the rules", first=f"  {name}: ")
    else:
        lines = wrap(f"{', '.join(content.market_facts(market))}", first=f"  {name}: ")
    for trace in market.fired:
        lines += wrap(content.rule_words(trace), first="    by ", rest="       ")
    if not market.decided:
        for trace in market.near:
            lines += wrap(content.rule_words(trace), first="    near ", rest="         ")
    if market.unknown_fields:
        unknown = ", ".join(short(one, 40) for one in market.unknown_fields)
        lines += wrap(f"could change with: {unknown} (not declared)", first="    ")
    return lines


def _gaps(assessment: Assessment, ink: Ink) -> list[str]:
    if not assessment.gaps:
        return []
    lines = [ink.strong(f"GAPS, IN THE ORDER IN WHICH TO CLOSE THEM ({len(assessment.gaps)})")]
    for number, step in enumerate(gap_words.steps(assessment.gaps), start=1):
        lines += _step(number, step)
    return [*lines, *wrap(PLAN, first="  ")]


def _step(number: int, step: tuple[Gap, ...]) -> list[str]:
    """One piece of work with the gaps that it closes."""
    gap = step[0]
    head = f"{gap_words.names(step)}, row {gap.row} {gap.question}{content.order_words(gap)}"
    return [
        *wrap(head, first=f"{number:>3}. "),
        *wrap(capped(gap_words.step_words(step), 600), first=" " * 5),
        *wrap(capped(gap.close, 400), first=" " * 5 + "close: "),
    ]
