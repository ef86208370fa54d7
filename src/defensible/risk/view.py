"""Everything that is shown of a risk file at once: clauses, trace, circles, modes, uncertainty."""

from dataclasses import dataclass
from datetime import date

from defensible.dossier.dossier import Dossier
from defensible.evidence.finding import StudyResult
from defensible.evidence.record import Record
from defensible.risk.check import opened, review
from defensible.risk.modes import ModeAnswer, answers
from defensible.risk.review import RiskReview
from defensible.risk.trace import ControlTrace, RiskTrace, circles, traces
from defensible.risk.uncertainty import Picture, picture

SEED = 14971
"""Of the draws that are shown: the same file gives the same figures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskView:
    """A risk file as it stands.

    Attributes
    ----------
    unverified : tuple of ControlTrace
        Controls that are not shown to be there and to work, in the order of the file.
    circles : tuple of tuple of str
        Controls whose new hazards lead back to them.
    """

    dossier: Dossier
    review: RiskReview
    traces: tuple[RiskTrace, ...]
    unverified: tuple[ControlTrace, ...]
    circles: tuple[tuple[str, ...], ...]
    modes: tuple[ModeAnswer, ...]
    picture: Picture


def view(
    dossier: Dossier,
    results: tuple[StudyResult, ...],
    *,
    today: date,
    record: Record | None = None,
) -> RiskView:
    """The risk file as it stands, with its evidence."""
    file = opened(dossier, results, today=today, record=record)
    traced = traces(file)
    controls = {each.control.id: each for one in traced for each in one.controls}
    return RiskView(
        dossier=dossier,
        review=review(dossier, results, today=today, record=record),
        traces=traced,
        unverified=tuple(one for one in controls.values() if not one.verified),
        circles=circles(file.risks),
        modes=answers(dossier),
        picture=picture(file, seed=SEED),
    )
