"""Reader study: the same readers and cases without the device's output and with it, or beside it.

1. What the plan asks for must be there. 2. Readings from their tables. 3. The design is checked.
4. Differences and automation bias, overall, by strata of cases and by experience of readers; with
one condition, or where it is asked for, the device alone against unaided readers.
5. Held against the plan's endpoints, and the goals of claims.
"""

from dataclasses import replace

import numpy as np

from defensible.dossier.claims import MetricName
from defensible.dossier.reader_study import BiasMethod, ReaderStudy
from defensible.evidence import (
    beside_readers,
    held_out,
    plan,
    reader_agreement,
    reader_checks,
    reader_claims,
    reader_conditions,
    reader_endpoints,
    reader_levels,
    reader_marks,
    reader_pictures,
    reader_sides,
    readings,
    strata,
)
from defensible.evidence.claims import served
from defensible.evidence.faults import Faults, counted
from defensible.evidence.finding import OfCondition, StudyResult
from defensible.evidence.reader_differences import FIGURES, Taken
from defensible.evidence.reader_finding import ReaderFindings
from defensible.evidence.reader_interactions import Level
from defensible.evidence.reader_intervals import words
from defensible.evidence.readings import AIDED, UNAIDED, Readings
from defensible.evidence.strata import Grouping
from defensible.statistics import patient_covariance
from defensible.statistics.estimate import Estimate

_DIFFERENCES = (*FIGURES, MetricName.READING_TIME_CHANGE)


def result(study: ReaderStudy, faults: Faults) -> StudyResult:
    """Everything that the study gives.

    Raises
    ------
    DossierError
        Everything in the study's plan, tables and values that keeps it from being run.
    """
    _planned(study, faults)
    development = held_out.identifiers(study, faults), held_out.key_of(study, faults)
    read = readings.read(study, faults)
    if read is None:
        faults.stop()
        raise AssertionError("a study without readings has said why")
    read = reader_marks.marked(study, read, faults)
    _enough(study, read, faults)
    groupings = _groupings(study, read, faults)
    faults.stop()
    shared, doubt = held_out.held_out(study, read.frame, *development)
    found = _measured(study, read, groupings, faults)
    cautions = (*found.cautions, doubt) if doubt else found.cautions
    return replace(found, held_out=shared, cautions=cautions)


def _planned(study: ReaderStudy, faults: Faults) -> None:
    """Each endpoint has the columns and rules that it rests on."""
    reader_marks.planned(study, faults)
    if study.analysis.automation_bias is BiasMethod.BOOTSTRAP and study.analysis.seed is None:
        what = "automation bias is planned with the bootstrap, and no seed is named"
        mend = "write one, such as `seed: 1`, before the data are opened"
        faults.add("E075", ("analysis", "automation_bias"), what, mend)
    plan.development(study, faults)
    for index, one in enumerate(study.endpoints):
        lacks = _lacks(study, one.metric)
        if lacks:
            what = f"{one.metric.value} is an endpoint, and the study lacks what it is taken from"
            faults.add("E062", ("endpoints", index, "metric"), what, f"write {'; '.join(lacks)}")
        condition = one.condition or study.conditions.aided or ""
        if one.metric.of_bias and not study.conditions.shows_device(condition):
            what = f"{one.metric.value} is asked of '{condition}', where the output is not seen"
            mend = "name a condition in which readers see the output of the device"
            faults.add("E062", ("endpoints", index, "condition"), what, mend)


def _lacks(study: ReaderStudy, metric: MetricName) -> list[str]:
    """What a metric is taken from, as far as the study does not have it."""
    columns = study.data.columns
    needs = {
        "data.columns.rating": columns.rating is not None,
        "data.marks": study.data.marks is not None,
        "data.columns.time_s": columns.time_s is not None,
        "positive, and a decision or rating": (
            study.positive is not None and (columns.decision or columns.rating) is not None
        ),
        "data.columns.device with device_positive": (
            study.has_device and study.device_positive is not None
        ),
        "use": study.use is not None,
    }
    ratings, marks, times, decisions, device, use = needs
    match metric:
        case _ if metric.against_readers:
            return beside_readers.lacks(study, metric)
        case MetricName.AUC_DIFFERENCE:
            asked = [ratings]
        case MetricName.WAFROC_DIFFERENCE:
            asked = [marks]
        case MetricName.READING_TIME_CHANGE:
            asked = [times]
        case MetricName.SENSITIVITY_DIFFERENCE | MetricName.SPECIFICITY_DIFFERENCE:
            asked = [decisions]
        case _ if metric in reader_agreement.COEFFICIENTS:
            asked = [decisions if reader_agreement.of_decisions(metric) else ratings]
        case MetricName.NET_BENEFIT:
            asked = [decisions, device, use]
        case _:
            asked = [decisions, device]
    return [one for one in asked if not needs[one]]


def _enough(study: ReaderStudy, read: Readings, faults: Faults) -> None:
    n = int(read.truth.sum())
    if not 0 < n < read.truth.size:
        side = "positive" if n else "negative"
        what = f"the reference standard of all {read.truth.size:,} cases is {side}"
        mend = "correct the rule, or the table"
        faults.add("E060", ("reference_standard", "positive"), what, mend)
    if len(read.readers) < 2:
        what = "there is one reader; nothing can be said of readers from one"
        faults.add("E060", ("data", "columns", "reader"), what, "have two or more read the cases")
    beside_readers.enough(study, read, faults)


