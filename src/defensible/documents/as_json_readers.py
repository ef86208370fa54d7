"""What only a reader study has, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate
from defensible.evidence.reader_finding import ReaderFindings

Json = dict[str, Any]


def readers(found: ReaderFindings) -> Json:
    """Figures of readers in both conditions, and what pictures are drawn from."""
    return {
        "n_readers": found.n_readers,
        "n_cases": found.n_cases,
        "n_device_wrong": found.n_device_wrong,
        "methods": dict(found.methods),
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
