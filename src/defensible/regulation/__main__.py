"""The JSON of every pack, validated and written anew: `python -m defensible.regulation`."""

import sys
from pathlib import Path

from defensible.regulation.reading import compiled, names


def main(folder: Path) -> int:
    """Write the JSON of every pack of classification in a folder."""
    for name in names():
        source = folder / f"{name}.yaml"
        source.with_suffix(".json").write_text(compiled(source.read_bytes()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent / "packs"))
