"""What a reader study says of one condition held against the unaided one, in sentences."""

from collections import Counter

from defensible.documents import numbers
from defensible.documents.words import METRIC, clean, short
from defensible.evidence.finding import OfCondition, StudyResult
from defensible.evidence.reader_finding import JointInteraction, ReaderFindings

_SAME = 1e-9
"""How near two p-values are that are one."""


def words(name: str) -> str:
    """A dimension's name as a sentence has it."""
    return short(name.replace("_", " "), 40)


def together(found: ReaderFindings) -> list[str]:
    """How many readers and cases there were."""
    return [f"{found.n_readers} readers, {numbers.counted(found.n_cases, 'case')}."]


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


def agreement(one: OfCondition, name: str = "aided") -> list[str]:
    """How readers agree unaided, and in this condition.

    Parameters
    ----------
    name : str
        How sentences name the condition.
    """
    return [
        f"Agreement between readers (Fleiss kappa of decisions): {numbers.figure(each.unaided)} "
        f"unaided, {numbers.figure(each.aided)} {name}."
        for each in one.figures
        if each.metric == "agreement" and each.unaided is not None and each.aided is not None
    ]


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
