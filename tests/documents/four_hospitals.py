"""A fixed assessment in the likeness of the four-hospital example, made by hand.

Counts are those of a logistic model trained on part of Cleveland (UCI heart disease table); every
interval of a proportion is Wilson's, written out here so that the reports rest on nothing else.
"""

from dataclasses import replace
from datetime import date
from math import sqrt
from pathlib import Path

from defensible.assessment.gaps import gaps
from defensible.assessment.result import (
    Assessment,
    Cell,
    Link,
    Need,
    Row,
    ScopeCell,
    Status,
    Verdict,
)
from defensible.dossier.claims import Claim, ClaimEndpoint, Goal, MetricName
from defensible.dossier.declared import Range
from defensible.dossier.device import Device
from defensible.dossier.dossier import Dossier, Place
from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.studies import Criterion, Sampling
from defensible.dossier.vocabulary import Function, Market
from defensible.evidence.finding import (
    OVERALL,
    Answer,
    CriterionResult,
    Errors,
    Finding,
    HeldOut,
    JoinLedger,
    Measurement,
    Provenance,
    RocCurve,
    SeenDimension,
    Source,
    Stratum,
    StudyResult,
    Tally,
)
from defensible.evidence.new_site_finding import NewSite
from defensible.regulation.classification import (
    Citation,
    Classification,
    ConditionTrace,
    MarketAnswer,
    Match,
    RuleTrace,
    SpecialControl,
)
from defensible.risk.review import Check, Held, RiskReview
from defensible.statistics.estimate import Caution, Estimate
from tests.documents.four_hospitals_scope import (
    confounders,
    obligations,
    scopes,
    unexercised,
)

TODAY = date(2026, 9, 1)
SHA = "4f9d0c3b6a1e27f5" * 4
SENSITIVITY, SPECIFICITY, AUC = MetricName.SENSITIVITY, MetricName.SPECIFICITY, MetricName.AUC
GOALS = {SENSITIVITY: Goal(above=0.70), SPECIFICITY: Goal(above=0.65)}

COUNTS = {
    (): (309, 426, 217, 291, 0.824, 0.794, 0.854),
    (("site", "Cleveland"),): (41, 56, 35, 45, 0.852, 0.777, 0.926),
    (("site", "Hungary"),): (84, 106, 152, 187, 0.889, 0.850, 0.927),
    (("site", "Switzerland"),): (68, 115, 6, 8, 0.783, 0.619, 0.946),
    (("site", "VA Long Beach"),): (116, 149, 24, 51, 0.733, 0.654, 0.813),
    (("sex", "female"),): (14, 33, 81, 89, 0.769, 0.666, 0.872),
    (("sex", "male"),): (295, 393, 136, 202, 0.802, 0.765, 0.839),
    (("age", "under 45"),): (26, 49, 83, 92, 0.860, 0.792, 0.927),
    (("age", "45 to 55"),): (83, 125, 84, 111, 0.806, 0.751, 0.860),
    (("age", "55 to 65"),): (150, 195, 44, 74, 0.746, 0.679, 0.813),
    (("age", "65 or over"),): (50, 57, 6, 14, 0.807, 0.676, 0.938),
    (("sex", "female"), ("site", "VA Long Beach")): (1, 2, 3, 4, None, None, None),
}
"""True positives of diseased, true negatives of healthy, AUC with its interval."""


def _floats(words: str) -> tuple[float, ...]:
    return tuple(map(float, words.split()))


