"""What a reader study says of one condition held against the unaided one, in sentences."""

from collections import Counter

from defensible.documents import numbers
from defensible.documents.words import METRIC, METRIC_INSIDE, clean, short
from defensible.evidence.finding import Measurement, OfCondition, StudyResult
from defensible.evidence.reader_finding import JointInteraction, ReaderFindings

_SAME = 1e-9
"""How near two p-values are that are one."""


def words(name: str) -> str:
    """A dimension's name as a sentence has it."""
    return short(name.replace("_", " "), 40)


def together(found: ReaderFindings) -> list[str]:
    """How many readers, cases and errors of the device there were."""
    wrong = found.n_device_wrong
    told = "" if wrong is None else f"; the device is wrong on {numbers.counted(wrong, 'case')}"
    sentences = [f"{found.n_readers} readers, {numbers.counted(found.n_cases, 'case')}{told}."]
    if "automation_bias" in (methods := dict(found.methods)):
        sentences.append(f"Intervals of automation bias: {clean(methods['automation_bias'])}.")
    return sentences


def against(result: StudyResult, one: OfCondition) -> str:
    """`Condition 'with score' less 'alone'`, and that it is the aided one, or without output."""
    assert result.readers is not None  # noqa: S101 - only reader studies have conditions
    first = one.condition == result.readers.conditions[1]
    which = " (aided)" if first else "" if one.shows_device else " (output not seen)"
    unaided = short(result.readers.conditions[0], 25)
    return f"'{short(one.condition, 25)}'{which} less '{unaided}'"


def inside(one: OfCondition) -> str:
    """`in 'with score'`: a further condition inside a sentence."""
    return f"in '{short(one.condition, 30)}'"


def shifts(one: OfCondition, name: str = "aided") -> list[str]:
    """What readers do in a condition where the device is wrong, and what that is worth.

    Parameters
    ----------
    name : str
        How sentences name the condition.
    """
    sentences = []
    for each in one.conditional:
        if each.truth == each.device or each.unaided is None or each.aided is None:
            continue
        kind = "false positives" if each.device else "misses"
        sentences.append(
            f"On the device's {kind}, readers call {numbers.figure(each.unaided)} positive "
            f"unaided, {numbers.figure(each.aided)} {name}."
        )
    sentences += [
        f"Agreement between readers (Fleiss kappa of decisions): {numbers.figure(each.unaided)} "
        f"unaided, {numbers.figure(each.aided)} {name}."
        for each in one.figures
        if each.metric == "agreement" and each.unaided is not None and each.aided is not None
    ]
    return [*sentences, *_break_even(one)]


def _break_even(one: OfCondition) -> list[str]:
    if one.break_even is not None:
        told = "Break-even error rate of the device, from which seeing it is worth nothing"
        return [f"{told}: {numbers.figure(one.break_even)}."]
    measured = any(each.metric.value == "commission" for each in one.measurements)
    if one.break_even_why and (measured or not one.shows_device):
        return [f"No break-even error rate: {clean(one.break_even_why)}."]
    return []


def interactions(one: OfCondition | ReaderFindings) -> list[str]:
    """Where the gain is another: all levels at once, then one against the others.

    Of two levels the joint test is mostly that of their difference, and is then said with it.
    """
    n_levels = Counter((each.metric, each.dimension) for each in one.interactions)
    tested = {
        (each.metric, each.dimension): each.difference.p
        for each in one.interactions
        if each.difference is not None and each.difference.p is not None
    }
    joint = {(each.metric, each.dimension): each for each in one.joint_interactions}
    same = {
        key
        for key, each in joint.items()
        if n_levels[key] == 2 and key in tested and _alike(each.p, tested[key])
    }
    sentences = [_joint(each) for key, each in joint.items() if key not in same]
    once: set[tuple[str, str]] = set()
    for each in one.interactions:
        key = (each.metric, each.dimension)
        if n_levels[key] == 2 and key in once:
            continue  # of two levels the second mirrors the first
        once.add(key)
        if each.difference is None or each.difference.p is None:
            continue
        also = ", of two levels also the joint test" if key in same else ""
        sentences.append(
            f"{METRIC[each.metric]} differs between {words(each.dimension)} "
            f"{short(each.level, 40)} and all others by {numbers.figure(each.difference)}, "
            f"p {numbers.proportion(each.difference.p)}{also}."
        )
    return sentences


def _alike(joint: float | None, own: float) -> bool:
    return joint is not None and abs(joint - own) < _SAME


def _joint(one: JointInteraction) -> str:
    """`AUC difference, the same at all 3 levels of site: F 1.23 (2, 18.4 df), p 0.315.`"""
    name, at = METRIC[one.metric], words(one.dimension)
    why = f" ({clean(one.why)})" if one.why else ""
    test = joint_words(one)
    if test is None or one.p is None:
        return f"{name}, the same at all levels of {at}: not tested{why}."
    p = numbers.proportion(one.p)
    return f"{name}, the same at all {len(one.levels)} levels of {at}: {test}, p {p}{why}."


def joint_words(one: JointInteraction) -> str | None:
    """`F 1.23 (2, 18.4 df)`; None where there is no test."""
    if one.df is None or one.statistic is None:
        return None
    if one.denominator_df is None:
        return f"chi-square {one.statistic:.2f} ({one.df:.0f} df)"
    return f"F {one.statistic:.2f} ({one.df:.0f}, {one.denominator_df:.1f} df)"


def by_level(one: OfCondition) -> list[str]:
    """Automation bias by level; the differences by level stand with the findings."""
    bias = ("commission", "omission", "appropriate_reliance")
    by_stratum: dict[str, list[Measurement]] = {}
    for each in one.measurements:
        if each.stratum.levels and each.metric.value in bias and each.estimate is not None:
            by_stratum.setdefault(str(each.stratum), []).append(each)
    return [
        f"{short(stratum.replace('_', ' '), 60)}: "
        + "; ".join(
            f"{METRIC_INSIDE[each.metric.value]} {numbers.figure(each.estimate)}"
            for each in measured
            if each.estimate is not None
        )
        + "."
        for stratum, measured in by_stratum.items()
    ]
