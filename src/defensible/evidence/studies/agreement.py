"""Agreement study: what the device outlines or measures, against a reference standard.

1. What the plan asks for must be there. 2. Cases from their tables, the account of the others.
3. Means by t, patients being independent: of all cases, of each level, of pairs of levels that meet
in the scope of a claim; what to expect at a site not yet seen. 4. Held against the plan's
endpoints, and the goals of claims.
"""

from dataclasses import replace

import numpy as np

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.claims import Claim, Endpoint
from defensible.dossier.studies import Criterion
from defensible.evidence import agreed_cases, crossed, goals, held_out, new_site, one_tail, plan
from defensible.evidence.agreed_cases import AgreedCases
from defensible.evidence.claims import served
from defensible.evidence.faults import Faults, counted, names
from defensible.evidence.finding import (
    OVERALL,
    Answer,
    CriterionResult,
    Finding,
    Measurement,
    StudyResult,
)
from defensible.evidence.strata import Grouping, grouping, unnamed
from defensible.statistics.estimate import Caution, Estimate
from defensible.statistics.grouped_means import GroupedMean, means

_FEW = 30


def result(study: AgreementStudy, faults: Faults) -> StudyResult:
    """Everything that the study gives.

    Raises
    ------
    DossierError
        Everything in the study's plan, tables and values that keeps it from being run.
    """
    _planned(study, faults)
    development = held_out.identifiers(study, faults), held_out.key_of(study, faults)
    read = agreed_cases.read(study, faults)
    if read is None:
        faults.stop()
        raise AssertionError("a study without cases has said why")
    if study.independent_cases and read.n_repeated:
        what = f"{counted(read.n_repeated, 'patient')} with more than one case"
        mend = "take `independent_cases: true` away; intervals respect the patient column"
        faults.add("E018", ("independent_cases",), what, mend)
    groupings = [Grouping(strata=(OVERALL,), codes=np.zeros(read.patient.size, dtype=np.uint8))]
    for index, dimension in enumerate(study.dimensions):
        one = grouping(dimension, read.frame, faults, ("dimensions", index))
        groupings += [one] if one is not None else []
    faults.stop()
    shared, doubt = held_out.held_out(study, read.frame, *development)
    found = _measured(study, read, groupings, faults)
    cautions = (*found.cautions, doubt) if doubt else found.cautions
    return replace(found, held_out=shared, cautions=cautions)


def _planned(study: AgreementStudy, faults: Faults) -> None:
    plan.patients(study, faults)
    plan.development(study, faults)
    for index, one in enumerate(study.endpoints):
        if lacks := agreed_cases.sized(study, one.metric):
            what = f"{one.metric.value} is an endpoint, and the study lacks what it is taken from"
            faults.add("E062", ("endpoints", index, "metric"), what, f"write {'; '.join(lacks)}")
    for claim in served(faults.dossier, study):
        place = study.claims.index(claim.id) if claim.id in study.claims else None
        for one in _asked(claim):
            if lacks := agreed_cases.sized(study, one.metric):
                what = f"claim {claim.id} names {one.metric.value}, and this study takes none"
                keys = ("claims",) if place is None else ("claims", place)
                faults.add("E020", keys, what, f"write {'; '.join(lacks)}")


def _asked(claim: Claim) -> tuple[Endpoint, ...]:
    return tuple(one for one in claim.endpoints if one.metric.of_agreement)


def _measured(
    study: AgreementStudy, read: AgreedCases, groupings: list[Grouping], faults: Faults
) -> StudyResult:
    claims = served(faults.dossier, study)
    taken = tuple(one for by in groupings for one in _means(study, read, by))
    pairs = tuple(one for by in crossed.pairs(claims, groupings) for one in _means(study, read, by))
    return StudyResult(
        study=study.id,
        question=study.question,
        sampling=study.sampling,
        level=study.analysis.level,
        ledger=read.ledger,
        measurements=taken,
        findings=_findings(study, claims, taken),
        criteria=_criteria(study, taken),
        errors=(),
        dimensions=tuple(one.seen for one in groupings if one.seen is not None),
        curve=None,
        held_out=None,
        provenance=None,
        new_site=new_site.predictions(taken, study.analysis.level),
        cautions=_cautions(study, read, groupings),
        pairs=_findings(study, claims, pairs),
    )


