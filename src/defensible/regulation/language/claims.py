"""Wording that only some intended uses allow, held against this one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defensible.dossier import IntendedUse
from defensible.regulation.language.lexicon import Lexicon
from defensible.regulation.language.pack import ClaimRule, Uses
from defensible.regulation.language.phrase import Phrases, Span, tokens
from defensible.regulation.language.scope import Agent, Scope
from defensible.regulation.language.sentences import of_text

_WAYS = ("by_device", "helped", "opening", "anywhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFinder:
    """The rules that this intended use must keep, and their phrases."""

    lexicon: Lexicon
    rules: dict[str, ClaimRule]
    phrases: Phrases

    def hits(self, scope: Scope) -> Iterator[tuple[ClaimRule, Span]]:
        """Each rule that the sentence breaks, with the words that break it; a rule once."""
        broken: set[str] = set()
        sentence = scope.sentence
        for span in self.phrases.spans(sentence.words, max(sentence.own - 1, 0)):
            way, _, rule_id = span.name.partition(" ")
            if rule_id in broken or not self._counts(scope, span, way, self.rules[rule_id]):
                continue
            broken.add(rule_id)
            yield self.rules[rule_id], span

    def _counts(self, scope: Scope, span: Span, way: str, rule: ClaimRule) -> bool:
        sentence = scope.sentence
        whole = sentence.clauses[span.first] == sentence.clauses[span.end - 1]
        noun = span.first > 0 and sentence.words[span.first - 1] in rule.not_after
        if not whole or noun or not scope.asserts(span):
            return False
        who = scope.agent(span)
        match way:
            case "by_device":
                return who is Agent.DEVICE
            case "helped":
                return who is Agent.DEVICE or (who is Agent.PERSON and scope.helped(span))
            case "opening":
                return who is Agent.NOBODY and span.first == sentence.own
            case _:
                return who in {Agent.DEVICE, Agent.NOBODY} or scope.helped(span)


def finder(
    lexicon: Lexicon, *, claims: Iterable[str] = (), pathways: Iterable[str] = ()
) -> ClaimFinder:
    """The rules that hold for an intended use.

    Parameters
    ----------
    claims : iterable of str
        Texts of declared claims: an outcome that one names has studies that show it or not.
    pathways : iterable of str
        Pathways by which a regulator decided, by letters on file.
    """
    use = lexicon.use
    decided = " ".join(pathways).casefold()
    held = [
        rule
        for rule in lexicon.pack.claims
        if not _allows(rule, use)
        and not any(one.casefold() in decided for one in rule.unless_pathway)
    ]
    own = [use.statement, use.indications, use.population and use.population.description]
    mentioned = _mentioned(lexicon, held, [one for one in own if one])
    said = mentioned | _said(lexicon, held, [one for one in own if one])
    shown = _said(lexicon, [rule for rule in held if rule.shown_by_claims], claims)
    return _finder(lexicon, [rule for rule in held if rule.id not in said | shown])


def _finder(lexicon: Lexicon, rules: list[ClaimRule]) -> ClaimFinder:
    named = [(f"{way} {rule.id}", getattr(rule, way)) for rule in rules for way in _WAYS]
    return ClaimFinder(
        lexicon=lexicon, rules={rule.id: rule for rule in rules}, phrases=lexicon.phrases(named)
    )


def _said(lexicon: Lexicon, rules: list[ClaimRule], texts: Iterable[str]) -> set[str]:
    """Rules whose wording the declared texts use themselves, so that labeling may repeat it."""
    found = _finder(lexicon, rules)
    return {
        rule.id
        for text in texts
        for sentence in of_text(text, lexicon.pack.grammar.abbreviations)
        for rule, _ in found.hits(Scope(sentence, lexicon))
    }


def _mentioned(lexicon: Lexicon, rules: list[ClaimRule], texts: Iterable[str]) -> set[str]:
    """Rules that do not hold for an intended use whose own words are these."""
    words = lexicon.phrases((rule.id, rule.unless_mentioned) for rule in rules)
    return {span.name for text in texts for span in words.spans([one.word for one in tokens(text)])}


def _allows(rule: ClaimRule, use: IntendedUse) -> bool:
    if rule.only is not None and not meets(rule.only, use):
        return True
    if rule.where_declared is not None and not (use.acquisition and use.acquisition.vendors):
        return True
    return meets(rule.allowed, use)


def meets(uses: Uses, use: IntendedUse) -> bool:
    """Whether an intended use declares one of the values."""
    return (
        use.function in uses.function
        or any(one in uses.output for one in use.output or ())
        or any(one in uses.user for one in use.user or ())
    )
