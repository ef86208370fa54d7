"""The scope of a claim as text in 80 columns: what is supported, where, and what is not known."""

from collections import Counter
from collections.abc import Iterator

from defensible.assessment.result import (
    Assessment,
    ClaimScope,
    PredictiveValue,
    ScopeCell,
    Unexercised,
)
from defensible.documents import content, heat, numbers
from defensible.documents.heat import Heat
from defensible.documents.text_marks import paint_answer
from defensible.documents.words import ANSWER_MARK, ANSWER_WORDS, METRIC, capped, short
from defensible.dossier.claims import Claim
from defensible.evidence.finding import Answer, StudyResult
from defensible.evidence.new_site_finding import NewSite
from defensible.screen.layout import WIDTH, Ink, table, wrap

MOST_LEVELS = 40
"""Levels that are listed one by one."""
MOST = 12
"""Lines of a list that can be long; the rest is counted."""
MOST_QUOTES = 2
"""Sentences of labeling that stand under a condition."""


def scope_text(assessment: Assessment, claims: tuple[str, ...], *, colour: bool) -> str:
    """The scopes of these claims, then what no evidence stands behind, then what to do next."""
    ink = Ink(colour=colour)
    by_id = {one.id: one for one in assessment.dossier.claims}
    blocks = [
        block
        for scope in assessment.scopes
        if scope.claim in claims
        for block in _blocks(assessment, by_id[scope.claim], scope, ink)
    ]
    blocks += [_unexercised(assessment.unexercised, ink), _next(assessment, claims)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def family_words(scope: ClaimScope) -> str:
    """How the cells are held against each other, in a sentence."""
    family = scope.family
    if family is None:
        return "No study serves this claim."
    order = f", in the order {', '.join(family.order)}" if family.order else ""
    return (
        f"{numbers.counted(family.n_tested, 'level or pair', 'levels and pairs')} tested together "
        f"by {family.method}{order}; the chance of calling any supported that is not is at most "
        f"{family.alpha:g}."
    )


def _blocks(
    assessment: Assessment, claim: Claim, scope: ClaimScope, ink: Ink
) -> Iterator[list[str]]:
    yield [
        ink.strong(f"SCOPE OF {short(claim.id, 40)}"),
        *wrap(f'"{capped(claim.text, 400)}"', first="  "),
        *wrap(f"Asked of each level: {content.asked(claim)}.", first="  "),
        *wrap(family_words(scope), first="  "),
    ]
    yield _widest(scope, ink)
    yield [ink.strong("LEVELS"), *_levels(scope, ink)]
    for one in heat.tables(scope):
        yield _heat(one, ink)
    yield _unknown(scope, ink)
    yield _sites(assessment, scope, ink)
    yield _confounded(scope, ink)
    yield _predictive(scope.predictive, ink)


def _widest(scope: ClaimScope, ink: Ink) -> list[str]:
    lines = [ink.strong("WIDEST SUPPORTED SCOPE")]
    if not scope.widest:
        return [*lines, *wrap(none_supported(scope), first="  ")]
    for at, one in enumerate(scope.widest, start=1):
        lines += wrap(capped(one.sentence, 600), first=f"  {at}. ", rest="     ")
    if scope.widest_cut:
        lines.append("  There are more; these hold the most cases.")
    return lines


def none_supported(scope: ClaimScope) -> str:
    """Why there is no supported scope: the dimensions without a supported level, or no clique."""
    dimensions = list(dict.fromkeys(one.dimension for one in scope.cells[1:]))
    bare = [
        name
        for name in dimensions
        if not any(one.dimension == name and one.answer is Answer.SUPPORTED for one in scope.cells)
    ]
    if not dimensions:
        return "None: the claim declares no scope."
    if bare:
        return f"None: no level of {', '.join(bare)} is supported."
    return "None: no two supported levels are supported together."


def _levels(scope: ClaimScope, ink: Ink) -> list[str]:
    """Each level; past `MOST_LEVELS` the rest is counted by its answer."""
    lines = [line for one in scope.cells[:MOST_LEVELS] for line in _level(one, ink)]
    rest = Counter(ANSWER_WORDS[one.answer] for one in scope.cells[MOST_LEVELS:])
    if rest:
        told = ", ".join(f"{n:,} {answer}" for answer, n in rest.most_common())
        lines += wrap(f"and {rest.total():,} more: {told}; the JSON form has all", first="  ")
    return lines


def _level(cell: ScopeCell, ink: Ink) -> list[str]:
    answer = paint_answer(cell.answer, ANSWER_WORDS[cell.answer], ink)
    mark = paint_answer(cell.answer, ANSWER_MARK[cell.answer], ink)
    more = numbers.further_of_level(cell)
    further = f"; {more} would settle it" if more else ""
    return wrap(
        f"{short(cell.name, 60)}: {answer}; {capped(cell.why, 400)}{further}", first=f"  {mark} "
    )


def _heat(one: Heat, ink: Ink) -> list[str]:
    """A table of marks with diseased/healthy cases; as many columns as fit."""
    room = (WIDTH - 24) // 14
    columns = one.columns[:room]
    drawn = [
        [short(level, 20), *(_mark(one.cells.get((level, column))) for column in columns)]
        for level in one.rows[: MOST * 2]
    ]
    rows = [["", *(short(level, 12) for level in columns)], *drawn]
    hidden = one.n_left_out + len(one.columns) - len(columns) + max(len(one.rows) - MOST * 2, 0)
    more = [f"  {numbers.counted(hidden, 'level')} not drawn; the JSON form has all"]
    seen = [content.class_counts(cell) for cell in one.cells.values() if cell.n_cases]
    classed = any(len(counts) == 2 for counts in seen if counts)
    return [
        ink.strong(f"{short(one.down, 30).upper()} BY {short(one.across, 30).upper()}")
        + ("  (diseased/healthy)" if classed else "  (cases)"),
        *(f"  {line}" for line in table(rows)),
        *(more if hidden > 0 else []),
    ]


def _mark(cell: ScopeCell | None) -> str:
    if cell is None:
        return ""
    counts = content.class_counts(cell)
    told = f" {'/'.join(f'{n:,}' for n in counts)}" if counts and cell.n_cases else ""
    return f"{ANSWER_MARK[cell.answer]}{told}"


def _unknown(scope: ClaimScope, ink: Ink) -> list[str]:
    if not scope.not_known:
        return []
    told = ", ".join(f"{one.dimension} of {one.n_cases:,} cases" for one in scope.not_known)
    return [ink.strong("NOT KNOWN"), *wrap(f"{told}: no claim covers these.", first="  ")]


def _sites(assessment: Assessment, scope: ClaimScope, ink: Ink) -> list[str]:
    studies = [
        one for one in assessment.results if any(f.claim == scope.claim for f in one.findings)
    ]
    claims = {one.id: one for one in assessment.dossier.claims}
    asked = {one.metric for one in claims[scope.claim].endpoints}
    lines = [
        line
        for result in studies
        for one in result.new_site
        if one.metric in asked
        for line in wrap(between_sites(one), first="  ")
    ]
    lines += [line for one in studies for line in _joint(one)]
    return [ink.strong("BETWEEN SITES"), *lines] if lines else []


def between_sites(one: NewSite) -> str:
    """The average site, the next one, and the site that moves the average most."""
    average = f"average site {numbers.figure(one.average)}, " if one.average else ""
    spread = "" if one.i2 is None else f", I2 {one.i2:.0%}"
    told = (
        f"{METRIC[one.metric.value]}: {average}next site {numbers.interval(one.estimate)} "
        f"({numbers.level(one.estimate.level)} prediction, "
        f"{numbers.counted(one.n_sites, 'site')}{spread})."
    )
    if not one.influence:
        return told
    most = one.influence[0]
    return f"{told} Without {short(most.site, 40)} the average is {numbers.figure(most.average)}."


def _joint(result: StudyResult) -> list[str]:
    joint = result.joint_new_site
    if joint is None:
        return []
    together = "" if joint.correlation is None else f", correlation {joint.correlation:.2f}"
    return wrap(
        f"Together (bivariate, {numbers.counted(joint.n_sites, 'site')}{together}): next site "
        f"sensitivity {numbers.interval(joint.further_sensitivity)}, specificity "
        f"{numbers.interval(joint.further_specificity)}.",
        first="  ",
    )


def _confounded(scope: ClaimScope, ink: Ink) -> list[str]:
    if not scope.confounded:
        return []
    lines = [ink.strong("CAN'T BE TOLD APART")]
    for one in scope.confounded[:MOST]:
        lines += wrap(f"{capped(one.said, 300)} ({one.n_cases:,} cases)", first="  ")
    if len(scope.confounded) > MOST:
        lines.append(f"  and {len(scope.confounded) - MOST:,} more")
    return lines


def _predictive(values: tuple[PredictiveValue, ...], ink: Ink) -> list[str]:
    if not values:
        return []
    rows = [
        (short(one.study, 24), METRIC[one.metric.value], f"{one.prevalence:g}",
         numbers.figure(one.estimate))
        for one in values
    ]  # fmt: skip
    head = ("study", "value", "at prevalence", "")
    lines = table([head, *rows])
    return [ink.strong("PREDICTIVE VALUES IN USE"), *(f"  {line}" for line in lines)]


def _unexercised(found: tuple[Unexercised, ...], ink: Ink) -> list[str]:
    if not found:
        return []
    lines = [ink.strong("ALLOWED, AND NOT EXERCISED")]
    for one in found[: MOST * 2]:
        lines += wrap(
            f"{short(one.dimension, 30)}: {capped(one.condition, 160)}; {capped(one.why, 160)} "
            f"({one.place}). Honest today: {capped(one.honest, 160)}.",
            first="  ",
        )
        for quote in one.quotes[:MOST_QUOTES]:
            lines += wrap(
                f"{short(str(quote.spot), 60)} says “{capped(quote.words, 200)}”", first="    "
            )
        if one.quotes and one.n_quotes > MOST_QUOTES:
            lines.append(f"    and {one.n_quotes - MOST_QUOTES:,} more such sentences")
    if len(found) > MOST * 2:
        lines.append(f"  and {len(found) - MOST * 2:,} more")
    return lines


def _next(assessment: Assessment, claims: tuple[str, ...]) -> list[str]:
    """What to do next: cases where they settle most, or a narrower claim."""
    scopes = [one for one in assessment.scopes if one.claim in claims]
    if scopes and all(
        cell.answer is Answer.SUPPORTED for one in scopes for cell in (*one.cells, *one.pairs)
    ):
        return ["Next: every level and pair is supported; `defensible assess` says what else is."]
    named = ", ".join(short(one.claim, 30) for one in scopes if one.widest)
    if named:
        return wrap(
            f"Next: narrow {named} to its supported scope, or add cases where it is not settled."
        )
    return wrap("Next: add cases where a level is not settled, or narrow the claim.")
