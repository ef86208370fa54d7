"""What only a reader study has, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate, number
from defensible.evidence.reader_finding import ReaderFindings

Json = dict[str, Any]


def readers(found: ReaderFindings) -> Json:
    """Figures of readers in both conditions, and what pictures are drawn from."""
    return {
        "n_readers": found.n_readers,
        "n_cases": found.n_cases,
        "n_device_wrong": found.n_device_wrong,
        "methods": dict(found.methods),
        **_plan(found),
        "figures": [
            {
                "metric": one.metric,
                "reader": one.reader,
                "unaided": estimate(one.unaided),
                "aided": estimate(one.aided),
                "difference": estimate(one.difference),
            }
            for one in found.figures
        ],
        **_interactions(found),
        "conditional": [
            {
                "truth": one.truth,
                "device": one.device,
                "unaided": estimate(one.unaided),
                "aided": estimate(one.aided),
            }
            for one in found.conditional
        ],
        "break_even": {"rate": estimate(found.break_even), "why": found.break_even_why},
        "curves": [
            {
                "reader": one.reader,
                "aided": one.aided,
                "false_positive_rate": list(one.false_positive_rate),
                "sensitivity": list(one.sensitivity),
            }
            for one in found.curves
        ],
        "reading_times": [
            {
                "aided": one.aided,
                "n": one.n,
                "lowest": one.lowest,
                "quarter": one.quarter,
                "median": one.median,
                "three_quarters": one.three_quarters,
                "highest": one.highest,
            }
            for one in found.times
        ],
    }


def _interactions(found: ReaderFindings) -> Json:
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
