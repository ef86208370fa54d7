"""Localization study: what the device marks, alone, on cases whose lesions are known.

1. What the plan asks for must be there. 2. Cases, lesions and marks from their tables, the account
of the others. 3. Lesions found, false marks and wAFROC, by dimensions of cases and of lesions.
4. Held against the goals of claims, and the study's own criteria.
"""

from dataclasses import replace

from defensible.dossier.claims import Claim, Endpoint
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.studies import Sampling
from defensible.evidence import (
    confounders,
    crossed,
    goals,
    held_out,
    independence,
    localized_cases,
    localized_curves,
    localized_measures,
    localized_parts,
    marks,
    marks_tail,
    new_site,
    plan,
)
from defensible.evidence.claims import served
from defensible.evidence.faults import Faults, counted, names
from defensible.evidence.finding import Answer, Finding, HeldOut, Measurement, StudyResult
from defensible.evidence.localized_cases import LocalizedCases
from defensible.evidence.localized_parts import Groupings
from defensible.evidence.strata import unnamed


def result(study: LocalizationStudy, faults: Faults) -> StudyResult:
    """Everything that the study gives.

    Raises
    ------
    DossierError
        Everything in the study's plan, tables and values that keeps it from being run.
    """
    _planned(study, faults)
    development = held_out.identifiers(study, faults), held_out.key_of(study, faults)
    read = localized_cases.read(study, faults)
    if read is None:
        faults.stop()
        raise AssertionError("a study without cases has said why")
    if read.cases.patients is not None:
        independence.checked(read.view, read.cases.patients, read.cases.n_repeated, faults)
    by = localized_parts.groupings(study, read, faults)
    faults.stop()
    shared, doubt = held_out.held_out(study, read.cases.frame, *development)
    found = _measured(study, read, by, shared, faults)
    cautions = (*found.cautions, doubt) if doubt else found.cautions
    return replace(found, cautions=cautions)


def _planned(study: LocalizationStudy, faults: Faults) -> None:
    plan.patients(study, faults)
    plan.development(study, faults)
    of_cases = {one.name for one in study.dimensions}
    twice = [one.name for one in study.lesion_dimensions if one.name in of_cases]
    if twice:
        what = f"there is more than one dimension {names(twice)}"
        faults.add("E023", ("dimensions",), what, "give each dimension a name of its own")
    declared = study.data.marks
    marks.planned(declared, declared.columns.model_dump(), faults)
    if study.analysis.threshold is not None and declared.columns.score is None:
        what = "there is a threshold, and marks have no score that could reach it"
        mend = "name data.marks.columns.score, or take the threshold away: every mark counts then"
        faults.add("E027", ("analysis", "threshold"), what, mend)
    _asked_and_taken(study, faults)


def _asked_and_taken(study: LocalizationStudy, faults: Faults) -> None:
    """Metrics that claims and criteria name must be among those that the study takes."""
    for index, criterion in enumerate(study.acceptance):
        if lacks := localized_measures.lacks(study, criterion.metric):
            what = f"its acceptance names {criterion.metric.value}, and this study takes none"
            keys = ("acceptance", index, "metric")
            faults.add("E020", keys, what, f"write {'; '.join(lacks)}")
    for claim in served(faults.dossier, study):
        place = study.claims.index(claim.id) if claim.id in study.claims else None
        for one in _asked(claim):
            if lacks := localized_measures.lacks(study, one.metric):
                what = f"claim {claim.id} names {one.metric.value}, and this study takes none"
                at = ("claims",) if place is None else ("claims", place)
                faults.add("E020", at, what, f"write {'; '.join(lacks)}")


def _asked(claim: Claim) -> tuple[Endpoint, ...]:
    return tuple(one for one in claim.endpoints if one.metric.of_localization)


