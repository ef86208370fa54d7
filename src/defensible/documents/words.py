"""The words and marks of a report, and what makes untrusted words harmless in one.

A status or an answer always comes as a mark and a word, so that colour never carries it alone.
"""

import unicodedata

from defensible.assessment.result import Status, Verdict
from defensible.evidence.finding import Answer

ENGINEERING = "Does the software perform as specified?"
REGULATORY = "Is the device safe and effective for its intended use?"
"""The two questions, in their own words; no answer of ours repeats them as a statement."""

STATUS_MARK = {
    Status.MET: "[x]",
    Status.PARTLY: "[~]",
    Status.OPEN: "[ ]",
    Status.NOT_APPLICABLE: "[-]",
}
ANSWER_MARK = {
    Answer.SUPPORTED: "[x]",
    Answer.FAILED: "[!]",
    Answer.INCONCLUSIVE: "[?]",
    Answer.UNSEEN: "[ ]",
}
ANSWER_WORDS = {
    Answer.SUPPORTED: "supported",
    Answer.FAILED: "fails",
    Answer.INCONCLUSIVE: "not settled",
    Answer.UNSEEN: "no evidence",
}
METRIC = {
    "sensitivity": "Sensitivity",
    "specificity": "Specificity",
    "ppv": "PPV",
    "npv": "NPV",
    "accuracy": "Accuracy",
    "auc": "AUC",
}
METRIC_INSIDE = {name: word if word.isupper() else name for name, word in METRIC.items()}
"""The metric inside a sentence."""
LADDER = tuple(Verdict)
QUESTION_OF_STEP = {
    Verdict.NOT_VALIDATED: "engineering",
    Verdict.VALIDATED_MODEL: "engineering",
    Verdict.PRE_REGULATORY_DEVICE: "regulatory",
    Verdict.SUBMISSION_READY: "regulatory",
    Verdict.CLEARED: "regulatory",
}

_JOINERS = {0x200C, 0x200D}
"""Invisible characters that scripts need to be written rightly."""
_SPACES = frozenset("\t\n\r\f\v\u2028\u2029")


def clean(text: str) -> str:
    """The text with every hidden character made visible: controls, direction marks, surrogates.

    A terminal obeys escape sequences and a page obeys direction marks; a report obeys neither.
    Line breaks become spaces.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    if character.isprintable() or ord(character) in _JOINERS:
        return character
    if character in _SPACES or unicodedata.category(character) == "Zs":
        return " "
    return f"\\u{{{ord(character):04x}}}"


def short(text: str, most: int) -> str:
    """The text in at most `most` characters, cleaned, its middle cut out where it is longer."""
    text = clean(text)
    if len(text) <= most:
        return text
    tail = (most - 1) // 3
    return f"{text[: most - 1 - tail]}…{text[len(text) - tail :]}"


def sentence(text: str) -> str:
    """The text with its first letter large, unless its first word is a path or a name in code."""
    first = text.partition(" ")[0]
    return text if set("/._") & set(first.rstrip(".,:;")) else text[:1].upper() + text[1:]


def capped(text: str, most: int = 1200) -> str:
    """A sentence that is cut at `most` characters, and says so."""
    text = clean(text)
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}… ({len(text):,} characters; the JSON form has all)"