def _groupings(study: ReaderStudy, read: Readings, faults: Faults) -> list[Grouping]:
    of_cases = read.frame[read.first_row.tolist()]
    found = [
        strata.grouping(dimension, of_cases, faults, ("dimensions", index))
        for index, dimension in enumerate(study.dimensions)
    ]
    return [one for one in found if one is not None]


def _measured(
    study: ReaderStudy, read: Readings, groupings: list[Grouping], faults: Faults
) -> StudyResult:
    levels = reader_levels.levels(study, read, groupings, faults)
    claims = served(faults.dossier, study)
    beside = beside_readers.measured(study, read, levels, claims)
    wanted = [one for one in _DIFFERENCES if study.shows_output and _can(one, read)]
    parts = reader_sides.analysed(study, read, levels, wanted)
    sides = tuple(
        reader_sides.of_condition(study, read, condition, parts, claims)
        for condition in range(AIDED, len(read.conditions))
    )
    overall = parts[0].taken | beside.overall
    planned = criteria, endpoints = reader_endpoints.results(study, read, overall)
    found = beside_readers.unaided(study, read)
    if sides:
        found = _found(study, read, sides[0], parts[0].taken)
    return StudyResult(
        study=study.id,
        question=study.question,
        sampling=study.sampling,
        level=study.analysis.level,
        ledger=read.ledger,
        measurements=(*beside.measurements, *(sides[0].measurements if sides else ())),
        findings=reader_claims.findings(study, read, parts, sides, beside, claims, planned),
        criteria=criteria,
        errors=(),
        dimensions=tuple(one.seen for one in groupings if one.seen is not None),
        curve=None,
        held_out=None,
        provenance=None,
        new_site=(),
        cautions=(*_cautions(study, read, levels), *beside.cautions),
        confounders=reader_checks.in_every_condition(study, read),
        readers=replace(
            found,
            methods=(*found.methods, *beside.methods),
            interactions=(*found.interactions, *beside.interactions),
            joint_interactions=(*found.joint_interactions, *beside.joint_interactions),
            endpoints=endpoints,
        ),
        against_readers=beside.findings,
        others=sides[1:],
    )


def _found(
    study: ReaderStudy, read: Readings, aided: OfCondition, overall: dict[MetricName, Taken]
) -> ReaderFindings:
    """What only readers give: of the aided and the unaided condition, and of all together."""
    return ReaderFindings(
        n_readers=len(read.readers),
        n_cases=len(read.cases),
        n_device_wrong=None if read.device is None else int((read.device != read.truth).sum()),
        figures=aided.figures,
        methods=_methods(study, read, overall),
        curves=(*reader_pictures.curves(read, UNAIDED), *aided.curves),
        times=(*reader_pictures.times(read, UNAIDED), *aided.times),
        conditional=aided.conditional,
        interactions=aided.interactions,
        joint_interactions=aided.joint_interactions,
        break_even=aided.break_even,
        break_even_why=aided.break_even_why,
        conditions=read.written,
        multiplicity=None if study.multiplicity is None else study.multiplicity.value,
        endpoints=(),
        equality=reader_conditions.equality(read, overall),
        comparisons=reader_conditions.comparisons(study, read, overall),
        wafroc_curves=(*reader_pictures.wafroc_curves(read, UNAIDED), *aided.wafroc_curves),
    )


def _can(metric: MetricName, read: Readings) -> bool:
    if metric is MetricName.AUC_DIFFERENCE:
        return read.rating is not None
    if metric is MetricName.WAFROC_DIFFERENCE:
        return read.marks is not None
    return (read.time_s if metric is MetricName.READING_TIME_CHANGE else read.decision) is not None


def _methods(
    study: ReaderStudy, read: Readings, overall: dict[MetricName, Taken]
) -> tuple[tuple[str, str], ...]:
    """Each difference with the analysis that it rests on, then automation bias as a whole."""
    found = [
        (metric.value, one.analysis.method if one.analysis else _method(one.estimate))
        for metric, one in overall.items()
    ]
    bias = [] if read.device is None else [("automation_bias", words(study.analysis))]
    return (*found, *bias)


def _method(estimate: Estimate | None) -> str:
    return estimate.method if estimate is not None else "none"


def _cautions(study: ReaderStudy, read: Readings, levels: list[Level]) -> tuple[str, ...]:
    said = []
    if levels:
        said.append("Intervals of strata are not adjusted for how many strata there are.")
    if read.n_repeated:
        said.append(
            f"{counted(read.n_repeated, 'patient')} with more than one case: intervals treat "
            "patients, not cases, as independent."
        )
        fewest = min(np.unique(read.patient[kind]).size for kind in (read.truth, ~read.truth))
        if fewest < patient_covariance.FEW_PATIENTS:
            said.append(
                f"{counted(fewest, 'patient')} with cases of one class: intervals of the AUC "
                "and wAFROC may be somewhat too narrow."
            )
    fixed = [
        words
        for words, value in (("readers", study.analysis.readers), ("cases", study.analysis.cases))
        if value.value == "fixed"
    ]
    if fixed:
        said.append(f"The {fixed[0]} are fixed: results hold for these {fixed[0]} alone.")
    if not study.shows_output:
        said.append(
            "Nobody read with the device's output: what it does to readers is not measured."
        )
    elif read.device is None:
        said.append("The device's output is not in the table: automation bias is not measured.")
    return tuple(said)
