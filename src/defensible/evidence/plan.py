"""What a study's plan asks of itself, before any data: what it cannot give is a problem."""

from defensible.dossier.agreement_study import AgreementStudy
from defensible.dossier.claims import MetricName
from defensible.dossier.localization_study import LocalizationStudy
from defensible.dossier.studies import StandaloneStudy
from defensible.evidence.claims import served
from defensible.evidence.device_output import rule_column
from defensible.evidence.faults import Faults
from defensible.evidence.held_out import Study
from defensible.evidence.tables import Keys


def checked(study: StandaloneStudy, faults: Faults) -> None:
    """Note what the plan asks for and cannot have."""
    columns, analysis = study.data.columns, study.analysis
    decides = rule_column(study) is not None
    patients(study, faults)
    if analysis.auc is not None and columns.score is None:
        what = "the plan has an AUC and the data have no score"
        faults.add("E027", ("analysis", "auc"), what, "name data.columns.score, or take auc away")
    if columns.decision is not None and study.output.positive is None:
        what = "the data have a decision, and no rule says which values are positive"
        faults.add("E027", ("output",), what, "write output.positive, as in `positive: {is: [1]}`")
    elif study.output.positive is not None and not decides:
        what = "there is a rule for a positive output, and neither score nor decision in the data"
        faults.add("E027", ("output", "positive"), what, "name data.columns.score or decision")
    elif not decides and analysis.auc is None:
        what = "there is nothing to measure: no rule for a positive output, and no AUC"
        faults.add("E027", ("analysis",), what, "write output.positive, or analysis.auc, or both")
    development(study, faults)
    _asked(study, faults, decides=decides)


def patients(study: StandaloneStudy | AgreementStudy | LocalizationStudy, faults: Faults) -> None:
    """Something says whether a patient can have several cases."""
    if study.data.columns.patient is None and study.independent_cases is not True:
        what = "nothing says whether a patient can have several cases"
        mend = "name the patient's column, or write `independent_cases: true` where none has two"
        faults.add("E019", ("data", "columns"), what, mend)


def development(study: Study, faults: Faults) -> None:
    """Development that is compared by patient has patients to be compared with."""
    declared = study.development
    by_patient = declared is not None and declared.compare == "patient"
    if by_patient and study.data.columns.patient is None:
        what = "development is compared by patient, and no column names the patient"
        mend = "name data.columns.patient, or compare by case"
        faults.add("E026", ("development", "compare"), what, mend)


def _asked(study: StandaloneStudy, faults: Faults, *, decides: bool) -> None:
    """Metrics that claims and criteria name must be among those that the study takes."""
    area = study.analysis.auc is not None and study.data.columns.score is not None
    asked: list[tuple[MetricName, str, Keys]] = [
        (one.metric, "its acceptance names", ("acceptance", index, "metric"))
        for index, one in enumerate(study.acceptance)
    ]
    for claim in served(faults.dossier, study):
        place = study.claims.index(claim.id) if claim.id in study.claims else None
        keys: Keys = ("claims",) if place is None else ("claims", place)
        asked += [
            (end.metric, f"claim {claim.id} names", keys)
            for end in claim.endpoints
            if end.metric.of_accuracy  # the others are for another kind of study to show
        ]
    for metric, who, keys in asked:
        if metric.of_localization:
            what = f"{who} {metric.value}, and no output of this study has a place"
            faults.add("E020", keys, what, "name it in a study of kind localization")
        elif metric.of_agreement:
            what = f"{who} {metric.value}, and nothing is outlined or measured in this study"
            faults.add("E020", keys, what, "name it in a study of kind agreement")
        elif metric.of_people:
            what = f"{who} {metric.value}, and nobody reads or uses the device in this study"
            faults.add("E020", keys, what, "name it in a study of kind readers or usability")
        elif metric is MetricName.AUC and not area:
            what = f"{who} auc, and this study takes none"
            faults.add("E020", keys, what, "name data.columns.score and write analysis.auc")
        elif metric is not MetricName.AUC and not decides:
            what = f"{who} {metric.value}, and no output of this study is positive or negative"
            faults.add("E020", keys, what, "write output.positive: the operating point")
