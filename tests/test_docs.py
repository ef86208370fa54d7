"""What the documents show is run, what they link to is there, and what is public is in them.

Blocks marked `sh` run in order in one folder, which has our `examples` in it. One marked `text`
straight after is all that they print, answers and messages together; a line `...` in it stands for
any number of lines, and a date for any date. Blocks marked `python` run in order, as one program;
`console` blocks are not run.
"""

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from defensible.cli.app import COMMANDS, GROUPS, application
from defensible.dossier.claims import MetricName
from defensible.dossier.kinds import KINDS

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKED = [*DOCS, *sorted((ROOT / "examples").glob("*/README.md"))]
TUTORIAL = ROOT / "docs/tutorial.md"

SHELL = re.compile(r"^```sh\n(.*?)^```$(?:\n+^```text\n(.*?)^```$)?", re.DOTALL | re.MULTILINE)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def having(block: re.Pattern[str]) -> list[Path]:
    return [page for page in DOCS if block.search(page.read_text(encoding="utf-8"))]


def named(page: Path) -> str:
    return str(page.relative_to(ROOT))


def printed_by(script: str, folder: Path) -> str:
    """What a block prints; it must end with 0, so an exit code that is shown has to be caught."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603 - our own documents
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607 - whichever bash is there
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{script}\nended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def lines(text: str) -> list[str]:
    return [DATE.sub("YYYY-MM-DD", line.rstrip()) for line in text.rstrip().splitlines()]


def fits(shown: str, printed: str) -> bool:
    """Whether the lines are the same, `...` standing for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else f"{re.escape(line)}\n" for line in lines(shown)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in lines(printed))) is not None


def difference(shown: str, printed: str) -> str:
    return "\n".join(difflib.unified_diff(lines(shown), lines(printed), "page", "program", n=1))


def test_three_dots_stand_for_lines_and_a_date_for_a_date():
    printed = "on 2026-11-24  \nfirst\nsecond\nlast\n"

    assert fits("on 2020-01-01\n...\nlast\n", printed)
    assert fits("...\nfirst\nsecond\n...\nlast\n", printed)
    assert not fits("...\nsecond\nfirst\n...\n", printed)
    assert not fits("on 2020-01-01\nlast\n", printed)


def test_the_tutorial_is_among_the_pages_that_run():
    assert TUTORIAL in having(SHELL)


@pytest.mark.parametrize("page", having(SHELL), ids=named)
def test_commands_print_what_the_page_shows(page, tmp_path):
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    blocks = SHELL.findall(page.read_text(encoding="utf-8"))

    for script, shown in blocks:
        printed = printed_by(script, tmp_path)
        assert not shown or fits(shown, printed), f"{script}\n{difference(shown, printed)}"


@pytest.mark.parametrize("page", having(PYTHON), ids=named)
def test_python_on_the_page_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    program = "\n".join(PYTHON.findall(page.read_text(encoding="utf-8")))

    exec(compile(program, named(page), "exec"), {"__name__": "page"})  # noqa: S102 - our own


@pytest.mark.parametrize("page", LINKED, ids=named)
def test_every_relative_link_leads_somewhere(page):
    text = page.read_text(encoding="utf-8")

    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    lost = [one for one in links if "://" not in one and not (page.parent / one).exists()]
    assert lost == []


def leaves(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group, with the words that call it."""
    if not isinstance(command, TyperGroup):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from leaves(below, (*path, name))


def test_every_command_and_option_is_in_the_documents():
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS)
    commands = dict(leaves(typer.main.get_command(application())))

    options = [
        (path, word)
        for path, command in commands.items()
        for parameter in command.params
        for word in parameter.opts
        if word.startswith("--")
    ]
    assert {path[0] for path in commands} == {*COMMANDS, *GROUPS}
    assert len(options) >= len(commands)
    unnamed = [path for path in commands if not names(text, path)]
    assert unnamed == []
    assert [one for one in options if re.search(rf"{one[1]}(?![\w-])", text) is None] == []


def names(text: str, path: tuple[str, ...]) -> bool:
    """Whether a command is written in full, or by its last word as code under its group's name."""
    if path == ("plan", "of"):  # the word that stands for a folder
        return "defensible plan DIR" in text
    if path[:2] == ("plan", "size"):  # another name of the same calculators
        return "defensible plan size" in text and names(text, ("stats", *path[1:]))
    if f"defensible {' '.join(path)}" in text:
        return True
    group = f"defensible {path[0]}" in text
    return group and len(path) > 1 and re.search(rf"`{path[-1]}[` ]", text) is not None


def test_every_kind_of_study_and_metric_is_in_the_documents():
    text = "\n".join(page.read_text(encoding="utf-8") for page in DOCS)

    assert [kind for kind in KINDS if not (ROOT / f"docs/studies/{kind}.md").exists()] == []
    assert [one for one in MetricName if re.search(rf"\b{one.value}\b", text) is None] == []


def test_every_problem_code_has_a_page_that_begins_with_it():
    source = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src/defensible").rglob("*.py")
    )
    pages = {
        path.stem: path.read_text(encoding="utf-8").splitlines()[0]
        for path in (ROOT / "docs/problems").glob("[DREKL][0-9]*.md")
    }

    used = set(re.findall(r'"([DREKL]\d{3})["|]', source))
    assert used - set(pages) == set()
    assert [code for code, title in pages.items() if not title.startswith(f"# {code}: ")] == []


def test_every_room_is_in_the_table_for_contributors():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = sorted(path.parent.name for path in (ROOT / "src/defensible").glob("*/__init__.py"))

    assert [room for room in rooms if f"| `{room}/` |" not in text] == []


def test_every_decision_is_short_and_in_the_usual_form():
    parts = ["Question", "Options", "Choice", "Price", "What would make us think again"]

    for page in sorted((ROOT / "docs/decisions").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == parts, page.name
        assert len(text.splitlines()) < 60, page.name
