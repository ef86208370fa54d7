"""The fixed assessment with an attacker's words wherever a dossier can put words."""

from dataclasses import replace

from defensible.assessment.result import Assessment, ClaimScope, Link
from defensible.dossier.dossier import Place
from defensible.evidence.finding import Stratum, StudyResult, Tally
from tests.documents.four_hospitals import assessment

SCRIPT = "<script>alert(1)</script>"
BREAKOUT = '"><img src=x onerror=alert(2)>'
BIDI = "\u202eevil\u2066\u200f"
TERMINAL = "\x1b[2J\x1b]0;owned\x07\x9b31m"
LONG = "x" * 10_000
EVIL = f"{SCRIPT}{BREAKOUT}{BIDI}{TERMINAL}"


def hostile() -> Assessment:
    """Every place that shows a name, a sentence or a path holds hostile text."""
    whole = assessment()
    device = whole.dossier.device.model_copy(
        update={"name": EVIL, "version": LONG, "manufacturer": EVIL + LONG}
    )
    use = whole.dossier.intended_use.model_copy(update={"statement": EVIL * 40})
    claims = tuple(one.model_copy(update={"text": EVIL + LONG}) for one in whole.dossier.claims)
    results = tuple(_result(one) for one in whole.results)
    link = Link(text=EVIL, place=Place(file=EVIL + LONG))
    rows = tuple(
        replace(
            row,
            dimension=EVIL,
            engineering=replace(row.engineering, reason=EVIL + LONG, links=(link,)),
            regulatory=replace(row.regulatory, reason=EVIL, links=(link,)),
        )
        for row in whole.rows
    )
    markets = tuple(
        replace(one, market=EVIL, ask=EVIL, unknown_fields=(LONG,), pathway=EVIL)
        for one in whole.classification.markets
    )
    checks = tuple(
        replace(one, clause=EVIL, requirement=EVIL, why=LONG, open_items=(EVIL, LONG))
        for one in whole.risk.checks
    )
    return replace(
        whole,
        dossier=replace(whole.dossier, device=device, intended_use=use, claims=claims),
        classification=replace(whole.classification, markets=markets),
        results=results,
        risk=replace(whole.risk, checks=checks),
        words=EVIL,
        reason=EVIL,
        next_step=EVIL + LONG,
        rows=rows,
        cells=tuple(replace(one, level=EVIL + LONG, why=EVIL) for one in whole.cells),
        gaps=tuple(replace(one, what=EVIL, close=LONG, links=(link,)) for one in whole.gaps),
        scopes=tuple(_scope(one) for one in whole.scopes),
        obligations=tuple(
            replace(one, reason=EVIL + LONG, close=LONG) for one in whole.obligations
        ),
        unexercised=tuple(
            replace(
                one,
                dimension=EVIL,
                condition=LONG,
                why=EVIL,
                honest=EVIL + LONG,
                quotes=tuple(
                    replace(quote, spot=replace(quote.spot, file=EVIL + LONG), words=EVIL + LONG)
                    for quote in one.quotes
                ),
            )
            for one in whole.unexercised
        ),
    )


def _scope(scope: ClaimScope) -> ClaimScope:
    stratum = Stratum(levels=((EVIL, EVIL + LONG), (LONG, EVIL)))
    dimension = " x ".join(name for name, _ in stratum.levels)
    return replace(
        scope,
        pairs=tuple(replace(one, dimension=dimension, stratum=stratum) for one in scope.pairs),
        widest=tuple(replace(one, sentence=EVIL + LONG) for one in scope.widest),
        confounded=tuple(replace(one, said=EVIL + LONG) for one in scope.confounded),
    )


def _result(result: StudyResult) -> StudyResult:
    ledger = replace(result.ledger, tallies=(Tally(reason=EVIL + LONG, n=3, treated="left out"),))
    findings = tuple(
        replace(
            one,
            measurement=replace(
                one.measurement,
                stratum=Stratum(levels=((f"{at}{EVIL}", f"{EVIL}{LONG}"),)),
            ),
        )
        for at, one in enumerate(result.findings)
    )
    return replace(
        result,
        question=EVIL,
        ledger=ledger,
        findings=findings,
        cautions=(EVIL, LONG),
        confounders=tuple(replace(one, said=EVIL + LONG) for one in result.confounders),
    )