CURVE = RocCurve(
    false_positive_rate=_floats(
        "0.0 0.0 0.0 0.044 0.044 0.089 0.089 0.111 0.111 0.133 0.133 0.156 0.156 0.222 "
        "0.222 0.244 0.244 0.289 0.289 0.311 0.311 0.333 0.333 0.378 0.378 0.444 0.444 "
        "0.511 0.511 0.689 0.689 0.844 0.844 0.889 0.889 1.0"
    ),
    sensitivity=_floats(
        "0.0 0.018 0.357 0.357 0.536 0.536 0.554 0.554 0.607 0.607 0.696 0.696 0.732 "
        "0.732 0.75 0.75 0.786 0.786 0.821 0.821 0.839 0.839 0.875 0.875 0.893 0.893 "
        "0.929 0.929 0.946 0.946 0.964 0.964 0.982 0.982 1.0 1.0"
    ),
    operating_point=(0.222, 0.732),
)
POOLED_CURVE = RocCurve(
    false_positive_rate=_floats(
        "0.0 0.016 0.049 0.069 0.085 0.11 0.138 0.163 0.183 0.24 0.26 0.293 0.321 0.346 "
        "0.382 0.415 0.467 0.537 0.602 0.675 0.776 0.841 1.0"
    ),
    sensitivity=_floats(
        "0.0 0.181 0.33 0.405 0.492 0.543 0.584 0.611 0.665 0.7 0.741 0.784 0.819 0.832 "
        "0.849 0.865 0.895 0.914 0.935 0.946 0.97 0.986 1.0"
    ),
    operating_point=(0.254, 0.725),
)


def wilson(count: int, n: int) -> Estimate:
    """Wilson's interval at 95 %, as the textbook writes it."""
    z, p = 1.959963984540054, count / n
    centre, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return Estimate(
        value=p,
        low=max(0.0, (centre - spread) / scale),
        high=min(1.0, (centre + spread) / scale),
        level=0.95,
        method="Wilson",
        n=n,
        count=count,
        cautions=(Caution.FEW,) if n < 10 else (),
    )


def _measurements(levels: tuple[tuple[str, str], ...]) -> tuple[Measurement, ...]:
    positives, diseased, negatives, healthy, value, low, high = COUNTS[levels]
    area = (
        None
        if value is None or low is None or high is None
        else Estimate(
            value=value,
            low=low,
            high=high,
            level=0.95,
            method="DeLong",
            n=diseased + healthy,
            se=(high - low) / 3.92,
        )
    )
    estimates = {
        SENSITIVITY: wilson(positives, diseased),
        SPECIFICITY: wilson(negatives, healthy),
        AUC: area,
    }
    return tuple(
        Measurement(
            metric=metric,
            stratum=Stratum(levels=levels),
            estimate=estimate,
            n_cases=diseased + healthy,
            n_diseased=diseased,
            n_healthy=healthy,
            why=None if estimate else "fewer than two cases of a class",
        )
        for metric, estimate in estimates.items()
    )


def _answer(estimate: Estimate, above: float) -> Answer:
    if estimate.low > above:
        return Answer.SUPPORTED
    return Answer.FAILED if estimate.high < above else Answer.INCONCLUSIVE


def _findings(taken: tuple[Measurement, ...]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            study="S-hospitals",
            claim="C1",
            measurement=one,
            goal=goal,
            answer=_answer(one.estimate, goal.above or 0),
            further=40 if one.estimate.n < 60 else None,
        )
        for one in taken
        if one.estimate is not None and (goal := GOALS.get(one.metric)) is not None
    )


def _held_out_study() -> StudyResult:
    taken = tuple(replace(one, stratum=OVERALL) for one in _measurements((("site", "Cleveland"),)))
    asked = {AUC: 0.75, SENSITIVITY: 0.70, SPECIFICITY: 0.70}
    return StudyResult(
        study="S-held-out",
        question="Does the model perform as specified on cases of Cleveland it has not seen?",
        sampling=Sampling.CONSECUTIVE,
        level=0.95,
        ledger=JoinLedger(
            sources=(Source(source="data/scores.csv", sha256=SHA, n_rows=717),),
            n_read=920,
            tallies=(
                Tally(reason="site is not Cleveland", n=616, treated="left out"),
                Tally(reason="split is not held-out", n=203, treated="left out"),
            ),
            n_analysed=101,
            n_patients=101,
            n_diseased=56,
            n_healthy=45,
        ),
        measurements=taken,
        findings=(),
        criteria=tuple(
            CriterionResult(
                criterion=Criterion(metric=one.metric, goal=Goal(above=above), by="estimate"),
                measurement=one,
                met=True,
            )
            for one in taken
            if (above := asked[one.metric])
        ),
        errors=(
            Errors(
                stratum=OVERALL, false_negatives=15, n_diseased=56, false_positives=10, n_healthy=45
            ),
        ),
        dimensions=(SeenDimension(name="site", levels=(("Cleveland", 101),), n_missing=0),),
        curve=CURVE,
        held_out=HeldOut(compared="case", n_development=203, n_study=101, n_shared=0),
        provenance=Provenance(n_declared_model=101, n_other_model=0, n_unknown=0),
        new_site=(),
        cautions=(),
    )


