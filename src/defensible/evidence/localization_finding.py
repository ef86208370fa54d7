"""What only a localization study gives: the device's marks in numbers, and its curves."""

from dataclasses import dataclass

from defensible.statistics.estimate import Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkCurve:
    """A curve over thresholds of the mark score, thinned for a picture; its ends are there."""

    threshold: tuple[float | None, ...]
    """Descending; None first, where nothing is marked."""
    across: tuple[float, ...]
    """False marks a case (FROC), or share of healthy cases with a false mark (wAFROC)."""
    up: tuple[float, ...]
    """Share of lesions found (FROC), or their weight in a case (wAFROC)."""
    operating_point: tuple[float, float] | None
    """(across, up) at the study's threshold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizationFindings:
    """What only a localization study has."""

    n_lesions: int
    n_marks: int
    """Marks on analysed cases, whatever their score."""
    n_shown: int | None
    """Marks from the operating point on; None where there is none."""
    threshold: float | None
    """None where every mark of the table is one that the device shows, or none was fixed."""
    rule: str
    """How a mark finds a lesion, in words."""
    n_repeated: int
    """Marks on a lesion that another mark on the same case had found, whatever became of them."""
    false_marks_per_healthy_case: Estimate | None
    false_marks_per_diseased_case: Estimate | None
    lesions: tuple[tuple[str, str, int], ...]
    """Dimension of lesions, level, lesions."""
    froc: MarkCurve | None
    """None where marks have no score."""
    wafroc: MarkCurve | None
