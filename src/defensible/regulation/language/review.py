"""Labeling held against the intended use: every document read once, then all of them together."""

from collections.abc import Iterable, Iterator, Sequence

from defensible.dossier import Dossier, IntendedUse
from defensible.dossier.device import LabelingKind, RegulatorDecision
from defensible.regulation.language import (
    claims,
    contradictions,
    missing,
    naming,
    population,
)
from defensible.regulation.language.hit import (
    Document,
    Hit,
    HitKind,
    LanguageReview,
    Spot,
    citation,
    shown,
)
from defensible.regulation.language.lexicon import Lexicon, called, lexicon
from defensible.regulation.language.pack import LanguagePack, Rule, pack
from defensible.regulation.language.phrase import Span
from defensible.regulation.language.scope import Scope
from defensible.regulation.language.sentences import Sentence, sentences


def review(dossier: Dossier) -> LanguageReview:
    """The labeling of a dossier held against its intended use, and file against file.

    Notes
    -----
    Linear in the length of the labeling.
    """
    decisions = dossier.device.decisions
    return review_documents(
        dossier.intended_use,
        documents_of(dossier),
        name=dossier.device.name,
        claimed=[one.text for one in dossier.claims],
        pathways=[one.pathway for one in decisions if isinstance(one, RegulatorDecision)],
    )


def documents_of(dossier: Dossier) -> list[Document]:
    """The labeling of a dossier, to be read."""
    return [
        Document(
            path=one.path,
            said=one.words,
            instructs=one.kind is LabelingKind.INSTRUCTIONS_FOR_USE,
        )
        for one in dossier.labeling
    ]


def review_documents(
    use: IntendedUse,
    documents: Sequence[Document],
    *,
    name: str | None = None,
    claimed: Iterable[str] = (),
    pathways: Iterable[str] = (),
) -> LanguageReview:
    """Documents held against an intended use, and against each other.

    Parameters
    ----------
    name : str, optional
        What the documents call the device; without it, the first word of the statement.
    claimed : iterable of str
        Texts of declared claims.
    pathways : iterable of str
        Pathways by which a regulator decided on the device.
    """
    facts = pack()
    words = lexicon(facts, use, called(use, name))
    people = population.finder(words)
    names = {"modality": naming.machines(words), "user": naming.users(words)}
    wording = claims.finder(words, claims=claimed, pathways=pathways)
    together = contradictions.comparison(words, people, names)
    limits = missing.limits(words)
    instructions = [one for one in documents if one.instructs]
    hits: list[Hit] = []
    sayings = []
    for document in documents:
        said = contradictions.Sayings(document=document)
        for sentence in sentences(document.said.passages, facts.grammar.abbreviations):
            scope = Scope(sentence, words)
            found = _found(scope, facts, wording, people, names)
            hits += [_hit(document, sentence, *one) for one in found]
            together.gather(scope, said)
            if document.instructs:
                limits.see(sentence)
        sayings.append(said)
    if instructions:
        hits += limits.hits(instructions[0])
        hits += missing.declared(words, instructions)
    hits += together.hits(sayings)
    return LanguageReview(
        pack=f"language {facts.version}",
        documents=tuple(one.path for one in documents),
        hits=tuple(hits),
        not_checked=(*_silent(documents), *_not_checked(words, instructed=bool(instructions))),
    )


def _found(
    scope: Scope,
    facts: LanguagePack,
    wording: claims.ClaimFinder,
    people: population.PopulationFinder,
    names: dict[str, naming.NameFinder],
) -> Iterator[tuple[HitKind, Rule, Span]]:
    """What a sentence says beyond the intended use."""
    for rule, span in wording.hits(scope):
        yield HitKind.CLAIM, rule, span
    for span in people.hits(scope):
        yield HitKind.POPULATION, facts.population, span
    for span in names["modality"].hits(scope):
        yield HitKind.MODALITY, facts.modality, span
    for span in names["user"].hits(scope):
        yield HitKind.USER, facts.users, span


def _hit(document: Document, sentence: Sentence, kind: HitKind, rule: Rule, span: Span) -> Hit:
    return Hit(
        kind=kind,
        rule=rule.id,
        title=rule.title,
        spot=Spot(file=document.path, unit=document.said.unit, number=sentence.number(span.first)),
        words=shown(sentence.said(span.first, span.end)),
        sentence=shown(sentence.text),
        why=rule.why,
        suggestion=rule.suggestion,
        citation=citation(rule.cite),
    )


def _silent(documents: Iterable[Document]) -> Iterator[str]:
    """Pages that gave no text, so that nobody takes them for read."""
    for one in documents:
        if one.said.silent:
            pages = ", ".join(map(str, one.said.silent[:20]))
            more = len(one.said.silent) - 20
            rest = f" and {more} more" if more > 0 else ""
            yield f"{shown(one.path)}: no text could be taken from page {pages}{rest}"


def _not_checked(words: Lexicon, *, instructed: bool) -> Iterator[str]:
    for what, fieldname in naming.undeclared(words.use).items():
        yield f"{what}: intended-use.yaml declares no {fieldname}"
    if not words.name:
        yield "sentences that name the device by its name: nobody said what it is"
    if not instructed:
        yield "missing limitations: no file is declared as instructions for use"
