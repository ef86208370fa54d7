"""Standalone study: the device alone, on cases whose condition was established.

1. What the plan asks for must be there. 2. Cases from their tables, the account of the others.
3. Strata. 4. Measurements. 5. Findings against the goals of claims, and the study's own criteria.
"""

from typing import TYPE_CHECKING

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.dossier import Dossier
from defensible.dossier.studies import (
    AucInterval,
    ProportionInterval,
    Sampling,
    StandaloneStudy,
)
from defensible.evidence import (
    areas,
    cases,
    confounders,
    crossed,
    goals,
    held_out,
    independence,
    measurements,
    new_site,
    plan,
    reference,
)
from defensible.evidence.cases import Cases
from defensible.evidence.claims import served
from defensible.evidence.faults import Faults, counted, names
from defensible.evidence.finding import (
    OVERALL,
    Measurement,
    SeenDimension,
    StudyResult,
)
from defensible.evidence.measurements import Order
from defensible.evidence.new_site_finding import JointNewSite
from defensible.evidence.provenance import provenance
from defensible.evidence.strata import Grouping, grouping, unnamed

if TYPE_CHECKING:
    import polars as pl


def result(study: StandaloneStudy, faults: Faults) -> StudyResult:
    """Everything that the study gives.

    Raises
    ------
    DossierError
        Everything in the study's plan, tables and values that keeps it from being run.
    """
    plan.checked(study, faults)
    development = held_out.identifiers(study, faults)
    key = held_out.key_of(study, faults)
    read = cases.read(study, faults)
    if read is None:
        faults.stop()
        raise AssertionError("a study without cases has said why")
    if read.patients is not None:
        independence.checked(study, read.patients, read.n_repeated, faults)
    groupings = _groupings(study, read, faults)
    faults.stop()
    return _measured(study, read, groupings, (development, key), faults)


def _groupings(study: StandaloneStudy, read: Cases, faults: Faults) -> list[Grouping]:
    """All cases, then each dimension."""
    everyone = Grouping(strata=(OVERALL,), codes=np.zeros(read.truth.size, dtype=np.uint8))
    by_dimension = [
        grouping(dimension, read.frame, faults, ("dimensions", index))
        for index, dimension in enumerate(study.dimensions)
    ]
    return [everyone, *(one for one in by_dimension if one is not None)]


def _measured(
    study: StandaloneStudy,
    read: Cases,
    groupings: list[Grouping],
    development: "tuple[pl.Series | None, bytes | None]",
    faults: Faults,
) -> StudyResult:
    dossier, level = faults.dossier, study.analysis.level
    order = measurements.ordered(study, read)
    counts = measurements.counts(read, groupings)
    taken = measurements.measured(study, read, groupings, counts, order)
    both = _in_pairs(study, read, groupings, order, dossier)
    shared, doubt = held_out.held_out(study, read.frame, *development)
    dimensions = tuple(one.seen for one in groupings if one.seen is not None)
    cautions = _cautions(study, read, dimensions)
    return StudyResult(
        study=study.id,
        question=study.question,
        sampling=study.sampling,
        level=level,
        ledger=read.ledger,
        measurements=taken,
        findings=goals.findings(dossier, study, taken),
        criteria=goals.criteria(study, taken),
        errors=measurements.errors(read, groupings, counts),
        dimensions=dimensions,
        curve=areas.curve(read, order.by_score),
        held_out=shared,
        provenance=provenance(dossier, study, read),
        new_site=new_site.predictions(taken, level),
        cautions=(*cautions, doubt) if doubt else cautions,
        crossed=crossed.crossed(read, groupings),
        joint_new_site=_joint(study, taken, dossier),
        confounders=confounders.confounders(
            confounders.Basis(
                dossier=dossier,
                study=study,
                cases=read,
                groupings=tuple(one for one in groupings if one.seen is not None),
                held_out=shared,
            )
        ),
        pairs=goals.findings(dossier, study, both),
    )


def _joint(
    study: StandaloneStudy, taken: tuple[Measurement, ...], dossier: Dossier
) -> JointNewSite | None:
    """Both rates of the next site together, where a claim with both reaches beyond its sites."""
    both = {MetricName.SENSITIVITY, MetricName.SPECIFICITY}
    asked = any(
        claim.scope.get("site") == "any" and both <= {end.metric for end in claim.endpoints}
        for claim in served(dossier, study)
    )
    return new_site.together(taken, study.analysis.level) if asked else None


def _in_pairs(
    study: StandaloneStudy,
    read: Cases,
    groupings: list[Grouping],
    order: Order,
    dossier: Dossier,
) -> tuple[Measurement, ...]:
    """The endpoints of the claims where two dimensions of a scope meet, a level of each."""
    claims = served(dossier, study)
    wanted = frozenset(end.metric for claim in claims for end in claim.endpoints)
    return tuple(
        taken
        for pair in crossed.pairs(claims, groupings)
        for taken in measurements.measured(
            study, read, [pair], measurements.counts(read, [pair]), order, wanted
        )
    )


def _cautions(
    study: StandaloneStudy, read: Cases, dimensions: tuple[SeenDimension, ...]
) -> tuple[str, ...]:
    """What a reader of the figures should know, in sentences."""
    said: list[str] = []
    if study.dimensions:
        said.append("Intervals of strata are not adjusted for how many strata there are.")
    if study.sampling is None:
        said.append(
            "How cases were sampled is not declared: predictive values and accuracy are withheld."
        )
    elif study.sampling not in measurements.AS_IN_USE and read.positive is not None:
        said.append(
            f"Cases are {_WORDS[study.sampling]}: predictive values and accuracy are withheld."
        )
    if read.patients is not None and read.n_repeated:
        said.append(
            f"{counted(read.n_repeated, 'patient')} of {read.ledger.n_patients:,} "
            f"{'has' if read.n_repeated == 1 else 'have'} more than one case; "
            "intervals treat patients, not cases, as independent."
        )
    elif read.patients is not None and _clustered(study):
        said.append("No patient has more than one case; clustered intervals were planned.")
    for dimension, seen in zip(study.dimensions, dimensions, strict=True):
        if others := unnamed(dimension, seen):
            said.append(
                f"Dimension {seen.name}: {names(list(others))} "
                f"{'is' if len(others) == 1 else 'are'} not named in levels, and kept as found."
            )
    standard = study.reference_standard
    if standard.negative is None and standard.positive.is_ is not None:
        column = read.frame[study.data.columns.reference]
        absent = reference.values_seen(column, ~read.truth)
        if len(absent) > 1:
            said.append(f"Counted as the condition absent: {', '.join(absent)}.")
    return tuple(said)


_WORDS = {Sampling.ENRICHED: "enriched", Sampling.CONVENIENCE: "a convenience sample"}


def _clustered(study: StandaloneStudy) -> bool:
    analysis = study.analysis
    return (
        analysis.proportions is ProportionInterval.CLUSTERED
        or analysis.auc is AucInterval.CLUSTERED
    )