def _hospitals_study() -> StudyResult:
    taken = tuple(one for levels in COUNTS for one in _measurements(levels))
    return StudyResult(
        study="S-hospitals",
        question="Does it hold at hospitals that gave no training data?",
        sampling=Sampling.CONVENIENCE,
        level=0.95,
        ledger=JoinLedger(
            sources=(
                Source(source="data/heart_disease_uci.csv", sha256=SHA[::-1], n_rows=920),
                Source(source="data/scores.csv", sha256=SHA, n_rows=717),
            ),
            n_read=920,
            tallies=(
                Tally(reason="split is train", n=203, treated="left out"),
                Tally(reason="cholesterol recorded as 0", n=172, treated="kept"),
            ),
            n_analysed=717,
            n_patients=717,
            n_diseased=426,
            n_healthy=291,
        ),
        measurements=taken,
        findings=_findings(taken),
        criteria=(),
        errors=(),
        dimensions=(
            SeenDimension(
                name="site",
                levels=(
                    ("Cleveland", 101),
                    ("Hungary", 293),
                    ("Switzerland", 123),
                    ("VA Long Beach", 200),
                ),
                n_missing=0,
            ),
        ),
        curve=POOLED_CURVE,
        held_out=HeldOut(compared="case", n_development=203, n_study=717, n_shared=0),
        provenance=Provenance(n_declared_model=717, n_other_model=0, n_unknown=0),
        confounders=confounders(),
        new_site=(
            NewSite(
                metric=SENSITIVITY,
                estimate=Estimate(
                    value=0.732,
                    low=0.498,
                    high=0.884,
                    level=0.95,
                    method="random effects, logit",
                    n=4,
                    df=3.0,
                ),
                n_sites=4,
                between_site_sd=0.31,
                left_out=(),
            ),
            NewSite(
                metric=SPECIFICITY,
                estimate=Estimate(
                    value=0.716,
                    low=0.301,
                    high=0.938,
                    level=0.95,
                    method="random effects, logit",
                    n=4,
                    df=3.0,
                ),
                n_sites=4,
                between_site_sd=0.62,
                left_out=(),
            ),
        ),
        cautions=("Sampling is by convenience: predictive values are not reported.",),
    )


def _claim() -> Claim:
    return Claim(
        id="C1",
        text="Identifies coronary artery disease in adults referred for angiography, "
        "at any hospital.",
        scope={"site": "any", "age": Range.model_validate({"from": 22}), "sex": ("female", "male")},
        endpoints=tuple(ClaimEndpoint(metric=metric, goal=goal) for metric, goal in GOALS.items()),
        studies=("S-hospitals",),
    )


def _cells(result: StudyResult) -> tuple[ScopeCell, ...]:
    strata = dict.fromkeys(one.measurement.stratum for one in result.findings)
    cells = [_cell(result, one) for one in strata if len(one.levels) < 2]
    predicted = ScopeCell(
        claim="C1",
        dimension="site",
        level="not yet seen",
        answer=Answer.INCONCLUSIVE,
        why="sensitivity expected between 0.50 and 0.88 (95% prediction, 4 sites); "
        "specificity expected between 0.30 and 0.94 (95% prediction, 4 sites)",
        n_cases=0,
    )
    return (*cells[:5], predicted, *cells[5:])


def _cell(result: StudyResult, stratum: Stratum) -> ScopeCell:
    here = [one for one in result.findings if one.measurement.stratum == stratum]
    answers = [one.answer for one in here]
    answer = next(
        (one for one in (Answer.FAILED, Answer.INCONCLUSIVE) if one in answers), Answer.SUPPORTED
    )
    deciding = tuple(one for one in here if one.answer is answer)
    dimension, level = stratum.levels[0] if stratum.levels else ("overall", "overall")
    numbers = "; ".join(
        f"{one.measurement.metric.value} {one.measurement.estimate.value:.3f} "
        f"({one.measurement.estimate.low:.3f} to {one.measurement.estimate.high:.3f}, "
        f"n = {one.measurement.estimate.n}), goal above {one.goal.above:g}"
        for one in deciding
        if one.measurement.estimate
    )
    n_cases = here[0].measurement.n_cases
    return ScopeCell(
        claim="C1",
        dimension=dimension,
        level=level,
        answer=answer,
        why=f"{n_cases} cases: "
        + ("every endpoint clears its goal" if answer is Answer.SUPPORTED else numbers),
        n_cases=n_cases,
        findings=deciding,
    )


