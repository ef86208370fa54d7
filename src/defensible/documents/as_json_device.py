"""The device alone against unaided readers, in the JSON form."""

from typing import Any

from defensible.documents.as_json_estimate import estimate
from defensible.evidence.device_finding import DeviceFindings

Json = dict[str, Any]


def against_readers(found: DeviceFindings) -> Json:
    """Figures of the device, of the average reader and of each, and the device's curve."""
    curve = found.curve
    return {
        "device": found.named,
        "figures": [
            {
                "metric": one.metric,
                "device": estimate(one.device),
                "readers": estimate(one.readers),
                "difference": estimate(one.difference),
                "of_readers": [
                    {
                        "reader": each.reader,
                        "figure": estimate(each.estimate),
                        "difference": estimate(each.difference),
                    }
                    for each in one.of_readers
                ],
            }
            for one in found.figures
        ],
        "curve": curve
        and {
            "false_positive_rate": list(curve.false_positive_rate),
            "sensitivity": list(curve.sensitivity),
            "operating_point": None
            if curve.operating_point is None
            else {
                "false_positive_rate": curve.operating_point[0],
                "sensitivity": curve.operating_point[1],
            },
        },
    }
