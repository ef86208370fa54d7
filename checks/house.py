"""House rules that no linter knows: sizes, banned names, words never said, what `--help` loads.

Prints each breach as `file:line: rule` and exits 1 if there is one.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "defensible"

MOST_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_DOOR_LINES = 40
LONG_DOCSTRINGS = frozenset[str]()
"""Files past the limit because their docstrings carry shapes, sources and conventions."""

BANNED_NAMES = re.compile(
    r"^(utils?|helpers?|common|misc|shared|base|core|manager|handlers?|processor|service)\.py$"
)
NEVER_SAID = re.compile(
    r"\b(is|are) (safe|approved|compliant|guaranteed|fda[- ]approved)\b", re.IGNORECASE
)
ASKED = re.compile(
    r"safe and effective for (its|the|their) (intended use|declared purpose)", re.IGNORECASE
)
HEAVY = ("numpy", "polars", "pydantic", "ruamel", "scipy", "jinja2", "rich", "fsspec")


def breaches() -> Iterator[str]:
    """Every breach, in file order."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        text = path.read_text(encoding="utf-8")
        if BANNED_NAMES.match(path.name):
            yield f"{name}:1: a name that says nothing; name the topic"
        lines = text.splitlines()
        if len(lines) > MOST_LINES and name not in LONG_DOCSTRINGS:
            yield f"{name}:1: {len(lines)} lines; {MOST_LINES} at most"
        if path.name == "__init__.py" and len(lines) > MOST_DOOR_LINES and _rooms_door(path):
            yield f"{name}:1: a door of {len(lines)} lines; {MOST_DOOR_LINES} at most"
        yield from _functions(name, ast.parse(text))
        yield from _words(name, lines)
    yield from _help_imports()


def _rooms_door(path: Path) -> bool:
    return path.parent.parent == SOURCE


def _functions(name: str, tree: ast.Module) -> Iterator[str]:
    """Functions longer than the limit, not counting their docstrings."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        documented = ast.get_docstring(node) is not None
        first = node.body[1] if documented and len(node.body) > 1 else node.body[0]
        length = (node.end_lineno or first.lineno) - first.lineno + 1
        if length > MOST_FUNCTION_LINES:
            yield f"{name}:{node.lineno}: {node.name} has {length} lines; {MOST_FUNCTION_LINES}"


def _words(name: str, lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if NEVER_SAID.search(ASKED.sub("", line)):
            yield f"{name}:{number}: the program never says that: {line.strip()[:60]}"


def _help_imports() -> Iterator[str]:
    """What `defensible --help` loads, by modules and not by seconds."""
    code = (
        "import sys; sys.argv = ['defensible', '--help']\n"
        "from defensible.cli.edge import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    loaded = {line.split(".")[0] for line in done.stderr.splitlines()}
    for heavy in HEAVY:
        if heavy in loaded:
            yield f"src/defensible/cli/app.py:1: --help loads {heavy}; import it in the command"


def main() -> int:
    """Print the breaches; 1 if there is any."""
    found = list(breaches())
    print("\n".join(found) if found else "house rules hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
