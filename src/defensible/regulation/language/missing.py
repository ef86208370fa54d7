"""Limitations that instructions for use must carry and do not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from defensible.regulation.language.claims import meets
from defensible.regulation.language.hit import Document, Hit, HitKind, Spot, citation, shown
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.pack import Required, Rule
from defensible.regulation.language.phrase import Phrases, tokens
from defensible.regulation.language.sentences import Sentence


@dataclass(slots=True, kw_only=True)
class Limits:
    """The limitations that the pack asks of a function, and those of them not seen yet."""

    rules: dict[str, Required]
    phrases: Phrases
    unseen: set[str]

    def see(self, sentence: Sentence) -> None:
        """Take a sentence of instructions for use into account."""
        if self.unseen:
            self.unseen -= {span.name for span in self.phrases.spans(sentence.words)}

    def hits(self, document: Document) -> Iterator[Hit]:
        """Those that no sentence holds; the place is the document that ought to."""
        for rule in self.rules.values():
            if rule.id in self.unseen:
                yield _hit(rule, document, "")


def limits(lexicon: Lexicon) -> Limits:
    """What instructions for use of this function must say."""
    rules = {one.id: one for one in lexicon.pack.required if meets(one.only, lexicon.use)}
    phrases = lexicon.phrases((one.id, one.found) for one in rules.values())
    return Limits(rules=rules, phrases=phrases, unseen=set(rules))


def declared(lexicon: Lexicon, instructions: Sequence[Document]) -> list[Hit]:
    """Declared limitations and contraindications that no passage of any instructions carries."""
    rule, use = lexicon.pack.declared, lexicon.use
    passages = [
        _substance(passage.text, rule.idle) for one in instructions for passage in one.said.passages
    ]
    return [
        _hit(rule, instructions[0], text)
        for text in (*(use.limitations or ()), *(use.contraindications or ()))
        if not _carried(_substance(text, rule.idle), passages, rule.share)
    ]


def _carried(words: frozenset[str], passages: Iterable[frozenset[str]], share: float) -> bool:
    return not words or any(len(words & one) >= share * len(words) for one in passages)


def _substance(text: str, idle: Iterable[str]) -> frozenset[str]:
    """Words that carry something, without the endings that vary."""
    plain = {one.word for one in tokens(text)} - set(idle)
    return frozenset(one.removesuffix("'s").removesuffix("s") for one in plain)


def _hit(rule: Rule, document: Document, text: str) -> Hit:
    return Hit(
        kind=HitKind.MISSING,
        rule=rule.id,
        title=rule.title,
        spot=Spot(file=document.path, unit=document.said.unit, number=1),
        words="",
        sentence=shown(text),
        why=rule.why,
        suggestion=rule.suggestion,
        citation=citation(rule.cite),
    )
