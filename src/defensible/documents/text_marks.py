"""Statuses and answers in a terminal: a mark, a word, and colour where it is wanted."""

from defensible.assessment.result import Status
from defensible.documents.words import STATUS_MARK
from defensible.evidence.finding import Answer
from defensible.screen.layout import Ink


def paint_status(status: Status, ink: Ink) -> str:
    """`[~] partly`, in the ink of its status."""
    text = f"{STATUS_MARK[status]} {status.value}"
    match status:
        case Status.MET:
            return ink.good(text)
        case Status.PARTLY:
            return ink.middling(text)
        case Status.OPEN:
            return ink.bad(text)
        case Status.NOT_APPLICABLE:
            return ink.faint(text)


def paint_answer(answer: Answer, text: str, ink: Ink) -> str:
    """The text in the ink of the answer."""
    match answer:
        case Answer.SUPPORTED:
            return ink.good(text)
        case Answer.INCONCLUSIVE:
            return ink.middling(text)
        case Answer.FAILED | Answer.UNSEEN:
            return ink.bad(text)
