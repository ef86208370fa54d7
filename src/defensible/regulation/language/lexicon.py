"""The pack's phrases, made ready for one device: its name and condition stand in their slots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from defensible.dossier import IntendedUse
from defensible.regulation.language.pack import LanguagePack
from defensible.regulation.language.phrase import Phrase, Phrases, phrase, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What is looked for in every sentence.

    Attributes
    ----------
    name : str
        What labeling calls the device; empty where nobody knows.
    agents : Phrases
        Named `device`, `person` and `other`.
    """

    pack: LanguagePack
    use: IntendedUse
    name: str
    groups: Mapping[str, tuple[str, ...]]
    agents: Phrases
    limits_before: Phrases
    limits_after: Phrases
    headings: Phrases
    study: Phrases
    helping: Phrases

    def phrase(self, written: str) -> Phrase:
        """A phrase of the pack."""
        return phrase(written, self.groups)

    def phrases(self, named: Iterable[tuple[str, Iterable[str]]]) -> Phrases:
        """Phrases of the pack, each under a name."""
        return Phrases((name, self.phrase(one)) for name, each in named for one in each)


def lexicon(pack: LanguagePack, use: IntendedUse, name: str) -> Lexicon:
    """The pack made ready for a device of this intended use and name."""
    slots = {"{name}": _names(name), "{condition}": _names(use.condition, use.target_finding)}
    groups = {key: _filled(written, slots) for key, written in pack.groups.items()}
    grammar = pack.grammar

    def made(**named: Sequence[str]) -> Phrases:
        return Phrases((key, phrase(one, groups)) for key, each in named.items() for one in each)

    return Lexicon(
        pack=pack,
        use=use,
        name=name,
        groups=groups,
        agents=made(**{one: groups[one] for one in ("device", "person", "other")}),
        limits_before=made(limit=grammar.limits_before, none=grammar.no_limits),
        limits_after=made(limit=grammar.limits_after),
        headings=made(limit=grammar.limiting_headings),
        study=made(study=grammar.study),
        helping=made(help=grammar.helping),
    )


def _names(*texts: str | None) -> tuple[str, ...]:
    """The words of names, as phrases are written."""
    found = (" ".join(token.word for token in tokens(one)) for one in texts if one)
    return tuple(dict.fromkeys(one for one in found if one))


def _filled(written: Sequence[str], slots: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(each for one in written for each in slots.get(one, (one,)))


def called(use: IntendedUse, name: str | None) -> str:
    """The name of the device; without one, the first word of the statement if it is a name."""
    if name is not None:
        return name
    first = (use.statement or "").split(" ", 1)[0]
    ordinary = first.casefold() in {"the", "this", "a", "an", "it", "for", "to", "software"}
    return "" if ordinary or not first[:1].isupper() else first