def _link(file: str, line: int, text: str | None = None) -> Link:
    return Link(text=text or file, place=Place(file=file, line=line))


def _study_link(study: str, file: str) -> Link:
    return Link(text=study, place=Place(file=file), study=study)


def _cell_of(status: Status, reason: str, *needs: Need, links: tuple[Link, ...] = ()) -> Cell:
    return Cell(status=status, reason=reason, links=links, needs=needs)


HELD_OUT = _study_link("S-held-out", "studies/held-out.yaml")
HOSPITALS = _study_link("S-hospitals", "studies/hospitals.yaml")
C1 = _link("claims.yaml", 2, "C1")


def _rows(cells: tuple[ScopeCell, ...]) -> tuple[Row, ...]:
    unsupported = [
        one for one in cells if one.dimension != "overall" and one.answer is not Answer.SUPPORTED
    ]
    generalization = tuple(
        Need(
            kind="generalization",
            what=f"C1 {'fails' if one.answer is Answer.FAILED else 'is not settled'} for "
            f"{one.name}: {one.why}",
            close=f"add cases from {one.name}, or take it out of C1",
            links=(C1,),
        )
        for one in unsupported
    )
    pairs = (
        (
            "Unit under review",
            _cell_of(
                Status.MET,
                "The artifact has its declared digest (4f9d0c3b6a1e); 818 rows of scores carry it.",
                links=(_link("model.json", 9, "model.json"),),
            ),
            _cell_of(
                Status.PARTLY,
                "Labeling/ifu.md does not carry the version '0.3.0'.",
                Need(
                    kind="labeling",
                    what="labeling/ifu.md does not carry the version '0.3.0'",
                    close="make labeling/ifu.md and the dossier say the same",
                    links=(_link("labeling/ifu.md", 1),),
                ),
                links=(_link("device.yaml", 1),),
            ),
        ),
        (
            "Core question",
            _cell_of(
                Status.MET,
                "3 of 3 acceptance criteria met: AUC 0.852 (0.777 to 0.926), above 0.75 asked by "
                "estimate, sensitivity 0.732 (0.604 to 0.830), above 0.7 asked by estimate and "
                "specificity 0.778 (0.637 to 0.875), above 0.7 asked by estimate.",
                links=(HELD_OUT,),
            ),
            _cell_of(
                Status.OPEN,
                "0 of 1 claim defended: C1 is failed site VA Long Beach and sex female.",
                Need(
                    kind="claims-defended",
                    what="C1 is failed sex female; inconclusive site Switzerland and 6 more",
                    close="gather the evidence that C1 lacks, or narrow C1 to what is supported",
                    links=(C1,),
                ),
                Need(
                    kind="overall-risk",
                    what="overall residual risk is not judged acceptable on a complete risk file",
                    close="complete the risk file, then judge overall residual risk (ISO 14971, 8)",
                    links=(_link("risks.yaml", 88),),
                ),
                links=(C1,),
            ),
        ),
        (
            "Performance evidence",
            _cell_of(
                Status.MET,
                "Metrics with intervals on 101 cases; none is among the 203 development cases.",
                links=(HELD_OUT,),
            ),
            _cell_of(
                Status.PARTLY,
                "C1 overall is inconclusive: 717 cases: sensitivity 0.725 (0.681 to 0.766, "
                "n = 426), goal above 0.7.",
                Need(
                    kind="clinical-evidence",
                    what="C1 overall is inconclusive: sensitivity 0.725 (0.681 to 0.766, n = 426), "
                    "goal above 0.7",
                    close="add about 1,200 cases (at the rate seen), in a new study of C1",
                    links=(HOSPITALS,),
                ),
                links=(HOSPITALS,),
            ),
        ),
        (
            "Generalization",
            _cell_of(
                Status.PARTLY,
                "All cases come from one site, Cleveland (101).",
                Need(
                    kind="data",
                    what="all cases with acceptance criteria come from one site, Cleveland (101)",
                    close="name acceptance criteria for another site",
                    links=(HELD_OUT,),
                ),
                links=(HELD_OUT, HOSPITALS),
            ),
            _cell_of(
                Status.PARTLY,
                "2 of 11 declared levels supported; fails: sex female (122), age under 45 (141); "
                "not settled: site Cleveland (101), site Switzerland (123), site VA Long Beach "
                "(200), site not yet seen.",
                *generalization,
                links=(HOSPITALS,),
            ),
        ),
        (
            "Failure handling",
            _cell_of(
                Status.MET,
                "Missed 15 of 56 diseased, false alarms on 10 of 45 others; most misses: sex "
                "female (19 of 33), most false alarms: age 65 or over (8 of 14).",
                links=(HELD_OUT,),
            ),
            _cell_of(
                Status.PARTLY,
                "2 hazards, 3 risks, 3 controls; 1 of 4 requirements open: 7.2 (control K2 has no "
                "evidence that it works).",
                Need(
                    kind="risk-control",
                    what="ISO 14971, 7.2: control K2 has no evidence that it works",
                    close="verify K2 and name the evidence",
                    links=(_link("risks.yaml", 61, "risks.yaml:61"),),
                ),
                links=(_link("risks.yaml", 1),),
            ),
        ),
        (
            "Intended use",
            _cell_of(
                Status.NOT_APPLICABLE,
                "Engineering validation can leave it implicit: 2 study questions stand in for it.",
            ),
            _cell_of(
                Status.PARTLY,
                "Explicit in every field; nothing shows that it came before the evidence.",
                Need(
                    kind="freeze",
                    what="nothing on file shows that it was fixed before the data were opened",
                    close="fix the intended use and claims under seal before the next data are "
                    "opened",
                    links=(_link("intended-use.yaml", 1),),
                ),
                links=(_link("intended-use.yaml", 1),),
            ),
        ),
        (
            "Human factors",
            _cell_of(
                Status.NOT_APPLICABLE,
                "Engineering validation does not look at how people use the output.",
            ),
            _cell_of(
                Status.OPEN,
                "No study has watched an intended user with the output on screen.",
                Need(
                    kind="human-factors",
                    what="no usability study watched intended users at critical tasks "
                    "(IEC 62366-1)",
                    close="trace tasks to hazards, then run formative and summative usability "
                    "studies",
                    links=(_link("intended-use.yaml", 21),),
                ),
            ),
        ),
        (
            "Who decides",
            _cell_of(
                Status.MET,
                "Signed off for 0.3.0 by the head of engineering on 2026-08-20.",
                links=(_link("device.yaml", 30, "sign-off"),),
            ),
            _cell_of(
                Status.OPEN,
                "No rule decides a pathway for this intended use (US).",
                Need(
                    kind="pathway",
                    what="no rule decides for US",
                    close="ask FDA in a Pre-Submission (Q-Sub)",
                    links=(_link("intended-use.yaml", 1),),
                ),
            ),
        ),
    )
    return tuple(
        Row(number=number, dimension=name, engineering=engineering, regulatory=regulatory)
        for number, (name, engineering, regulatory) in enumerate(pairs, start=1)
    )


