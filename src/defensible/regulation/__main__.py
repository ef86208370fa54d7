"""The JSON of every pack, validated and written anew: `python -m defensible.regulation`."""

import sys
from pathlib import Path

from pydantic import BaseModel

from defensible.regulation.durations import DurationPack
from defensible.regulation.failure_modes import FailureModePack
from defensible.regulation.language.condition_pack import ConditionPack
from defensible.regulation.language.pack import LanguagePack
from defensible.regulation.obligation_pack import ObligationPack
from defensible.regulation.pack import Pack
from defensible.regulation.reading import (
    CONDITIONS,
    DURATIONS,
    FAILURE_MODES,
    OBLIGATIONS,
    compiled,
    names,
    owing,
)


def main(folder: Path) -> int:
    """Write the JSON of every pack in a folder, of each kind."""
    forms: dict[str, type[BaseModel]] = {
        **dict.fromkeys(names(), Pack),
        "language": LanguagePack,
        CONDITIONS: ConditionPack,
        DURATIONS: DurationPack,
        FAILURE_MODES: FailureModePack,
        **{f"{OBLIGATIONS}/{name}": ObligationPack for name in owing()},
    }
    for name, form in forms.items():
        source = folder / f"{name}.yaml"
        json = compiled(source.read_bytes(), form)
        source.with_suffix(".json").write_text(json, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent / "packs"))
