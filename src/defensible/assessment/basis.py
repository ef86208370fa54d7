"""What every row of the rubric is computed from; nothing else may decide a status."""

from dataclasses import dataclass
from datetime import date

from defensible.assessment.result import Answered, ClaimScope, Link, ScopeCell
from defensible.dossier.dossier import Dossier, Place
from defensible.evidence.finding import CriterionResult, StudyResult
from defensible.evidence.record import Record
from defensible.regulation.classification import Classification
from defensible.regulation.language import LanguageReview
from defensible.risk.review import RiskReview


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The dossier and everything computed before the rubric.

    Attributes
    ----------
    file_sha256 : dict
        Digest of each file that a declaration names (model, letters); None where unreadable.
    intended_use_sha256 : str
        Digest of the intended use as it stands.
    wording : LanguageReview
        Labeling and marketing text held against the intended use.
    today : date
        The day of the assessment; the clock is an argument.
    obligations : tuple of Answered
        What the device owes, answered from the rest; empty while that is worked out.
    record : Record or None
        What the ledger shows; None where nobody looked.
    """

    dossier: Dossier
    classification: Classification
    results: tuple[StudyResult, ...]
    risk: RiskReview
    cells: tuple[ScopeCell, ...]
    scopes: tuple[ClaimScope, ...]
    file_sha256: dict[str, str | None]
    intended_use_sha256: str
    wording: LanguageReview
    today: date
    record: Record | None = None
    obligations: tuple[Answered, ...] = ()

    @property
    def alone(self) -> tuple[StudyResult, ...]:
        """Results of the device alone: no reader or user took part."""
        return tuple(one for one in self.results if one.readers is None and one.usability is None)

    @property
    def criteria(self) -> tuple[tuple[StudyResult, CriterionResult], ...]:
        """Every acceptance criterion of the device alone, with the study that declares it."""
        return tuple((result, one) for result in self.alone for one in result.criteria)

    def link(self, text: str, file: str, *keys: str | int) -> Link:
        """A link to where `keys` stand in `file`."""
        return Link(text=text, place=self.dossier.place(file, *keys))

    def identified(self, identifier: str) -> Link:
        """A link to where an identifier is declared."""
        place = self.dossier.identified.get(identifier) or Place(file="device.yaml")
        return Link(text=identifier, place=place)

    def study(self, result: StudyResult) -> Link:
        """A link to a study and its result."""
        place = self.dossier.identified.get(result.study)
        return Link(text=result.study, place=place, study=result.study)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """`1 case`, `2 cases`."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(items: list[str], *, most: int = 4) -> str:
    """`a, b and c`; past `most` the rest is counted, never dropped."""
    if len(items) > most:
        return f"{', '.join(items[:most])} and {len(items) - most} more"
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
