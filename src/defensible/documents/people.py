"""What studies of people say in words: differences of readers, use errors."""

from defensible.documents import (
    automation,
    condition_words,
    device_words,
    numbers,
    reader_words,
)
from defensible.documents.words import METRIC_INSIDE, clean, short
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import CriterionResult, StudyResult
from defensible.evidence.usability_finding import TaskFigures, UsabilityFindings


def said(result: StudyResult) -> tuple[str, ...]:
    """Sentences on readers or users; none in studies of the device alone.

    With more than two conditions `condition_words` has those of the others, and differences by
    level stand in `reader_tables`. Automation bias is a part of its own.
    """
    sentences: list[str] = []
    if result.usability is not None:
        sentences += [_endpoint(one) for one in result.criteria]
    if result.readers is not None:
        sentences += reader_words.endpoints(
            result, result.readers, lambda metric, at: not automation.has(result, metric, at)
        )
        sentences += reader_words.conditions(result.readers)
        if result.against_readers is not None:
            sentences += device_words.said(result.against_readers)
        sentences += condition_words.together(result.readers)
        aided = by_condition(result)[:1]
        sentences += [said for one in aided for said in condition_words.agreement(one)]
        sentences += [] if result.others else condition_words.interactions(result.readers)
    if result.usability is not None:
        sentences += _users(result.usability)
    return tuple(sentences)


def _endpoint(one: CriterionResult) -> str:
    """`Plan: commission errors below 0.50: not shown, 0.397 (0.219 to 0.607).`"""
    measured = one.measurement
    name = METRIC_INSIDE[one.criterion.metric.value]
    task = dict(measured.stratum.levels).get("task")
    at = f" at task {short(task, 40)}" if task else ""
    found = numbers.figure(measured.estimate) if measured.estimate else measured.why or "no case"
    return (
        f"Plan: {name}{at} {numbers.goal(one.criterion.goal)}: "
        f"{'shown' if one.met else 'not shown'}, {clean(found)}."
    )


def _users(found: UsabilityFindings) -> list[str]:
    sentences = [
        f"{one.evaluation.capitalize()}: {numbers.counted(one.n, 'participant')} of the group "
        f"{short(one.group, 40)}."
        for one in found.participants
    ]
    return [*sentences, *(_task(one) for one in found.figures if one.group is None)]


def _task(one: TaskFigures) -> str:
    """`Task T1 (critical, summative): use error in 1 of 30 participants, upper limit 0.172.`"""
    critical = "critical, " if one.critical else ""
    head = f"Task {short(one.task, 40)} ({critical}{one.evaluation}): "
    if one.rate is None:
        return f"{head}nobody was watched at it."
    causes = ", ".join(f"{short(cause, 40)} {n}" for cause, n in one.root_causes[:4])
    return (
        f"{head}use error in {one.rate.count} of {numbers.counted(one.rate.n, 'participant')}, "
        f"upper limit {numbers.proportion(one.rate.high)}; {one.close_calls} close calls, "
        f"{one.difficulties} difficulties{'; root causes: ' + causes if causes else ''}."
    )
