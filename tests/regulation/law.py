"""The packs in the package, and their cases."""

from importlib import resources
from typing import Any

from defensible.regulation.pack import Pack
from defensible.regulation.reading import parse, read

FOLDER = resources.files("defensible.regulation") / "packs"
NAMES = sorted(
    one.name.removesuffix(".cases.yaml")
    for one in FOLDER.iterdir()
    if one.name.endswith(".cases.yaml")
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
