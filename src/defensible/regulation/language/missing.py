"""Limitations that instructions for use must carry and do not."""

from collections.abc import Iterable, Sequence

from defensible.regulation.language.claims import meets
from defensible.regulation.language.hit import Document, Hit, HitKind, Spot, citation, shown
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.phrase import tokens
from defensible.regulation.language.sentences import Sentence


def required(
    lexicon: Lexicon, instructions: Sequence[tuple[Document, Sequence[Sentence]]]
) -> list[Hit]:
    """Limitations that the pack asks of this function and no sentence of any instructions holds."""
    rules = {one.id: one for one in lexicon.pack.required if meets(one.only, lexicon.use)}
    phrases = lexicon.phrases((one.id, one.found) for one in rules.values())
    open_ = set(rules)
    for _, sentences in instructions:
        for sentence in sentences:
            if open_:
                open_ -= {span.name for span in phrases.spans(sentence.words)}
    return [
        Hit(
            kind=HitKind.MISSING,
            rule=rule.id,
            title=rule.title,
            spot=_whole(instructions[0][0]),
            words="",
            sentence="",
            why=rule.why,
            suggestion=rule.suggestion,
            citation=citation(rule.cite),
        )
        for rule in rules.values()
        if rule.id in open_
    ]


def declared(lexicon: Lexicon, instructions: Sequence[Document]) -> list[Hit]:
    """Declared limitations and contraindications that no passage of any instructions carries."""
    rule, use = lexicon.pack.declared, lexicon.use
    passages = [
        _substance(passage.text, rule.idle) for one in instructions for passage in one.said.passages
    ]
    return [
        Hit(
            kind=HitKind.MISSING,
            rule=rule.id,
            title=rule.title,
            spot=_whole(instructions[0]),
            words="",
            sentence=shown(text),
            why=rule.why,
            suggestion=rule.suggestion,
            citation=citation(rule.cite),
        )
        for text in (*(use.limitations or ()), *(use.contraindications or ()))
        if not _carried(_substance(text, rule.idle), passages, rule.share)
    ]


def _carried(words: frozenset[str], passages: Iterable[frozenset[str]], share: float) -> bool:
    return not words or any(len(words & one) >= share * len(words) for one in passages)


def _substance(text: str, idle: Iterable[str]) -> frozenset[str]:
    """Words that carry something, without the endings that vary."""
    plain = {one.word for one in tokens(text)} - set(idle)
    return frozenset(one.removesuffix("'s").removesuffix("s") for one in plain)


def _whole(document: Document) -> Spot:
    return Spot(file=document.path, unit=document.said.unit, number=1)
