"""The JSON of every pack, validated and written anew: `python -m defensible.regulation`."""

import sys
from pathlib import Path

from defensible.regulation.reading import compiled


def main(folder: Path) -> int:
    """Write the JSON of every pack in a folder."""
    for source in sorted(folder.glob("*.yaml")):
        if not source.name.endswith(".cases.yaml"):
            text = compiled(source.read_bytes())
            source.with_suffix(".json").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).parent / "packs"))
