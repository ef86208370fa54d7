"""What studies of people say in words: automation bias, experience, use errors."""

from collections import Counter

from defensible.documents import device_words, numbers, reader_words
from defensible.documents.words import METRIC, METRIC_INSIDE, clean, short
from defensible.evidence.finding import CriterionResult, Measurement, StudyResult
from defensible.evidence.reader_finding import JointInteraction, ReaderFindings
from defensible.evidence.usability_finding import TaskFigures, UsabilityFindings


def said(result: StudyResult) -> tuple[str, ...]:
    """Sentences on readers or users; none in studies of the device alone."""
    sentences: list[str] = []
    if result.usability is not None:
        sentences += [_endpoint(one) for one in result.criteria]
    if result.readers is not None:
        sentences += reader_words.endpoints(result, result.readers)
        sentences += reader_words.conditions(result.readers)
        if result.against_readers is not None:
            sentences += device_words.said(result.against_readers)
        sentences += _readers(result.readers)
        sentences += _by_level(result)
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


def words(name: str) -> str:
    """A dimension's name as a sentence has it."""
    return short(name.replace("_", " "), 40)


def _readers(found: ReaderFindings) -> list[str]:
    wrong = found.n_device_wrong
    told = "" if wrong is None else f"; the device is wrong on {numbers.counted(wrong, 'case')}"
    sentences = [f"{found.n_readers} readers, {numbers.counted(found.n_cases, 'case')}{told}."]
    if "automation_bias" in (methods := dict(found.methods)):
        sentences.append(f"Intervals of automation bias: {clean(methods['automation_bias'])}.")
    for one in found.conditional:
        if one.truth == one.device or one.unaided is None or one.aided is None:
            continue
        kind = "false positives" if one.device else "misses"
        sentences.append(
            f"On the device's {kind}, readers call {numbers.figure(one.unaided)} positive unaided, "
            f"{numbers.figure(one.aided)} aided."
        )
    sentences += [
        f"Agreement between readers (Fleiss kappa of decisions): {numbers.figure(one.unaided)} "
        f"unaided, {numbers.figure(one.aided)} aided."
        for one in found.figures
        if one.metric == "agreement" and one.unaided is not None and one.aided is not None
    ]
    if found.break_even is not None:
        sentences.append(
            "Break-even error rate of the device, from which seeing it is worth nothing: "
            f"{numbers.figure(found.break_even)}."
        )
    elif found.break_even_why and wrong is not None:
        sentences.append(f"No break-even error rate: {clean(found.break_even_why)}.")
    return [*sentences, *_interactions(found)]


def _interactions(found: ReaderFindings) -> list[str]:
    """Where the gain is another: all levels at once, then one against the others."""
    sentences = [_joint(one) for one in found.joint_interactions if len(one.levels) != 2]
    n_levels = Counter((one.metric, one.dimension) for one in found.interactions)
    once: set[tuple[str, str]] = set()
    for each in found.interactions:
        key = (each.metric, each.dimension)
        if n_levels[key] == 2 and key in once:
            continue  # of two levels the second mirrors the first
        once.add(key)
        if each.difference is None or each.difference.p is None:
            continue
        sentences.append(
            f"{METRIC[each.metric]} differs between {words(each.dimension)} "
            f"{short(each.level, 40)} and all others by {numbers.figure(each.difference)}, "
            f"p {each.difference.p:.3f}."
        )
    return sentences


def _joint(one: JointInteraction) -> str:
    """`AUC difference, the same at all 3 levels of site: F 1.23 (2, 18.4 df), p 0.315.`"""
    name, at = METRIC[one.metric], words(one.dimension)
    why = f" ({clean(one.why)})" if one.why else ""
    if one.p is None or one.df is None or one.statistic is None:
        return f"{name}, the same at all levels of {at}: not tested{why}."
    chi_square = one.denominator_df is None
    df = f"{one.df:.0f}" if chi_square else f"{one.df:.0f}, {one.denominator_df:.1f}"
    return (
        f"{name}, the same at all {len(one.levels)} levels of {at}: "
        f"{'chi-square' if chi_square else 'F'} {one.statistic:.2f} ({df} df), p {one.p:.3f}{why}."
    )


def _by_level(result: StudyResult) -> list[str]:
    """Automation bias by level; the differences by level stand with the findings."""
    bias = ("commission", "omission", "appropriate_reliance")
    by_stratum: dict[str, list[Measurement]] = {}
    for one in result.measurements:
        if one.stratum.levels and one.metric.value in bias and one.estimate is not None:
            by_stratum.setdefault(str(one.stratum), []).append(one)
    return [
        f"{short(stratum.replace('_', ' '), 60)}: "
        + "; ".join(
            f"{METRIC[one.metric.value].lower()} {numbers.figure(one.estimate)}"
            for one in measured
            if one.estimate is not None
        )
        + "."
        for stratum, measured in by_stratum.items()
    ]


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
