"""The packs in the package, and their cases."""

from importlib import resources
from typing import Any

from defensible.regulation.pack import Pack
from defensible.regulation.reading import PACKS, pack, parse

FOLDER = resources.files("defensible.regulation") / "packs"


def whole(name: str) -> Pack:
    known = pack(name)
    assert known is not None
    return known


def source(name: str) -> bytes:
    return (FOLDER / f"{name}.yaml").read_bytes()


def cases() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, case)
        for name in PACKS.values()
        for case in parse((FOLDER / f"{name}.cases.yaml").read_bytes())
    ]
