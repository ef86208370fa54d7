"""The scope of the fixed assessment: two sites that are supported, and one that is not."""

from dataclasses import replace
from datetime import date
from itertools import product

from defensible.assessment.result import (
    Answered,
    ClaimScope,
    Confounded,
    Family,
    PredictiveValue,
    Quote,
    ScopeCell,
    Simultaneous,
    Status,
    Supported,
    Unexercised,
)
from defensible.dossier.claims import Goal, MetricName
from defensible.dossier.dossier import Place
from defensible.dossier.labeling import Unit
from defensible.evidence.finding import Answer, Confounder, Figure, Presence, Stratum
from defensible.regulation import Obligation, ObligationKind
from defensible.regulation.classification import Citation, Match
from defensible.regulation.language import Spot
from defensible.regulation.obligation_pack import Check
from defensible.statistics import proportions

SITES = ("Cleveland", "Hungary", "Switzerland")
ANSWERS = {
    ("Cleveland", "female"): Answer.INCONCLUSIVE,
    ("Switzerland", "female"): Answer.UNSEEN,
    ("Switzerland", "male"): Answer.FAILED,
}


def _pair(site: str, sex: str) -> ScopeCell:
    answer = ANSWERS.get((site, sex), Answer.SUPPORTED)
    return ScopeCell(
        claim="C1",
        dimension="site x sex",
        level=f"{site} x {sex}",
        answer=answer,
        why="as the fixture has it",
        n_cases=0 if answer is Answer.UNSEEN else 40,
        stratum=Stratum(levels=(("site", site), ("sex", sex))),
        alone=answer,
        p=None if answer is Answer.UNSEEN else 0.001,
        adjusted_p=None if answer is Answer.UNSEEN else 0.006,
        further=120 if answer is Answer.INCONCLUSIVE else None,
        simultaneous=(
            Simultaneous(
                study="S-hospitals",
                metric=MetricName.SENSITIVITY,
                goal=Goal(above=0.75),
                low=0.7,
                high=0.98,
                level=0.99,
            ),
        ),
    )


def scopes(cells: tuple[ScopeCell, ...]) -> tuple[ClaimScope, ...]:
    """One claim's scope around the cells of the fixed assessment."""
    return (
        ClaimScope(
            claim="C1",
            family=Family(method="Holm", n_tested=17, alpha=0.025),
            cells=cells,
            pairs=tuple(_pair(site, sex) for site, sex in product(SITES, ("female", "male"))),
            not_known=(),
            widest=(
                Supported(
                    levels=(("site", ("Cleveland", "Hungary")), ("sex", ("male",))),
                    sentence="… at Cleveland and Hungary, men; not established for site "
                    "Switzerland (fails; 105 diseased, 8 healthy).",
                    dropped=(("site", "Switzerland", "113 cases: specificity 0.250"),),
                    n_cases=298,
                ),
            ),
            widest_cut=False,
            confounded=(
                Confounded(
                    study="S-hospitals",
                    dimension="vendor",
                    level="Philips",
                    other="site",
                    other_level="Switzerland",
                    n_cases=14,
                    said="vendor Philips was seen at one site only, Switzerland: vendor and site "
                    "can't be told apart there",
                ),
            ),
            predictive=(
                PredictiveValue(
                    study="S-hospitals",
                    metric=MetricName.PPV,
                    prevalence=0.05,
                    estimate=proportions.wilson(30, 100),
                ),
            ),
        ),
    )


def unexercised() -> tuple[Unexercised, ...]:
    """A condition that the intended use allows without evidence, and one that a leaflet allows."""
    return (
        Unexercised(
            dimension="age",
            condition="years over 77",
            n_cases=0,
            why="no cases",
            honest="not studied over 77 years",
            place=Place(file="intended-use.yaml", line=21, column=3),
            quotes=(
                Quote(
                    spot=Spot(file="labeling/instructions.md", unit=Unit.LINE, number=4),
                    words="CoroScore is intended for adults.",
                ),
            ),
            n_quotes=1,
        ),
        Unexercised(
            dimension="vendor",
            condition="any vendor",
            n_cases=0,
            why="no study of a claim parts its cases by vendor",
            honest="not studied by vendor",
            place=Spot(file="labeling/leaflet.pdf", unit=Unit.PAGE, number=2),
            quotes=tuple(
                Quote(
                    spot=Spot(file="labeling/leaflet.pdf", unit=Unit.PAGE, number=2 + at),
                    words="CoroScore works with any ECG system.",
                )
                for at in range(3)
            ),
            n_quotes=3,
        ),
    )


def confounders() -> tuple[Confounder, ...]:
    """One of each presence."""
    return (
        Confounder(
            kind="overlap with development",
            presence=Presence.ABSENT,
            said="Shared: 0 of 737 cases among the 181 of development.",
        ),
        Confounder(
            kind="near-duplicates",
            presence=Presence.PRESENT,
            said="4 patients in 2 groups agree in score, reference and every dimension.",
            figures=(Figure(name="alike", value=4), Figure(name="groups", value=2)),
        ),
        Confounder(
            kind="case mix",
            presence=Presence.NOT_SHOWN,
            said="The intended use declares neither prevalence nor mix.",
        ),
    )


def obligations() -> tuple[Answered, ...]:
    """One that is met and one that is open."""
    cite = Citation(source="21 CFR 892.2080", read_on=date(2026, 6, 2), confidence="medium")
    met = Obligation(
        id="us.evidence.sites",
        kind=ObligationKind.EVIDENCE,
        title="Cases from three sites or more",
        market="us",
        applies=Match.MET,
        ask=(),
        check=Check(name="sites", at_least=3),
        citation=cite,
    )
    unmet = replace(
        met,
        id="us.document.predicate",
        kind=ObligationKind.DOCUMENT,
        title="Predicate with the same intended use",
        check=Check(name="record"),
    )
    return (
        Answered(obligation=met, status=Status.MET, reason="4 sites"),
        Answered(
            obligation=unmet,
            status=Status.OPEN,
            reason="no judgement is on record",
            close="have a person judge it",
        ),
    )
