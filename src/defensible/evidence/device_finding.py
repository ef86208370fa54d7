"""What a reader study finds of the device alone, held against readers who do not see its output."""

from dataclasses import dataclass

from defensible.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class BesideReader:
    """One unaided reader beside the device; intervals take the reader as fixed."""

    reader: str
    estimate: Estimate
    """The reader's figure."""
    difference: Estimate | None
    """Device less reader, on the cases that the reader read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFigure:
    """One figure of the device and of readers, on all cases."""

    metric: str
    """"auc", "sensitivity" or "specificity"."""
    device: Estimate
    """On all cases that a reader read."""
    readers: Estimate | None
    """The average reader."""
    difference: Estimate
    """Device less the average reader."""
    of_readers: tuple[BesideReader, ...]
    """Empty where the cases are fixed: one reader then has no interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceCurve:
    """The ROC curve of the device on all cases that a reader read."""

    false_positive_rate: tuple[float, ...]
    sensitivity: tuple[float, ...]
    operating_point: tuple[float, float] | None
    """(false positive rate, sensitivity) of its calls; None without a rule for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFindings:
    """The device alone against readers in the unaided condition."""

    named: str
    """Where the table has it: `reader 1`, `column score`."""
    figures: tuple[DeviceFigure, ...]
    curve: DeviceCurve | None
    """None without a score of the device."""