def _classification() -> Classification:
    diagnosis = RuleTrace(
        rule="us.radiological-diagnosis",
        title="Radiological computer-assisted diagnosis",
        match=Match.NOT_MET,
        conditions=(
            ConditionTrace(
                field="function", asked="is diagnosis", found="diagnosis", match=Match.MET
            ),
            ConditionTrace(
                field="imaging_modality", asked="is not none", found="none", match=Match.NOT_MET
            ),
        ),
        citation=Citation(source="21 CFR 892.2060", read_on=date(2026, 6, 2), confidence="high"),
    )
    triage = RuleTrace(
        rule="eu.rule-11.serious",
        title="Software that gives information for diagnosis, serious deterioration",
        match=Match.MET,
        conditions=(
            ConditionTrace(field="significance", asked="is drive", found="drive", match=Match.MET),
        ),
        citation=Citation(
            source="Regulation (EU) 2017/745, Annex VIII, rule 11",
            read_on=date(2026, 6, 2),
            confidence="high",
        ),
    )
    return Classification(
        markets=(
            MarketAnswer(
                market="us",
                pack="us 2026.1",
                decided=False,
                device=None,
                device_class=None,
                regulation=None,
                product_codes=(),
                pathway=None,
                confidence=None,
                fired=(),
                near=(diagnosis,),
                unknown_fields=(),
                special_controls=(),
                ask="No rule decides for software that reads no image; ask FDA in a "
                "Pre-Submission (Q-Sub).",
            ),
            MarketAnswer(
                market="eu",
                pack="eu 2026.1",
                decided=True,
                device=True,
                device_class="IIb",
                regulation="Regulation (EU) 2017/745",
                product_codes=(),
                pathway="notified body assessment",
                confidence="medium",
                fired=(triage,),
                near=(),
                unknown_fields=("population.exclusions",),
                special_controls=(
                    SpecialControl(id="SC1", text="Clinical evaluation, Article 61"),
                ),
                ask=None,
            ),
        )
    )


