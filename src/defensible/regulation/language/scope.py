"""Whether words are a claim at all: what turns them round, who does it, and where they stand."""

from enum import Enum
from functools import cached_property

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


class Scope:
    """One sentence, and what is asked of it again and again; each is worked out once."""

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.sentence = sentence
        self._lexicon = lexicon

    def asserts(self, span: Span) -> bool:
        """Whether the sentence says the words of a span, not denying, asking or mentioning them."""
        one = self.sentence
        if one.asks or one.mentions(span.first) or span.end <= one.own or self.under_limits:
            return False
        return not self._limited(span)

    def agent(self, span: Span) -> Agent:
        """Who does it: the last named before the words, or the device where it stands in them."""
        if any(self._device[span.first : span.end]):
            return Agent.DEVICE
        return self._last[span.first]

    def helped(self, span: Span) -> bool:
        """Whether the device is named before the words, as what helps whoever does it."""
        helps = next(self._lexicon.helping.spans(self.sentence.words), None)
        return helps is not None and helps.end <= span.first and any(self._device[: span.first])

    @cached_property
    def of_a_study(self) -> bool:
        """Whether the sentence tells what a study did."""
        return self._lexicon.study.among(self.sentence.words)

    @cached_property
    def under_limits(self) -> bool:
        """Whether the heading above is of limits, or of something else than this device."""
        heading = self.sentence.heading
        words = [one.word for one in tokens(heading)]
        return bool(words) and self._lexicon.headings.among(words)

    def _limited(self, span: Span) -> bool:
        """Whether something in the clause, or in the lead, takes back what the span says."""
        clause = self.sentence.clauses[span.first]
        before, after = self._limits
        first = min(before.get(clause, span.first), before.get(_LEAD, span.first))
        return first < span.first or after.get(clause, -1) >= span.end

    @cached_property
    def _limits(self) -> tuple[dict[int, int], dict[int, int]]:
        """For each clause, the first word that limits what follows, the last that limits before."""
        words, clauses = self.sentence.words, self.sentence.clauses
        cues = list(self._lexicon.limits_before.spans(words))
        none = {at for cue in cues if cue.name == "none" for at in range(cue.first, cue.end)}
        before: dict[int, int] = {}
        for cue in cues:
            if cue.name != "none" and cue.first not in none:
                before.setdefault(clauses[cue.first], cue.first)
                if cue.first < self.sentence.own:
                    before.setdefault(_LEAD, cue.first)
        after = {clauses[cue.first]: cue.first for cue in self._lexicon.limits_after.spans(words)}
        return before, after

    @cached_property
    def _agents(self) -> list[Span]:
        return list(self._lexicon.agents.spans(self.sentence.words))

    @cached_property
    def _device(self) -> list[bool]:
        """For each word, whether the device is named from there on."""
        named = [False] * (len(self.sentence.words) + 1)
        for one in self._agents:
            if one.name == "device":
                named[one.first] = True
        return named

    @cached_property
    def _last(self) -> list[Agent]:
        """For each word, who was named last before it."""
        size = len(self.sentence.words) + 1
        ends: list[Agent | None] = [None] * (size + 1)
        for one in self._agents:
            ends[min(one.end, size)] = Agent(one.name)
        last, found = Agent.NOBODY, []
        for end in ends[:size]:
            last = last if end is None else end
            found.append(last)
        return found


_LEAD = -1
"""In place of a clause: the lead of a list, which reaches every clause of its items."""
