"""The plan as one self-contained page: what the report says of it, and how much evidence."""

from datetime import date

from defensible import __version__
from defensible.assessment.planning import Planned
from defensible.documents.html import environment
from defensible.dossier import Dossier


def plan_html(found: Planned, dossier: Dossier, *, today: date) -> str:
    """The page; `today` is the day of the assessment."""
    return (
        environment()
        .get_template("plan.html")
        .render(
            p=found,
            dossier=dossier,
            on=today,
            version=__version__,
        )
    )