def _risk() -> RiskReview:
    return RiskReview(
        checks=(
            Check(
                clause="4.4",
                requirement="Criteria for risk acceptability are on file",
                held=Held.YES,
                why="scales, matrix and criteria are declared",
            ),
            Check(
                clause="5.4",
                requirement="Every hazard has a hazardous situation",
                held=Held.YES,
                why="2 hazards, 3 risks",
            ),
            Check(
                clause="7.2",
                requirement="Each control is verified: that it is there, and that it works",
                held=Held.NO,
                why="control K2 has no evidence that it works",
                mend="verify K2 and name the evidence",
                open_items=("K2",),
                place=Place(file="risks.yaml", line=61),
            ),
            Check(
                clause="7.4",
                requirement="Benefit outweighs each risk that stays unacceptable",
                held=Held.NOT_APPLICABLE,
                why="no residual risk is unacceptable",
            ),
        ),
        n_hazards=2,
        n_risks=3,
        n_controls=3,
        n_residual_unacceptable=0,
        n_residual_unknown=1,
        overall_acceptable=None,
    )


def dossier() -> Dossier:
    """The declared part, as small as the reports allow."""
    return Dossier(
        root=Path("four-hospitals"),
        device=Device(
            name="CAD Score",
            version="0.3.0",
            manufacturer="Example Cardiology",
            markets=(Market.US, Market.EU),
            description="Software that scores the likelihood of coronary artery disease.",
        ),
        intended_use=IntendedUse(
            function=Function.DIAGNOSIS,
            statement="CAD Score gives cardiologists a score of the likelihood of coronary artery "
            "disease in adults referred for angiography, as an adjunct to other findings.",
        ),
        claims=(_claim(),),
        studies=(),
        risks=None,
        plan=None,
        labeling=(),
        places={},
        identified={},
    )


def assessment() -> Assessment:
    """A validated model, and a claim about hospitals that the evidence does not reach."""
    hospitals = _hospitals_study()
    cells = _cells(hospitals)
    rows = _rows(cells)
    found = gaps(rows)
    order = [gap.id for gap in found]
    ordered = tuple(
        replace(gap, waits_for=tuple(sorted(gap.waits_for, key=order.index))) for gap in found
    )
    return Assessment(
        dossier=dossier(),
        classification=_classification(),
        results=(_held_out_study(), hospitals),
        risk=_risk(),
        verdict=Verdict.PRE_REGULATORY_DEVICE,
        words=str(Verdict.PRE_REGULATORY_DEVICE),
        reason="3 of 3 acceptance criteria met on held-out cases. 8 of 8 regulatory rows are not "
        "met: 2 of 11 declared levels of C1 are supported; it fails for women and under 45 years.",
        next_step=ordered[0].close,
        rows=rows,
        cells=cells,
        gaps=ordered,
        scopes=scopes(cells),
        unexercised=unexercised(),
        obligations=obligations(),
    )
