"""What is classified: a dossier, or an intended use alone, and the markets that are asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.dossier.wording import cut, nearest
from defensible.regulation import facts_of
from defensible.regulation.readable import NOTHING, Facts
from defensible.regulation.reading import MARKETS


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An intended use with what is known beside it."""

    path: str
    """As the person typed it."""
    device: str | None
    """Name and version; None for an intended use alone."""
    use: IntendedUse
    markets: tuple[Market, ...]
    facts: Facts

    @property
    def title(self) -> str:
        """The device in a few words, for a heading."""
        return f"{self.device or self.path}: {self.use.function.value}"

    def as_json(self) -> dict[str, Any]:
        """What was classified, for the envelope."""
        return {
            "path": self.path,
            "device": self.device,
            "intended_use": {"function": self.use.function.value, "statement": self.use.statement},
        }


def subject(path: Path, asked: list[str]) -> Subject:
    """The dossier in a folder, or the intended use in a file.

    A dossier names its markets; where none is named, every market with rules is asked.

    Raises
    ------
    DossierError
        Everything that is wrong with what was read.
    """
    wanted = tuple(dict.fromkeys(map(_market, asked)))
    if path.suffix.lower() in {".yaml", ".yml"} or path.is_file():
        from defensible.dossier.load import load_intended_use

        use = load_intended_use(path)
        markets = wanted or _with_rules()
        return Subject(path=str(path), device=None, use=use, markets=markets, facts=NOTHING)
    from defensible.dossier import load

    dossier = load(path)
    return Subject(
        path=str(path),
        device=f"{dossier.device.name} {dossier.device.version}",
        use=dossier.intended_use,
        markets=wanted or dossier.device.markets or _with_rules(),
        facts=facts_of(dossier.risks),
    )


def _with_rules() -> tuple[Market, ...]:
    return tuple(one for one in Market if one.value in MARKETS)


def _market(word: str) -> Market:
    known = [one.value for one in Market]
    if word.lower() in known:
        return Market(word.lower())
    raise typer.BadParameter(
        f"there is no market '{cut(word)}'; {nearest(word, known)}", param_hint="--market"
    )
