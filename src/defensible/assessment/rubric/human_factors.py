"""Row 7, human factors: rarely looked at; how intended users interact with the output.

Met: every critical task was watched in summative sessions of every user group, with what the plan
and the obligations ask; and where somebody reads with the output, a reader study met its plan and
measured what readers do where the device is wrong.
"""

from defensible.assessment.basis import Basis, listed
from defensible.assessment.result import Cell, Link, Need, Status
from defensible.assessment.rubric.cells import cell, not_applicable
from defensible.dossier.claims import MetricName
from defensible.dossier.vocabulary import Function, Workflow
from defensible.evidence.finding import Presence, StudyResult
from defensible.evidence.usability_finding import SUMMATIVE

READS_WITH_OUTPUT = frozenset(
    {Workflow.FIRST_READ, Workflow.CONCURRENT_READ, Workflow.SECOND_READ, Workflow.PARALLEL}
)
BIAS = (MetricName.COMMISSION, MetricName.OMISSION)


def engineering(_: Basis) -> Cell:
    """Engineering validation does not look at people."""
    return not_applicable("Engineering validation does not look at how people use the output.")


def regulatory(basis: Basis) -> Cell:
    """Has any study watched intended users, with the output and without it?"""
    use = basis.dossier.intended_use
    if use.function is Function.NON_DEVICE:
        return not_applicable("The function is declared as no device.")
    link = basis.link("intended-use.yaml", "intended-use.yaml", "user")
    watched = [one for one in basis.results if one.usability is not None]
    reading = [one for one in basis.results if with_output(one)]
    needs = _usability(basis, watched, link)
    if use.workflow is None or use.workflow in READS_WITH_OUTPUT or reading:
        needs += _reading(basis, reading, link)
    studies = tuple(basis.study(one) for one in (*watched, *reading))
    return cell(_told(watched, reading), needs, some=bool(studies), links=studies)


def with_output(result: StudyResult) -> bool:
    """Whether readers read with the device's output; a device beside readers shows them nothing."""
    return result.readers is not None and len(result.readers.conditions) > 1


def _told(watched: list[StudyResult], reading: list[StudyResult]) -> str:
    if not watched and not reading:
        return "No study has watched an intended user with the output on screen."
    parts = []
    for one in watched:
        n = sum(each.n for each in one.usability.participants) if one.usability else 0
        parts.append(f"{one.study} watched {n} participants at their tasks")
    for one in reading:
        n = one.readers.n_readers if one.readers else 0
        parts.append(
            f"{one.study} compared {n} readers without the output and with it{_steps(one)}"
        )
    return f"{listed(parts)}."


def _steps(result: StudyResult) -> str:
    """Where a plan went on to superiority in vain: no more is said than was shown."""
    beside = result.readers.endpoints if result.readers else ()
    only = [
        one.criterion.metric.words
        for one, other in zip(result.criteria, beside, strict=False)
        if one.met and other.then is not None and not other.then.shown
    ]
    told = listed(list(dict.fromkeys(only)))
    return f" ({told}: the first bound is shown, the stricter one is not)" if only else ""


def _usability(basis: Basis, watched: list[StudyResult], link: Link) -> list[Need]:
    if not watched:
        return [
            Need(
                kind="human-factors",
                what="no usability study watched intended users at critical tasks (IEC 62366-1)",
                close="trace tasks to hazards, then run formative and summative usability studies",
                links=(link,),
            )
        ]
    needs = [need for one in watched for need in _of_usability(basis, one)]
    for one in basis.obligations:
        check = one.obligation.check
        if check.name == "usability" and one.status in {Status.OPEN, Status.PARTLY}:
            needs.append(
                Need(
                    kind="human-factors",
                    what=f"{one.obligation.id}: {one.reason}",
                    close=one.close or "answer the obligation",
                    links=(link,),
                )
            )
    return needs


def _of_usability(basis: Basis, result: StudyResult) -> list[Need]:
    found, links = result.usability, (basis.study(result),)
    needs = []
    if found is not None and found.untested_critical:
        untested = listed([f"{task} by {group}" for task, group in found.untested_critical])
        needs.append(
            Need(
                kind="human-factors",
                what=f"{result.study}: critical tasks without a summative session: {untested}",
                close="watch each user group at each critical task on the final interface",
                links=links,
            )
        )
    if found is not None and not found.least(SUMMATIVE):
        return needs
    unmet = [dict(one.measurement.stratum.levels)["task"] for one in result.criteria if not one.met]
    if unmet:
        needs.append(
            Need(
                kind="human-factors",
                what=f"{result.study}: use errors are not shown to stay under the bound at "
                f"{listed(unmet)}",
                close="change the design against the root causes, and evaluate it again",
                links=links,
            )
        )
    return needs


def _reading(basis: Basis, reading: list[StudyResult], link: Link) -> list[Need]:
    if not reading:
        return [
            Need(
                kind="human-factors",
                what="no reader study shows what the output does to the reading, "
                "least of all where it is wrong (automation bias)",
                close="run a reader study, unaided against aided, with cases the device gets wrong",
                links=(link,),
            )
        ]
    return [need for one in reading for need in _of_readers(basis, one)]


def _of_readers(basis: Basis, result: StudyResult) -> list[Need]:
    links = (basis.study(result),)
    found = []
    unmet = list(
        dict.fromkeys(one.criterion.metric.words for one in result.criteria if not one.met)
    )
    if unmet:
        told = f"{result.study}: endpoints not met: {listed(unmet)}"
        found.append((told, "add readers or cases, or change what readers are shown"))
    unknown = [
        metric.words
        for metric in BIAS
        if (one := result.measurement(metric)) is None or one.estimate is None
    ]
    if unknown:
        told = f"{result.study}: {listed(unknown)} not measured (automation bias)"
        found.append((told, "put cases that the device gets wrong, and its output, in the table"))
    spoilt = [one.kind for one in result.confounders if one.presence is Presence.PRESENT]
    if spoilt:
        told = f"{result.study}: the design is in doubt: {listed(spoilt)}"
        found.append((told, "say why the figures stand all the same, or repeat the reading"))
    return [Need(kind="human-factors", what=w, close=c, links=links) for w, c in found]
