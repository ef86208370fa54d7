"""Kinds of study: one module a kind, one line here."""

from collections.abc import Callable

from defensible.dossier.studies import StandaloneStudy
from defensible.evidence.faults import Faults
from defensible.evidence.finding import StudyResult
from defensible.evidence.studies import standalone

KINDS: dict[str, Callable[[StandaloneStudy, Faults], StudyResult]] = {
    "standalone": standalone.result,
}
"""What runs a study of each kind: the study and the place for its problems, to its result."""