def _means(study: AgreementStudy, read: AgreedCases, by: Grouping) -> list[Measurement]:
    """Each figure in each stratum of one grouping."""
    n = np.bincount(by.codes[by.codes >= 0], minlength=len(by.strata))
    taken: list[Measurement] = []
    for metric, figures in read.figures.items():
        found = means(figures, read.patient, by.codes, len(by.strata))
        low, high = found.limits(level=study.analysis.level)
        signed = metric.signed
        for code, stratum in enumerate(by.strata):
            limits = (
                float(low[code] if signed else max(low[code], 0.0)),
                float(high[code] if signed else min(high[code], 1.0)),
            )
            estimate = _estimate(study, found, code, limits, cut=(low[code], high[code]) != limits)
            taken.append(
                Measurement(
                    metric=metric,
                    stratum=stratum,
                    estimate=estimate,
                    n_cases=int(n[code]),
                    n_diseased=0,
                    n_healthy=0,
                    why=None if estimate is not None else _why(int(n[code])),
                )
            )
    return taken


def _why(n: int) -> str:
    return "one patient shows no spread" if n else "no case"


def _estimate(
    study: AgreementStudy, of: GroupedMean, code: int, limits: tuple[float, float], *, cut: bool
) -> Estimate | None:
    if not of.defined[code]:
        return None
    k, se = int(of.n_clusters[code]), float(of.se[code])
    cautions = [
        caution
        for caution, holds in (
            (Caution.FEW, k < _FEW),
            (Caution.NO_VARIANCE, se == 0),
            (Caution.CUT, cut),
        )
        if holds
    ]
    return Estimate(
        value=float(of.value[code]),
        low=limits[0],
        high=limits[1],
        level=study.analysis.level,
        method="mean by t, patients independent",
        n=int(of.n[code]),
        n_clusters=k,
        se=se,
        df=k - 1,
        cautions=tuple(cautions),
    )


def _findings(
    study: AgreementStudy, claims: tuple[Claim, ...], taken: tuple[Measurement, ...]
) -> tuple[Finding, ...]:
    """Endpoints of claims that agreement shows, in every stratum."""
    return tuple(
        Finding(
            study=study.id,
            claim=claim.id,
            measurement=one,
            goal=end.goal,
            answer=goals.answer(one, end.goal),
            p=one_tail.p_by_t(one.estimate, end.goal),
        )
        for claim in claims
        for end in _asked(claim)
        for one in taken
        if one.metric is end.metric
    )


def _criteria(study: AgreementStudy, taken: tuple[Measurement, ...]) -> tuple[CriterionResult, ...]:
    overall = {one.metric: one for one in taken if one.stratum == OVERALL}
    return tuple(
        CriterionResult(
            criterion=Criterion(metric=one.metric, goal=one.goal, by="interval"),
            measurement=overall[one.metric],
            met=goals.answer(overall[one.metric], one.goal) is Answer.SUPPORTED,
        )
        for one in study.endpoints
    )


def _cautions(
    study: AgreementStudy, read: AgreedCases, groupings: list[Grouping]
) -> tuple[str, ...]:
    said: list[str] = []
    if study.dimensions:
        said.append("Intervals of strata are not adjusted for how many strata there are.")
    if read.n_repeated:
        said.append(
            f"{counted(read.n_repeated, 'patient')} with more than one case: intervals treat "
            "patients, not cases, as independent."
        )
    seen = [one.seen for one in groupings if one.seen is not None]
    for dimension, one in zip(study.dimensions, seen, strict=True):
        if others := unnamed(dimension, one):
            said.append(
                f"Dimension {one.name}: {names(list(others))} "
                f"{'is' if len(others) == 1 else 'are'} not named in levels, and kept as found."
            )
    return tuple(said)
