"""The packs in the package, and their cases."""

from importlib import resources
from typing import Any

from defensible.dossier.intended_use import IntendedUse
from defensible.regulation.pack import Pack
from defensible.regulation.readable import BESIDE, Facts
from defensible.regulation.reading import parse, read

FOLDER = resources.files("defensible.regulation") / "packs"
OF_CLOCKS = "durations.cases.yaml"
"""Cases of another form, with tests of their own."""
NAMES = sorted(
    one.name.removesuffix(".cases.yaml")
    for one in FOLDER.iterdir()
    if one.name.endswith(".cases.yaml") and one.name != OF_CLOCKS
)


def whole(name: str) -> Pack:
    return read(name)


def source(name: str) -> bytes:
    return (FOLDER / f"{name}.yaml").read_bytes()


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, case)
        for name in NAMES
        for case in parse((FOLDER / f"{name}.cases.yaml").read_bytes())
    ]


def subject(fields: dict[str, Any]) -> tuple[IntendedUse, Facts]:
    """The intended use and the facts beside it that the flat fields of a case say."""
    whole: dict[str, Any] = {}
    facts = {name: (str(value),) for name, value in fields.items() if name in BESIDE}
    for name, value in fields.items():
        group, _, field = name.partition(".")
        if name not in BESIDE and field:
            whole.setdefault(group, {})[field] = value
        elif name not in BESIDE:
            whole[name] = value
    return IntendedUse(**whole), facts