def _measured(
    study: LocalizationStudy,
    read: LocalizedCases,
    by: Groupings,
    shared: HeldOut | None,
    faults: Faults,
) -> StudyResult:
    claims, level = served(faults.dossier, study), study.analysis.level
    wanted = frozenset(end.metric for claim in claims for end in _asked(claim))
    taken = tuple(
        one
        for part in localized_parts.parts(read, by)
        for one in localized_measures.measured(study, read, part)
    )
    pairs = tuple(
        one
        for part in localized_parts.pairs(read, by, claims)
        for one in localized_measures.measured(study, read, part, wanted)
    )
    basis = confounders.Basis(
        dossier=faults.dossier,
        study=read.view,
        cases=read.cases,
        groupings=by.of_cases,
        held_out=shared,
    )
    return StudyResult(
        study=study.id,
        question=study.question,
        sampling=study.sampling,
        level=level,
        ledger=read.cases.ledger,
        measurements=taken,
        findings=_findings(study, claims, taken),
        criteria=goals.criteria(study, taken),
        errors=localized_measures.errors(read, (by.everyone, *by.of_cases)),
        dimensions=by.seen,
        curve=None,
        held_out=shared,
        provenance=None,
        new_site=new_site.predictions(taken, level),
        cautions=_cautions(study, read, by),
        crossed=crossed.crossed(read.cases, by.of_cases),
        confounders=confounders.of_marks(study, basis, read, by),
        pairs=_findings(study, claims, pairs),
        localization=localized_curves.findings(study, read, by),
    )


def _findings(
    study: LocalizationStudy, claims: tuple[Claim, ...], taken: tuple[Measurement, ...]
) -> tuple[Finding, ...]:
    """Endpoints of claims that marks show, in every stratum."""
    return tuple(
        _finding(study, claim, end, one)
        for claim in claims
        for end in _asked(claim)
        for one in taken
        if one.metric is end.metric
    )


def _finding(
    study: LocalizationStudy, claim: Claim, end: Endpoint, measurement: Measurement
) -> Finding:
    answer, open_ = goals.answer(measurement, end.goal), None
    if answer is Answer.INCONCLUSIVE:
        open_ = marks_tail.further(measurement, end.goal, level=study.analysis.level)
    return Finding(
        study=study.id,
        claim=claim.id,
        measurement=measurement,
        goal=end.goal,
        answer=answer,
        further=open_,
        p=marks_tail.p_cleared(measurement, end.goal),
    )


def _cautions(study: LocalizationStudy, read: LocalizedCases, by: Groupings) -> tuple[str, ...]:
    """What a reader of the figures should know, in sentences."""
    said: list[str] = []
    if by.seen:
        said.append("Intervals of strata are not adjusted for how many strata there are.")
    if by.of_lesions:
        named = names([one.name for one in study.lesion_dimensions])
        said.append(
            f"A false mark has no lesion: at levels of {named} the false marks are those of all "
            "cases, and the wAFROC holds these lesions alone against all healthy cases."
        )
    ledger = read.cases.ledger
    if read.cases.n_repeated:
        said.append(
            f"{counted(read.cases.n_repeated, 'patient')} of {ledger.n_patients:,} "
            f"{'has' if read.cases.n_repeated == 1 else 'have'} more than one case; "
            "intervals treat patients, not cases, as independent."
        )
    if study.sampling in _NOT_AS_IN_USE:
        said.append(
            f"Cases are {_NOT_AS_IN_USE[study.sampling]}: false marks of all cases together are "
            "of this mix of diseased and healthy cases; in use they are nearer to those of the "
            "healthy."
        )
    for dimension, seen in zip((*study.dimensions, *study.lesion_dimensions), by.seen, strict=True):
        if others := unnamed(dimension, seen):
            said.append(
                f"Dimension {seen.name}: {names(list(others))} "
                f"{'is' if len(others) == 1 else 'are'} not named in levels, and kept as found."
            )
    return tuple(said)


_NOT_AS_IN_USE = {Sampling.ENRICHED: "enriched", Sampling.CONVENIENCE: "a convenience sample"}
