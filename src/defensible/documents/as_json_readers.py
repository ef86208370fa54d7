"""What only a reader study has, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate, number
from defensible.documents.as_json_measurement import measurement
from defensible.evidence.finding import OfCondition, StudyResult
from defensible.evidence.reader_finding import ReaderCurve, ReaderFindings, ReadingTimes

Json = dict[str, Any]


def readers(result: StudyResult) -> Json | None:
    """Figures of readers in each condition, and what pictures are drawn from."""
    found = result.readers
    if found is None:
        return None
    return {
        "n_readers": found.n_readers,
        "n_cases": found.n_cases,
        "n_device_wrong": found.n_device_wrong,
        "methods": dict(found.methods),
        **_plan(found),
        **_of_condition(found),
        "curves": _curves(found.curves),
        "wafroc_curves": _curves(found.wafroc_curves),
        "reading_times": _times(found.times),
        "others": [
            {
                "condition": one.condition,
                "shows_device": one.shows_device,
                "measurements": [measurement(each) for each in one.measurements],
                **_of_condition(one),
                "curves": _curves(one.curves),
                "wafroc_curves": _curves(one.wafroc_curves),
                "reading_times": _times(one.times),
            }
            for one in result.others
        ],
    }


def _of_condition(one: OfCondition | ReaderFindings) -> Json:
    """One condition beside the unaided one; `aided` is this condition."""
    return {
        "figures": [
            {
                "metric": each.metric,
                "reader": each.reader,
                "unaided": estimate(each.unaided),
                "aided": estimate(each.aided),
                "difference": estimate(each.difference),
            }
            for each in one.figures
        ],
        **_interactions(one),
        "conditional": [
            {
                "truth": each.truth,
                "device": each.device,
                "unaided": estimate(each.unaided),
                "aided": estimate(each.aided),
            }
            for each in one.conditional
        ],
        "break_even": {"rate": estimate(one.break_even), "why": one.break_even_why},
    }


def _curves(curves: tuple[ReaderCurve, ...]) -> list[Json]:
    return [
        {
            "reader": one.reader,
            "aided": one.aided,
            "false_positive_rate": list(one.false_positive_rate),
            "sensitivity": list(one.sensitivity),
        }
        for one in curves
    ]


def _times(times: tuple[ReadingTimes, ...]) -> list[Json]:
    return [
        {
            "aided": one.aided,
            "n": one.n,
            "lowest": one.lowest,
            "quarter": one.quarter,
            "median": one.median,
            "three_quarters": one.three_quarters,
            "highest": one.highest,
        }
        for one in times
    ]


def _interactions(found: OfCondition | ReaderFindings) -> Json:
    """One level against the others, then all levels at once."""
    return {
        "interactions": [
            {
                "metric": one.metric,
                "dimension": one.dimension,
                "level": one.level,
                "difference": estimate(one.difference),
                "why": one.why,
            }
            for one in found.interactions
        ],
        "joint_interactions": [
            {
                "metric": one.metric,
                "dimension": one.dimension,
                "levels": list(one.levels),
                "statistic": one.statistic,
                "df": one.df,
                "denominator_df": one.denominator_df,
                "p": one.p,
                "why": one.why,
            }
            for one in found.joint_interactions
        ],
    }


def _plan(found: ReaderFindings) -> Json:
    """Conditions, what each criterion compares, and all conditions together."""
    return {
        "conditions": list(found.conditions),
        "multiplicity": found.multiplicity,
        "endpoints": [
            {
                "condition": one.condition,
                "against": one.against,
                "p_adjusted": one.p_adjusted,
                "then": one.then
                and {
                    "goal": {"above": one.then.goal.above, "below": one.then.goal.below},
                    "tested": one.then.tested,
                    "shown": one.then.shown,
                    "p_adjusted": one.then.p_adjusted,
                },
            }
            for one in found.endpoints
        ],
        "equality": [
            {
                "metric": one.metric,
                "statistic": one.statistic,
                "df": one.df,
                "denominator_df": number(one.denominator_df),
                "p": one.p,
                "why": one.why,
            }
            for one in found.equality
        ],
        "comparisons": [
            {
                "metric": one.metric,
                "condition": one.condition,
                "against": one.against,
                "difference": estimate(one.difference),
                "p_adjusted": one.p_adjusted,
            }
            for one in found.comparisons
        ],
    }
