"""Worked examples: whole intended uses of fictional devices, and what the cited texts say of each.

Beside `NAME.yaml`, an intended use as it stands in a dossier, `NAME.expected.yaml` says for each
market what is expected, written from the texts and not from the packs:

- a class, with whatever else must agree (`regulation`, `codes`, `pathway`, `rule`, `confidence`);
- or `device: false`;
- or `undecided` with the reason, and `asks`: words, one of which the answer must ask for.

`cite` is the text that says so. A scheme is expected to give a category, to be `open`, or not to
reach the software (`outside`). `beside` holds what the risk file would make known.

`python -m tests.regulation.worked` writes the page in the documents anew.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from defensible.dossier.intended_use import IntendedUse
from defensible.dossier.vocabulary import Market
from defensible.dossier.yaml_source import read
from defensible.regulation import Classification, MarketAnswer, SchemeAnswer, classify

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "examples"
PAGE = ROOT / "docs/methods/worked-examples.md"
METHOD = ROOT / "docs/methods/classification.md"

TITLES = {"us": "US", "eu": "EU", "uk": "UK", "canada": "Canada", "imdrf": "IMDRF"}
HELD = ("us", "eu", "uk", "canada", "imdrf")
"""Markets whose packs are held against the examples."""
SCHEMES_HELD = (
    "documentation-level",
    "change-control-plan",
    "ai-act",
    "iec62304",
    "gamp",
    "csa",
)
HOW_OFTEN = re.compile(r"^\| \| no rule decides \|.*\n(?:\|.*\n)*", re.MULTILINE)
INTRODUCTION = """# Worked examples of classification

{count} intended uses of devices that do not exist, with the answer that the cited texts give,
written from those texts and not from the packs. Each is a whole `intended-use.yaml`; tests hold the
packs against them. Where the texts do not decide, the expected answer is that no rule does, and
what has to be asked.

How a rule is held: [classification](classification.md). This page is written from the examples by
`python -m tests.regulation.worked`."""
OPEN, OUTSIDE = "open", "outside"
SCHEMES = {
    "documentation-level": "documentation level",
    "change-control-plan": "change control plan",
    "ai-act": "AI Act",
    "iec62304": "IEC 62304",
    "gamp": "GAMP 5",
    "csa": "CSA",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A fictional device: its intended use and what is expected of it."""

    name: str
    use: IntendedUse
    expected: dict[str, Any]

    @property
    def device(self) -> str:
        """Its name on the page."""
        return str(self.expected["device"])

    def answers(self) -> Classification:
        """What the packs say of it."""
        beside = {name: (value,) for name, value in self.expected.get("beside", {}).items()}
        return classify(self.use, list(Market), facts=beside)


@cache
def examples() -> tuple[Example, ...]:
    """Every example, by name of its file; each is read as the file of a dossier is."""
    found = []
    for path in sorted(FOLDER.glob("*.expected.yaml")):
        name = path.name.removesuffix(".expected.yaml")
        use, expected = _plain(path.with_name(f"{name}.yaml")), _plain(path)
        found.append(Example(name=name, use=IntendedUse.model_validate(use), expected=expected))
    return tuple(found)


def _plain(path: Path) -> Any:
    source = read(path.name, path.read_text(encoding="utf-8"))
    assert source.problems == ()
    return source.data


def market_answer(whole: Classification, market: str) -> MarketAnswer | None:
    """The answer of a market, or the IMDRF category."""
    return whole.imdrf if market == "imdrf" else whole.market(market)


def scheme_answer(whole: Classification, scheme: str) -> SchemeAnswer | None:
    """The answer of a scheme, of whichever market or across markets."""
    within = [one.scheme(scheme) for one in whole.markets]
    return next((one for one in [*within, whole.scheme(scheme)] if one is not None), None)


def counts() -> dict[str, tuple[int, int]]:
    """For each market, how many examples no rule decides, and how many of these the text does."""
    answered = [(one, one.answers()) for one in examples()]
    found = {}
    for market in HELD:
        undecided = [
            one
            for one, whole in answered
            if (answer := market_answer(whole, market)) is not None and not answer.decided
        ]
        texts = [one for one in undecided if "undecided" not in one.expected[market]]
        found[market] = (len(undecided), len(texts))
    return found


def how_often() -> str:
    """The table in the page on classification: how often no rule decides."""
    of = len(examples())
    rows = [
        f"| {TITLES[market]} | {no} of {of} | {text} |" for market, (no, text) in counts().items()
    ]
    no, text = (sum(each) for each in zip(*counts().values(), strict=True))
    head = ["| | no rule decides | though the text does |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows, f"| all | {no} of {of * len(HELD)} | {text} |"])


def table(function: str) -> str:
    """The examples of one function, one a row."""
    rows = [_row(one) for one in examples() if one.use.function == function]
    head = ["| device | " + " | ".join(TITLES.values()) + " | schemes |", "|" + " --- |" * 7]
    return "\n".join([*head, *rows])


def _row(example: Example) -> str:
    cells = [_cell(market, example.expected[market]) for market in TITLES]
    schemes = "; ".join(
        f"{SCHEMES[name]}: {value}" for name, value in example.expected["schemes"].items()
    )
    link = f"[{example.device}](../../tests/regulation/examples/{example.name}.yaml)"
    return f"| {link} | {' | '.join(cells)} | {schemes} |"


def _cell(market: str, expected: dict[str, Any]) -> str:
    cite = f"({expected['cite']})"
    if "undecided" in expected:
        return f"undecided: {expected['undecided']} {cite}"
    if "class" not in expected:
        return f"no device {cite}"
    said = [f"{'category' if market == 'imdrf' else 'class'} {expected['class']}"]
    if "rule" in expected:
        said.append(f"rule {expected['rule'].replace(', ', ' and ')}")
    if expected.get("regulation", cite) not in cite:
        said.append(expected["regulation"])
    said += [*expected.get("codes", []), expected.get("pathway", "")]
    return f"{', '.join(one for one in said if one)} {cite}"


def page() -> str:
    """The page of worked examples."""
    functions = dict.fromkeys(one.use.function for one in examples())
    parts = [INTRODUCTION.format(count=len(examples()))]
    for function in sorted(functions):
        parts += [f"## {function}", table(function)]
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write the page, and the table on the page of classification."""
    PAGE.write_text(page(), encoding="utf-8")
    old = METHOD.read_text(encoding="utf-8")
    METHOD.write_text(HOW_OFTEN.sub(how_often() + "\n", old), encoding="utf-8")


if __name__ == "__main__":
    main()
