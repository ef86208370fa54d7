"""An assessment as one self-contained page: no network, no script, any width, any paper.

Every word that comes from a dossier is cleaned of hidden characters and escaped, in text,
attributes and figures alike: the templates have no way round it.
"""

from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from defensible import __version__
from defensible.assessment.result import Assessment, Status, Verdict
from defensible.documents import (
    automation,
    condition_words,
    content,
    device_roc,
    device_rows,
    device_words,
    forest,
    gap_words,
    heat,
    legends,
    mark_curves,
    mark_words,
    numbers,
    obligations,
    people,
    reader_curves,
    reader_rows,
    reader_tables,
    roc,
    text_scope,
    text_study,
    words,
)
from defensible.evidence.by_condition import by_condition
from defensible.evidence.finding import OVERALL, Answer
from defensible.risk.review import Held

if TYPE_CHECKING:
    from jinja2 import Environment

    from defensible.assessment.planning import Planned

LADDER = tuple(
    (question, says, tuple(one for one in Verdict if words.QUESTION_OF_STEP[one] == name))
    for name, question, says in (
        ("engineering", words.ENGINEERING, "The team decides."),
        ("regulatory", words.REGULATORY, "A regulator decides."),
    )
)


def html(assessment: Assessment, *, on: date, planned: "Planned | None" = None) -> str:
    """The page; `on` is the day of the assessment. A plan stands after the gaps."""
    pictures = content.pictures(assessment)
    domain = forest.domain(pictures)
    return (
        environment()
        .get_template("page.html")
        .render(
            a=assessment,
            dossier=assessment.dossier,
            on=on,
            version=__version__,
            pictures=[
                (
                    picture,
                    [
                        (one, forest.forests(picture, one, domain=domain))
                        for one in (forest.WIDE, forest.NARROW)
                    ],
                )
                for picture in pictures
            ],
            ladder=LADDER,
            study_numbers={one.study: at for at, one in enumerate(assessment.results, start=1)},
            planned=planned,
            rocs=[
                figure
                for one in assessment.results
                for figure in (roc.roc(one), *mark_curves.curves(one))
                if figure is not None
            ],
        )
    )


@cache
def environment() -> "Environment":
    """The templates, with the filters that every page needs."""
    # only a page needs these: 0.1 s
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from defensible.documents import plan, plan_evidence, plan_figures, plan_tornado, size_figure

    environment = Environment(
        loader=PackageLoader("defensible.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "short": words.short,
        "capped": words.capped,
        "sentence": words.sentence,
    }
    environment.globals |= {
        "automation": automation,
        "by_condition": by_condition,
        "condition_words": condition_words,
        "content": content,
        "device_roc": device_roc,
        "device_rows": device_rows,
        "device_words": device_words,
        "legends": legends,
        "mark_words": mark_words,
        "gap_words": gap_words,
        "numbers": numbers,
        "study_words": text_study,
        "scope_words": text_scope,
        "heat": heat,
        "people": people,
        "evidence_words": plan_evidence,
        "plan_figures": plan_figures,
        "plan_tornado": plan_tornado,
        "plan_words": plan,
        "reader_curves": reader_curves,
        "reader_rows": reader_rows,
        "reader_tables": reader_tables,
        "owed": obligations,
        "size_figure": size_figure,
        "words": words,
        "OVERALL": OVERALL,
        "Answer": Answer,
        "Status": Status,
        "Verdict": Verdict,
        "Held": Held,
    }
    return environment


def _shown(value: Any) -> Any:
    """Text with its hidden characters made visible; markup of our own templates as it is."""
    if isinstance(value, str) and not hasattr(value, "__html__"):
        return words.clean(value)
    return value
