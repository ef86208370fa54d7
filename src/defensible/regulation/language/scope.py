"""Whether words are a claim at all: what turns them round, who does it, and where they stand."""

from enum import Enum

from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.phrase import Span, tokens
from defensible.regulation.language.sentences import Sentence


class Agent(Enum):
    """Who does what the words say."""

    DEVICE = "device"
    PERSON = "person"
    OTHER = "other"
    NOBODY = "nobody"
    """The sentence names no one before the words."""


def asserts(sentence: Sentence, lexicon: Lexicon, span: Span) -> bool:
    """Whether the sentence says the words of a span, not denying, asking or mentioning them."""
    if sentence.asks or sentence.mentions(span.first) or span.end <= sentence.own:
        return False
    if limiting(sentence.heading, lexicon):
        return False
    return not limited(sentence, lexicon, span)


def limited(sentence: Sentence, lexicon: Lexicon, span: Span) -> bool:
    """Whether something in the clause takes back what the span says."""
    clause = sentence.clauses[span.first]
    none: set[int] = set()
    limits = []
    for cue in lexicon.limits_before.spans(sentence.words):
        if cue.name == "none":
            none.update(range(cue.first, cue.end))
        elif cue.first < span.first and _reaches(sentence, cue.first, clause):
            limits.append(cue.first)
    if any(one not in none for one in limits):
        return True
    return any(
        cue.first >= span.end and sentence.clauses[cue.first] == clause
        for cue in lexicon.limits_after.spans(sentence.words, span.first)
    )


def _reaches(sentence: Sentence, cue: int, clause: int) -> bool:
    """Whether a cue stands in the clause, or in the lead of the list that this item is part of."""
    return sentence.clauses[cue] == clause or cue < sentence.own


def limiting(heading: str, lexicon: Lexicon) -> bool:
    """Whether what stands under a heading is a limit, or about something else."""
    return bool(heading) and lexicon.headings.among([one.word for one in tokens(heading)])


def of_a_study(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Whether the sentence tells what a study did."""
    return lexicon.study.among(sentence.words)


def agent(sentence: Sentence, lexicon: Lexicon, span: Span) -> Agent:
    """Who does it: the last one named before the words, or the device where it stands in them."""
    before: Span | None = None
    for one in lexicon.agents.spans(sentence.words):
        if span.first <= one.first < span.end and one.name == "device":
            return Agent.DEVICE
        if one.end <= span.first and (before is None or one.end >= before.end):
            before = one
    return Agent.NOBODY if before is None else Agent(before.name)


def helped(sentence: Sentence, lexicon: Lexicon, span: Span) -> bool:
    """Whether the device is named before the words, as what helps whoever does it."""
    before = sentence.words[: span.first]
    named = any(one.name == "device" for one in lexicon.agents.spans(before))
    return named and lexicon.helping.among(before)
