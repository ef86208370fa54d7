"""Packs as they lie in the package: YAML that people write, and the same as JSON, quick to read.

The JSON carries the digest of the YAML that it was made from. Where the two no longer agree the
YAML is read, so that an edit counts at once; `python -m defensible.regulation` writes the JSON
anew. A pack is read when it is asked for, and no other.
"""

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel

from defensible.regulation.obligation_pack import ObligationPack
from defensible.regulation.pack import Pack

MARKETS = {"us": "us", "eu": "eu", "uk": "uk", "canada": "canada"}
"""Market and its pack."""

SCHEMES: dict[str, tuple[str, ...]] = {
    "us": ("us-documentation-level", "us-change-control-plan"),
    "eu": ("eu-ai-act",),
}
"""Market and the packs of what else it asks to be sorted into, in the order of the answer."""

IMDRF = "imdrf"
"""The pack of the category that no market's law knows."""

ACROSS = ("iec62304",)
"""Packs of schemes across markets."""

GXP = ("gamp", "csa")
"""Packs that are asked where a GxP use is declared."""

FAILURE_MODES = "failure-modes"
"""The pack of what goes wrong with devices that learned."""

CONDITIONS = "conditions"
"""The pack of how labeling allows conditions of use."""

DURATIONS = "durations"
"""The pack of default durations of work and of regulators' clocks."""

OBLIGATIONS = "obligations"
"""Folder of the packs of obligations."""


def owing() -> tuple[str, ...]:
    """Every pack of obligations, markets first."""
    return (*MARKETS, "across", "gxp")


def names() -> tuple[str, ...]:
    """Every pack, markets first."""
    within = [name for market in MARKETS for name in SCHEMES.get(market, ())]
    return (*MARKETS.values(), *within, IMDRF, *ACROSS, *GXP)


@cache
def read(name: str) -> Pack:
    """A pack of the package by its name, validated."""
    return Pack.model_validate(plain(name))


@cache
def read_obligations(name: str) -> ObligationPack:
    """The obligations of a market, of standards (`across`) or of GxP (`gxp`), validated."""
    return ObligationPack.model_validate(plain(f"{OBLIGATIONS}/{name}"))


def plain(name: str) -> Any:
    """The plain data of a pack of the package: from its JSON where that is not stale."""
    folder = resources.files("defensible.regulation") / "packs"
    source = (folder / f"{name}.yaml").read_bytes()
    compiled = folder / f"{name}.json"
    if compiled.is_file():
        known = json.loads(compiled.read_text("utf-8"))
        if known["sha256"] == hashlib.sha256(source).hexdigest():
            return known["pack"]
    return parse(source)


def parse(source: bytes) -> Any:
    """The plain data of a pack's YAML."""
    from ruamel.yaml import YAML  # ten times slower than the JSON: only where that is stale

    return YAML(typ="safe", pure=True).load(source)


def compiled(source: bytes, form: type[BaseModel] = Pack) -> str:
    """The JSON of a pack's YAML, once it is validated."""
    data = parse(source)
    form.model_validate(data)
    known = {"sha256": hashlib.sha256(source).hexdigest(), "pack": data}
    return json.dumps(known, default=str, ensure_ascii=False, indent=1) + "\n"
