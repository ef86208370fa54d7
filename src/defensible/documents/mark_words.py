"""What a study of the device's marks says in words: lesions, marks, false marks by class."""

from defensible.documents import numbers
from defensible.documents.words import clean
from defensible.evidence.finding import StudyResult
from defensible.evidence.localization_finding import LocalizationFindings


def said(result: StudyResult) -> tuple[str, ...]:
    """Sentences on the device's marks; none in studies of another kind."""
    found = result.localization
    if found is None:
        return ()
    return (_counts(found), *_by_class(found), *_lesions(found))


def _counts(found: LocalizationFindings) -> str:
    shown = ""
    if found.n_shown is not None and found.threshold is not None:
        shown = f", {found.n_shown:,} of them shown (score {found.threshold:g} or more)"
    elif found.n_shown is None:
        shown = ", none of them at an operating point: none was fixed"
    return (
        f"{numbers.counted(found.n_lesions, 'lesion')}, {numbers.counted(found.n_marks, 'mark')}"
        f"{shown}; {clean(found.rule)}."
    )


def _by_class(found: LocalizationFindings) -> tuple[str, ...]:
    given = (
        ("healthy", found.false_marks_per_healthy_case),
        ("diseased", found.false_marks_per_diseased_case),
    )
    told = [f"{numbers.figure(one)} a {name} case" for name, one in given if one is not None]
    return (f"False marks: {', '.join(told)}.",) if told else ()


def _lesions(found: LocalizationFindings) -> tuple[str, ...]:
    """Lesions by each of their dimensions."""
    by: dict[str, list[str]] = {}
    for name, level, n in found.lesions:
        by.setdefault(clean(name), []).append(f"{clean(level)} {n:,}")
    return tuple(f"Lesions by {name}: {', '.join(levels)}." for name, levels in by.items())
